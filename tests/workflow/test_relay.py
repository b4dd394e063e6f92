"""The relay: at least once, in order per stream and subscriber, and nobody waits for a sick neighbour."""

import threading
import uuid

import pytest
from django.db import connections
from django.db.models import Max

from workflow import relay as module
from workflow.events import append
from workflow.models import Delivery, Outbox
from workflow.relay import relay, subscriber


@pytest.fixture(autouse=True)
def _only_ours(monkeypatch):
    monkeypatch.setattr(module, "_SUBSCRIPTIONS", {})


def nothing_left_from_the_seeds():
    while Outbox.objects.exists():
        relay()


@pytest.fixture
def heard(db):
    """What the subscriber `ear` has heard, in order, of what this test says."""
    nothing_left_from_the_seeds()
    words = []
    subscriber("ear")(lambda event: words.append((event.stream, event.number)))
    return words


def stream():
    return f"system:{uuid.uuid4()}"


def say(where, times=1, kind="system.created"):
    return [append(where, kind).number for _time in range(times)]


def no_waiting():
    """Let failed deliveries be due at once."""
    Delivery.objects.update(leased_until_at=None)


@pytest.mark.django_db
def test_every_event_is_heard_once_in_order(heard):
    one, two = stream(), stream()
    for where in (one, two, one, one, two):
        say(where)
    relay()
    assert [n for where, n in heard if where == one] == [1, 2, 3]
    assert [n for where, n in heard if where == two] == [1, 2]
    assert not Outbox.objects.exists()
    assert not Delivery.objects.exists()
    assert relay() == 0


@pytest.mark.django_db
def test_subscriber_hears_only_its_kinds_and_each_has_its_own_delivery(heard):
    kinds = []
    subscriber("choosy", {"task.taken"})(lambda event: kinds.append(event.kind))
    where = stream()
    say(where)
    say(where, kind="task.taken")
    relay()
    assert (len(heard), kinds) == (2, ["task.taken"])


@pytest.mark.django_db
def test_name_is_taken_once(heard):
    with pytest.raises(ValueError, match="twice"):
        subscriber("ear")(print)


@pytest.mark.django_db
def test_poison_blocks_only_its_own_stream_until_it_is_buried(heard):
    calls = []

    @subscriber("sick")
    def fails(event):
        calls.append(event.number)
        if event.stream == bad and event.number == 1:
            raise ZeroDivisionError("王小明 13800000000")

    bad, good = stream(), stream()
    say(bad, 2)
    say(good, 2)
    relay()
    assert len(heard) == 4, "another subscriber is not held up"
    assert calls.count(2) == 1, "nor another stream; the second event of the bad one waits"
    for _time in range(4):
        no_waiting()
        relay()
    assert calls.count(1) == 6
    assert calls.count(2) == 2, "after the burial the stream goes on"
    dead = Delivery.objects.get()
    assert (dead.stream, dead.number, dead.attempts, dead.last_error) == (bad, 1, 5, "ZeroDivisionError")
    assert dead.dead_at is not None
    assert relay() == 0


@pytest.mark.django_db
def test_failure_rolls_its_own_work_back_and_waits_before_the_next_try(heard):
    @subscriber("half")
    def half_done(event):
        append(stream(), "system.created")
        raise KeyError

    say(stream())
    relay()
    row = Delivery.objects.get(subscriber="half")
    assert (row.attempts, row.leased_until_at is not None) == (1, True)
    assert not Outbox.objects.exists(), "the half-done event was rolled back"
    assert relay() == 0


@pytest.mark.django_db
def test_worker_that_dies_with_the_delivery_is_counted(heard):
    say(stream())
    module._move(10)
    Delivery.objects.update(attempts=5)  # leased five times, and five workers died
    relay()
    assert heard == []
    assert Delivery.objects.exclude(dead_at=None).get().last_error == "WorkerLost"


@pytest.mark.django_db
def test_second_runner_after_a_lost_lease_undoes_the_first(heard):
    """A slow one whose lease ran out finds its delivery in other hands and takes its work back."""
    done = []

    @subscriber("slow")
    def slow(event):
        done.append(event.number)
        if len(done) == 1:
            Delivery.objects.filter(subscriber="slow").update(attempts=2)

    say(stream())
    relay()
    assert Delivery.objects.filter(subscriber="slow", dead_at=None).count() == 1
    no_waiting()
    relay()
    assert done == [1, 1]
    assert not Delivery.objects.exists()


@pytest.mark.django_db
def test_deliveries_of_an_unknown_subscriber_wait_and_block_nobody(heard):
    where = stream()
    Delivery.objects.create(subscriber="gone", stream=where, number=1, kind="k")
    say(where)
    relay()
    assert heard == [(where, 1)]
    assert Delivery.objects.get().subscriber == "gone"


@pytest.mark.django_db(transaction=True)
def test_two_relays_at_once_keep_the_order_and_hear_nothing_twice(heard):
    streams = [stream() for _number in range(6)]
    for where in streams * 5:
        say(where)
    gate = threading.Barrier(2)

    def work():
        gate.wait()
        for _time in range(40):
            relay(limit=7)
        connections.close_all()

    threads = [threading.Thread(target=work) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for where in streams:
        assert [n for s, n in heard if s == where] == [1, 2, 3, 4, 5]
    assert Delivery.objects.aggregate(most=Max("pk"))["most"] is None
