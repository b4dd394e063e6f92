"""Charges: a sheet of items from an allow-list, or the explicit words "no charges"; and what was paid."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from applications.models.application import Fact
from applications.models.party import Party
from applications.models.scheme import Sourced
from staff.fields import EncryptedTextField
from staff.models import User
from workflow.models import Grade

DOUBTED = (Grade.U, Grade.X)
"""Grades on which nothing may be charged: no document stands behind them."""


class FeeKind(Sourced):
    """The allow-list: a charge outside it, or outside its dates, cannot be saved.

    Charges were abolished one after another; a kind without a confirmed basis stays out of force.
    """

    code = models.CharField(max_length=40, unique=True)
    basis = models.CharField(max_length=200, help_text="document and clause the charge rests on")
    unit = models.CharField(max_length=12)
    from_date = models.DateField()
    to_date = models.DateField(null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(in_force=False) | ~Q(grade__in=DOUBTED), name="feekind_in_force_has_a_basis"
            )
        ]


class FeeSheet(Fact):
    """What is due. "No charges" is a statement somebody made, not an empty list."""

    no_fee = models.BooleanField(_("No charges"))
    due = models.DecimalField(max_digits=12, decimal_places=2, default=Decimal(0))

    class Meta(Fact.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(no_fee=True, due=0) | Q(no_fee=False, due__gt=0), name="feesheet_none_or_some"
            )
        ]


class FeeItem(models.Model):
    """One line: kind, unit price, quantity, amount; the basis is copied, since the table may change."""

    sheet = models.ForeignKey(FeeSheet, on_delete=models.PROTECT, related_name="items")
    kind = models.ForeignKey(FeeKind, on_delete=models.PROTECT, related_name="+", verbose_name=_("Charge"))
    basis = models.CharField(max_length=200)
    unit = models.CharField(max_length=12)
    unit_price = models.DecimalField(
        _("Unit price"), max_digits=10, decimal_places=2, validators=[MinValueValidator(0)]
    )
    quantity = models.DecimalField(
        _("Quantity"), max_digits=10, decimal_places=2, validators=[MinValueValidator(0)]
    )
    amount = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=Q(amount__gte=0), name="feeitem_not_negative")]


class Payment(Fact):
    """Money received against what is due."""

    receipt_no = models.CharField(_("Receipt number"), max_length=40, blank=True, default="")
    amount = models.DecimalField(
        _("Amount"), max_digits=12, decimal_places=2, validators=[MinValueValidator(0)]
    )
    payer = models.ForeignKey(
        Party,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="payments",
        verbose_name=_("Payer"),
    )
    paid_date = models.DateField(_("Day of payment"), null=True, blank=True)


class RefundReason(models.TextChoices):
    """Why money goes back."""

    MISTAKE = "mistake", _("Charged by mistake")
    ABOLISHED = "abolished", _("The charge was abolished")
    LESS_BUILT = "less_built", _("Less was built or supplied")
    ENDED = "ended", _("The case has ended")


class Refund(Fact):
    """Money given back, by two persons. What is refunded is no longer due either, until charges are determined anew."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    amount = models.DecimalField(_("Amount given back"), max_digits=12, decimal_places=2)
    reason = models.CharField(_("Reason"), max_length=12, choices=RefundReason.choices)
    note = EncryptedTextField(_("In your own words"), blank=True, default="")
    voucher_no = models.CharField(_("Number of the refund voucher"), max_length=40)
    refunded_date = models.DateField(_("Day of the refund"))
    approved_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name=_("Approved by")
    )

    class Meta(Fact.Meta):
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="refund_of_something")]
