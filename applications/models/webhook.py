"""Webhook: what another system is told of node times by itself, and every time it was told."""

from __future__ import annotations

import secrets

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from applications.models.channel_token import ChannelToken
from staff.fields import EncryptedTextField
from staff.models import User
from workflow.models.case import new_id

SECRET_BYTES = 32


class WebhookSubscription(models.Model):
    """An address of a channel's system, and which kinds of events it wants. Stopped, never deleted.

    The secret signs what is sent, so it is kept, encrypted; it is shown once.
    """

    token = models.ForeignKey(
        ChannelToken, on_delete=models.PROTECT, related_name="webhooks", verbose_name=_("Channel token")
    )
    url = models.URLField(_("Address"), max_length=300)
    secret = EncryptedTextField()
    kinds = ArrayField(models.CharField(max_length=60), verbose_name=_("Told of"))
    system = models.CharField(_("Its name in external numbers"), max_length=40, blank=True, default="")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)
    stopped_at = models.DateTimeField(null=True, editable=False)
    history = HistoricalRecords(excluded_fields=["secret"])

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.url

    @property
    def in_force(self) -> bool:
        """Whether anything is sent there: its token may be revoked."""
        return self.stopped_at is None and self.token.in_force


class WebhookDelivery(models.Model):
    """One event on its way to one address: leased, sent, kept with how it went. Five failures bury it; it can be sent again.

    What is sent is put together from the record when it goes out; nothing of it is stored here.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subscription = models.ForeignKey(WebhookSubscription, on_delete=models.PROTECT, related_name="deliveries")
    stream = models.CharField(max_length=120)
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=60)
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until_at = models.DateTimeField(null=True, help_text="in somebody's hands, or waiting, until then")
    delivered_at = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(null=True)
    last_error = models.CharField(
        max_length=60, blank=True, default="", help_text="status or exception class: no personal data"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subscription", "stream", "number"], name="webhook_once")
        ]
        indexes = [
            models.Index(
                fields=["subscription", "stream", "number"],
                condition=models.Q(delivered_at=None, dead_at=None),
                name="webhook_waiting",
            ),
            models.Index(fields=["dead_at"], condition=models.Q(dead_at__isnull=False), name="webhook_dead"),
            models.Index(
                fields=["delivered_at"],
                condition=models.Q(delivered_at__isnull=False),
                name="webhook_delivered",
            ),
        ]


def new_signing_secret() -> str:
    """256 bits for HMAC-SHA256."""
    return secrets.token_urlsafe(SECRET_BYTES)
