"""Rungs fired and looked for: set-based, so that ten thousand clocks due at once cost a few statements a batch."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.db import connection

from workflow.deadlines import MISSED, Rung, ladder, next_rung, reached
from workflow.events import append_many
from workflow.models import Deadline, DeadlineRung, Limit, Overload
from workflow.selectors.rules import Rules, rules

WARNED, MISSED_EVENT, ESCALATED = "deadline.warned", "deadline.missed", "deadline.escalated"
KINDS = frozenset({WARNED, MISSED_EVENT, ESCALATED})
"""Every rung is an event of the case: what is configured can be seen to have happened."""


def rungs_of(deadline: Deadline, in_force: Rules) -> tuple[Rung, ...]:
    """The whole ladder of a clock that has a due time."""
    assert deadline.due_at is not None
    rungs = _ladder(in_force.stamp, deadline.limit.kind, deadline.due_at)
    return reached(rungs, deadline.started_at)


@lru_cache(maxsize=4096)
def _ladder(stamp: uuid.UUID, kind: str, due_at: dt.datetime) -> tuple[Rung, ...]:
    """Clocks run out at a closing hour, so that few ladders serve many."""
    in_force = rules(stamp)
    return ladder(in_force.calendar, due_at, in_force.profile.day_ends_at, in_force.ladder_of(kind))


def look_ahead(deadline: Deadline, in_force: Rules, fired: Iterable[str]) -> None:
    """Set what the clock's next rung is, in memory."""
    deadline.next_rung, deadline.next_rung_at = "", None
    if deadline.due_at and deadline.stopped_at is None:
        rung = next_rung(rungs_of(deadline, in_force), fired)
        if rung:
            deadline.next_rung, deadline.next_rung_at = rung.code, rung.due_at


def fired_by(deadlines: Iterable[Deadline]) -> Mapping[uuid.UUID, set[str]]:
    """What each of these clocks has climbed; one query."""
    fired: dict[uuid.UUID, set[str]] = defaultdict(set)
    rows = DeadlineRung.objects.filter(deadline__in=[deadline.pk for deadline in deadlines])
    for pk, rung in rows.values_list("deadline", "rung"):
        fired[pk].add(rung)
    return fired


def fire(rungs: Sequence[tuple[Deadline, Rung]], moment: dt.datetime) -> None:
    """Fire rungs that have not been fired, their cases being locked: one event each, then the rows whose unique key is the claim.

    A second claim of the same rung fails the whole batch: under the cases' locks it cannot happen, so it must not be passed over.
    """
    covered = _overloads([deadline for deadline, rung in rungs if rung.code == MISSED])
    numbers = append_many(
        [
            (f"case:{deadline.case_id}", _kind(deadline, rung), _said(deadline, rung, covered))
            for deadline, rung in rungs
        ]
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO workflow_deadlinerung (deadline_id, rung, due_at, fired_at, number)"
            " SELECT id, rung, due_at, %s, number"
            " FROM unnest(%s::uuid[], %s::text[], %s::timestamptz[], %s::int[]) v(id, rung, due_at, number)",
            [
                moment,
                [deadline.pk for deadline, _rung in rungs],
                [rung.code for _deadline, rung in rungs],
                [deadline.due_at if rung.code == MISSED else rung.due_at for deadline, rung in rungs],
                numbers,
            ],
        )


def due_now(ids: Sequence[uuid.UUID], moment: dt.datetime) -> list[Deadline]:
    """These clocks as they stand now, as far as a rung of theirs is due, with their limits; two queries."""
    found = list(Deadline.objects.filter(pk__in=ids, next_rung_at__lte=moment))
    limits = Limit.objects.in_bulk({deadline.limit_id for deadline in found})
    for deadline in found:
        deadline.limit = limits[deadline.limit_id]
    return found


def climb(deadlines: Sequence[Deadline], in_force: Rules, moment: dt.datetime) -> int:
    """Fire everything that is due on these clocks, oldest first whoever's it is, and look for what comes next; how many rungs that were."""
    fired = fired_by(deadlines)
    due: list[tuple[Deadline, Rung]] = []
    for deadline in deadlines:
        while (deadline.next_rung_at or moment) <= moment and deadline.next_rung:
            due.append((deadline, _present(deadline, in_force)))
            fired[deadline.pk].add(deadline.next_rung)
            look_ahead(deadline, in_force, fired[deadline.pk])
    due.sort(key=lambda pair: (pair[1].due_at, pair[0].pk))
    fire(due, moment)
    _save(deadlines)
    return len(due)


def _present(deadline: Deadline, in_force: Rules) -> Rung:
    assert deadline.next_rung_at is not None
    level = next((rung.level for rung in rungs_of(deadline, in_force) if rung.code == deadline.next_rung), 0)
    return Rung(deadline.next_rung, deadline.next_rung_at, level)


def _kind(deadline: Deadline, rung: Rung) -> str:
    if rung.code == MISSED:
        return MISSED_EVENT
    assert deadline.due_at is not None
    return ESCALATED if rung.due_at > deadline.due_at else WARNED


def _said(deadline: Deadline, rung: Rung, covered: Mapping[uuid.UUID, int]) -> dict[str, Any]:
    said: dict[str, Any] = {
        "limit": deadline.limit.code,
        "kind": deadline.limit.kind,
        "node": deadline.node_code,
        "round": deadline.round,
        "due": deadline.due_at,
        "rung": rung.code,
        "level": rung.level,
    }
    if rung.code == MISSED and deadline.pk in covered:
        said["overload"] = covered[deadline.pk]
    return said


def _overloads(missed: Sequence[Deadline]) -> dict[uuid.UUID, int]:
    """Which breaches fall into an overload the office had declared before: they count against capacity; one query, none without breaches."""
    moments = [deadline.due_at for deadline in missed if deadline.due_at]
    if not moments:
        return {}
    known = list(
        Overload.objects.filter(from_at__lt=max(moments), to_at__gte=min(moments)).values_list(
            "pk", "office", "stage", "from_at", "to_at"
        )
    )
    if not known:
        return {}
    offices = dict(
        Deadline.objects.filter(pk__in=[deadline.pk for deadline in missed]).values_list("pk", "case__office")
    )
    return {
        deadline.pk: pk
        for deadline in missed
        for pk, office, stage, from_at, to_at in known
        if offices.get(deadline.pk) == office
        and stage in ("", deadline.limit.stage)
        and deadline.due_at
        and from_at < deadline.due_at <= to_at
    }


def _save(deadlines: Sequence[Deadline]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE workflow_deadline d SET next_rung = v.rung, next_rung_at = v.moment"
            " FROM unnest(%s::uuid[], %s::text[], %s::timestamptz[]) v(id, rung, moment) WHERE d.id = v.id",
            [
                [d.pk for d in deadlines],
                [d.next_rung for d in deadlines],
                [d.next_rung_at for d in deadlines],
            ],
        )
