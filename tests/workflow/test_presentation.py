"""Deadlines in words, in both languages, on days that are written down here and never today's."""

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

import pytest
from django.template.loader import render_to_string
from django.utils import timezone, translation

from tests.workflow.world import TO_SURVEY, limit
from workflow.calendar import WorkingCalendar
from workflow.deadlines import Rest
from workflow.models import Clause, Deadline, Limit, PauseReason, Profile
from workflow.presentation import countdown, deadline_rows, sentence
from workflow.selectors.rules import Rules
from workflow.selectors.timeline import names_for, timeline
from workflow.services.clocks import pause

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Year:
    """A published year without holidays."""

    def __init__(self, year):
        self.pk, self.year, self.version, self.days_off, self.days_on, self.official = (
            year,
            year,
            1,
            [],
            [],
            True,
        )


RULES = Rules(
    stamp=uuid.uuid4(), limits=(), separations=(), profile=Profile(day_ends_at=dt.time(17, 30)),
    calendar=WorkingCalendar.from_rows([Year(2026)]), competences={},
    pause_reasons={"papers": PauseReason(code="papers", name_zh="等您补充产权证明", name_en="waiting for your proof of title")},
)  # fmt: skip


def moment(month, day, hour=10, minute=0, year=2026):
    return dt.datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


def rule(**fields):
    words = {"days": 5, "day_type": "working", "start_kinds": ["application.accepted"], "stop_kinds": ["source.energised"],
             "pause_reasons": ["papers"], "name_zh": "全过程", "name_en": "Whole process"}  # fmt: skip
    return Limit(**(words | fields))


def clock(due=None, **fields):
    return Deadline(limit=fields.pop("limit", rule()), started_at=moment(11, 20), due_at=due, **fields)


def shown(deadline, now, rests=(), language="zh-hans"):
    with translation.override(language):
        view = countdown(deadline, rests, RULES, now)
        return view.standing, view.text, sentence(view, now)


DUE = moment(11, 27, 17, 30)


@pytest.mark.parametrize(
    ("now", "standing", "zh", "whole", "en"),
    [
        (
            moment(11, 24),
            "green",
            "还剩 3 个工作日",
            "还剩 3 个工作日（11月27日 17:30 前）",
            "3 working days left",
        ),
        (
            moment(11, 26),
            "amber",
            "还剩 1 个工作日",
            "还剩 1 个工作日（11月27日 17:30 前）",
            "1 working day left",
        ),
        (moment(11, 27), "amber", "今天到期", "今天到期（17:30 前）", "Due today"),
        (
            moment(11, 27, 17, 31),
            "red",
            "已超期（不足 1 天）",
            "已超期（不足 1 天）",
            "Overdue by less than a day",
        ),
        (moment(12, 1), "red", "已超期 2 个工作日", "已超期 2 个工作日", "2 working days overdue"),
    ],
)
def test_running_clock(now, standing, zh, whole, en):
    assert shown(clock(DUE), now) == (standing, zh, whole)
    assert shown(clock(DUE), now, language="en")[1] == en


@pytest.mark.parametrize(
    ("stopped", "zh"),
    [
        (moment(11, 25), "提前 2 个工作日办结"),
        (moment(11, 27, 17, 30), "按期办结"),
        (moment(11, 30), "超期 1 个工作日办结"),
        (moment(11, 27, 18), "超期办结（不足 1 天）"),
    ],
)
def test_ended_clock(stopped, zh):
    deadline = clock(DUE, stopped_at=stopped, stop_reason="source.energised")
    assert shown(deadline, moment(12, 20)) == ("ended", zh, zh)


def test_clock_that_ended_with_the_case_was_neither_early_nor_late():
    deadline = clock(DUE, stopped_at=moment(11, 25), stop_reason="case.withdrawn")
    assert shown(deadline, moment(12, 20))[1] == "业务已终止，计时结束"


def test_paused_clock_says_why_and_what_is_left():
    rests = [Rest("papers", moment(11, 25), None)]
    zh = "计时中止（等您补充产权证明），恢复后还剩 3 个工作日"
    assert shown(clock(None), moment(12, 20), rests) == ("pause", zh, zh)
    en = "Clock paused (waiting for your proof of title); 3 working days left after the pause"
    assert shown(clock(None), moment(12, 20), rests, "en")[1] == en


def test_beyond_the_published_year_it_says_provisionally():
    deadline = clock(moment(1, 13, 17, 30, 2027), provisional=True)
    standing, text, _whole = shown(deadline, moment(12, 30))
    assert standing == "green"
    assert text == "还剩 10 个工作日，暂按 1月13日（2027 年放假安排公布后确认）"


def test_calendar_days_are_called_days():
    deadline = clock(DUE, limit=rule(day_type="calendar"))
    assert shown(deadline, moment(11, 24))[1] == "还剩 3 天"
    assert shown(deadline, moment(11, 24), language="en")[1] == "3 days left"


def test_measure_without_a_limit_counts_up():
    deadline = clock(None, limit=rule(days=None))
    assert shown(deadline, moment(11, 25, 18))[:2] == ("green", "已历时 3 个工作日")
    ended = clock(None, limit=rule(days=None), stopped_at=moment(11, 25, 18), stop_reason="source.energised")
    assert shown(ended, moment(12, 20))[1] == "共 3 个工作日"


def test_rule_on_tap_says_from_what_and_which_days():
    with translation.override("zh-hans"):
        said = countdown(clock(DUE), [], RULES, moment(11, 24)).rule
    assert said.endswith("次日起算，不含周末和法定节假日，调休上班日计入。")


@pytest.mark.django_db
def test_overdue_is_right_with_the_sweep_off_and_no_alarm(world, a_limit, shifted):
    """bk-itsm set overdue only where an alarm was configured."""
    shifted("-30 days")
    subject = world.case()
    shifted("")
    (row,) = deadline_rows(subject.case, timezone.now())
    assert row.countdown.standing == "red"
    assert not row.deadline.rungs.exists()


@pytest.mark.django_db
def test_clock_card_has_its_rows_in_order_at_a_fixed_cost(world, django_assert_num_queries):
    clause = Clause.objects.create(
        code="c", title_zh="某办法", title_en="Some", text_zh="文", text_en="text", source="s", grade="U"
    )
    limit("c", kind="internal", start_kinds=["contact.registered"])
    limit("b", kind="promise", start_kinds=["application.accepted"])
    limit("a", kind="legal", start_kinds=["application.accepted"], clause=clause)
    limit("d", kind="internal", days=None, start_kinds=["contact.registered"])
    subject = world.walk(world.submitted(), *TO_SURVEY)
    deadline_rows(subject.case, timezone.now())
    with django_assert_num_queries(3), translation.override("zh-hans"):
        rows = deadline_rows(subject.case, timezone.now())
    assert [row.kind for row in rows] == ["legal", "promise", "internal", "internal"]
    assert rows[0].clause == "某办法 条款号待核"


@pytest.mark.django_db
def test_record_of_a_case_reads_as_sentences(world, django_assert_num_queries):
    subject = world.walk(world.submitted(), *TO_SURVEY)
    pause(subject, reason="idle", by=world.clerk)
    with django_assert_num_queries(2):
        entries = timeline(subject.case)
    names = names_for(subject.case, entries)
    assert [entry.event.kind for entry in entries][:2] == ["clock.paused", "application.accepted"]
    assert names[entries[0].actor_id] == "clerk"
    lines = [
        render_to_string(
            f"events/{entry.event.kind}.html", {"event": entry.event, "data": entry.data, "names": names}
        )
        for entry in entries
    ]
    assert lines[0].strip() == "计时中止：idle"
    assert lines[-1].strip() == "联系登记：办电"
    assert all(line.strip() for line in lines)
