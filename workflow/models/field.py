"""Work outside: appointments, tasks taken along to where there is no network, the order of a day's visits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from staff.models import User
from workflow.models.case import new_id
from workflow.models.task import Task


class AppointmentOutcome(models.TextChoices):
    """How an appointment ended; empty while it stands, and for good if the visit took place: then the fact recorded says so."""

    STANDING = "", _("standing")
    MISSED_BY_CUSTOMER = "customer", _("missed by the customer")
    MISSED_BY_US = "utility", _("missed by us")
    REPLACED = "replaced", _("replaced by new times")


class Appointment(models.Model):
    """Times offered for a visit, and the one agreed. Whoever offers and whoever agrees stand in the case's log by number.

    Why the offers are kept: a day beyond a limit counts as the customer's own wish only if a time inside it was offered.
    `offered` holds pairs of moments (from, to) in ISO format.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="appointments")
    offered: Any = models.JSONField(default=list)
    offered_at = models.DateTimeField()
    offered_number = models.PositiveIntegerField()
    offered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    from_at = models.DateTimeField(null=True)
    to_at = models.DateTimeField(null=True)
    agreed_number = models.PositiveIntegerField(null=True)
    agreed_at = models.DateTimeField(null=True)
    outcome = models.CharField(
        max_length=10, choices=AppointmentOutcome.choices, blank=True, default=AppointmentOutcome.STANDING
    )
    closed_at = models.DateTimeField(null=True)
    closed_number = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["task"], condition=Q(outcome=""), name="appointment_one_standing"
            ),
            models.CheckConstraint(
                condition=Q(from_at=None, to_at=None) | Q(from_at__lt=models.F("to_at")),
                name="appointment_from_before_to",
            ),
        ]
        indexes = [
            models.Index(fields=["from_at"], condition=Q(outcome=""), name="appointment_standing_from")
        ]

    @property
    def slots(self) -> list[tuple[dt.datetime, dt.datetime]]:
        """The times offered."""
        return [(dt.datetime.fromisoformat(a), dt.datetime.fromisoformat(b)) for a, b in self.offered]

    def offered_within(self, due_at: dt.datetime) -> bool:
        """Whether one of the times offered lay inside a limit that runs out then."""
        return any(end <= due_at for _begin, end in self.slots)


class SaidBy(models.TextChoices):
    """How the customer said which time suits."""

    PHONE = "phone", _("by telephone")
    IN_PERSON = "in_person", _("in person")
    MESSAGE = "message", _("by message")


class HandBackReason(models.TextChoices):
    """Why somebody gives a task back. Codes, since the log holds no stories about people."""

    ILL = "ill", _("ill")
    CALLED_AWAY = "called_away", _("called to other work")
    NOT_REACHED = "not_reached", _("road or weather")
    NOT_CERTIFIED = "not_certified", _("not the right certificate")
    OTHER = "other", _("another reason")


class TakenAlong(models.Model):
    """A task taken along on a device: from when (the nonce's moment), and how that ended.

    The nonce is this row's id signed by the server. Nothing done offline can lie before `nonce_at`, since only the server hands it out.
    """

    class Closing(models.TextChoices):
        OPEN = "", _("taken along")
        DONE = "done", _("synchronised")
        HANDED_BACK = "handed_back", _("handed back")
        OTHER_HANDS = "other_hands", _("given into other hands")
        AGAIN = "again", _("taken along anew")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="taken_along")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="taken_along")
    device = models.CharField(
        max_length=64, blank=True, default="", help_text="salted key, never the device's own"
    )
    nonce_at = models.DateTimeField()
    nonce_number = models.PositiveIntegerField(help_text="its event in the case's stream")
    closed_at = models.DateTimeField(null=True)
    closed_because = models.CharField(
        max_length=12, choices=Closing.choices, blank=True, default=Closing.OPEN
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task"], condition=Q(closed_at=None), name="takenalong_one_open"),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_because="")
                | Q(closed_at__isnull=False) & ~Q(closed_because=""),
                name="takenalong_closed_because",
            ),
        ]


class DayOrder(models.Model):
    """The order in which somebody means to drive on one day, as far as they set it by hand."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="day_orders")
    day = models.DateField()
    tasks = ArrayField(models.UUIDField(), default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="dayorder_user_day")]

    @staticmethod
    def place(order: Sequence[Any], task_id: Any) -> int:
        """Where a task stands in an order; behind all where it is not named."""
        return order.index(task_id) if task_id in order else len(order)
