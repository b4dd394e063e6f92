"""Corrections: a new entry beside the old one, by two people; a slip of the pen by one; never a time alone."""

import datetime as dt

import pytest
from django.utils import timezone

from tests.workflow.world import limit
from workflow.models import Deadline, DeadlineRung, Event, EventPayload
from workflow.services.corrections import correct
from workflow.transitions import Refused

pytestmark = pytest.mark.django_db
PAPER = "sha-256:ab"


@pytest.fixture
def accepted(world):
    """A case accepted by the clerk, with one field in the entry's payload."""
    subject = world.submitted()
    with world.act(subject, "accept", "clerk", occurred_at=timezone.now()) as a:
        a.data |= {"meters": 3, "visit_date": "2026-11-20"}
    subject.number = a.done.number
    return subject


def mend(world, subject, field="meters", value=4, **given):
    words = {"by": world.clerk, "reason": "misread", "document": PAPER, "approved_by": world.inspector}
    return correct(subject, of_number=subject.number, field=field, value=value, **(words | given))


def payload(subject, number):
    return EventPayload.objects.get(stream=subject.case.stream, number=number).data


def test_correction_is_a_new_entry_and_the_original_stays(world, accepted):
    original = Event.objects.get(stream=accepted.case.stream, number=accepted.number)
    done = mend(world, accepted)
    assert payload(accepted, accepted.number)["meters"] == 3
    assert (
        Event.objects.get(stream=accepted.case.stream, number=accepted.number).leaf_hash == original.leaf_hash
    )
    said = payload(accepted, done.number)
    assert (said["of"], said["field"], said["was"], said["is"]) == (accepted.number, "meters", 3, 4)
    assert said["approved_by"] == str(world.inspector.pk)
    assert Event.objects.get(stream=accepted.case.stream, number=done.number).documents == [PAPER]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"reason": " "}, "说明"),
        ({"value": 3}, "无需更正"),
        ({"field": "nothing"}, "没有这一项"),
        ({"field": "occurred_at", "value": "yesterday"}, "日期"),
        ({"by_another": True, "document": ""}, "材料"),
        ({"by_another": True, "approved_by": None}, "第二人"),
    ],
)
def test_refused_with_a_sentence(world, accepted, given, says):
    if given.pop("by_another", False):
        given["by"] = world.planner
    with pytest.raises(Refused, match=says):
        mend(world, accepted, **given)


def test_nobody_approves_their_own(world, accepted):
    with pytest.raises(Refused, match="不能审批本人"):
        mend(world, accepted, by=world.planner, approved_by=world.planner)
    outsider = type(world.clerk).objects.create_customer("13812345678")
    with pytest.raises(Refused, match="在岗"):
        mend(world, accepted, by=world.planner, approved_by=outsider)


def test_own_slip_within_half_an_hour_needs_nobody(world, accepted):
    mend(world, accepted, document="", approved_by=None)
    with pytest.raises(Refused):
        mend(world, accepted, document="", approved_by=None, by=world.planner)


@pytest.mark.parametrize(("field", "value"), [("visit_date", "2026-11-19"), ("occurred_at", "earlier")])
def test_time_is_never_a_slip(world, accepted, field, value):
    value = timezone.now() - dt.timedelta(hours=3) if value == "earlier" else value
    with pytest.raises(Refused):
        mend(world, accepted, field=field, value=value, document="", approved_by=None)
    mend(world, accepted, field=field, value=value)


def test_half_an_hour_later_it_is_no_slip(world, shifted):
    shifted("-31 minutes")
    subject = world.submitted()
    with world.act(subject, "accept", "clerk") as a:
        a.data["meters"] = 3
    shifted("")
    subject.number = a.done.number
    with pytest.raises(Refused):
        mend(world, subject, document="", approved_by=None)


def test_approved_time_lets_the_clock_be_judged_anew_and_the_rung_stays(world, shifted):
    limit("intake", start_kinds=["contact.registered"], stop_kinds=["application.accepted"])
    shifted("-30 days")
    subject = world.submitted()
    shifted("")
    done = world.do(subject, "accept", "clerk")
    deadline = Deadline.objects.get(case=subject.case)
    assert deadline.stopped_at > deadline.due_at
    subject.number = done.number
    right = deadline.due_at - dt.timedelta(days=1)
    mend(world, subject, field="occurred_at", value=right)
    fresh = Deadline.objects.get(case=subject.case)
    assert (fresh.stopped_at, fresh.due_at) == (right, deadline.due_at)
    assert DeadlineRung.objects.filter(deadline=deadline, rung="missed").exists()
    event = Event.objects.filter(stream=subject.case.stream).order_by("-number").first()
    assert event.kind == "deadline.reassessed"
    assert payload(subject, event.number)["limit"] == "intake"


def test_approved_start_moves_the_clock(world):
    limit("total", start_kinds=["application.accepted"], stop_kinds=["source.energised"])
    subject = world.submitted()
    claimed = timezone.now() - dt.timedelta(days=20)
    subject.number = world.do(subject, "accept", "clerk", occurred_at=claimed).number
    before = Deadline.objects.get(case=subject.case)
    assert before.started_at == claimed
    right = timezone.now() - dt.timedelta(days=1)
    mend(world, subject, field="occurred_at", value=right)
    after = Deadline.objects.get(case=subject.case)
    assert after.started_at == right
    assert after.due_at > before.due_at


def test_correction_of_a_correction_is_refused(world, accepted):
    accepted.number = mend(world, accepted).number
    with pytest.raises(Refused, match="原记录"):
        mend(world, accepted, field="reason", value="other")
