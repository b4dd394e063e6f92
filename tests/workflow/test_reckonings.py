"""A year is published: provisional due times become certain, without anybody asking case by case."""

import datetime as dt
import threading

import pytest
from django.db import connections, transaction
from django.utils import timezone

from tests.workflow.world import limit
from workflow.clocks import Clocks
from workflow.models import CalendarYear, Deadline, Event
from workflow.services.calendars import Arrangement, publish_year
from workflow.services.reckonings import ReckoningFailed, reckon_again
from workflow.tasks import reckon_deadlines_again
from workflow.transitions import lock


def far_limit():
    """Long enough to end in a year that nobody has published."""
    return limit("far", start_kinds=["contact.registered"], stop_kinds=["application.accepted"], days=600)


def publish_all(*, off=()):
    """Publish this year and the four after it, the last with days off."""
    this_year = timezone.localdate().year
    for year in range(this_year, this_year + 5):
        days = [day for day in off if day.year == year]
        publish_year(
            by=None, arrangement=Arrangement(year, days, [], official=True, source="notice", grade="A")
        )


@pytest.fixture
def provisional(world):
    """A clock that ends beyond the published calendar."""
    CalendarYear.objects.filter(year__gt=timezone.localdate().year).delete()
    far_limit()
    subject = world.case()
    deadline = Deadline.objects.get(case=subject.case, limit__code="far")
    assert deadline.provisional
    return deadline


@pytest.mark.django_db
def test_what_was_provisional_becomes_certain_and_moves_with_the_holidays(provisional):
    due = timezone.localdate(provisional.due_at)
    publish_all(off=[due])
    assert reckon_again() == 1
    provisional.refresh_from_db()
    assert not provisional.provisional
    assert timezone.localdate(provisional.due_at) > due
    assert provisional.next_rung_at is not None
    assert reckon_again() == 0


@pytest.mark.django_db
def test_a_stopped_clock_keeps_the_calendar_it_was_judged_by(provisional):
    Deadline.objects.filter(pk=provisional.pk).update(stopped_at=timezone.now())
    publish_all()
    assert reckon_again() == 0


@pytest.mark.django_db
def test_what_had_run_out_before_stays_a_breach(world, shifted):
    limit("short", start_kinds=["contact.registered"], stop_kinds=["application.accepted"], days=3)
    shifted("-30 days")
    subject = world.case()
    shifted("")
    due = Deadline.objects.get(case=subject.case).due_at
    publish_all(off=[timezone.localdate(due) + dt.timedelta(days=n) for n in range(-20, 40)])
    reckon_deadlines_again()
    assert Event.objects.filter(stream=subject.case.stream, kind="deadline.missed").count() == 1


@pytest.mark.django_db
def test_one_case_that_fails_does_not_hold_up_the_others(world, monkeypatch):
    far_limit()
    first, second = world.case(), world.case()
    publish_all()
    real = Clocks.move

    def move(self, *given):
        if self.case.pk == first.case.pk:
            raise RuntimeError
        return real(self, *given)

    monkeypatch.setattr(Clocks, "move", move)
    with pytest.raises(ReckoningFailed, match=str(first.case.pk)):
        reckon_again()
    assert not Deadline.objects.get(case=second.case).provisional


@pytest.mark.django_db(transaction=True)
def test_a_case_somebody_works_on_is_left_for_the_next_time(lasting_world):
    far_limit()
    subject = lasting_world.case()
    publish_all()
    found = []

    def elsewhere():
        found.append(reckon_again())
        connections.close_all()

    with transaction.atomic():
        lock(subject.case.pk, "system")
        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join(10)
    assert found == [0]
    assert reckon_again() == 1
