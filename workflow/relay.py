"""The relay: turns what happened into what others hear, after commit, at least once, in order per stream and subscriber.

An event's trigger leaves a row in the outbox. The relay makes one delivery per interested subscriber of it, leases a delivery by a
committed UPDATE, runs the subscriber and deletes the delivery in one transaction. A broker may vanish, a worker may die: the rows stay.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import connection, transaction

from workflow.models import Delivery, Event

log = logging.getLogger(__name__)

type_subscriber = Callable[[Event], None]

FAILURES_TO_BURY = 5
LEASE_SECONDS = 60
WAITS = (2, 10, 60, 300)
"""Seconds before the second, third, fourth and fifth try."""

MOVER_LOCK = 7_104_553
"""One relay moves outbox rows at a time. Two that skipped each other's rows could make a later event's delivery visible before an
earlier one's, and order per stream would be lost; deliveries themselves are shared out by SKIP LOCKED."""


class LeaseLost(Exception):
    """The work took longer than its lease and somebody else has the delivery now: what was done is rolled back."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """Who hears which kinds; no kinds = all."""

    name: str
    kinds: frozenset[str] | None
    hear: type_subscriber


@dataclass(frozen=True, slots=True)
class Leased:
    """A delivery in our hands for the time of its lease."""

    pk: int
    subscriber: str
    stream: str
    number: int
    attempts: int


_SUBSCRIPTIONS: dict[str, Subscription] = {}


def subscriber(name: str, kinds: Iterable[str] | None = None) -> Callable[[type_subscriber], type_subscriber]:
    """Register a function of an event under a name that never changes; it must be idempotent. Used in `<app>/subscribers.py`."""

    def register(hear: type_subscriber) -> type_subscriber:
        if name in _SUBSCRIPTIONS:
            raise ValueError(f"Subscriber {name} is registered twice.")
        _SUBSCRIPTIONS[name] = Subscription(name, None if kinds is None else frozenset(kinds), hear)
        return hear

    return register


def relay(limit: int = 200) -> int:
    """Move up to `limit` rows of the outbox, then deliver up to `limit` times; 0 when there was nothing to do."""
    moved, tried = _move(limit), 0
    while tried < limit and (leased := _lease()):
        _deliver(leased)
        tried += 1
    return moved + tried


def _move(limit: int) -> int:
    """Outbox rows become deliveries, oldest first. Within a stream ids rise with numbers: both are drawn under the stream's lock."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [MOVER_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute("SELECT id, stream, number, kind FROM workflow_outbox ORDER BY id LIMIT %s", [limit])
        rows = cursor.fetchall()
        Delivery.objects.bulk_create(
            (
                Delivery(subscriber=known.name, stream=stream, number=number, kind=kind)
                for _id, stream, number, kind in rows
                for known in _SUBSCRIPTIONS.values()
                if known.kinds is None or kind in known.kinds
            ),
            ignore_conflicts=True,
        )
        cursor.execute("DELETE FROM workflow_outbox WHERE id = ANY(%s)", [[row[0] for row in rows]])
    return len(rows)


_LEASE = """
UPDATE workflow_delivery SET attempts = attempts + 1, leased_until_at = clock_timestamp() + make_interval(secs => %s)
WHERE id = (
    SELECT d.id FROM workflow_delivery d
    WHERE d.dead_at IS NULL AND d.subscriber = ANY(%s) AND (d.leased_until_at IS NULL OR d.leased_until_at < clock_timestamp())
      AND NOT EXISTS (
        SELECT FROM workflow_delivery earlier
        WHERE earlier.stream = d.stream AND earlier.subscriber = d.subscriber AND earlier.number < d.number AND earlier.dead_at IS NULL)
    ORDER BY d.id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id, subscriber, stream, number, attempts
"""


def _lease() -> Leased | None:
    """The next delivery whose turn it is: nothing earlier of its stream and subscriber is alive. Committed at once."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LEASE, [LEASE_SECONDS, list(_SUBSCRIPTIONS)])
        row = cursor.fetchone()
    return Leased(*row) if row else None


def _deliver(leased: Leased) -> None:
    if leased.attempts > FAILURES_TO_BURY:  # its workers died before they could say so
        _bury(leased, "WorkerLost")
        return
    try:
        _run(leased)
    except LeaseLost:
        log.warning("delivery %s outlived its lease", leased.pk)
    except Exception as failure:  # noqa: BLE001 - whatever a subscriber does wrong must not stop the others
        _failed(leased, type(failure).__name__)


def _run(leased: Leased) -> None:
    with transaction.atomic():
        event = Event.objects.get(stream=leased.stream, number=leased.number)
        _SUBSCRIPTIONS[leased.subscriber].hear(event)
        mine = Delivery.objects.filter(pk=leased.pk, attempts=leased.attempts)
        if not mine.delete()[0]:
            raise LeaseLost


def _failed(leased: Leased, error: str) -> None:
    """Wait a little longer each time; the fifth failure buries it. Only the exception's class is kept: messages may hold personal data."""
    log.warning("delivery %s to %s failed: %s", leased.pk, leased.subscriber, error)
    if leased.attempts >= FAILURES_TO_BURY:
        _bury(leased, error)
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE workflow_delivery SET last_error = %s, leased_until_at = clock_timestamp() + make_interval(secs => %s)"
            " WHERE id = %s AND attempts = %s",
            [error, WAITS[leased.attempts - 1], leased.pk, leased.attempts],
        )


def _bury(leased: Leased, error: str) -> None:
    """Dead: kept to be looked at, and the stream goes on without it."""
    log.error(
        "delivery %s to %s buried after %s tries: %s", leased.pk, leased.subscriber, leased.attempts, error
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE workflow_delivery SET last_error = %s, dead_at = clock_timestamp(), leased_until_at = NULL WHERE id = %s AND attempts = %s",
            [error, leased.pk, leased.attempts],
        )
