"""Flag 疑点: something about one event that somebody should look at. It changes neither a case nor anybody's record."""

from __future__ import annotations

from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import pgettext_lazy

from integrity.models.rule import CheckRule
from staff.fields import EncryptedTextField
from staff.models import User
from workflow.models import Case, Event, new_id


class FlagStatus(models.TextChoices):
    """How far the review has come."""

    OPEN = "open", pgettext_lazy("flag", "To be reviewed")
    UNDER_REVIEW = "under_review", pgettext_lazy("flag", "Under review")
    EXPLAINED = "explained", pgettext_lazy("flag", "Explanation holds")
    CONFIRMED = "confirmed", pgettext_lazy("flag", "Confirmed")
    DISMISSED = "dismissed", pgettext_lazy("flag", "Dismissed")


ENDED_STATUSES = frozenset({FlagStatus.EXPLAINED, FlagStatus.CONFIRMED, FlagStatus.DISMISSED})


class FlagQuerySet(models.QuerySet["Flag"]):
    """Who sees which flags."""

    def of_offices(self, offices: frozenset[int], actor: str) -> FlagQuerySet:
        """Flags about cases of these offices which `actor` had no hand in.

        Why the second half: a flag is hidden from whoever handled the case, also if they audit today.
        """
        stream = Concat(Value("case:"), Cast(OuterRef("case_id"), models.CharField()))
        own = Event.objects.filter(stream=stream, actor=actor)
        return self.filter(~Exists(own), case__office__in=offices)


class Flag(models.Model):
    """Raised once per rule and event. `evidence` holds what the detector saw: values, both times, threshold, working days between.

    Its life (raised, taken, explanation asked, ended) is sealed in its own stream, which no handler of the case can read.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=20, unique=True)
    rule = models.ForeignKey(CheckRule, on_delete=models.PROTECT, related_name="flags")
    code = models.CharField(max_length=32, help_text="the rule's code, whichever version")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    about_stream = models.CharField(max_length=120)
    about_number = models.PositiveIntegerField()
    evidence: Any = models.JSONField(encoder=DjangoJSONEncoder)
    opened_at = models.DateTimeField()
    status = models.CharField(max_length=12, choices=FlagStatus.choices, default=FlagStatus.OPEN)
    reviewer = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    objects = FlagQuerySet.as_manager()

    class Meta:
        ordering = ["opened_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "about_stream", "about_number"], name="flag_once_per_event"
            ),
            models.CheckConstraint(
                name="flag_taken_by_whom_and_when",
                condition=Q(reviewer__isnull=True, taken_at__isnull=True)
                | Q(reviewer__isnull=False, taken_at__isnull=False),
            ),
            models.CheckConstraint(
                name="flag_asked_by_whom_and_when",
                condition=Q(asked_by__isnull=True, asked_at__isnull=True)
                | Q(asked_by__isnull=False, asked_at__isnull=False),
            ),
            models.CheckConstraint(
                name="flag_ended_by_whom_and_when",
                condition=Q(ended_by__isnull=True, ended_at__isnull=True, status__in=["open", "under_review"])
                | Q(
                    ended_by__isnull=False,
                    ended_at__isnull=False,
                    status__in=["explained", "confirmed", "dismissed"],
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["status", "opened_at"], name="flag_status_opened"),
            models.Index(fields=["case"], name="flag_case"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def stream(self) -> str:
        """The stream of its own life."""
        return f"integrity:{self.pk}"

    @property
    def ended(self) -> bool:
        """Whether the review has come to a decision."""
        return self.status in ENDED_STATUSES


class FlagNote(models.Model):
    """The words of a decision. They may name people, so they stand here encrypted; the sealed event carries their digest."""

    flag = models.ForeignKey(Flag, on_delete=models.PROTECT, related_name="notes")
    number = models.PositiveIntegerField(help_text="number of the event in the flag's stream")
    words = EncryptedTextField(max_length=1000)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = [F("number").asc()]
        constraints = [models.UniqueConstraint(fields=["flag", "number"], name="flagnote_event")]
