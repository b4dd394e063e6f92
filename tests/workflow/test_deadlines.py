"""When a clock runs out: pure reckoning over a calendar with 调休, pauses, a cut-off hour and years nobody has published."""

import datetime as dt
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from workflow.calendar import WorkingCalendar
from workflow.deadlines import (
    DUE_SOON,
    MISSED,
    Rest,
    day_zero,
    ladder,
    most_specific,
    next_rung,
    reckon,
    slot_of,
    used_days,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
CLOSES = dt.time(17, 30)


@dataclass
class Year:
    pk: int
    year: int
    days_off: list = field(default_factory=list)
    days_on: list = field(default_factory=list)
    version: int = 1
    official: bool = True


@dataclass
class Rule:
    days: int | None = 3
    day_type: str = "working"
    cut_off_at: dt.time | None = None
    pause_reasons: list = field(default_factory=lambda: ["papers"])
    start_kinds: list = field(default_factory=list)
    stop_kinds: list = field(default_factory=list)
    conditions: dict = field(default_factory=dict)


@dataclass
class Row:
    code: str
    conditions: dict
    days: int | None
    kind: str = "legal"
    version: int = 1


# 2026: National Day week off, Sunday 27 September and Saturday 10 October worked
CALENDAR = WorkingCalendar.from_rows(
    [
        Year(1, 2025),
        Year(
            2, 2026,
            days_off=[dt.date(2026, 1, 1), dt.date(2026, 1, 2), *(dt.date(2026, 10, day) for day in (1, 2, 5, 6, 7))],
            days_on=[dt.date(2026, 1, 4), dt.date(2026, 9, 27), dt.date(2026, 10, 10)],
        ),
    ]
)  # fmt: skip


def at(month, day, hour=10, minute=0, year=2026):
    return dt.datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


def due(start, rests=(), **rule):
    return reckon(CALENDAR, Rule(**rule), start, rests, CLOSES).due_at


def test_day_of_the_start_does_not_count():
    assert due(at(11, 23)) == at(11, 26, 17, 30)


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (at(11, 20), at(11, 25, 17, 30)),  # over a weekend
        (at(9, 25), at(9, 29, 17, 30)),  # Sunday 27 September is worked
        (at(9, 30), at(10, 10, 17, 30)),  # National Day week, then Thursday, Friday and the worked Saturday
        (at(10, 3), at(10, 10, 17, 30)),  # started on a holiday
        (at(12, 31, year=2025), at(1, 6, 17, 30)),  # over New Year, Sunday 4 January is worked
    ],
)
def test_holidays_and_worked_weekends(start, expected):
    assert due(start) == expected


def test_one_working_day_is_one_day():
    """bk-itsm: a day was 24 working hours, three days on an eight-hour calendar."""
    assert due(at(11, 24, 9), days=1) == at(11, 25, 17, 30)


def test_ten_minutes_before_closing_is_a_whole_day_and_the_cut_off_is_a_rule():
    """glpi PR#10600: what arrived ten minutes before closing got ten minutes."""
    late = at(11, 24, 17, 20)
    assert due(late, days=1) == at(11, 25, 17, 30)
    assert due(late, days=1, cut_off_at=dt.time(16)) == at(11, 26, 17, 30)
    assert day_zero(Rule(cut_off_at=dt.time(16)), at(11, 24, 16, 0)) == dt.date(2026, 11, 24)


@given(st.integers(0, 5 * 365 * 24 * 60), st.integers(0, 60))
def test_zone_of_the_moment_makes_no_difference(minutes, days):
    """glpi#15429: a wrong zone escalated tickets when they were made."""
    start = at(1, 1, 0, year=2024) + dt.timedelta(minutes=minutes)
    there = reckon(CALENDAR, Rule(days=days), start, [], CLOSES)
    with timezone.override("America/New_York"):
        assert day_zero(Rule(), start) is not None
    assert there == reckon(CALENDAR, Rule(days=days), start.astimezone(dt.UTC), [], CLOSES)
    if days:
        assert there.due_at > start


def test_open_pause_has_no_due_date_and_waiting_consumes_nothing():
    """DIGIT: the clock ran while the customer was waited for."""
    start = at(11, 23)
    waiting = Rest("papers", at(11, 24), None)
    assert due(start, [waiting]) is None
    assert used_days(CALENDAR, Rule(), start, [waiting], at(12, 31), CLOSES) == 0
    ended = Rest("papers", at(11, 24), at(12, 8))
    assert used_days(CALENDAR, Rule(), start, [ended], at(12, 8, 18), CLOSES) == 1
    assert due(start, [ended]) == at(12, 10, 17, 30)


def test_pause_of_exactly_one_month_keeps_its_count():
    """LITE: its same-day guard compared days of the month."""
    assert due(at(11, 23), [Rest("papers", at(11, 24), at(12, 24))]) == at(12, 28, 17, 30)


@given(st.integers(1, 400))
def test_however_long_a_pause_the_days_left_stay(length):
    """Procest: a pause longer than asked ate the days."""
    begun = at(11, 24)
    ended = begun + dt.timedelta(days=length)
    over = reckon(CALENDAR, Rule(days=5), at(11, 23), [Rest("papers", begun, ended)], CLOSES).due_at
    assert CALENDAR.workdays_between(ended.date() - dt.timedelta(days=1), over.date()) == 5


def test_reason_the_limit_does_not_allow_stops_nothing():
    assert due(at(11, 23), [Rest("outage_plan", at(11, 24), None)]) == at(11, 26, 17, 30)


def test_overlapping_pauses_count_once():
    rests = [Rest("papers", at(11, 24), at(11, 26)), Rest("papers", at(11, 25), at(11, 27, 9))]
    assert due(at(11, 23), rests) == at(12, 1, 17, 30)


def test_what_had_run_out_before_the_pause_stays_overdue():
    assert due(at(11, 16), [Rest("papers", at(11, 24), None)]) == at(11, 19, 17, 30)


def test_calendar_days_stand_still_too():
    assert due(at(11, 23), day_type="calendar", days=10) == at(12, 3, 17, 30)
    assert due(at(11, 23), [Rest("papers", at(11, 24), at(11, 29))], day_type="calendar", days=10) == at(
        12, 8, 17, 30
    )


def test_beyond_the_published_years_the_answer_says_so():
    sure, unsure = (
        reckon(CALENDAR, Rule(days=3), at(11, 23), [], CLOSES),
        reckon(CALENDAR, Rule(days=60), at(11, 23), [], CLOSES),
    )
    assert (sure.provisional, unsure.provisional) == (False, True)
    assert unsure.due_at is not None


def test_holiday_published_later_moves_the_day():
    wider = WorkingCalendar.from_rows(
        [*(Year(n, 2025 + n) for n in (0, 1)), Year(3, 2027, days_off=[dt.date(2027, 1, 4)])]
    )
    before = reckon(CALENDAR, Rule(days=30), at(11, 23), [], CLOSES)
    after = reckon(wider, Rule(days=30), at(11, 23), [], CLOSES)
    assert before.provisional
    assert not after.provisional
    assert after.due_at > before.due_at


def test_ladder_is_one_working_day_and_one_second():
    rungs = ladder(CALENDAR, at(10, 8, 17, 30), CLOSES)
    assert [(rung.code, rung.due_at) for rung in rungs] == [
        (DUE_SOON, at(9, 30, 17, 30)),
        (MISSED, at(10, 8, 17, 30) + dt.timedelta(seconds=1)),
    ]
    assert next_rung(rungs, []).code == DUE_SOON
    assert next_rung(rungs, [DUE_SOON]).code == MISSED
    assert next_rung(rungs, [DUE_SOON, MISSED]) is None


def test_measure_without_length_never_runs_out():
    assert due(at(11, 23), days=None) is None


def test_either_kind_fills_one_slot():
    kinds = ["completion.notified|reinspection.requested", "contract.signed"]
    assert slot_of(kinds, "reinspection.requested") == kinds[0]
    assert slot_of(kinds, "contract.signed") == kinds[1]
    assert slot_of(kinds, "survey.recorded") is None


def test_most_specific_row_wins_then_the_strictest():
    rows = [
        Row("a", {}, 9),
        Row("a", {"supply_class": ["lv"]}, 8),
        Row("a", {"supply_class": ["lv"]}, 7),
        Row("a", {"supply_class": ["hv"]}, 1),
        Row("a", {"supply_class": ["lv"]}, 20, kind="promise"),
    ]
    best = most_specific(rows, {"supply_class": "lv"})
    assert {(row.kind, row.days) for row in best} == {("legal", 7), ("promise", 20)}


@given(
    st.integers(0, 300),
    st.integers(1, 40),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20)), max_size=4),
)
def test_used_and_left_add_up(offset, days, pauses):
    """At the due moment exactly the limit's days are used, whatever the pauses."""
    start = at(1, 5) + dt.timedelta(days=offset)
    rests = [
        Rest("papers", start + dt.timedelta(days=a), start + dt.timedelta(days=a + b)) for a, b in pauses
    ]
    runs_out = reckon(CALENDAR, Rule(days=days), start, rests, CLOSES).due_at
    assert used_days(CALENDAR, Rule(days=days), start, rests, runs_out, CLOSES) == days
    assert (
        used_days(CALENDAR, Rule(days=days), start, rests, runs_out - dt.timedelta(seconds=1), CLOSES)
        == days - 1
    )
