"""Task 待办: one node open or done on one case."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from staff.models import Office, User
from workflow.models.case import Case, new_id
from workflow.models.route import Doer, Node


class TaskOutcome(models.TextChoices):
    """How a task ended; empty while open."""

    OPEN = "", _("open")
    DONE = "done", _("done")
    RETURNED = "returned", _("sent back")
    SUPERSEDED = "superseded", _("superseded")
    ENDED = "ended", _("ended with the case")


class WaitCause(models.TextChoices):
    """Why a task waits. It explains and never stops a clock."""

    NONE = "", _("not stated")
    STAFF = "staff", _("our own hands")
    SIGN_OFF = "sign_off", _("sign-off by others")
    GRID_WORKS = "grid_works", _("grid supporting works")
    OUTAGE_PLAN = "outage_plan", _("outage plan")
    MATERIAL = "material", _("material and meters")
    CUSTOMER = "customer", _("customer")
    GOVERNMENT = "government", _("government")
    THIRD_PARTY = "third_party", _("a third party")


class Task(models.Model):
    """Unique per case, node and round. Inbox, assignment, certificate, node limit and hand-over clock hang on it.

    `facts` maps each fact recorded in this round to {"by": user id, "n": event number}; the task is done when every fact its node lists
    is there. `current` is false once later rework made it stale: what lies behind a returned node is opened anew when reached.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="tasks")
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="tasks")
    node_code = models.CharField(max_length=40)
    round = models.PositiveSmallIntegerField(default=1)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="tasks")
    doer = models.CharField(max_length=12, choices=Doer.choices)
    role = models.CharField(max_length=16, blank=True)
    competence = models.CharField(max_length=24, blank=True)
    opened_at = models.DateTimeField()
    opened_number = models.PositiveIntegerField()
    taken_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_number = models.PositiveIntegerField(null=True)
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="done_tasks")
    outcome = models.CharField(
        max_length=10, choices=TaskOutcome.choices, blank=True, default=TaskOutcome.OPEN
    )
    current = models.BooleanField(default=True)
    facts: Any = models.JSONField(default=dict)
    wait_cause = models.CharField(
        max_length=12, choices=WaitCause.choices, blank=True, default=WaitCause.NONE
    )
    offered_to_county_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "node_code", "round"], name="task_case_node_round")
        ]
        indexes = [
            models.Index(
                fields=["office", "competence"], condition=models.Q(outcome=""), name="task_open_office"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.node_code}/{self.round}"

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do it."""
        return self.outcome == TaskOutcome.OPEN


class TaskHolder(models.Model):
    """Who holds a task, since when, given by whom and why. Rows end, they are never deleted."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="holders")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="held_tasks")
    since_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["task", "user"], condition=models.Q(until_at=None), name="taskholder_one_open"
            )
        ]
        indexes = [
            models.Index(fields=["user"], condition=models.Q(until_at=None), name="taskholder_open_user")
        ]
