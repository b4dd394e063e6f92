"""CheckRule: what is looked for, from which threshold on, and why. Data, so that a threshold is a decision and no release."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from staff.models import User
from staff.models.naming import TwoNames
from workflow.models import Grade


class CheckClass(models.TextChoices):
    """How far a flag of this rule may carry."""

    EVIDENCE = "E", _("evidence: to be verified on this case")
    INDICATOR = "I", _("indicator: needs a review by people, names nobody")
    CONTEXT = "C", _("context: never a flag by itself")


class CheckRuleQuerySet(models.QuerySet["CheckRule"]):
    """Rules by their newest version."""

    def current(self) -> CheckRuleQuerySet:
        """The newest version of each rule, switched on or not."""
        return self.order_by("code", "-version").distinct("code")


class CheckRule(TwoNames):
    """One version of one rule; rows are added, never changed, so that each flag keeps the threshold it was raised under.

    `values` are the thresholds the detector of that code reads (whole numbers and lists of event kinds).
    `seed_edition` is the shipped edition it came from; empty once people decided, and then no upgrade overrules them.
    """

    code = models.CharField(max_length=32)
    mark = models.CharField(max_length=8, help_text="number in the catalogue of detectors, such as D9")
    version = models.PositiveIntegerField(default=1)
    check_class = models.CharField(max_length=1, choices=CheckClass.choices)
    values: Any = models.JSONField(default=dict)
    measures_zh = models.TextField()
    measures_en = models.TextField()
    causes = models.ManyToManyField("integrity.Cause", blank=True, related_name="rules")
    source = models.CharField(max_length=300)
    grade = models.CharField(max_length=1, choices=Grade.choices)
    in_force = models.BooleanField(default=True)
    seed_edition = models.PositiveSmallIntegerField(null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(max_length=300, blank=True, default="")

    objects = CheckRuleQuerySet.as_manager()

    class Meta:
        ordering = ["mark", "code", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="checkrule_code_version"),
            models.CheckConstraint(
                name="checkrule_seeded_or_decided",
                condition=models.Q(seed_edition__isnull=False, decided_by__isnull=True)
                | models.Q(seed_edition__isnull=True, decided_by__isnull=False),
            ),
        ]

    @property
    def measures(self) -> str:
        """What is measured and why, in the reader's language."""
        return self.measures_en if (get_language() or "").startswith("en") else self.measures_zh

    @property
    def stream(self) -> str:
        """Where decisions about it are sealed."""
        return f"integrity:rule:{self.code}"
