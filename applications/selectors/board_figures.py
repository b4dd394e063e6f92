"""The board's figures, reckoned from groups already read. Pure, so that a test can reckon them again by hand."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import ceil

from applications.selectors.board import PRESSING, Group, Horizon, Urgency


@dataclass(frozen=True, slots=True)
class Spread:
    """How a set of durations lies: `p50` is the shortest that at least half do not exceed, `p90` the same for nine in ten."""

    n: int
    p50: int = 0
    p90: int = 0
    longest: int = 0


def spread(days: Iterable[int]) -> Spread:
    """The spread of some durations in days. By nearest rank: each figure is the duration of a real case."""
    return spread_of(Counter(days))


def spread_of(counts: Mapping[int, int]) -> Spread:
    """The same of durations counted already."""
    total = sum(counts.values())
    if not total:
        return Spread(0)
    return Spread(
        total, quantile(counts, 50), quantile(counts, 90), max(day for day, n in counts.items() if n)
    )


def quantile(counts: Mapping[int, int], percent: int) -> int:
    """The shortest duration that this share does not exceed."""
    rank, seen = ceil(sum(counts.values()) * percent / 100), 0
    for day in sorted(counts):
        seen += counts[day]
        if seen >= rank:
            return day
    return 0


def tally(found: Iterable[Group]) -> Counter[Urgency]:
    """How many cases stand how; they add up to everything in progress."""
    counts: Counter[Urgency] = Counter()
    for group in found:
        counts[group.urgency] += group.n
    return counts


@dataclass
class Cell:
    """Pressing cases of one office at one stage."""

    count: int = 0
    worst: Urgency = Urgency.SOON


def pressing(found: Iterable[Group]) -> dict[tuple[int, str], Cell]:
    """Cases overdue or due within the next working days, by office and stage."""
    cells: dict[tuple[int, str], Cell] = {}
    for group in found:
        if group.urgency in PRESSING:
            cell = cells.setdefault((group.office_id, group.stage), Cell())
            cell.count += group.n
            cell.worst = min(cell.worst, group.urgency, key=PRESSING.index)
    return cells


@dataclass
class Day:
    """A working day ahead: what falls due until its end, and how much of that nobody has taken yet."""

    date: dt.date
    due: int = 0
    untaken: int = field(default=0)


IDLE = frozenset({"untaken", "nobody", "contact"})
"""Causes that mean: nobody has begun."""


def forecast(found: Iterable[Group], horizon: Horizon) -> list[Day]:
    """The next working days, today first if it is one."""
    days = {day: Day(day) for day in horizon.days}
    for group in found:
        day = horizon.day(group.slot)
        if day is not None:
            days[day].due += group.n
            days[day].untaken += group.n if group.cause in IDLE else 0
    return list(days.values())


def concentrated(cells: Mapping[tuple[int, str], Cell]) -> tuple[tuple[int, str], int] | None:
    """Where most of it lies, if one place has more than any other."""
    ordered = sorted(cells.items(), key=lambda item: -item[1].count)
    if not ordered or (len(ordered) > 1 and ordered[0][1].count == ordered[1][1].count):
        return None
    return ordered[0][0], ordered[0][1].count
