"""Channel token: what another system proves itself with at the API, and what it may do there."""

from __future__ import annotations

import hashlib
import secrets

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from staff.models import User
from workflow.models import Channel

SECRET_BYTES = 32
SHOWN_CHARACTERS = 8


class TokenScope(models.TextChoices):
    """What a token opens; nothing it does not name."""

    CONTACTS = "contacts", _("Register contacts")
    APPLICATIONS = "applications", _("Start applications, hand in papers")
    CASES = "cases", _("Read cases and act on them for customers whose phone the channel vouches for")
    NODE_TIMES = "node_times", _("Read node times")


class ChannelToken(models.Model):
    """One system's key. Only its digest is kept: whoever reads the database can't use it.

    `account` is the service account its acts stand under in the log. A token is revoked, never deleted.
    """

    name = models.CharField(_("Name"), max_length=60, unique=True)
    channel = models.ForeignKey(
        Channel, on_delete=models.PROTECT, related_name="tokens", verbose_name=_("Channel")
    )
    account = models.OneToOneField(
        User, on_delete=models.PROTECT, related_name="channel_token", editable=False
    )
    scopes = ArrayField(models.CharField(max_length=16, choices=TokenScope.choices), verbose_name=_("Scopes"))
    beginning = models.CharField(_("Begins with"), max_length=SHOWN_CHARACTERS, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("Issued"), default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("Issued by"),
    )
    revoked_at = models.DateTimeField(_("Revoked"), null=True, blank=True, editable=False)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("Channel token")
        verbose_name_plural = _("Channel tokens")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name

    @property
    def in_force(self) -> bool:
        """Whether it still opens anything."""
        return self.revoked_at is None and self.channel.in_force and self.account.is_active


def new_secret() -> str:
    """A token's text: 256 bits, so that a plain digest of it can't be turned back."""
    return secrets.token_urlsafe(SECRET_BYTES)


def digest_of_secret(secret: str) -> str:
    """What is kept of it."""
    return hashlib.sha256(secret.encode()).hexdigest()
