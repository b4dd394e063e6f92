"""The sweep: every due rung once, in order, whoever sweeps and however long nobody did."""

import datetime as dt
import threading

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from tests.workflow.world import limit
from workflow import rungs as rungs_module
from workflow.models import Deadline, DeadlineRung, Event, Heartbeat, Outbox
from workflow.selectors.heartbeats import background_is_late
from workflow.services import clocks as service
from workflow.services.clocks import SweepFailed, sweep
from workflow.tasks import heartbeat, relay_outbox, sweep_deadlines
from workflow.transitions import lock


@pytest.fixture
def a_month_ago(shifted):
    """Register what the block makes a month ago."""

    def begin(world, cases):
        shifted("-30 days")
        subjects = [world.case() for _number in range(cases)]
        shifted("")
        return subjects

    return begin


def rungs():
    return list(DeadlineRung.objects.order_by("pk").values_list("deadline", "rung"))


@pytest.mark.django_db
def test_scheduler_stopped_for_days_fires_all_that_is_due_once_in_order(world, a_limit, a_month_ago):
    """eBau reminded only of exactly yesterday; here three cases and two rungs each were missed."""
    limit("other", kind="internal", days=2, start_kinds=["contact.registered"])
    a_month_ago(world, 3)
    assert sweep().fired == 12
    assert sweep().fired == 0
    due = list(DeadlineRung.objects.order_by("pk").values_list("due_at", flat=True))
    assert due == sorted(due)
    assert len(set(rungs())) == 12
    assert not Deadline.objects.filter(next_rung_at__isnull=False).exists()


@pytest.mark.django_db
def test_each_miss_is_one_event_of_the_case_by_the_sweep(world, a_limit, a_month_ago):
    """open-mercato#2293: escalation rules were stored and never executed."""
    (subject,) = a_month_ago(world, 1)
    sweep()
    event = Event.objects.get(stream=subject.case.stream, kind="deadline.missed")
    assert event.actor == "system:sweep"
    assert DeadlineRung.objects.get(rung="missed").number == event.number
    assert Outbox.objects.filter(stream=event.stream, number=event.number).exists()


@pytest.mark.django_db
def test_what_is_not_due_is_left_alone(world, a_limit):
    world.case()
    assert sweep() == service.SweepResult(0, ())
    assert rungs() == []


@pytest.mark.django_db
def test_limit_of_one_sweep_is_kept_and_the_next_goes_on(world, a_limit, a_month_ago):
    a_month_ago(world, 3)
    assert [sweep(limit=2).fired, sweep(limit=2).fired, sweep(limit=2).fired] == [4, 2, 0]


@pytest.mark.django_db
def test_one_that_fails_holds_nobody_up_and_is_seen(world, a_limit, a_month_ago, monkeypatch):
    """LITE: a broad except hid the failure and the job succeeded."""
    bad, good = a_month_ago(world, 2)
    fire = rungs_module.fire

    def fails_for_one(due, moment):
        if any(deadline.case_id == bad.case.pk for deadline, _rung in due):
            raise RuntimeError("王小明 13800000000")
        return fire(due, moment)

    monkeypatch.setattr(rungs_module, "fire", fails_for_one)
    result = sweep()
    assert (result.fired, result.failed) == (2, (Deadline.objects.get(case=bad.case).pk,))
    assert {deadline for deadline, _rung in rungs()} == {Deadline.objects.get(case=good.case).pk}
    with pytest.raises(SweepFailed) as seen:
        sweep_deadlines()
    assert str(result.failed[0]) in str(seen.value)
    assert "王" not in str(seen.value)
    heartbeat()
    relay_outbox()
    assert background_is_late(timezone.now())
    monkeypatch.undo()
    sweep_deadlines()
    assert not background_is_late(timezone.now())


@pytest.mark.django_db
def test_silence_is_late_too():
    assert background_is_late(timezone.now())
    for task in (heartbeat, relay_outbox, sweep_deadlines):
        task()
    assert not background_is_late(timezone.now())
    assert background_is_late(timezone.now() + dt.timedelta(minutes=2))
    assert {"worker", "relay_outbox", "sweep_deadlines"} <= set(
        Heartbeat.objects.values_list("name", flat=True)
    )


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_fire_everything_once(lasting_world, shifted):
    limit("intake", start_kinds=["contact.registered"])
    shifted("-30 days")
    for _number in range(12):
        lasting_world.case()
    shifted("")
    gate, fired = threading.Barrier(2), []

    def work():
        gate.wait()
        fired.append(sweep().fired)
        connections.close_all()

    threads = [threading.Thread(target=work) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    fired.append(sweep().fired)  # a case both wanted is left to the next sweep
    assert sum(fired) == 24
    assert Event.objects.filter(kind="deadline.missed").count() == 12
    assert len(rungs()) == len(set(rungs())) == 24


@pytest.mark.django_db(transaction=True)
def test_case_somebody_works_on_is_left_for_the_next_sweep(lasting_world, shifted):
    limit("intake", start_kinds=["contact.registered"])
    shifted("-30 days")
    busy, _free = lasting_world.case(), lasting_world.case()
    shifted("")
    fired = []

    def work():
        fired.append(sweep().fired)
        connections.close_all()

    with transaction.atomic():
        lock(busy.case.pk, "a:test")
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    assert fired == [2]
    assert sweep().fired == 2


@pytest.mark.django_db
def test_broker_knows_nothing_so_losing_it_loses_nothing(world, a_limit, a_month_ago):
    """bk-itsm: timers lived in Redis. Here all that is due stands in the database, found by its index."""
    a_month_ago(world, 1)
    with connection.cursor() as cursor:
        for other_way in (
            "enable_seqscan",
            "enable_sort",
            "enable_bitmapscan",
        ):  # a table this small suits any plan
            cursor.execute(f"SET LOCAL {other_way} = off")
        cursor.execute(
            f"EXPLAIN {service._CLAIM}",
            [timezone.now(), [], 500],  # the sweep's own question
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "deadline_next_rung" in plan


@pytest.mark.django_db(transaction=True)
def test_worker_killed_in_the_middle_of_a_sweep_leaves_nothing_half_done(lasting_world, shifted, monkeypatch):
    """Events are written and the worker dies before the rungs are: all or nothing, and the next sweep does it once."""
    limit("intake", start_kinds=["contact.registered"])
    shifted("-30 days")
    for _number in range(3):
        lasting_world.case()
    shifted("")

    class Killed(BaseException):
        pass

    def dies(*_given):
        raise Killed

    monkeypatch.setattr(rungs_module, "_save", dies)
    with pytest.raises(Killed):
        sweep()
    assert (DeadlineRung.objects.count(), Event.objects.filter(kind__startswith="deadline.").count()) == (
        0,
        0,
    )
    monkeypatch.undo()
    assert [sweep().fired, sweep().fired] == [6, 0]
    assert Event.objects.filter(kind="deadline.missed").count() == 3


@pytest.mark.django_db
def test_a_clock_that_jumps_fires_nothing_early_and_nothing_twice(world, a_limit, shifted):
    """The host's clock jumps a week ahead and back: what was due by the ledger's time is fired once, and never again."""
    subject = world.case()
    due = Deadline.objects.get(case=subject.case).due_at
    assert sweep().fired == 0
    shifted("+20 days")
    assert sweep().fired == 2
    shifted("")
    assert sweep().fired == 0
    assert DeadlineRung.objects.get(rung="missed").due_at == due
    shifted("+21 days")
    assert sweep().fired == 0
