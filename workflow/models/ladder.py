"""Ladder: what happens before and after a limit runs out, and who is told. Told: what one person hears, in one digest. Overload: said in time."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from staff.models import Office, User
from staff.models.naming import TwoNames
from workflow.models.limit import LimitKind
from workflow.models.route import Grade


class LadderStep(TwoNames):
    """One rung of a kind's ladder: so many working days before (negative) or after the due time, told at that level.

    Level 0: who holds the work; 1: the station's supervisor too; 2 and above: superior by superior, once a day in one digest.
    """

    kind = models.CharField(max_length=10, choices=LimitKind.choices)
    code = models.CharField(max_length=12)
    days = models.SmallIntegerField(help_text="working days after the due time; negative = before")
    level = models.PositiveSmallIntegerField(default=0)
    in_force = models.BooleanField(default=True)
    source = models.CharField(max_length=300)
    grade = models.CharField(max_length=1, choices=Grade.choices)
    history = HistoricalRecords()

    class Meta:
        ordering = ["kind", "days"]
        constraints = [models.UniqueConstraint(fields=["kind", "code"], name="ladderstep_once")]


class Digest(models.Model):
    """What one person was told at once: at most five lines, the most pressing first, and how many more there are.

    Level 2 and above get one a day: the unique key is what keeps two workers from sending two.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="digests")
    day_date = models.DateField()
    daily = models.BooleanField(default=False)
    lines: Any = models.JSONField(
        default=list, help_text="case, limit, rung and due time of each; no personal data"
    )
    total = models.PositiveIntegerField()
    made_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "day_date"], condition=models.Q(daily=True), name="digest_one_a_day"
            )
        ]


class Told(models.Model):
    """Something that happened, on its way to one person of the staff: once, however often its event is heard."""

    stream = models.CharField(max_length=120)
    number = models.PositiveIntegerField()
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="told")
    level = models.PositiveSmallIntegerField(default=0)
    line: Any = models.JSONField(default=dict, help_text="what the digest says of it; no personal data")
    due_at = models.DateTimeField(help_text="what it is about ran out or began then; the oldest comes first")
    digest = models.ForeignKey(Digest, on_delete=models.PROTECT, null=True, related_name="told")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stream", "number", "user"], name="told_once")]
        indexes = [
            models.Index(fields=["user"], condition=models.Q(digest=None), name="told_waiting"),
        ]


class Overload(models.Model):
    """如实申报超载: a station says, before it is late, that there is more work than hands; sealed, and answered within a time.

    What is missed while it lasts counts against capacity, not against whoever stood there. It opens a request for help; `answer_due_at`
    is the superior's own clock, and `answered_at` stays empty until somebody there has said yes or no.
    """

    class Answer(models.TextChoices):
        """What the superior says."""

        NONE = "", _("not answered yet")
        LENDS = "lends", _("sends help")
        ELSEWHERE = "elsewhere", _("takes work to another station")
        CANNOT = "cannot", _("cannot help")

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="overloads")
    stage = models.CharField(
        max_length=16, blank=True, default="", help_text="of which stage; empty = of all"
    )
    queue = models.PositiveIntegerField(help_text="open tasks of the office when it was declared")
    hands = models.PositiveIntegerField(help_text="people with a valid certificate who are there")
    forecast = models.PositiveIntegerField(help_text="limits that run out while it lasts")
    reason = models.CharField(max_length=300)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField()
    declared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField(help_text="its event in the office's stream")
    answer_due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    answer = models.CharField(max_length=12, choices=Answer.choices, blank=True, default=Answer.NONE)
    answer_words = models.CharField(max_length=300, blank=True, default="")
    chased_at = models.DateTimeField(null=True, help_text="when the unanswered request went one level up")

    class Meta:
        ordering = ["-from_at"]
        indexes = [models.Index(fields=["office", "from_at", "to_at"], name="overload_office_time")]
