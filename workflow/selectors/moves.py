"""What would move if a rule changed: asked before anybody says yes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from workflow.calendar import WorkingCalendar
from workflow.deadlines import LimitLike, Rest, reckon
from workflow.models import Deadline, Limit, LimitKind, Pause
from workflow.selectors.rules import rules

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Move:
    """One due time that would move."""

    deadline: Deadline
    to: dt.datetime | None

    @property
    def outward(self) -> bool:
        """Whether the customer was told this date, and so is told the new one."""
        return self.deadline.limit.kind in (LimitKind.LEGAL, LimitKind.PROMISE)


@dataclass
class Moves:
    """How many would move, how many would be overdue at once by it, how many customers know of, and the first of them."""

    count: int = 0
    later: int = 0
    customers: int = 0
    confirmed: int = 0
    overdue: int = 0
    first: list[Move] = field(default_factory=list)


def moves_by_calendar(calendar: WorkingCalendar) -> Moves:
    """What another calendar would do to running clocks. Only those that run out after the first day that differs are looked at."""
    old = rules().calendar
    first = _first_difference(old, calendar)
    running = Deadline.objects.filter(stopped_at=None, due_at__isnull=False)
    if first is None:
        return _counted((), running.filter(provisional=True).count())
    touched = running.filter(due_at__date__gte=first)
    return _counted(_moved(touched, calendar, {}), running.filter(provisional=True).count())


def moves_by_limit(before: Limit, after: LimitLike) -> Moves:
    """What a next version of a limit would do to the clocks that run on it."""
    running = Deadline.objects.filter(stopped_at=None, due_at__isnull=False, limit=before)
    return _counted(_moved(running, rules().calendar, {before.pk: after}), 0)


def _counted(moves: Iterable[Move], provisional: int) -> Moves:
    found, told, now = Moves(confirmed=provisional), set(), timezone.now()
    for move in moves:
        found.count += 1
        found.later += bool(move.to and move.deadline.due_at and move.to > move.deadline.due_at)
        before = move.deadline.due_at
        found.overdue += bool(move.to and before and move.to < now <= before)
        if move.outward:
            told.add(move.deadline.case_id)
        if len(found.first) < SHOWN:
            found.first.append(move)
    found.customers = len(told)
    return found


def _moved(running: Any, calendar: WorkingCalendar, instead: dict[int, LimitLike]) -> Iterator[Move]:
    ends = rules().profile.day_ends_at
    paused: dict[Any, list[Rest]] = {}
    for row in Pause.objects.filter(case__in=running.values("case")):
        paused.setdefault(row.case_id, []).append(Rest(row.reason_id, row.began_at, row.ended_at))
    for deadline in running.select_related("limit", "case").order_by("due_at", "pk").iterator(2000):
        limit = instead.get(deadline.limit_id, deadline.limit)
        due = reckon(
            calendar, limit, deadline.started_at, paused.get(deadline.case_id, ()), ends, deadline.extra_days
        )
        if due.due_at != deadline.due_at:
            yield Move(deadline, due.due_at)


def _first_difference(old: WorkingCalendar, new: WorkingCalendar) -> dt.date | None:
    years = sorted({*old.plans, *new.plans})
    days = (day for year in years for day in set(old.workdays_of(year)) ^ set(new.workdays_of(year)))
    return min(days, default=None)
