"""The file put away, and the ways a case leaves its route."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.models.application import Fact
from staff.fields import EncryptedTextField
from staff.models import User
from workflow.models import Clause


class ArchiveRecord(Fact):
    """归档: where the file lies and what is in it, item by item."""

    number = models.CharField(_("Archive number"), max_length=40, unique=True)
    location = models.CharField(_("Where the file lies"), max_length=120)
    present = ArrayField(models.CharField(max_length=60), verbose_name=_("In the file"))
    missing = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    reason = models.CharField(_("Why something is missing"), max_length=300, blank=True, default="")


class ExitReason(models.TextChoices):
    """Closed list of why a case leaves its route, so that it can be counted."""

    NO_LONGER_WANTED = "no_longer_wanted", _("Power is no longer wanted")
    FILED_TWICE = "filed_twice", _("Filed twice")
    OTHER_PLACE = "other_place", _("To be applied for elsewhere or otherwise")
    NO_SUPPLY_YET = "no_supply_yet", _("No supply possible yet")
    CAPACITY_QUEUE = "capacity_queue", _("Waiting for capacity")
    CUSTOMER_LOST = "customer_lost", _("Customer can't be reached")
    SCHEME_LAPSED = "scheme_lapsed", _("Scheme lapsed")
    NOT_ACCEPTED = "not_accepted", _("Not acceptable")
    OPENED_BY_MISTAKE = "opened_by_mistake", _("Opened by mistake")
    OTHER = "other", _("Other")


class Exit(Fact):
    """Refused, withdrawn, terminated, void, taken up again or sent back by a supervisor: with reason, clause, notice and second person.

    `attempts`: each a day and a way, as `2026-11-24 phone`.
    """

    action = models.CharField(max_length=20)
    reason = models.CharField(
        _("Reason"), max_length=20, choices=ExitReason.choices, default=ExitReason.OTHER
    )
    note = EncryptedTextField(_("In your own words"), blank=True, default="")
    clause = models.ForeignKey(
        Clause, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Clause it rests on")
    )  # fmt: skip
    review_date = models.DateField(_("To be looked at again on"), null=True, blank=True)
    grid_project = models.CharField(_("Grid project"), max_length=60, blank=True, default="")
    attempts = ArrayField(
        models.CharField(max_length=80),
        default=list,
        blank=True,
        verbose_name=_("Attempts to reach the customer"),
    )
    to_node = models.CharField(max_length=40, blank=True, default="")
    approved_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Approved by")
    )
