"""Deadline: a limit running on a case. Pause: why a clock stands still. Rung: what the ladder has already done."""

from __future__ import annotations

from typing import Any

from django.db import models

from staff.models import User
from workflow.models.case import Case, new_id
from workflow.models.limit import Limit, PauseReason
from workflow.models.task import Task


class Deadline(models.Model):
    """Started, paused, stopped; overdue is derived, never stored.

    `starts` keeps the earliest claimed time of each start kind seen; the clock runs once all are there. `due_at` and `next_rung_at`
    are caches of a pure function of calendar version, limit and events. `provisional` = beyond the published calendar (暂按).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="deadlines")
    limit = models.ForeignKey(Limit, on_delete=models.PROTECT, related_name="deadlines")
    node_code = models.CharField(max_length=40, blank=True, default="")
    round = models.PositiveSmallIntegerField(default=1)
    task = models.ForeignKey(Task, on_delete=models.PROTECT, null=True, related_name="deadlines")
    starts: Any = models.JSONField(default=dict)
    started_at = models.DateTimeField(null=True)
    started_number = models.PositiveIntegerField(null=True)
    stopped_at = models.DateTimeField(null=True)
    stopped_number = models.PositiveIntegerField(null=True)
    stop_reason = models.CharField(
        max_length=60, blank=True, default="", help_text="event kind that stopped it"
    )
    due_at = models.DateTimeField(null=True)
    extra_days = models.PositiveSmallIntegerField(
        default=0, help_text="of the one extension the customer agreed to"
    )
    provisional = models.BooleanField(default=False)
    calendar_version = models.PositiveIntegerField(default=0)
    next_rung = models.CharField(max_length=12, blank=True, default="")
    next_rung_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "limit", "node_code", "round"], name="deadline_case_limit_node_round"
            )
        ]
        indexes = [
            models.Index(
                fields=["next_rung_at"],
                condition=models.Q(next_rung_at__isnull=False),
                name="deadline_next_rung",
            ),
            models.Index(fields=["due_at"], condition=models.Q(stopped_at=None), name="deadline_running_due"),
        ]

    @property
    def running(self) -> bool:
        """Whether the clock was started and nothing has stopped it."""
        return self.started_at is not None and self.stopped_at is None


class Pause(models.Model):
    """A clock standing still for a listed reason, with evidence. Begins and ends at the database's time, never before it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="pauses")
    reason = models.ForeignKey(PauseReason, on_delete=models.PROTECT, related_name="pauses")
    note = models.CharField(max_length=300, blank=True)
    evidence = models.CharField(
        max_length=80, blank=True, help_text="digest of the paper, or the event that shows it"
    )
    began_at = models.DateTimeField()
    began_number = models.PositiveIntegerField()
    until_at = models.DateTimeField(
        null=True, help_text="the longest its reason allows; then the clock runs on by itself"
    )
    ended_at = models.DateTimeField(null=True)
    ended_number = models.PositiveIntegerField(null=True)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "reason"], condition=models.Q(ended_at=None), name="pause_one_open"
            )
        ]


class Extension(models.Model):
    """More time on one clock: asked for once, with a reason, and only in force once the customer agreed. The original date is kept.

    An appointment beyond the limit is an extension too, and only if a slot inside the limit was offered: `offered` are those slots.
    """

    deadline = models.OneToOneField(Deadline, on_delete=models.PROTECT, related_name="extension")
    days = models.PositiveSmallIntegerField()
    original_due_at = models.DateTimeField()
    reason = models.CharField(max_length=300)
    offered: Any = models.JSONField(
        default=list, help_text="slots offered inside the limit, where it is an appointment"
    )
    evidence = models.CharField(max_length=80, blank=True)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    asked_number = models.PositiveIntegerField()
    answered_at = models.DateTimeField(null=True)
    answered_number = models.PositiveIntegerField(null=True)
    agreed = models.BooleanField(null=True)


class DeadlineRung(models.Model):
    """One rung of the ladder, fired once: the unique key is the claim."""

    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, related_name="rungs")
    rung = models.CharField(max_length=12)
    due_at = models.DateTimeField(help_text="when the rung was due, not when it was found")
    fired_at = models.DateTimeField()
    number = models.PositiveIntegerField(null=True, help_text="its event in the case's stream")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["deadline", "rung"], name="deadline_rung_once")]
