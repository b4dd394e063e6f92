"""Tasks in hands: taken, assigned, re-assigned; and offered when nobody who may do them is there."""

import datetime as dt

import pytest
from django.utils import timezone

from staff.models import Absence
from tests.workflow.world import TO_INSPECTION, TO_SURVEY, limit, separation
from workflow.models import Deadline, Event, EventPayload, LadderStep, Task, TaskHolder, Told
from workflow.selectors.untended import Shortfall, shortfalls, untended
from workflow.services import tasks as service
from workflow.services.clocks import sweep
from workflow.services.tasks import OfferFailed, assign, find_untended, take
from workflow.services.telling import tell
from workflow.tasks import find_untended_tasks
from workflow.transitions import Refused, Stale

pytestmark = pytest.mark.django_db


@pytest.fixture
def surveying(world):
    """A case whose survey is to be done."""
    return world.walk(world.submitted(), *TO_SURVEY)


def task_of(subject, node="survey"):
    return Task.objects.filter(case=subject.case, node_code=node).latest("round")


def holders(task):
    return list(TaskHolder.objects.filter(task=task, until_at=None).values_list("user__username", flat=True))


def last_event(subject):
    event = Event.objects.filter(stream=subject.case.stream).order_by("-number").first()
    return event, EventPayload.objects.get(stream=event.stream, number=event.number).data


def away(user):
    today = timezone.localdate()
    Absence.objects.create(user=user, from_date=today, to_date=today + dt.timedelta(days=3))


def lapsed(user):
    user.certificates.update(
        revoked_at=timezone.now() - dt.timedelta(days=2), revoked_by=user, revoke_reason="x"
    )


def test_take_puts_it_in_my_hands_and_says_so(world, surveying):
    task = task_of(surveying)
    take(surveying, task, by=world.surveyor, version=task.version)
    event, _data = last_event(surveying)
    assert (event.kind, event.task_node, event.task_round) == ("task.taken", "survey", 1)
    fresh = task_of(surveying)
    assert (holders(task), fresh.taken_at, fresh.version) == (
        ["surveyor"],
        event.recorded_at,
        task.version + 1,
    )
    with pytest.raises(Refused, match="已在您手中"):
        take(surveying, task, by=world.surveyor)
    with pytest.raises(Stale):
        take(surveying, task, by=world.surveyor, version=task.version)


@pytest.mark.parametrize(("who", "says"), [("clerk", "勘查"), ("neighbour", "责任单位")])
def test_take_needs_post_and_office(world, surveying, who, says):
    with pytest.raises(Refused, match=says):
        take(surveying, task_of(surveying), by=world.people[who])


def test_take_needs_the_certificate(world, surveying):
    lapsed(world.surveyor)
    with pytest.raises(Refused, match="证书"):
        take(surveying, task_of(surveying), by=world.surveyor)


def test_customers_task_is_nobodys_to_take(world):
    subject = world.walk(world.submitted(), *TO_INSPECTION[:4])
    with pytest.raises(Refused, match="由客户"):
        take(subject, task_of(subject, "agree"), by=world.clerk)


def test_task_of_another_case_is_refused(world, surveying):
    other = world.walk(world.submitted(), *TO_SURVEY)
    with pytest.raises(Refused, match="不属于"):
        take(surveying, task_of(other), by=world.surveyor)


def test_reassignment_ends_the_old_hands_and_keeps_the_clock(world, surveying):
    limit("node_inspection", scope="node", node="inspection")
    subject = world.walk(world.submitted(), *TO_INSPECTION)
    task = task_of(subject, "inspection")
    clock = Deadline.objects.get(task=task)
    take(subject, task, by=world.inspector)
    with pytest.raises(Refused, match="原因"):
        assign(subject, task, to=world.neighbour, by=world.supervisor)
    world.people["neighbour"].posts.create(
        user=world.neighbour, office=world.station, role="inspector", from_date=dt.date(2020, 1, 1)
    )
    with pytest.raises(Refused, match="证书"):
        assign(subject, task, to=world.neighbour, by=world.supervisor, reason="leave")
    certificate = world.inspector.certificates.get(competence__code="inspection_hv")
    certificate.pk, certificate.holder, certificate.number = None, world.neighbour, "n"
    certificate.save(force_insert=True)
    assign(subject, task, to=world.neighbour, by=world.supervisor, reason="leave")
    assert holders(task) == ["neighbour"]
    old = TaskHolder.objects.get(task=task, user=world.inspector)
    event, data = last_event(subject)
    assert (event.kind, old.until_at) == ("task.assigned", event.recorded_at)
    assert data == {"to": str(world.neighbour.pk), "from": [str(world.inspector.pk)], "reason": "leave"}
    again = Deadline.objects.get(task=task)
    assert (again.started_at, again.due_at) == (clock.started_at, clock.due_at)
    world.do(subject, "record_inspection", "neighbour")


def test_colleague_of_another_station_may_be_given_it_a_stranger_not(world, surveying):
    task = task_of(surveying)
    with pytest.raises(Refused, match="本县"):
        assign(surveying, task, to=world.stranger, by=world.supervisor)
    assign(surveying, task, to=world.neighbour, by=world.supervisor)
    world.do(surveying, "record_survey", "neighbour")


def test_nobody_absent_is_given_a_task(world, surveying):
    away(world.surveyor)
    with pytest.raises(Refused, match="不在岗"):
        assign(surveying, task_of(surveying), to=world.surveyor, by=world.supervisor)


def test_surveyor_shares_out_no_work(world, surveying):
    with pytest.raises(Refused, match="派工人员"):
        assign(surveying, task_of(surveying), to=world.surveyor, by=world.inspector)


def test_separation_keeps_the_surveyor_from_inspecting(world):
    separation("survey", "inspection")
    world.people["inspector"].posts.create(
        user=world.inspector, office=world.station, role="surveyor", from_date=dt.date(2020, 1, 1)
    )
    subject = world.walk(world.submitted(), *TO_SURVEY, ("record_survey", "inspector"), *TO_INSPECTION[2:])
    with pytest.raises(Refused, match="职责分离"):
        world.do(subject, "record_inspection", "inspector")
    with pytest.raises(Refused, match="职责分离"):
        take(subject, task_of(subject, "inspection"), by=world.inspector)
    with pytest.raises(Refused, match="职责分离"):
        assign(subject, task_of(subject, "inspection"), to=world.inspector, by=world.supervisor)
    assert find_untended().to_county == (task_of(subject, "inspection").pk,)


# --- nobody there -------------------------------------------------------------------------------------------------


def test_tended_work_is_left_alone(world, surveying):
    assert untended(timezone.localdate()) == []
    take(surveying, task_of(surveying), by=world.surveyor)
    assert find_untended() == service.Offered((), (), ())


@pytest.mark.parametrize("fate", [away, lapsed])
def test_oldest_does_not_starve_for_want_of_somebody_certified(world, surveying, fate):
    """VA caseflow#5063: the oldest case was not served since nobody had the permission."""
    fate(world.surveyor)
    task = task_of(surveying)
    with pytest.raises(Refused):
        world.do(surveying, "record_survey", "neighbour")
    assert find_untended().to_county == (task.pk,)
    event, data = last_event(surveying)
    assert (event.kind, event.actor, event.task_node, data["to"]) == (
        "task.offered",
        "system:untended",
        "survey",
        "county",
    )
    assert shortfalls([world.station.pk]) == [Shortfall(world.station.pk, "survey_hv", 1)]
    assert find_untended() == service.Offered((), (), ())
    with pytest.raises(Refused):
        take(surveying, task, by=world.stranger)
    with pytest.raises(Refused):
        take(surveying, task, by=world.clerk)
    take(surveying, task, by=world.neighbour)
    assert shortfalls([world.station.pk]) == []
    world.do(surveying, "record_survey", "neighbour")


def test_hands_that_can_not_do_it_let_it_go_to_the_office_first(world, surveying):
    world.people["inspector"].posts.create(
        user=world.inspector, office=world.station, role="surveyor", from_date=dt.date(2020, 1, 1)
    )
    task = task_of(surveying)
    take(surveying, task, by=world.surveyor)
    away(world.surveyor)
    assert find_untended().to_office == (task.pk,)
    assert holders(task) == []
    _event, data = last_event(surveying)
    assert data["from"] == [str(world.surveyor.pk)]
    world.do(surveying, "record_survey", "inspector")
    assert list(
        TaskHolder.objects.filter(task=task, until_at=None).values_list("user__username", flat=True)
    ) == ["inspector"]


def test_search_costs_the_same_however_many_tasks(world, surveying, django_assert_max_num_queries):
    for _number in range(6):
        world.walk(world.submitted(), *TO_SURVEY)
    separation("survey", "inspection")
    untended(timezone.localdate())
    with django_assert_max_num_queries(10):
        untended(timezone.localdate())


def test_one_that_fails_is_named_and_holds_nobody_up(world, surveying, monkeypatch):
    other = world.walk(world.submitted(), *TO_SURVEY)
    away(world.surveyor)
    offer = service._offer

    def fails_for_one(found):
        if found.task.case_id == surveying.case.pk:
            raise RuntimeError("王小明")
        return offer(found)

    monkeypatch.setattr(service, "_offer", fails_for_one)
    with pytest.raises(OfferFailed) as seen:
        find_untended_tasks()
    assert str(seen.value) == str(task_of(surveying).pk)
    assert task_of(other).offered_to_county_at is not None


# --- past its time ------------------------------------------------------------------------------------------------


def also(world, name, post, competence):
    """Somebody else of the cast may do it too."""
    user = world.people[name]
    office = world.station if name != "neighbour" else user.posts.get().office
    user.posts.get_or_create(user=user, office=office, role=post, defaults={"from_date": dt.date(2020, 1, 1)})
    assert user.certificates.filter(competence__code=competence).exists()


def climb(shifted, task):
    """To just after the task's clock's next rung; what is found then is told."""
    due = Deadline.objects.get(task=task).next_rung_at
    shifted(f"+{(due - timezone.now()).total_seconds() + 60} seconds")
    sweep()
    found = find_untended()
    for event in Event.objects.filter(kind="task.offered"):
        tell(event)
    return found


def test_what_is_past_its_time_and_untouched_is_offered_to_colleagues_then_to_the_county(world, shifted):
    """The breach takes it out of idle hands; each rung offers it once; its own holder may still do it."""
    LadderStep.objects.filter(kind="legal").update(in_force=True)
    limit("node_survey", scope="node", node="survey", days=2)
    also(world, "inspector", "surveyor", "survey_hv")
    subject, busy = (world.walk(world.submitted(), *TO_SURVEY) for _number in range(2))
    task, explained = task_of(subject), task_of(busy)
    take(subject, task, by=world.surveyor)
    take(busy, explained, by=world.surveyor)
    service.note_wait(explained, "material")
    assert climb(shifted, task) == service.Offered((), (), ())  # a reminder
    assert climb(shifted, task).to_office == (task.pk,)
    event, data = last_event(subject)
    assert (event.kind, data["why"], data["from"]) == ("task.offered", "missed", [str(world.surveyor.pk)])
    assert list(Told.objects.filter(stream=event.stream, number=event.number).values_list("user__username", flat=True)) == ["inspector"]  # fmt: skip
    assert (holders(task), holders(explained)) == ([], ["surveyor"])
    assert find_untended() == service.Offered((), (), ())
    assert climb(shifted, task) == service.Offered((), (task.pk,), ())
    assert Deadline.objects.get(task=task).stopped_at is None
    world.do(subject, "record_survey", "surveyor")
    assert Event.objects.filter(stream=subject.case.stream, kind="deadline.missed").count() == 1


def test_nobody_else_being_there_the_holder_keeps_it(world, shifted):
    limit("node_archive", scope="node", node="acceptance", days=5)
    subject = world.submitted()
    task = task_of(subject, "acceptance")
    take(subject, task, by=world.clerk)
    assert [climb(shifted, task) for _rung in range(2)] == [service.Offered((), (), ())] * 2
    assert holders(task) == ["clerk"]
