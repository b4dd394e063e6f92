"""Outbox, deliveries, idempotency keys, heartbeats, the deployment's kind: what lets Redis vanish without loss."""

from django.db import models
from django.utils import timezone


class Outbox(models.Model):
    """One row per event, written by the event trigger in the event's own transaction; the relay turns it into deliveries."""

    stream = models.CharField(max_length=120)
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=60)


class Delivery(models.Model):
    """An event on its way to one subscriber: leased, run at least once in order per stream, then deleted; five failures bury it."""

    subscriber = models.CharField(max_length=60)
    stream = models.CharField(max_length=120)
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=60)
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until_at = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(null=True)
    last_error = models.CharField(
        max_length=200, blank=True, default="", help_text="exception class only: no personal data"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subscriber", "stream", "number"], name="delivery_once")
        ]
        indexes = [models.Index(fields=["stream", "subscriber", "number"], name="delivery_order")]


class IdempotencyKey(models.Model):
    """The first answer to a key. Scope = who and what; the fingerprint is of the body, so that another body is refused."""

    scope = models.CharField(max_length=120)
    key = models.CharField(max_length=80)
    fingerprint = models.CharField(max_length=64)
    stream = models.CharField(max_length=120, blank=True, default="")
    number = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="idempotencykey_once")]


class Heartbeat(models.Model):
    """When a background process last said it lives; a page says when work is late."""

    name = models.CharField(max_length=40, primary_key=True)
    beat_at = models.DateTimeField()


class Deployment(models.Model):
    """What this database is: demo, test or production. Written once by the owner; production refuses to start on the others."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    kind = models.CharField(
        max_length=12, choices=[("demo", "demo"), ("test", "test"), ("production", "production")]
    )
    marked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="deployment_single")]


class StreamHead(models.Model):
    """Last number and hash of each stream; locked by the event trigger. Nobody else writes it."""

    stream = models.CharField(max_length=120, primary_key=True)
    number = models.PositiveIntegerField(default=0)
    last_hash = models.BinaryField()


class LedgerQueue(models.Model):
    """An event waiting for its place in the public log; `qid` was drawn under its stream's lock, so that order within a stream is kept.

    Written by the event trigger, taken by the sequencer's role, by nobody else.
    """

    qid = models.BigIntegerField(primary_key=True)
    stream = models.CharField(max_length=120)
    number = models.PositiveIntegerField()
    leaf_hash = models.BinaryField()
    queued_at = models.DateTimeField(help_text="the server's own clock, also where a demo shifts its time")
