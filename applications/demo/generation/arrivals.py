"""Who comes when and where: by season, weekday and office; and where in time a mould fits without a clock running differently."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from itertools import accumulate

from django.utils import timezone

from applications.demo.generation.moulds import Mould
from applications.demo.generation.stamps import Stamp
from workflow.calendar import WorkingCalendar
from workflow.selectors.rules import Rules

SEASON = (0.7, 0.5, 1.1, 1.15, 1.1, 1.2, 1.25, 1.1, 1.05, 0.95, 1.0, 0.9)
WEEKDAY = (1.35, 1.1, 1.0, 0.95, 0.85, 0.5, 0.4)
GROWTH = 0.12
"""A year brings so much more than the year before."""


def fitting(
    mould: Mould, calendar: WorkingCalendar, in_force: Rules, now: dt.datetime, years: float
) -> list[int]:
    """By how many days it can be moved: onto days that are worked and published alike, under the same limits, over by now, with no rung due.

    Then every due time is where a clock would have put it, and nothing has to be reckoned again.
    """
    length = (mould.last_day - mould.first_day).days
    pattern = _pattern(calendar, mould.first_day, length)
    limits = _limits(in_force, mould, mould.first_day)
    found = []
    earliest = (now - dt.timedelta(days=365.25 * years)).date()
    for days in range(
        (earliest - mould.first_day).days, (timezone.localdate(now) - mould.first_day).days + 1
    ):
        later = dt.timedelta(days=days)
        first = mould.first_day + later
        if mould.ended_at + later + dt.timedelta(minutes=mould.slack) >= now or (
            mould.next_rung_at and mould.next_rung_at + later <= now
        ):
            continue
        if _pattern(calendar, first, length) == pattern and _limits(in_force, mould, first) == limits:
            found.append(days)
    return found


def _pattern(calendar: WorkingCalendar, first: dt.date, length: int) -> list[tuple[bool, bool]]:
    days = [first + dt.timedelta(days=n) for n in range(length + 1)]
    return [(calendar.is_workday(day), calendar.is_provisional(day)) for day in days]


def _limits(in_force: Rules, mould: Mould, first: dt.date) -> set[int]:
    last = first + (mould.last_day - mould.first_day)
    return {limit.pk for day in (first, last) for limit in in_force.limits_for(mould.matching, day)}


def draw(
    moulds: Sequence[Mould], shifts: Sequence[Sequence[int]], places: int, count: int, seed: int
) -> list[Stamp]:
    """So many arrivals. Offices differ in size, and the slow ones get more of what took long."""
    rng = random.Random(seed)
    sizes = [rng.uniform(0.5, 1.8) for _place in range(places)]
    burdens = [rng.choice([0.3, 0.6, 1.0, 1.0, 2.5]) for _place in range(places)]
    usable = [n for n, found in enumerate(shifts) if found]
    by_place = [
        list(accumulate(moulds[n].story.weight * (burden if moulds[n].story.is_slow else 1) for n in usable))
        for burden in burdens
    ]
    weights = {
        n: list(accumulate(_busy(moulds[n].first_day + dt.timedelta(days=days)) for days in shifts[n]))
        for n in usable
    }
    sums = list(accumulate(sizes))
    stamps = []
    for _case in range(count):
        place = rng.choices(range(places), cum_weights=sums)[0]
        mould = rng.choices(usable, cum_weights=by_place[place])[0]
        days = rng.choices(shifts[mould], cum_weights=weights[mould])[0]
        stamps.append(Stamp(mould, days, rng.randint(0, moulds[mould].slack), place, rng.getrandbits(62)))
    return stamps


def _busy(day: dt.date) -> float:
    return SEASON[day.month - 1] * WEEKDAY[day.weekday()] * (1 + GROWTH) ** (day.year - 2020)
