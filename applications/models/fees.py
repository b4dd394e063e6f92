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
