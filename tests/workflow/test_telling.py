"""Who is told, when, and that nobody is told twice: digests, quiet hours, superiors; overload with its own clock; the calendar's horizon."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.workflow.world import limit
from workflow.models import (
    CalendarYear,
    Deadline,
    DeadlineRung,
    Digest,
    Event,
    EventPayload,
    LadderStep,
    Limit,
    Overload,
    Task,
    TaskHolder,
    Told,
)
from workflow.relay import relay
from workflow.services.clocks import sweep
from workflow.services.overloads import answer_overload, chase_answers, declare_overload
from workflow.services.telling import make_digests, tell, watch_horizon
from workflow.transitions import Refused

pytestmark = pytest.mark.django_db


def at_hour(hour, minute=0):
    return timezone.localtime().replace(hour=hour, minute=minute, second=0, microsecond=0)


def overdue(world, shifted, cases=1, days=60):
    LadderStep.objects.update(in_force=True)
    limit("intake", start_kinds=["contact.registered"], stop_kinds=["application.accepted"])
    shifted(f"-{days} days")
    subjects = [world.submitted() for _number in range(cases)]
    for subject in subjects:
        task = Task.objects.get(case=subject.case, outcome="")
        TaskHolder.objects.create(task=task, user=world.clerk, since_at=task.opened_at, given_by=world.clerk)
    shifted("")
    sweep()
    for event in Event.objects.filter(kind__startswith="deadline."):
        tell(event)
        tell(event)  # heard twice, told once
    return subjects


def test_quiet_hours_are_kept_and_one_digest_a_person_says_it_all(world, shifted, client):
    overdue(world, shifted, cases=7)
    assert make_digests(at_hour(23)) == make_digests(at_hour(3)) == 0
    made = make_digests(at_hour(9))
    mine = Digest.objects.get(user=world.clerk)
    assert (len(mine.lines), mine.total, mine.daily) == (
        5,
        21,
        False,
    )  # three rungs of each of seven concern the clerk
    above = Digest.objects.get(user=world.supervisor, daily=True)
    assert (len(above.lines), above.total) == (5, 14)
    assert made == Digest.objects.count()
    assert make_digests(at_hour(10)) == 0
    assert not Told.objects.filter(digest=None).exists()
    client.force_login(world.clerk)
    page = client.get(reverse("workflow:told")).content.decode()
    assert "16" in page
    assert Digest.objects.get(user=world.clerk).read_at is not None


def test_what_comes_from_below_comes_once_a_day(world, shifted):
    overdue(world, shifted)
    make_digests(at_hour(9))
    waiting = Told.objects.filter(user=world.supervisor, level__gte=2).first()
    Told.objects.create(
        stream=waiting.stream,
        number=999,
        user=world.supervisor,
        level=2,
        line=waiting.line,
        due_at=timezone.now(),
    )
    assert make_digests(at_hour(15)) == 0
    assert make_digests(at_hour(9) + dt.timedelta(days=1)) == 1
    assert Digest.objects.filter(user=world.supervisor, daily=True).count() == 2


def test_the_relay_brings_rungs_to_people(world, shifted):
    LadderStep.objects.update(in_force=True)
    limit("intake", start_kinds=["contact.registered"])
    shifted("-30 days")
    world.case()
    shifted("")
    sweep()
    while relay():
        pass
    assert Told.objects.filter(user=world.supervisor).count() == DeadlineRung.objects.count()


def test_overload_is_declared_in_time_and_takes_the_breach_off_the_station(world, shifted):
    limit("intake", start_kinds=["contact.registered"], stop_kinds=["application.accepted"], days=3)
    shifted("-20 days")
    covered = world.case()
    overload = declare_overload(
        office=world.station, days=10, reason="三人请假，一人在岗", by=world.supervisor
    )
    shifted("-4 days")
    with pytest.raises(Refused):
        declare_overload(office=world.county, days=10, reason="晚了", by=world.clerk)
    shifted("")
    free = world.case(occurred_at=timezone.now() - dt.timedelta(days=15))
    sweep()
    said = {
        event.stream: EventPayload.objects.get(stream=event.stream, number=event.number).data
        for event in Event.objects.filter(kind="deadline.missed")
    }
    assert said[covered.case.stream]["overload"] == overload.pk
    assert (
        "overload" not in said[free.case.stream]
        or Deadline.objects.get(case=free.case).due_at > overload.from_at
    )
    assert Event.objects.filter(stream="office:37010201", kind="overload.declared").count() == 1
    assert (chase_answers(), chase_answers()) == (1, 0)  # nobody answered within a working day
    with pytest.raises(Refused):
        answer_overload(
            overload, answer="lends", words="派两人", by=world.supervisor
        )  # never by whoever asked
    assert Overload.objects.get().answered_at is None


def test_the_horizon_is_told_once_sixty_days_before(world):
    this_year = timezone.localdate().year
    CalendarYear.objects.filter(year__gt=this_year).delete()
    last = dt.date(CalendarYear.objects.filter(official=True).latest("year").year, 12, 31)
    assert [watch_horizon(last - dt.timedelta(days=n)) for n in (61, 60, 59)] == [False, True, False]
    assert Event.objects.filter(kind="calendar.horizon", stream=f"calendar:{last.year + 1}").count() == 1


@pytest.fixture
def admin(world, client):
    user = type(world.clerk).objects.create_user("admin9", display_name="admin")
    user.posts.create(office=world.county, role="administrator", from_date=dt.date(2020, 1, 1))
    client.force_login(user)
    return client


def test_a_shorter_limit_is_shown_asked_and_then_moves_what_runs(world, admin):
    old = limit(
        "total", kind="promise", start_kinds=["contact.registered"], stop_kinds=["source.energised"], days=15
    )
    subject = world.case()
    before = Deadline.objects.get(case=subject.case).due_at
    url = reverse("workflow:change_limit", args=[old.pk])
    given = {
        "days": 9,
        "effective_from": timezone.localdate().isoformat(),
        "running": "1",
        "source": "文",
        "reason": "承诺提速",
    }
    page = admin.post(url, given)
    assert (page.status_code, page.context["moves"].count, page.context["moves"].customers) == (200, 1, 1)
    assert Deadline.objects.get(case=subject.case).due_at == before
    longer = admin.post(url, given | {"days": 20})
    assert longer.status_code == 422  # never lengthened backwards
    seen = page.context["form"]["seen"].value()
    assert admin.post(url, given | {"seen": seen}).status_code == 302
    moved = Deadline.objects.get(case=subject.case)
    assert moved.due_at < before
    assert (moved.limit.version, Limit.objects.get(pk=old.pk).status) == (2, "superseded")
    event = Event.objects.get(kind="deadline.moved", stream=subject.case.stream)
    assert EventPayload.objects.get(stream=event.stream, number=event.number).data["reason"] == "承诺提速"


def test_a_calendar_change_is_previewed_with_its_moves_and_read_from_a_file_or_the_library(world, admin):
    limit(
        "far", kind="legal", start_kinds=["contact.registered"], stop_kinds=["application.accepted"], days=15
    )
    subject = world.case()
    day = timezone.localdate(Deadline.objects.get(case=subject.case).due_at)
    known = CalendarYear.objects.filter(year=day.year).order_by("-version").first()
    lines = [f"{one.isoformat()},0" for one in sorted({*(known.days_off if known else []), day})]
    lines += [f"{one.isoformat()},1" for one in (known.days_on if known else [])]
    given = {
        "year": day.year,
        "days": "\n".join(lines),
        "official": "1",
        "source": "文",
        "grade": "A",
        "reason": "台风",
    }
    page = admin.post(reverse("workflow:publish_calendar"), given)
    assert (page.status_code, page.context["moves"].count, page.context["moves"].customers) == (200, 1, 1)
    library = admin.get(reverse("workflow:publish_calendar") + "?from=library").content.decode()
    assert "放假" in library
