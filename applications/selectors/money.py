"""Money of a case: what was due, what was paid with which receipt, what was given back."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Sum

from applications.models import Application, FeeSheet, Payment, Refund


def left_of(payment: Payment) -> Decimal:
    """What of a payment has not been given back."""
    back: Decimal = payment.refunds.aggregate(total=Sum("amount"))["total"] or Decimal(0)
    return payment.amount - back


@dataclass
class Money:
    """Sheet, payments, refunds, and what is still owed."""

    sheet: FeeSheet | None
    payments: list[Payment] = field(default_factory=list)
    refunds: list[Refund] = field(default_factory=list)
    owing: Decimal = Decimal(0)


def money_of(application: Application) -> Money:
    """What is shown of it; nothing was paid where nothing was due."""
    sheet = application.feesheets.prefetch_related("items__kind").order_by("-recorded_at").first()
    payments = list(
        application.payments.filter(amount__gt=0).select_related("payer__person").order_by("recorded_at")
    )
    refunds = list(application.refunds.select_related("approved_by", "recorded_by").order_by("recorded_at"))
    return Money(sheet, payments, refunds, application.unpaid() if sheet else Decimal(0))
