"""Charges determined, paid, and given back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _

from applications.models import Application, FeeItem, FeeSheet, Party, Payment, Refund
from applications.selectors.facts import fee_kinds_in_force, latest_fee_sheet
from applications.selectors.money import left_of
from applications.services.facts import base, plain, recording, said, split, there
from applications.services.second_person import confirm
from staff.models import User
from workflow.transitions import Done, Refused

CENT = Decimal("0.01")
APPROVERS = frozenset({"supervisor", "approver"})
"""Posts whose second look counts when money is given back."""


def determine_fees(
    application: Application, *, by: User, no_fee: bool, items: Sequence[Mapping[str, Any]] = (), **given: Any
) -> Done:
    """A sheet of items from the allow-list, or the explicit words "no charges". A kind out of force cannot be saved."""
    how, _fields, _confirmed = split(given)
    lines = [] if no_fee else [_line(item) for item in items]
    due = sum((line.amount for line in lines), Decimal(0))
    items_said = [
        {"kind": x.kind.code, "quantity": plain(x.quantity), "amount": plain(x.amount)} for x in lines
    ]
    data = {"no_fee": no_fee, "due": plain(due), "items": items_said}
    with recording(application, "determine_fees", by, how, data, items=items) as a:
        allowed = set(fee_kinds_in_force().values_list("pk", flat=True))
        if any(line.kind_id not in allowed for line in lines):
            raise Refused(
                _("This charge is not on the list in force; nothing outside the list may be charged.")
            )
        if due <= 0 and not no_fee:
            raise Refused(_("Enter at least one charge, or say that there are none."))
        sheet = FeeSheet.objects.create(**base(a, application), no_fee=no_fee, due=due)
        for line in lines:
            line.sheet = sheet
        FeeItem.objects.bulk_create(lines)
        a.change(fees_due=not no_fee)
    return a.done


def _line(item: Mapping[str, Any]) -> FeeItem:
    kind, price, quantity = item["kind"], item["unit_price"], item["quantity"]
    amount = (price * quantity).quantize(CENT, ROUND_HALF_UP)
    return FeeItem(
        kind=kind, basis=kind.basis, unit=kind.unit, unit_price=price, quantity=quantity, amount=amount
    )


def record_payment(
    application: Application, *, by: User, amount: Decimal, payer: Party | None = None, **given: Any
) -> Done:
    """Money received. It settles what is due at once: no more, no less; where nothing is due, that nothing was paid."""
    how, fields, _confirmed = split(given)
    data = {"amount": plain(amount)} | said(fields, "receipt_no", "paid_date")
    with recording(application, "record_payment", by, how, data, **fields, payer=payer) as a:
        there(latest_fee_sheet(application), _("The charges have not been determined yet."))
        due = application.unpaid()
        if amount != due:
            raise Refused(_("Due is ￥%(due)s; the payment has to be exactly that.") % {"due": f"{due:,.2f}"})
        Payment.objects.create(**base(a, application), amount=amount, payer=payer, **fields)
    return a.done


def refund_payment(
    application: Application,
    *,
    by: User,
    payment: Payment,
    amount: Decimal,
    approved_by: User,
    approver_password: str = "",
    **given: Any,
) -> Done:
    """退费: money given back with a reason, confirmed by a second person with their own password. Never more than was paid."""
    confirm(application, by, approved_by, approver_password, APPROVERS)
    how, fields, _confirmed = split(given)
    data = {"amount": plain(amount), "approved_by": str(approved_by.pk)}
    data |= said(fields, "reason", "voucher_no", "refunded_date")
    with recording(application, "refund_payment", by, how, data, payment=payment, **fields) as a:
        paid = there(application.payments.filter(pk=payment.pk).first())
        if not 0 < amount <= left_of(paid):
            raise Refused(more_than_paid(left_of(paid)))
        Refund.objects.create(
            **base(a, application), payment=paid, amount=amount, approved_by=approved_by, **fields
        )
    return a.done


def more_than_paid(left: Decimal) -> str:
    """The sentence for giving back more than is there."""
    return _("Of this payment ￥%(left)s can be given back; enter at most that.") % {"left": f"{left:,.2f}"}
