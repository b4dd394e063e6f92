"""The board's figures, reckoned from cases already read. Pure, so that a test can reckon them again by hand."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil

from django.utils import timezone

from applications.selectors.board import PRESSING, OpenCase, Urgency
from workflow.calendar import WorkingCalendar

AHEAD = 5
"""Working days of the forecast."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How a set of durations lies: `p50` is the shortest that at least half do not exceed, `p90` the same for nine in ten."""

    n: int
    p50: int = 0
    p90: int = 0
    longest: int = 0


def spread(days: Iterable[int]) -> Spread:
    """The spread of some durations in days. By nearest rank: each figure is the duration of a real case."""
    ordered = sorted(days)
    if not ordered:
        return Spread(0)
    return Spread(len(ordered), _rank(ordered, 50), _rank(ordered, 90), ordered[-1])


def _rank(ordered: Sequence[int], percent: int) -> int:
    return ordered[ceil(len(ordered) * percent / 100) - 1]


def ages(cases: Iterable[OpenCase], calendar: WorkingCalendar, today: dt.date) -> list[int]:
    """Working days since the first contact of everything in progress."""
    return [calendar.workdays_between(timezone.localdate(case.since), today) for case in cases]


def tally(cases: Iterable[OpenCase]) -> Counter[Urgency]:
    """How many cases stand how; they add up to everything in progress."""
    return Counter(case.urgency for case in cases)


@dataclass
class Cell:
    """Pressing cases of one office at one stage."""

    count: int = 0
    worst: Urgency = Urgency.SOON


def pressing(cases: Iterable[OpenCase]) -> dict[tuple[int, str], Cell]:
    """Cases overdue or due within the next working days, by office and stage."""
    cells: dict[tuple[int, str], Cell] = {}
    for case in cases:
        if case.urgency in PRESSING:
            cell = cells.setdefault((case.office_id, case.column), Cell())
            cell.count += 1
            cell.worst = min(cell.worst, case.urgency, key=PRESSING.index)
    return cells


@dataclass
class Day:
    """A working day ahead: what falls due until its end, and how much of that nobody has taken yet."""

    date: dt.date
    due: int = 0
    untaken: int = field(default=0)


def forecast(
    cases: Iterable[OpenCase], untaken: Mapping[object, bool], calendar: WorkingCalendar, now: dt.datetime
) -> list[Day]:
    """The next working days, today first if it is one. What falls due on a day off counts for the working day before it."""
    today = timezone.localdate(now)
    days = [today] if calendar.is_workday(today) else []
    while len(days) < AHEAD:
        days.append(calendar.nth_workday(days[-1] if days else today, 1).day)
    last = calendar.nth_workday(days[-1], 1).day
    found = [Day(day) for day in days]
    for case in cases:
        if case.due_at is None or case.due_at < now or timezone.localdate(case.due_at) >= last:
            continue
        due_on = timezone.localdate(case.due_at)
        day = next((day for day in reversed(found) if day.date <= due_on), found[0])
        day.due += 1
        day.untaken += untaken.get(case.pk, False)
    return found


def concentrated(cells: Mapping[tuple[int, str], Cell]) -> tuple[tuple[int, str], int] | None:
    """Where most of it lies, if one place has more than any other."""
    ordered = sorted(cells.items(), key=lambda item: -item[1].count)
    if not ordered or (len(ordered) > 1 and ordered[0][1].count == ordered[1][1].count):
        return None
    return ordered[0][0], ordered[0][1].count
