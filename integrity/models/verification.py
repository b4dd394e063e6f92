"""One verification of the log that an auditor asked for: what it covers, how far it is, what it found."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workflow.models import Case
from workflow.models.case import new_id


class Verification(models.Model):
    """Runs behind the page. Beginning, progress, and the findings in the words of the verifier; the result is sealed as an event too."""

    class Scope(models.TextChoices):
        """What it covers."""

        ALL = "all", _("The whole log")
        CASE = "case", _("One case")
        DAYS = "days", _("A span of days")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    scope = models.CharField(max_length=4, choices=Scope.choices)
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="+")
    since_date = models.DateField(null=True)
    until_date = models.DateField(null=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    touched_at = models.DateTimeField(null=True, help_text="the worker's last sign of life")
    ended_at = models.DateTimeField(null=True)
    doing = models.CharField(max_length=12, blank=True, default="")
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    findings = models.JSONField(default=list)
    summary = models.JSONField(default=dict)
    trouble = models.CharField(
        max_length=200, default="", help_text="why it could not be carried out; empty otherwise"
    )

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(scope="case", case__isnull=False)
                | models.Q(case__isnull=True) & ~models.Q(scope="case"),
                name="verification_case",
            ),
            models.CheckConstraint(
                condition=~models.Q(scope="days") | models.Q(since_date__lte=models.F("until_date")),
                name="verification_days",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_scope_display()} {self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def percent(self) -> int:
        """How far it is."""
        return min(100, self.done * 100 // self.total) if self.total else 0
