"""Event: a numbered fact that happened. The models are read-only; workflow/events.py is the one writer."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from django.contrib.postgres.fields import ArrayField
from django.db import models


class ReadOnly(Exception):
    """Somebody tried to write an event through the ORM."""


class ReadOnlyModel(models.Model):
    """Rows come from the database's own writer; saving and deleting through the ORM is refused."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: a second writer would be a way round the seal."""
        raise ReadOnly("Events are written by workflow.events.append alone.")

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: nothing that happened is deleted."""
        raise ReadOnly("Events are never deleted.")


class Event(ReadOnlyModel):
    """Header of an event: sealed by the trigger, free of personal data.

    Two times: `occurred_at` is claimed by a person, `recorded_at` is the database's.
    `header` holds the exact bytes (RFC 8785 JSON) that `leaf_hash` seals; `previous_hash` is the leaf before it in the stream.
    """

    pk = models.CompositePrimaryKey("stream", "number")
    stream = models.CharField(max_length=120)
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=60)
    actor = models.CharField(max_length=80)
    occurred_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField()
    captured_at = models.DateTimeField(null=True)
    nonce_at = models.DateTimeField(null=True)
    via = models.CharField(max_length=20, null=True)
    behalf = models.CharField(max_length=8, null=True)
    device = models.CharField(max_length=64, null=True)
    station = models.CharField(max_length=20, null=True)
    state_from = models.CharField(max_length=16, null=True)
    state_to = models.CharField(max_length=16, null=True)
    task_node = models.CharField(max_length=40, null=True)
    task_round = models.PositiveIntegerField(null=True)
    documents = ArrayField(models.CharField(max_length=80), null=True)
    payload_digest = models.CharField(max_length=64)
    previous_hash = models.BinaryField()
    leaf_hash = models.BinaryField()
    header = models.BinaryField()

    class Meta:
        ordering = ["stream", "number"]
        indexes = [
            models.Index(fields=["kind", "recorded_at"], name="event_kind_recorded"),
            # a receipt's code begins the leaf hash; only cases' events have receipts
            models.Index(
                fields=["leaf_hash"],
                condition=models.Q(stream__startswith="case:"),
                name="event_leaf_of_case",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stream}#{self.number} {self.kind}"


class EventPayload(ReadOnlyModel):
    """What an event says beyond its header: salted, erasable, referring to people by id.

    `body` is the canonical JSON text whose salted digest the header seals; erasing salt and body leaves every proof valid.
    """

    pk = models.CompositePrimaryKey("stream", "number")
    stream = models.CharField(max_length=120)
    number = models.PositiveIntegerField()
    salt = models.BinaryField(null=True)
    body = models.TextField(null=True)

    @property
    def data(self) -> dict[str, Any]:
        """The payload as a dict; empty once erased."""
        return json.loads(self.body) if self.body else {}
