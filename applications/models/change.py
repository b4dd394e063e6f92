"""Changes to a supply that is there: its account, what it was before, the two parties of a transfer and what they settle."""

from __future__ import annotations

from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application, Fact
from applications.models.party import Party
from applications.models.scheme import AgreementMethod
from staff.fields import EncryptedTextField
from workflow.models import CaseTerms
from workflow.terms import number_terms


class ChangeReason(models.TextChoices):
    """Why an account gets another name or holder."""

    BOUGHT = "bought", _("Premises bought or sold")
    INHERITED = "inherited", _("Inherited")
    GIVEN = "given", _("Given or allotted")
    RENAMED = "renamed", _("Same holder, new name")
    MISTAKE = "mistake", _("Name was entered wrongly")
    OTHER = "other", _("Another reason")


class ChangeParticulars(models.Model):
    """What a change adds: the account (户号) of the supply that is there, and how that supply stands today."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="change")
    account_no = models.CharField(_("Account number"), max_length=20, db_index=True)
    previous_capacity = models.DecimalField(
        _("Capacity today"), max_digits=10, decimal_places=1, null=True, blank=True
    )
    previous_voltage = models.CharField(_("Voltage today"), max_length=8, blank=True, default="")
    reason = models.CharField(
        _("Reason of the change"), max_length=10, choices=ChangeReason.choices, blank=True, default=""
    )
    wish = EncryptedTextField(_("Where the meter is to hang"), blank=True, default="")

    def save(self, *args: Any, **kwargs: Any) -> None:
        """The case is found by the account's number."""
        super().save(*args, **kwargs)
        CaseTerms.objects.add(self.application.case_id, number_terms(self.account_no))


class ChangeConsent(Fact):
    """双方同意: one of the two parties of a rename or transfer agrees to it. The other one is the applicant, who asked for it."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+", verbose_name=_("Who agrees"))
    method = models.CharField(_("How"), max_length=12, choices=AgreementMethod.choices)


class Handover(Fact):
    """交接: the reading up to which the former holder pays, and that nothing is owed any more."""

    reading = models.DecimalField(
        _("Reading at the handover"), max_digits=12, decimal_places=2, validators=[MinValueValidator(0)]
    )
    read_date = models.DateField(_("Read on"))
    settled = models.BooleanField(_("Bill settled"))

    class Meta(Fact.Meta):
        constraints = [models.CheckConstraint(condition=models.Q(reading__gte=0), name="handover_reading")]
