"""What another system said of a case: which fields came from there, and the times it holds. Kept beside ours, never in their place."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workflow.models import Case


class OutsideField(models.Model):
    """A field of the case that came from another system: shown so, and not asked again. What it says stands where it always stands."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="outside_fields")
    system = models.CharField(max_length=40)
    name = models.CharField(max_length=40, help_text="field of the contact or the application")
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "system", "name"], name="outsidefield_once")]


class StatedMoment(models.TextChoices):
    """What another system's time is about; each has one of ours beside it."""

    CONTACT = "contact", _("First contact")
    SUBMITTED = "submitted", _("Submission")
    ACCEPTED = "accepted", _("Acceptance")
    ENERGISED = "energised", _("Energisation")


class OutsideTime(models.Model):
    """A time another system holds. One that changes there is a second row: both stay."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="outside_times")
    system = models.CharField(max_length=40)
    about = models.CharField(max_length=12, choices=StatedMoment.choices)
    stated_at = models.DateTimeField(help_text="as that system says")
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "system", "about", "stated_at"], name="outsidetime_once")
        ]
        ordering = ["pk"]
