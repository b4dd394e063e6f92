"""Clocks of one case, moved by its events: the incremental form of workflow.deadlines."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from workflow.deadlines import MISSED, ONE_SECOND, Rest, Rung, reckon, rests_until, slot_of
from workflow.events import Appended, append_many
from workflow.models import ENDED, Case, Deadline, DeadlineRung, Event, Limit, LimitKind, Pause, Task
from workflow.rungs import fire, look_ahead
from workflow.selectors.rules import rules

MOVED = "deadline.moved"

BY_THEMSELVES = frozenset({"self", "agent"})
"""`behalf` of an event that a customer reported. Such a claim alone moves no legal limit; the record does."""


@dataclass(frozen=True, slots=True)
class Happening:
    """What a clock sees of an event."""

    kind: str
    number: int
    recorded_at: dt.datetime
    claimed_at: dt.datetime
    reported: bool
    last: bool = True
    counted_at: dt.datetime | None = None
    """When it counts for what it stops: its record, but for work captured offline (workflow.captured)."""

    @property
    def stops_at(self) -> dt.datetime:
        """When a clock that it stops stands still."""
        return self.counted_at or self.recorded_at

    def counts_from(self, limit: Limit) -> dt.datetime:
        """When it happened, as far as this limit believes it."""
        return self.recorded_at if self.reported and limit.kind == LimitKind.LEGAL else self.claimed_at


class Clocks:
    """The deadlines of a locked case: a fixed number of statements, however many there are. Only a breach costs more, once."""

    def __init__(self, case: Case, stamp: uuid.UUID) -> None:
        self.case = case
        self.rules = rules(stamp)
        self._mine: list[Deadline] = []
        self._new: list[Deadline] = []
        self._changed: dict[uuid.UUID, Deadline] = {}
        self._rests: list[Rest] | None = None
        self._rungs: dict[uuid.UUID, set[str]] | None = None

    def follow(
        self,
        event: Appended,
        matching: Mapping[str, Any],
        occurred_at: dt.datetime | None,
        *,
        before: Mapping[str, Any] | None = None,
        behalf: str | None = None,
        opened: Iterable[Task] = (),
        closed: Iterable[Task] = (),
        ended: bool = False,
        reopened: bool = False,
        counted_at: dt.datetime | None = None,
    ) -> None:
        """Start and stop what this event starts and stops; node clocks run between the records that opened and closed a task.

        `before`: the matching values before the act, so that a limit whose condition has just become known catches up.
        `counted_at`: when the act counts, where that is not its record.
        """
        limits = self._limits(matching, event)
        claimed = min(occurred_at, event.recorded_at) if occurred_at else event.recorded_at
        now = Happening(
            event.kind,
            event.number,
            event.recorded_at,
            claimed,
            behalf in BY_THEMSELVES,
            bool(event.data.get("last", True)),
            counted_at,
        )
        self._mine = list(Deadline.objects.filter(case=self.case).select_related("limit"))
        if reopened:
            self._run_on()
        if before is not None and before != matching:
            known = {limit.pk for limit in self._limits(before, event)}
            self._catch_up(
                [limit for limit in limits if limit.pk not in known and limit.scope != "node"], now
            )
        self._stop_those(now, ended=ended)
        for limit in limits:
            self._start(limit, now)
        self._nodes(limits, now, opened, closed)
        self._save()

    def rest(self, moment: dt.datetime) -> None:
        """A pause began or ended: what had run out before is a breach all the same; every running clock is reckoned again."""
        for deadline in Deadline.objects.filter(
            case=self.case, stopped_at=None, started_at__isnull=False
        ).select_related("limit"):
            if deadline.due_at and deadline.due_at < moment:
                self._miss(deadline, moment)
            self._reckon(deadline)
        self._save()

    def move(self, moment: dt.datetime, why: str, reason: str = "") -> int:
        """A rule changed: every running clock is reckoned again, and each due time that moves is an event with its reason; how many did."""
        self._mine = list(
            Deadline.objects.filter(case=self.case, stopped_at=None, started_at__isnull=False).select_related(
                "limit"
            )
        )
        moved = []
        for deadline in self._mine:
            before = deadline.due_at
            if before and before < moment:
                self._miss(deadline, moment)
            self._reckon(deadline)
            if deadline.due_at != before:
                moved.append((self.case.stream, MOVED, _moved(deadline, before, why, reason)))
        append_many(moved)
        self._save()
        return len(moved)

    def reassess(self, deadline: Deadline) -> None:
        """Reckon one clock again after a correction changed its start or stop."""
        self._reckon(deadline)
        self._save()

    def _limits(self, matching: Mapping[str, Any], event: Appended) -> list[Limit]:
        return self.rules.limits_for(matching, timezone.localdate(event.recorded_at))

    def _run_on(self) -> None:
        """The case was opened again: clocks that its end had stopped run on from their old start, so that ending gains nothing.

        Whatever the ending event stopped counts, also where the limit names that event: time since first contact runs through.
        """
        ends = Event.objects.filter(stream=self.case.stream, state_to__in=ENDED).order_by("-number")
        end = ends.values_list("number", flat=True).first()
        for deadline in self._mine:
            if (
                deadline.stopped_at
                and deadline.started_at
                and not deadline.node_code
                and deadline.stopped_number == end
            ):
                deadline.stopped_at, deadline.stopped_number, deadline.stop_reason = None, None, ""
                self._reckon(deadline)

    def _catch_up(self, limits: list[Limit], now: Happening) -> None:
        """Limits that hold since a condition became known: start them where they would have started.

        A clock of the same rule that is running already stays beside the new one: what was promised is not lengthened backwards.
        """
        missing = []
        for limit in limits:
            known = _latest(self._mine, limit)
            if known is None:
                missing.append(limit)
            elif known.started_at is None:
                known.limit = limit
                self._touch(known)
            elif known.stopped_at is None and not self._runs_already(limit, known.round):
                beside = Deadline(
                    case=self.case, limit=limit, round=known.round, starts=known.starts, started_at=known.started_at,
                    started_number=known.started_number,
                )  # fmt: skip
                self._reckon(self._add(beside))
        for past in self._past(missing, now):
            for deadline in self._new:
                if deadline.running and self._stops(deadline, past):
                    self._stop(deadline, past)
            for limit in missing:
                self._start(limit, past)

    def _runs_already(self, limit: Limit, number: int) -> bool:
        """Whether a clock of these very conditions stands in that round: a survey may answer one way, be repeated, and answer the first again."""
        return any(
            (d.limit.code, d.limit.kind, d.round) == (limit.code, limit.kind, number)
            and not d.node_code
            and (d.limit_id == limit.pk or d.limit.conditions == limit.conditions)
            for d in self._mine
        )

    def _past(self, limits: list[Limit], now: Happening) -> list[Happening]:
        """What these limits would have heard before now; one query, none without limits."""
        kinds = {kind for limit in limits for slot in limit.start_kinds for kind in slot.split("|")}
        kinds |= {kind for limit in limits if not limit.stop_each for kind in limit.stop_kinds}
        if not kinds:
            return []
        events = Event.objects.filter(
            stream=self.case.stream, kind__in=kinds, number__lt=now.number
        ).order_by("number")
        return [
            Happening(
                e.kind,
                e.number,
                e.recorded_at,
                min(e.occurred_at or e.recorded_at, e.recorded_at),
                e.behalf in BY_THEMSELVES,
            )
            for e in events
        ]

    def _start(self, limit: Limit, now: Happening) -> None:
        slot = slot_of(limit.start_kinds, now.kind)
        if slot is None or limit.scope == "node":
            return
        deadline = _latest(self._mine, limit)
        if deadline is None or (limit.per_round and deadline.stopped_at):
            deadline = self._add(
                Deadline(case=self.case, limit=limit, round=deadline.round + 1 if deadline else 1)
            )
        if deadline.stopped_at:
            return
        counts_from, known = now.counts_from(deadline.limit), deadline.starts.get(slot)
        if known and dt.datetime.fromisoformat(known) <= counts_from:
            return  # the earliest counts
        deadline.starts[slot] = counts_from.isoformat()
        if len(deadline.starts) == len(deadline.limit.start_kinds):
            deadline.started_at = max(dt.datetime.fromisoformat(value) for value in deadline.starts.values())
            deadline.started_number = deadline.started_number or now.number
            self._reckon(deadline)
        self._touch(deadline)

    def _stop_those(self, now: Happening, *, ended: bool) -> None:
        for deadline in self._mine:
            if deadline.running and (ended or self._stops(deadline, now)):
                self._stop(deadline, now)

    def _stops(self, deadline: Deadline, now: Happening) -> bool:
        return now.kind in deadline.limit.stop_kinds and (now.last or not deadline.limit.stop_each)

    def _stop(self, deadline: Deadline, now: Happening) -> None:
        deadline.stopped_at, deadline.stopped_number, deadline.stop_reason = (
            now.stops_at,
            now.number,
            now.kind,
        )
        if deadline.due_at and now.stops_at > deadline.due_at:
            self._miss(deadline, now.recorded_at)
        deadline.next_rung, deadline.next_rung_at = "", None
        self._touch(deadline)

    def _nodes(
        self, limits: list[Limit], now: Happening, opened: Iterable[Task], closed: Iterable[Task]
    ) -> None:
        shut = {task.pk for task in closed}
        for deadline in self._mine:
            if deadline.task_id in shut and deadline.running:
                self._stop(deadline, now)
        for task in opened:
            for limit in limits:
                if limit.scope == "node" and limit.node == task.node_code:
                    self._reckon(
                        self._add(
                            Deadline(
                                case=self.case, limit=limit, node_code=task.node_code, round=task.round, task=task,
                                started_at=now.recorded_at, started_number=now.number,
                            )
                        )
                    )  # fmt: skip

    def _reckon(self, deadline: Deadline) -> None:
        assert deadline.started_at is not None
        day_ends_at = self.rules.profile.day_ends_at
        rests = rests_until(self._rested(), deadline.stopped_at)
        due = reckon(
            self.rules.calendar, deadline.limit, deadline.started_at, rests, day_ends_at, deadline.extra_days
        )
        deadline.due_at, deadline.provisional = due.due_at, due.provisional
        deadline.calendar_version = self.rules.calendar.version
        self._look_ahead(deadline)

    def _look_ahead(self, deadline: Deadline) -> None:
        look_ahead(deadline, self.rules, self._fired(deadline))
        self._touch(deadline)

    def _fired(self, deadline: Deadline) -> set[str]:
        """Rungs this clock has climbed; one query for the case, none for a new clock."""
        if deadline._state.adding:
            return set()
        if self._rungs is None:
            self._rungs = defaultdict(set)
            for pk, rung in DeadlineRung.objects.filter(deadline__case=self.case).values_list(
                "deadline", "rung"
            ):
                self._rungs[pk].add(rung)
        return self._rungs[deadline.pk]

    def _miss(self, deadline: Deadline, moment: dt.datetime) -> None:
        assert deadline.due_at is not None
        if deadline._state.adding:
            deadline.save(force_insert=True)
            self._new.remove(deadline)
        if MISSED not in self._fired(deadline):
            fire([(deadline, Rung(MISSED, deadline.due_at + ONE_SECOND, 1))], moment)
            self._fired(deadline).add(MISSED)

    def _rested(self) -> list[Rest]:
        if self._rests is None:
            rows = Pause.objects.filter(case=self.case).values_list("reason_id", "began_at", "ended_at")
            self._rests = [Rest(*row) for row in rows]
        return self._rests

    def _add(self, deadline: Deadline) -> Deadline:
        self._mine.append(deadline)
        self._new.append(deadline)
        return deadline

    def _touch(self, deadline: Deadline) -> None:
        if not deadline._state.adding:
            self._changed[deadline.pk] = deadline

    def _save(self) -> None:
        if self._new:
            Deadline.objects.bulk_create(self._new)
        if self._changed:
            Deadline.objects.bulk_update(
                self._changed.values(),
                [
                    "limit", "starts", "started_at", "started_number", "stopped_at", "stopped_number", "stop_reason", "due_at",
                    "provisional", "calendar_version", "next_rung", "next_rung_at",
                ],
            )  # fmt: skip


def _latest(deadlines: Sequence[Deadline], limit: Limit) -> Deadline | None:
    """The newest round of a limit on the case. Compared by code and kind: a newer version of a rule does not start a second clock."""
    same = [
        d for d in deadlines if (d.limit.code, d.limit.kind) == (limit.code, limit.kind) and not d.node_code
    ]
    return max(same, key=lambda d: d.round, default=None)


def _moved(deadline: Deadline, before: dt.datetime | None, why: str, reason: str) -> dict[str, Any]:
    limit = deadline.limit
    said = {
        "limit": limit.code,
        "kind": limit.kind,
        "node": deadline.node_code,
        "round": deadline.round,
        "from": before,
        "due": deadline.due_at,
        "why": why,
    }
    return said | {"reason": reason} if reason else said
