"""The working-day engine against brute force written apart from it: a flag for every day of thirty years, and counting."""

import datetime as dt
import random

import chinese_calendar
import pytest

from tests.workflow.test_traps_clocks import _calendar
from workflow.services.calendars import packaged_days

FIRST, YEARS = dt.date(2005, 1, 1), range(2005, 2027)


def _flags():
    """Worked or not, day by day, asked of the library alone."""
    days = (dt.date(2026, 12, 31) - FIRST).days + 1
    return [chinese_calendar.is_workday(FIRST + dt.timedelta(days=n)) for n in range(days)]


def _check(pairs):
    calendar = _calendar(*((year, *packaged_days(year), True) for year in YEARS))
    flags = _flags()
    sums = [0]
    for flag in flags:
        sums.append(sums[-1] + flag)
    places = [n for n, flag in enumerate(flags) if flag]
    rng = random.Random(20261124)
    for _pair in range(pairs):
        a, b = rng.randrange(len(flags)), rng.randrange(len(flags))
        one, other = FIRST + dt.timedelta(days=a), FIRST + dt.timedelta(days=b)
        wanted = sums[b + 1] - sums[a + 1] if b > a else 0
        assert calendar.workdays_between(one, other) == wanted
        n = rng.randrange(1, 90)
        if sums[a + 1] + n <= len(places):
            day = places[sums[a + 1] + n - 1]
            assert calendar.nth_workday(one, n).day == FIRST + dt.timedelta(days=day)


def test_engine_equals_brute_force():
    _check(5_000)


@pytest.mark.long
def test_engine_equals_brute_force_over_a_hundred_thousand_pairs():
    _check(100_000)
