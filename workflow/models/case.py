"""Case: the spine. Opened by the first contact in any channel; its row is the one lock."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from uuid6 import uuid7

from staff.models import Office, User
from staff.selectors import authority
from workflow.models.finding import CaseTerms
from workflow.stages import ENDED, Stage
from workflow.terms import number_terms

if TYPE_CHECKING:
    from staff.models import User as UserType
    from staff.policies import Authority


def new_id() -> uuid.UUID:
    """UUID version 7: time-ordered, so that a stream's range can be a partition."""
    return uuid.UUID(bytes=uuid7().bytes)


class CaseQuerySet(models.QuerySet["Case"]):
    """Who sees which case. Every page, API answer, file and fragment starts here."""

    def visible_to(self, user: UserType, known: Authority | None = None) -> CaseQuerySet:
        """Cases the user may see: own or agent's, the office's subtree, tasks held; an auditor the audited offices.

        Why one place: what is invisible answers 404, and a second rule elsewhere would leak. `known` saves two queries where the page
        has asked for the user's authority already.
        """
        if not user.is_authenticated:
            return self.none()
        now = timezone.now()
        mine = CaseAccess.objects.filter(user=user, from_at__lte=now).filter(Q(to_at=None) | Q(to_at__gt=now))
        seen = Q(pk__in=mine.values("case"))
        if user.kind == "officer":
            mine_today = known or authority(user, timezone.localdate())
            seen |= Q(office__in=mine_today.offices)
            seen |= Q(pk__in=user.held_tasks.filter(until_at=None, task__outcome="").values("task__case"))
        return self.filter(seen)


class Case(models.Model):
    """One customer's need, from the first contact to the light.

    `stage` and `event_number` are written by the event trigger alone: what a board reads is what the log says.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    stage = models.CharField(max_length=16, choices=Stage.choices, editable=False, default="")
    event_number = models.PositiveIntegerField(editable=False, default=0)
    contact_no = models.CharField(max_length=24, unique=True)
    application_no = models.CharField(max_length=24, unique=True, null=True, blank=True)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="cases")
    route_version = models.ForeignKey(
        "workflow.RouteVersion", on_delete=models.PROTECT, null=True, related_name="cases"
    )
    first_contact_at = models.DateTimeField(null=True, help_text="claimed or recorded, whichever is earlier")
    first_contact_channel = models.ForeignKey(
        "workflow.Channel", on_delete=models.PROTECT, null=True, related_name="+"
    )
    continues = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="continued_by")
    joined_to = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="joined")
    opened_at = models.DateTimeField(default=timezone.now)

    objects = CaseQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["office", "stage"], name="case_office_stage"),
            models.Index(fields=["stage", "first_contact_at"], name="case_stage_first_contact"),
        ]

    def __str__(self) -> str:
        return self.application_no or self.contact_no

    @property
    def stream(self) -> str:
        """Name of the stream its events run in."""
        return f"case:{self.pk}"

    @property
    def ended(self) -> bool:
        """Whether nothing of ours is in progress any more."""
        return self.stage in ENDED


class CaseAccess(models.Model):
    """Who, outside the offices, may see and act on a case, from when to when. Rows end, they are never deleted."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="accesses")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="case_accesses")
    role = models.CharField(max_length=12, choices=[("applicant", "applicant"), ("agent", "agent")])
    powers = ArrayField(
        models.CharField(max_length=12),
        default=list,
        blank=True,
        help_text="what an agent may do; empty = all the principal may",
    )
    from_at = models.DateTimeField(default=timezone.now)
    to_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "case"], name="caseaccess_user_case")]


class ExternalRef(models.Model):
    """A number the same thing carries in another system (营销工单号, 户号, 95598 工单号, 计量资产号 …)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="external_refs")
    system = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    value = models.CharField(max_length=120)
    first_seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["system", "kind", "value"], name="externalref_unique")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """The case is found by this number too."""
        super().save(*args, **kwargs)
        CaseTerms.objects.add(self.case_id, number_terms(self.value))
