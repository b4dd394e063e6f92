"""Notice: a sentence sent to a customer, as it was worded when it was written."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from staff.models import User
from workflow.models import Case, PersonData


class Reached(models.TextChoices):
    """What became of a notice."""

    WAITING = "waiting", _("about to be sent")
    SENT = "sent", _("sent")
    STALE = "stale", _("shown here only: too old to be sent")
    FAILED = "failed", _("could not be sent")


class Notice(models.Model):
    """One sentence to one person about one event.

    Written by a subscriber that may hear an event twice: `dedupe_key` lets it stand once. Sent by a task of its own, since
    nothing is handed to the outside inside a transaction. The body names nobody: case number and a link, no more.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=32)
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="notices")
    person = models.ForeignKey(PersonData, on_delete=models.PROTECT, null=True, related_name="notices")
    channel = models.CharField(max_length=12, default="message", choices=[("message", _("text message"))])
    body = models.CharField(max_length=140)
    dedupe_key = models.CharField(max_length=200, unique=True)
    about_at = models.DateTimeField(help_text="when the event was recorded")
    created_at = models.DateTimeField(default=timezone.now)
    reached = models.CharField(max_length=8, choices=Reached.choices, default=Reached.WAITING)
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["about_at", "pk"]
        indexes = [
            models.Index(
                fields=["next_try_at"], condition=models.Q(reached="waiting"), name="notice_waiting"
            ),
            models.Index(fields=["case", "about_at"], name="notice_case"),
        ]
        constraints = [
            models.CheckConstraint(
                name="notice_one_recipient",
                condition=models.Q(user__isnull=False, person__isnull=True)
                | models.Q(user__isnull=True, person__isnull=False),
            ),
            models.CheckConstraint(
                name="notice_sent_when",
                condition=models.Q(reached="sent", sent_at__isnull=False)
                | (~models.Q(reached="sent") & models.Q(sent_at__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return self.body

    @property
    def phone(self) -> str:
        """Where it goes; read at the moment of sending, stored nowhere here."""
        if self.user is not None:
            return self.user.phone or ""
        return self.person.phone if self.person is not None else ""
