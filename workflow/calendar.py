"""Working days: pure reckoning over the published arrangement of each year.

Which weekdays are off and which weekends are worked is published year by year, so both are data
(`CalendarYear`). A year that is not published yet is reckoned on weekends and whatever its provisional row
gives, and the answer says so (暂按): a deadline must never fail because of a date.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Protocol

ONE_DAY = timedelta(days=1)
SATURDAY = 5
SKIP_HORIZON_YEARS = 100


class YearRow(Protocol):
    """What is read of a `CalendarYear`."""

    pk: int
    year: int
    version: int
    days_off: list[date]
    days_on: list[date]
    official: bool


@dataclass(frozen=True)
class Reckoned:
    """A day, and whether it was reckoned over a year whose arrangement is not published (暂按)."""

    day: date
    provisional: bool


@dataclass(frozen=True)
class YearPlan:
    """The working days of one year, in order."""

    workdays: tuple[date, ...]
    official: bool


@dataclass(frozen=True)
class WorkingCalendar:
    """All years known to one version.

    `version` is the highest row id, so a version names exactly the rows it was made of.
    """

    version: int
    plans: Mapping[int, YearPlan]

    @classmethod
    def from_rows(cls, rows: Iterable[YearRow]) -> WorkingCalendar:
        """Read rows of `CalendarYear`: of each year the newest version counts."""
        newest: dict[int, YearRow] = {}
        highest = 0
        for row in rows:
            highest = max(highest, row.pk)
            if row.year not in newest or row.version > newest[row.year].version:
                newest[row.year] = row
        return cls(highest, {year: _plan(row) for year, row in newest.items()})

    def with_year(
        self, year: int, off: Iterable[date], on: Iterable[date], *, official: bool
    ) -> WorkingCalendar:
        """This calendar with another arrangement of one year: what would be, before anybody has published it."""
        plan = YearPlan(_workdays(year, frozenset(off), frozenset(on)), official)
        return WorkingCalendar(self.version, {**self.plans, year: plan})

    @property
    def published_until(self) -> date:
        """Last day of the last published year; the first of all days if none is."""
        years = [year for year, plan in self.plans.items() if plan.official]
        return date(max(years), 12, 31) if years else date.min

    def workdays_of(self, year: int) -> tuple[date, ...]:
        """The working days of a year, in order."""
        return self._plan(year).workdays

    def is_workday(self, day: date) -> bool:
        """Whether the day is worked."""
        workdays = self._plan(day.year).workdays
        place = bisect_right(workdays, day)
        return place > 0 and workdays[place - 1] == day

    def is_provisional(self, day: date) -> bool:
        """Whether the day's year is not published, so that its holidays may still move."""
        return not self._plan(day.year).official

    def nth_workday(self, after: date, n: int, skip: Callable[[date], bool] | None = None) -> Reckoned:
        """The n-th working day strictly after `after`, not counting days for which `skip` is true.

        n = 0 is `after` itself. Always answers: beyond the last day a date can hold, or when `skip` lets go
        of no day within a century, the answer is `date.max`, provisional.
        """
        if n < 0:
            raise ValueError("Working days are counted forwards.")
        if n == 0:
            return Reckoned(after, self.is_provisional(after))
        day = self._nth(after, n) if skip is None else self._nth_not_skipped(after, n, skip)
        return Reckoned(day, self._provisional_between(after, day))

    def workdays_between(self, first: date, last: date) -> int:
        """How many working days d there are with first < d ≤ last; none if last is not after first."""
        if last <= first:
            return 0
        total = -self._worked_by(first)
        for year in range(first.year, last.year):
            total += len(self._plan(year).workdays)
        return total + self._worked_by(last)

    def add_calendar_days(self, after: date, n: int) -> Reckoned:
        """The n-th day after `after`, weekends and holidays counted, so never provisional."""
        if n > (date.max - after).days:
            return Reckoned(date.max, provisional=True)
        return Reckoned(after + timedelta(days=n), provisional=False)

    def _plan(self, year: int) -> YearPlan:
        return self.plans.get(year) or _weekends_off(year)

    def _worked_by(self, day: date) -> int:
        """Working days of the day's year up to and including it."""
        return bisect_right(self._plan(day.year).workdays, day)

    def _nth(self, after: date, n: int) -> date:
        left = n + self._worked_by(after)
        for year in range(after.year, date.max.year + 1):
            workdays = self._plan(year).workdays
            if left <= len(workdays):
                return workdays[left - 1]
            left -= len(workdays)
        return date.max

    def _nth_not_skipped(self, after: date, n: int, skip: Callable[[date], bool]) -> date:
        left = n
        for year in range(after.year, min(after.year + SKIP_HORIZON_YEARS, date.max.year) + 1):
            for day in self._plan(year).workdays:
                if day > after and not skip(day):
                    left -= 1
                    if left == 0:
                        return day
        return date.max

    def _provisional_between(self, after: date, day: date) -> bool:
        if day == date.max:
            return True
        first = after + ONE_DAY
        return any(not self._plan(year).official for year in range(first.year, day.year + 1))


def _plan(row: YearRow) -> YearPlan:
    """The working days a row describes; of a day both off and on, on wins."""
    return YearPlan(_workdays(row.year, frozenset(row.days_off), frozenset(row.days_on)), row.official)


@lru_cache(maxsize=256)
def _weekends_off(year: int) -> YearPlan:
    """A year nothing is known of: weekends off, no more, and provisional."""
    return YearPlan(_workdays(year, frozenset(), frozenset()), official=False)


def _workdays(year: int, off: frozenset[date], on: frozenset[date]) -> tuple[date, ...]:
    first = date(year, 1, 1).toordinal()
    last = date(year, 12, 31).toordinal()
    days = map(date.fromordinal, range(first, last + 1))
    return tuple(day for day in days if day in on or (day.weekday() < SATURDAY and day not in off))
