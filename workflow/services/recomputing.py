"""Every clock reckoned again from the log, and compared with what its row says: a cache that has drifted is found, and mended if asked."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from workflow.captured import counts_at
from workflow.deadlines import Rest, reckon, rests_until
from workflow.events import append, name_actor
from workflow.models import Case, Deadline, Event, EventPayload, Task
from workflow.replay import TELLING, Past, Played, extra_days, play, play_node, rests_of
from workflow.rungs import fired_by, look_ahead
from workflow.selectors.calendars import current_calendar
from workflow.selectors.rules import Rules, rules
from workflow.transitions import lock

RECOMPUTE = "system:recompute"
JOINED = "contact.joined"
CASES = 200
NO_TIME = dt.timedelta(0)
COMPARED = (
    "starts", "started_at", "stopped_at", "stopped_number", "stop_reason", "extra_days", "due_at", "provisional", "next_rung", "next_rung_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Drift:
    """One clock whose row does not say what the log says."""

    deadline: Deadline
    fields: tuple[str, ...]


@dataclass(slots=True)
class Recomputed:
    """How many clocks were looked at, and which had drifted; `stale` ones are right by their own calendar, which is no longer the newest."""

    total: int = 0
    stale: int = 0
    drifted: list[Drift] = field(default_factory=list)


@dataclass(slots=True)
class _Known:
    """The log of a batch of cases, and what hangs on it."""

    events: Mapping[uuid.UUID, list[Past]]
    tasks: Mapping[uuid.UUID, Task]
    rests: Mapping[uuid.UUID, list[Rest]]
    fired: Mapping[uuid.UUID, set[str]]


def recompute(*, mend: bool = False, batch: int = CASES) -> Iterator[Recomputed]:
    """Go through all clocks, so many cases at a time; each yield says how it stands so far. `mend`: put right what has drifted."""
    so_far = Recomputed()
    last: uuid.UUID | None = None
    while ids := _next_cases(last, batch):
        with _one_moment():
            found = _compare(ids, so_far)
        for case_id in {drift.deadline.case_id for drift in found} if mend else ():
            _mend(case_id)
        so_far.drifted += found
        last = ids[-1]
        yield so_far
    if last is None:
        yield so_far


def drift_of(case_ids: Sequence[uuid.UUID]) -> list[Drift]:
    """Which clocks of these cases do not say what the log says; nothing is changed."""
    with _one_moment():
        return _compare(case_ids, Recomputed())


@contextmanager
def _one_moment() -> Iterator[None]:
    """Rows and log as of one moment: an act between two queries is no drift."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def _next_cases(after: uuid.UUID | None, count: int) -> list[uuid.UUID]:
    cases = Case.objects.filter(deadlines__isnull=False).order_by("pk").distinct()
    return list((cases.filter(pk__gt=after) if after else cases).values_list("pk", flat=True)[:count])


def _compare(ids: Sequence[uuid.UUID], so_far: Recomputed) -> list[Drift]:
    in_force = rules()
    deadlines = list(Deadline.objects.filter(case__in=ids).select_related("limit"))
    known = _load(ids, deadlines)
    found = []
    for deadline in deadlines:
        so_far.total += 1
        so_far.stale += deadline.running and deadline.calendar_version < in_force.calendar.version
        right = _reckoned(deadline, known, in_force)
        wrong = tuple(name for name in COMPARED if _differ(deadline, right, name))
        if wrong:
            found.append(Drift(deadline, wrong))
    return found


def _differ(deadline: Deadline, right: Deadline, name: str) -> bool:
    mine, theirs = getattr(deadline, name), getattr(right, name)
    if name == "starts":
        mine = {slot: dt.datetime.fromisoformat(text) for slot, text in mine.items()}
        theirs = {slot: dt.datetime.fromisoformat(text) for slot, text in theirs.items()}
    return bool(mine != theirs)


def _load(ids: Sequence[uuid.UUID], deadlines: Sequence[Deadline]) -> _Known:
    each = {kind for d in deadlines if d.limit.stop_each for kind in d.limit.stop_kinds}
    events = _events(ids, TELLING | {JOINED} | each)
    tasks = Task.objects.in_bulk({d.task_id for d in deadlines if d.task_id})
    return _Known(events, tasks, {case: rests_of(past) for case, past in events.items()}, fired_by(deadlines))


def _events(ids: Sequence[uuid.UUID], telling: set[str] | frozenset[str]) -> dict[uuid.UUID, list[Past]]:
    streams = [f"case:{pk}" for pk in ids]
    rows = list(
        Event.objects.filter(stream__in=streams)
        .order_by("stream", "number")
        .values_list(
            "stream",
            "number",
            "kind",
            "recorded_at",
            "occurred_at",
            "behalf",
            "state_from",
            "state_to",
            "captured_at",
            "nonce_at",
            "task_node",
        )
    )
    wanted: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        if row[2] in telling:
            wanted[row[0]].append(row[1])
    said = _payloads(wanted)
    found: dict[uuid.UUID, list[Past]] = defaultdict(list)
    allowances = _allowances(ids) if any(row[8] for row in rows) else {}
    for stream, number, kind, recorded_at, occurred_at, behalf, came, went, captured, nonce, node in rows:
        data = said.get((stream, number), {})
        joined = kind == JOINED and data.get("first_contact_at")
        claimed = dt.datetime.fromisoformat(data["first_contact_at"]) if joined else occurred_at
        found[uuid.UUID(stream.removeprefix("case:"))].append(
            Past(
                number, kind, recorded_at, claimed, behalf, came, went, data,
                counts_at(recorded_at, captured, nonce, allowances.get((stream, node or ""), NO_TIME)) if captured else None,
            )
        )  # fmt: skip
    return found


def _allowances(ids: Sequence[uuid.UUID]) -> dict[tuple[str, str], dt.timedelta]:
    """How far a claim may lie before its record, by stream and node; asked only where something was captured offline."""
    rows = Task.objects.filter(case__in=ids).values_list("case", "node_code", "node__claim_allowance_minutes")
    return {(f"case:{case}", node): dt.timedelta(minutes=minutes) for case, node, minutes in rows}


def _payloads(wanted: Mapping[str, list[int]]) -> dict[tuple[str, int], dict[str, Any]]:
    if not wanted:
        return {}
    which = reduce(
        lambda one, other: one | other,
        (Q(stream=stream, number__in=numbers) for stream, numbers in wanted.items()),
    )
    return {(row.stream, row.number): row.data for row in EventPayload.objects.filter(which)}


def _reckoned(deadline: Deadline, known: _Known, in_force: Rules) -> Deadline:
    """The row as the log makes it, in memory."""
    events = known.events.get(deadline.case_id, [])
    played = _played(deadline, events, known.tasks)
    right = Deadline(
        pk=deadline.pk, case_id=deadline.case_id, limit=deadline.limit, node_code=deadline.node_code, round=deadline.round,
        calendar_version=deadline.calendar_version, starts={slot: start.isoformat() for slot, start in played.starts.items()},
        started_at=played.started_at, stopped_at=played.stopped_at, stopped_number=played.stopped_number, stop_reason=played.stop_reason,
    )  # fmt: skip
    limit = deadline.limit
    right.extra_days = extra_days(events, limit.code, limit.kind, deadline.node_code, deadline.round)
    if played.started_at:
        _set_due(right, rests_until(known.rests.get(deadline.case_id, []), played.stopped_at), in_force)
        look_ahead(right, in_force, known.fired.get(deadline.pk, ()))
    return right


def _played(deadline: Deadline, events: Sequence[Past], tasks: Mapping[uuid.UUID, Task]) -> Played:
    if deadline.task_id:
        task = tasks[deadline.task_id]
        return play_node(events, task.opened_number, task.closed_number) or Played()
    return play(deadline.limit, events).get(deadline.round) or Played()


def _set_due(right: Deadline, rests: Sequence[Rest], in_force: Rules) -> None:
    assert right.started_at is not None
    calendar = current_calendar(right.calendar_version)
    due = reckon(
        calendar, right.limit, right.started_at, rests, in_force.profile.day_ends_at, right.extra_days
    )
    right.due_at, right.provisional = due.due_at, due.provisional


@transaction.atomic
def _mend(case_id: uuid.UUID) -> None:
    """Put a case's clocks right, under its lock; a due time that moves is an event with its reason."""
    lock(case_id, RECOMPUTE)
    name_actor(RECOMPUTE)
    in_force = rules()
    deadlines = list(Deadline.objects.filter(case=case_id).select_related("limit"))
    known = _load([case_id], deadlines)
    rights = [_reckoned(deadline, known, in_force) for deadline in deadlines]
    for deadline, right in zip(deadlines, rights, strict=True):
        if deadline.due_at != right.due_at:
            append(f"case:{case_id}", "deadline.moved", data=moved(deadline, right.due_at, "recomputed"))
    Deadline.objects.bulk_update(rights, COMPARED)


def moved(deadline: Deadline, to: Any, why: str, **more: Any) -> dict[str, Any]:
    """What the event says when a due time moves: from, to, and why."""
    return {
        "limit": deadline.limit.code,
        "kind": deadline.limit.kind,
        "node": deadline.node_code,
        "round": deadline.round,
        "from": deadline.due_at,
        "due": to,
        "why": why,
        **more,
    }
