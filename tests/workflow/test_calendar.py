"""The working calendar against published days, an independent package and a brute force."""

import csv
import os
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflow.calendar import Reckoned, WorkingCalendar

SHARED = Path(os.environ.get("TONGDIAN_SHARED", Path(__file__).resolve().parents[3] / "shared"))
PUBLISHED = SHARED / "data" / "cn" / "workdays_2015_2026.csv"
FIRST_YEAR, LAST_YEAR = 2004, 2026
DAY = timedelta(days=1)


@dataclass
class Row:
    """A calendar year as the table holds it."""

    pk: int
    year: int
    days_off: list[date] = field(default_factory=list)
    days_on: list[date] = field(default_factory=list)
    official: bool = True
    version: int = 1


def days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + DAY * n for n in range((date(year + 1, 1, 1) - first).days)]


def row(pk: int, year: int) -> Row:
    off = [day for day in days_of(year) if day.weekday() < 5 and not chinese_calendar.is_workday(day)]
    on = [day for day in days_of(year) if day.weekday() > 4 and chinese_calendar.is_workday(day)]
    return Row(pk, year, off, on)


@pytest.fixture(scope="module")
def calendar() -> WorkingCalendar:
    rows = [row(number, year) for number, year in enumerate(range(FIRST_YEAR, LAST_YEAR + 1), 1)]
    return WorkingCalendar.from_rows([*rows, Row(24, 2027, [date(2027, 1, 1)], official=False)])


def test_every_published_day(calendar: WorkingCalendar) -> None:
    if not PUBLISHED.exists():
        pytest.skip(f"{PUBLISHED} is not on this machine (set TONGDIAN_SHARED)")
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        published = {
            date.fromisoformat(line["date"]): line["is_workday"] == "1" for line in csv.DictReader(file)
        }
    assert len(published) == 4383
    assert [day for day, worked in published.items() if calendar.is_workday(day) is not worked] == []


def test_agrees_with_an_independent_package(calendar: WorkingCalendar) -> None:
    other = holidays.country_holidays("CN", years=range(2018, 2027))
    days = [day for year in range(2018, 2027) for day in days_of(year)]
    assert [day for day in days if calendar.is_workday(day) is not other.is_working_day(day)] == []


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 2, 14), True),
        (date(2026, 2, 15), False),
        (date(2026, 2, 23), False),
        (date(2026, 2, 24), True),
        (date(2026, 2, 28), True),
        (date(2026, 10, 7), False),
        (date(2026, 10, 10), True),
        (date(2026, 11, 21), False),
    ],
)
def test_2026_holidays_and_working_weekends(calendar: WorkingCalendar, day: date, worked: bool) -> None:
    assert calendar.is_workday(day) is worked


def test_2026_has_248_working_days(calendar: WorkingCalendar) -> None:
    assert calendar.workdays_between(date(2025, 12, 31), date(2026, 12, 31)) == 248


def test_counting_begins_on_the_day_after(calendar: WorkingCalendar) -> None:
    assert calendar.nth_workday(date(2026, 9, 30), 3) == Reckoned(date(2026, 10, 10), provisional=False)
    assert calendar.nth_workday(date(2026, 10, 8), 1) == Reckoned(date(2026, 10, 9), provisional=False)


def test_no_days_is_the_day_itself_and_never_backwards(calendar: WorkingCalendar) -> None:
    assert calendar.nth_workday(date(2026, 10, 4), 0).day == date(2026, 10, 4)
    with pytest.raises(ValueError, match="forwards"):
        calendar.nth_workday(date(2026, 10, 4), -1)


def test_december_2026_plus_15_runs_into_the_unpublished_year(calendar: WorkingCalendar) -> None:
    # 23 December + 6 days of 2026, then 2027 without 1 January and without weekends.
    assert calendar.nth_workday(date(2026, 12, 23), 6) == Reckoned(date(2026, 12, 31), provisional=False)
    assert calendar.nth_workday(date(2026, 12, 23), 15) == Reckoned(date(2027, 1, 14), provisional=True)
    assert calendar.nth_workday(date(2026, 12, 31), 1) == Reckoned(date(2027, 1, 4), provisional=True)


def test_2027_is_provisional_and_invents_no_holiday(calendar: WorkingCalendar) -> None:
    assert calendar.published_until == date(2026, 12, 31)
    assert not calendar.is_provisional(date(2026, 12, 31))
    assert calendar.is_provisional(date(2027, 1, 1))
    off = [day for day in days_of(2027) if day.weekday() < 5 and not calendar.is_workday(day)]
    assert off == [date(2027, 1, 1)]


def test_a_span_that_leaps_over_an_unpublished_year_is_provisional() -> None:
    published = WorkingCalendar.from_rows([Row(1, 2026), Row(2, 2028)])
    assert published.nth_workday(date(2026, 12, 30), 300) == Reckoned(date(2028, 2, 23), provisional=True)
    assert not published.nth_workday(date(2027, 12, 31), 5).provisional


@pytest.mark.parametrize("year", [1900, 2003, 2200, 2999, 9998])
def test_any_year_is_answered(calendar: WorkingCalendar, year: int) -> None:
    answer = calendar.nth_workday(date(year, 6, 1), 20)
    assert answer.provisional
    assert answer.day == brute_nth(calendar, date(year, 6, 1), 20)
    assert calendar.workdays_between(date(year, 6, 1), answer.day) == 20


def test_beyond_the_last_date_there_is_still_an_answer(calendar: WorkingCalendar) -> None:
    end = Reckoned(date.max, provisional=True)
    assert calendar.nth_workday(date(9999, 12, 20), 60) == end
    assert calendar.nth_workday(date.max, 1) == end
    assert calendar.nth_workday(date(9999, 12, 20), 60, skip=lambda _day: False) == end
    assert calendar.add_calendar_days(date(9999, 12, 20), 60) == end


def test_a_skip_that_never_lets_go_ends(calendar: WorkingCalendar) -> None:
    assert calendar.nth_workday(date(2026, 1, 5), 1, skip=lambda _day: True) == Reckoned(
        date.max, provisional=True
    )


def test_calendar_days_count_weekends(calendar: WorkingCalendar) -> None:
    assert calendar.add_calendar_days(date(2026, 9, 29), 5) == Reckoned(date(2026, 10, 4), provisional=False)
    assert calendar.add_calendar_days(date(2026, 12, 31), 60).provisional is False


def test_the_newest_version_of_a_year_counts() -> None:
    rows = [
        Row(7, 2027, [date(2027, 1, 1), date(2027, 2, 8)], official=True, version=2),
        Row(3, 2027, [date(2027, 1, 1)], official=False, version=1),
    ]
    newest = WorkingCalendar.from_rows(rows)
    assert newest.version == 7
    assert newest.published_until == date(2027, 12, 31)
    assert not newest.is_workday(date(2027, 2, 8))
    assert WorkingCalendar.from_rows(rows[1:]).is_workday(date(2027, 2, 8))


def test_without_any_year_weekends_are_off_and_all_is_provisional() -> None:
    empty = WorkingCalendar.from_rows([])
    assert (empty.version, empty.published_until) == (0, date.min)
    assert empty.nth_workday(date(2026, 11, 20), 1) == Reckoned(date(2026, 11, 23), provisional=True)


def brute_nth(calendar: WorkingCalendar, after: date, n: int, skipped: frozenset[date] = frozenset()) -> date:
    day = after
    while n:
        day += DAY
        n -= calendar.is_workday(day) and day not in skipped
    return day


@given(
    after=st.dates(date(2003, 1, 1), date(2029, 12, 31)),
    n=st.integers(0, 90),
    skipped=st.frozensets(st.integers(1, 200), max_size=40),
)
@settings(max_examples=300, deadline=None)
def test_nth_workday_is_what_counting_by_hand_gives(
    calendar: WorkingCalendar, after: date, n: int, skipped: frozenset[int]
) -> None:
    days = frozenset(after + DAY * offset for offset in skipped)
    assert calendar.nth_workday(after, n).day == brute_nth(calendar, after, n)
    assert calendar.nth_workday(after, n, skip=days.__contains__).day == brute_nth(calendar, after, n, days)


@given(first=st.dates(date(2003, 1, 1), date(2029, 12, 31)), span=st.integers(-30, 900))
@settings(max_examples=300, deadline=None)
def test_workdays_between_is_what_counting_by_hand_gives(
    calendar: WorkingCalendar, first: date, span: int
) -> None:
    last = first + DAY * span
    by_hand = sum(calendar.is_workday(first + DAY * offset) for offset in range(1, span + 1))
    assert calendar.workdays_between(first, last) == by_hand


@given(after=st.dates(date(2004, 1, 1), date(2028, 12, 31)), n=st.integers(1, 60))
@settings(max_examples=200, deadline=None)
def test_an_answer_is_a_working_day_later_and_flagged_exactly_beyond_publication(
    calendar: WorkingCalendar, after: date, n: int
) -> None:
    answer = calendar.nth_workday(after, n)
    assert answer.day > after
    assert calendar.is_workday(answer.day)
    assert answer.provisional is (answer.day > calendar.published_until)
