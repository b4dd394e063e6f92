"""督办: somebody above looked into a case or hurried it; the record says who, why, and what the office answered."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from staff.fields import EncryptedTextField
from staff.models import Office, User
from workflow.models import Case, new_id


class SupervisionKind(models.TextChoices):
    """How far it went: merely opened from the morning page, or hurried with an answer asked for."""

    OPENED = "opened", pgettext_lazy("supervision", "Looked into")
    HURRIED = "hurried", pgettext_lazy("supervision", "Hurried")


class Supervision(models.Model):
    """One entry of the 督办 log. Opening a case from above counts too: attention is a resource somebody may have asked for."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="supervisions")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=SupervisionKind.choices)
    reason = EncryptedTextField(_("What is to be done, and why"), blank=True, default="")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField()
    number = models.PositiveIntegerField(help_text="number of its event in the case's stream")
    answer_by: Any = models.DateField(_("Answer by"), null=True)
    answer = EncryptedTextField(_("Answer"), blank=True, default="")
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answer_number = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["-ordered_at"]
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="supervision_case_number")]
        indexes = [
            models.Index(fields=["office", "-ordered_at"], name="supervision_office"),
            models.Index(
                fields=["case"],
                condition=models.Q(kind="hurried", answered_at=None),
                name="supervision_unanswered",
            ),
        ]

    @property
    def waits(self) -> bool:
        """Whether an answer is still asked for."""
        return self.kind == SupervisionKind.HURRIED and self.answered_at is None


class MonthlyReport(models.Model):
    """A month's figures as they stood when they were issued. Sheets are drawn from `body` alone, so that they never change.

    `digest` seals the body in the event `report.issued`; issuing a month again adds a row, it replaces none.
    """

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    month: Any = models.DateField(help_text="its first day")
    as_of = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    body = models.TextField(help_text="canonical JSON")
    digest = models.CharField(max_length=64)
    number = models.PositiveIntegerField(help_text="number of its event in the office's stream")

    class Meta:
        ordering = ["-month", "-as_of"]
        indexes = [models.Index(fields=["office", "-month"], name="monthlyreport_office")]
