"""The defect museum of clocks: what went wrong elsewhere, each a test named after it; what is sprung in another file is named here."""

import datetime as dt
import time
from pathlib import Path

import pytest
from django.db import ProgrammingError, transaction
from django.utils import timezone

from tests.workflow.world import TO_AGREEMENT, TO_SURVEY, limit
from workflow.calendar import WorkingCalendar
from workflow.deadlines import Rest, reckon
from workflow.models import (
    CalendarYear,
    Case,
    Deadline,
    DeadlineRung,
    Event,
    LadderStep,
    Limit,
    Pause,
    PauseReason,
)
from workflow.presentation import deadline_rows
from workflow.replay import rests_of
from workflow.selectors.moves import moves_by_calendar
from workflow.selectors.rules import rules
from workflow.services.calendars import Arrangement, packaged_days, publish_year
from workflow.services.clocks import end_overruns, pause, resume, sweep
from workflow.services.extensions import answer_extension, ask_extension
from workflow.services.reckonings import reckon_again
from workflow.services.recomputing import _events, recompute
from workflow.transitions import Refused

ROOT = Path(__file__).resolve().parent.parent
CLOSES = dt.time(17, 30)

COVERED = {
    "02 LITE: a broad except hides the failure": ("workflow/test_sweep.py", "test_one_that_fails_holds_nobody_up_and_is_seen"),
    "03 eBau: reminded only of exactly yesterday": ("workflow/test_sweep.py", "test_scheduler_stopped_for_days_fires_all_that_is_due_once_in_order"),
    "07 bk-itsm: Redis lost, timers lost": ("workflow/test_sweep.py", "test_broker_knows_nothing_so_losing_it_loses_nothing"),
    "08 ruoyi, caluma: no timer after a return": ("workflow/test_clocks.py", "test_return_and_re_entry_opens_the_nodes_clock_anew"),
    "09 kie: timers survive an abort": ("workflow/test_clocks.py", "test_withdrawal_stops_every_clock_and_says_why"),
    "10 glpi: a changed policy forgets the pause": ("workflow/test_clocks.py", "test_change_of_rule_in_mid_pause_forgets_nothing"),
    "14 OpenRegister: the engine was never called": ("workflow/test_clocks.py", "test_submitting_a_contact_starts_a_clock_end_to_end"),
    "25 VA caseflow: nobody present is qualified": ("workflow/test_hands.py", "def test_"),
    "27 DIGIT-DevOps: bulk load past the history": ("applications/test_import.py", "def test_"),
}  # fmt: skip


@pytest.mark.parametrize("trap", COVERED, ids=str)
def test_trap_is_sprung_by_name_elsewhere(trap):
    path, name = COVERED[trap]
    assert name in (ROOT / path).read_text(encoding="utf-8")


def _calendar(*rows):
    class Row:
        pass

    made = []
    for pk, (year, off, on, official) in enumerate(rows, 1):
        row = Row()
        row.pk, row.year, row.version, row.days_off, row.days_on, row.official = (
            pk,
            year,
            1,
            off,
            on,
            official,
        )
        made.append(row)
    return WorkingCalendar.from_rows(made)


def _at(*parts):
    return timezone.make_aware(dt.datetime(*parts))  # noqa: DTZ001


class _Limit:
    def __init__(self, days=5, day_type="working", cut_off_at=None, reasons=("idle",)):
        self.days, self.day_type, self.cut_off_at = days, day_type, cut_off_at
        self.pause_reasons, self.start_kinds, self.stop_kinds, self.conditions = list(reasons), [], [], {}


NINE = _calendar(
    *((year, *packaged_days(year), True) for year in (2024, 2025, 2026)),
    (2027, [dt.date(2027, 1, 1)], [], False),
)


def test_trap_01_lite_paused_exactly_one_month_keeps_its_count():
    """Same day of the next month is another day: a pause from 10 March to 10 April takes a month out, not nothing."""
    rest = Rest("idle", _at(2026, 3, 10, 9), _at(2026, 4, 10, 9))
    free = reckon(NINE, _Limit(5), _at(2026, 3, 9, 10), [], CLOSES).due_at
    held = reckon(NINE, _Limit(5), _at(2026, 3, 9, 10), [rest], CLOSES).due_at
    assert timezone.localdate(free) == dt.date(2026, 3, 16)
    assert timezone.localdate(held) == dt.date(2026, 4, 16)


def test_trap_05_bk_itsm_one_working_day_is_a_day_and_no_24_working_hours():
    for hour in (8, 12, 17):
        assert reckon(NINE, _Limit(1), _at(2026, 11, 24, hour), [], CLOSES).due_at == _at(
            2026, 11, 25, 17, 30
        )


def test_trap_12_glpi_a_start_ten_minutes_before_closing_has_its_whole_day():
    """The rule for late arrivals is the limit's own and explicit: without a cut-off the next day is day one, with one it is not counted."""
    late = _at(2026, 11, 24, 17, 20)
    assert reckon(NINE, _Limit(1), late, [], CLOSES).due_at == _at(2026, 11, 25, 17, 30)
    assert reckon(NINE, _Limit(1, cut_off_at=dt.time(16)), late, [], CLOSES).due_at == _at(
        2026, 11, 26, 17, 30
    )


def test_trap_17_icms_two_years_of_holidays_with_worked_weekends():
    """2025 and 2026 as the notices have them: days off, weekends worked, and the whole year's count."""
    assert not NINE.is_workday(dt.date(2026, 2, 23))
    assert NINE.is_workday(dt.date(2026, 2, 14)) and NINE.is_workday(dt.date(2026, 2, 28))  # noqa: PT018
    assert not NINE.is_workday(dt.date(2025, 1, 28)) and NINE.is_workday(dt.date(2025, 1, 26))  # noqa: PT018
    assert [len(NINE.workdays_of(year)) for year in (2025, 2026)] == [248, 248]


def test_new_year_and_spring_festival_and_a_year_not_published():
    """31 December to 4 January (worked in 2026), a pause over Spring Festival, and 暂按 beyond the horizon."""
    assert reckon(NINE, _Limit(1), _at(2025, 12, 31, 16), [], CLOSES).due_at == _at(2026, 1, 4, 17, 30)
    rest = Rest("idle", _at(2026, 2, 12, 9), _at(2026, 2, 25, 9))
    held = reckon(NINE, _Limit(3), _at(2026, 2, 11, 9), [rest], CLOSES)
    assert held.due_at == _at(2026, 2, 27, 17, 30)  # 12, 13, 14 and 24 stood still; 25, 26, 27 ran
    assert reckon(NINE, _Limit(10), _at(2026, 12, 30, 9), [], CLOSES).provisional


@pytest.mark.django_db
def test_trap_04_digit_waiting_for_the_customer_does_not_consume(world, shifted, a_limit):
    shifted("-28 days")
    subject = world.submitted()
    pause(subject, reason="idle", by=world.clerk)
    shifted("")
    assert sweep().fired == 0
    resume(subject, reason="idle", by=world.clerk)
    assert Deadline.objects.get(case=subject.case).due_at > timezone.now()


@pytest.mark.django_db
def test_trap_06_bk_itsm_overdue_is_right_with_no_alarm_and_no_sweep(world, shifted, a_limit):
    shifted("-30 days")
    subject = world.case()
    shifted("")
    LadderStep.objects.update(in_force=False)
    (row,) = deadline_rows(subject.case, timezone.now())
    assert row.countdown.standing == "red"
    assert not DeadlineRung.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "America/New_York"])
def test_trap_11_glpi_the_hosts_zone_changes_nothing(world, a_limit, zone, monkeypatch, request):
    """Wrong zone, escalated at creation. Whatever zone the host is set to, the same moment is due and nothing fires early."""
    request.addfinalizer(time.tzset)
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    subject = world.case()
    deadline = Deadline.objects.get(case=subject.case)
    assert timezone.localtime(deadline.due_at).time() == CLOSES
    assert deadline.due_at == reckon(rules().calendar, a_limit, deadline.started_at, [], CLOSES).due_at
    assert sweep().fired == 0


@pytest.mark.django_db
def test_trap_13_procest_a_pause_that_over_runs_eats_nothing(world, shifted, a_limit):
    """The clock runs on from the bound, the supervisor hears of it, and the log alone gives the same rest."""
    PauseReason.objects.filter(code="idle").update(max_days=2)
    shifted("-40 days")
    subject = world.submitted()
    pause(subject, reason="idle", by=world.clerk)
    shifted("")
    bound = Pause.objects.get().until_at
    assert (end_overruns(), end_overruns()) == (1, 0)
    row = Pause.objects.get()
    assert (row.ended_at, row.ended_number is not None) == (bound, True)
    assert Event.objects.filter(kind="clock.overran", stream=subject.case.stream).count() == 1
    deadline = Deadline.objects.get(case=subject.case)
    assert bound < deadline.due_at < timezone.now()
    past = _events([subject.case.pk], {"clock.paused", "clock.overran"})[subject.case.pk]
    assert rests_of(past) == [Rest("idle", row.began_at, bound)]
    with pytest.raises(Refused):
        resume(subject, reason="idle", by=world.clerk)


@pytest.mark.django_db
def test_trap_15_open_mercato_every_rung_of_the_ladder_is_an_event_in_order_once(world, shifted, a_limit):
    """Beat never for weeks, then twice: each configured rung once, in order, none early; the ladder of the kind decides."""
    LadderStep.objects.update(in_force=True)
    wanted = [step.code for step in LadderStep.objects.filter(kind="legal").order_by("days")]
    shifted("-60 days")
    subject = world.case()
    shifted("")
    assert [sweep().fired, sweep().fired] == [len(wanted), 0]
    rungs = list(DeadlineRung.objects.order_by("number"))
    assert [rung.rung for rung in rungs] == wanted
    assert all(rung.fired_at >= rung.due_at for rung in rungs)
    kinds = [Event.objects.get(stream=subject.case.stream, number=rung.number).kind for rung in rungs]
    assert kinds == [
        "deadline.warned",
        "deadline.warned",
        "deadline.missed",
        "deadline.escalated",
        "deadline.escalated",
    ]


@pytest.mark.django_db
def test_trap_16_openproject_a_holiday_added_later_moves_what_it_touches_and_says_so(world):
    limit("far", start_kinds=["contact.registered"], stop_kinds=["application.accepted"], days=20)
    limit("near", start_kinds=["contact.registered"], stop_kinds=["application.accepted"], days=1)
    subject = world.case()
    far = Deadline.objects.get(case=subject.case, limit__code="far")
    day = timezone.localdate(far.due_at)
    known = CalendarYear.objects.filter(year=day.year).order_by("-version").first()
    off = sorted({*(known.days_off if known else []), day})
    on = known.days_on if known else []
    seen = moves_by_calendar(rules().calendar.with_year(day.year, off, on, official=True))
    assert (seen.count, [move.deadline.pk for move in seen.first]) == (1, [far.pk])
    arrangement = Arrangement(day.year, off, on, official=True, source="notice", grade="A")
    publish_year(by=None, arrangement=arrangement, reason="台风停工")
    reckon_again()
    moved = Event.objects.filter(kind="deadline.moved", stream=subject.case.stream)
    assert moved.count() == seen.count
    far.refresh_from_db()
    assert far.due_at == seen.first[0].to


@pytest.mark.django_db
def test_trap_24_ebau_what_is_counted_is_keyed_on_codes(world, a_limit, shifted):
    """Renaming a limit changes no key: events, rungs and rounds go by its code."""
    shifted("-30 days")
    subject = world.case()
    shifted("")
    Limit.objects.filter(pk=a_limit.pk).update(name_zh="改了名字", name_en="Renamed")
    sweep()
    past = _events([subject.case.pk], {"deadline.missed"})[subject.case.pk]
    assert [event.data["limit"] for event in past if event.kind == "deadline.missed"] == ["intake"]


@pytest.mark.django_db
def test_trap_26_open_forms_no_pause_once_the_case_has_ended(world, a_limit):
    subject = world.walk(world.submitted(), *TO_SURVEY, ("withdraw", "clerk"))
    with pytest.raises(Refused):
        pause(subject, reason="idle", by=world.clerk)
    assert not Pause.objects.exists()


@pytest.mark.django_db
def test_the_log_alone_gives_every_clock_and_a_wrong_cache_is_found_and_mended(world, shifted, a_limit):
    """Walked with pauses, returns, an ending and a re-opening: nothing drifts. A row changed by hand is named, and only that."""
    limit(
        "total",
        kind="promise",
        start_kinds=["application.accepted"],
        stop_kinds=["source.energised"],
        days=15,
    )
    limit("node_scheme", scope="node", node="scheme", kind="internal", days=2)
    shifted("-30 days")
    subject = world.walk(world.submitted(), *TO_SURVEY)
    pause(subject, reason="idle", by=world.clerk)
    shifted("-20 days")
    resume(subject, reason="idle", by=world.clerk)
    world.walk(
        subject,
        *TO_AGREEMENT[1:],
        ("object_to_scheme", "clerk"),
        ("withdraw", "clerk"),
        ("reopen", "supervisor"),
    )
    shifted("")
    sweep()
    *_steps, found = recompute()
    assert (found.total, found.drifted) == (Deadline.objects.count(), [])
    total = Deadline.objects.get(limit__code="total")
    Deadline.objects.filter(pk=total.pk).update(due_at=total.due_at + dt.timedelta(days=1))
    *_steps, found = recompute(mend=True)
    assert [(drift.deadline.pk, drift.fields) for drift in found.drifted] == [(total.pk, ("due_at",))]
    *_steps, found = recompute()
    assert found.drifted == []
    assert Event.objects.filter(kind="deadline.moved").exists()


@pytest.mark.django_db
def test_extension_is_asked_once_and_agreed_by_the_customer_and_keeps_the_first_date(world):
    limit(
        "total", kind="promise", start_kinds=["contact.registered"], stop_kinds=["source.energised"], days=5
    )
    subject = world.submitted()
    clock = Deadline.objects.get(case=subject.case)
    with pytest.raises(Refused):  # a date beyond the limit, and no slot inside it was offered
        ask_extension(subject, deadline=clock, days=3, reason="客户约期", by=world.clerk, appointment=True,
                      offered=[clock.due_at + dt.timedelta(days=1)])  # fmt: skip
    ask_extension(subject, deadline=clock, days=3, reason="客户约期", by=world.clerk, appointment=True,
                  offered=[clock.due_at - dt.timedelta(days=1)])  # fmt: skip
    clock.refresh_from_db()
    first = clock.due_at
    with pytest.raises(Refused):
        ask_extension(subject, deadline=clock, days=3, reason="又一次", by=world.clerk)
    with pytest.raises(Refused):
        answer_extension(subject, agreed=True, by=world.surveyor)
    world.let_in("customer", subject)
    answer_extension(subject, agreed=True, by=world.customer)
    clock.refresh_from_db()
    assert clock.extension.original_due_at == first < clock.due_at
    assert rules().calendar.workdays_between(timezone.localdate(first), timezone.localdate(clock.due_at)) == 3
    *_steps, found = recompute()
    assert found.drifted == []


@pytest.mark.django_db
def test_nothing_a_clerk_does_makes_a_breach_disappear(world, shifted, a_limit):
    shifted("-30 days")
    subject = world.submitted()
    shifted("")
    sweep()
    world.do(subject, "accept", "clerk", occurred_at=timezone.now() - dt.timedelta(days=29))
    world.walk(subject, ("withdraw", "clerk"), ("reopen", "supervisor"))
    with pytest.raises(ProgrammingError, match="refused"), transaction.atomic():
        DeadlineRung.objects.filter(rung="missed").delete()
    assert Case.objects.get(pk=subject.case.pk).deadlines.filter(rungs__rung="missed").exists()
