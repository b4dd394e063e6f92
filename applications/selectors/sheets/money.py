"""Receipt for charges paid, and the notice that money was given back."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from applications.models import Application
from applications.selectors.sheets.frame import (
    DASH,
    applicant_of,
    business_of,
    framed,
    number_of,
    place_of,
    signed_by,
)
from applications.selectors.terms import figure
from applications.sheets.parts import Facts, Line, Part, Sheet, Table
from staff.formats import long_day, money


def fee_receipt(application: Application, n: int, moment: dt.datetime) -> Sheet | None:
    """What was paid, for what, on which basis. Where nothing was due nothing is receipted."""
    payment = application.payments.select_related("payer__person", "recorded_by").latest("recorded_at")
    if not payment.amount:
        return None
    rows = [
        (_("Received from"), payment.payer.person.name if payment.payer else DASH),
        (_("Receipt number"), payment.receipt_no),
        (_("Amount"), money(payment.amount)),
        (_("Day of payment"), long_day(payment.paid_date) if payment.paid_date else DASH),
    ]
    parts: list[Part | None] = [
        Facts((*_about(application), *rows)),
        _items(application),
        Line(_("Only the charges named here were due; nothing else may be asked for.")),
        Line(_("This paper shows what was paid; the invoice is issued by the billing system."), "muted"),
        signed_by(application, payment.recorded_by, moment),
    ]
    return framed(application, _("Receipt for charges paid"), parts, n, moment)


def refund_notice(application: Application, n: int, moment: dt.datetime) -> Sheet:
    """What goes back, why, and who confirmed it."""
    refund = application.refunds.select_related("payment", "approved_by", "recorded_by").latest("recorded_at")
    rows = [
        (_("Of the payment with receipt"), refund.payment.receipt_no),
        (_("Paid"), money(refund.payment.amount)),
        (_("Amount given back"), money(refund.amount)),
        (_("Reason"), str(refund.get_reason_display())),
        *([(_("In words"), refund.note)] if refund.note else []),
        (_("Number of the refund voucher"), refund.voucher_no),
        (_("Day of the refund"), long_day(refund.refunded_date)),
        (_("Approved by"), refund.approved_by.get_full_name()),
    ]
    parts: list[Part | None] = [
        Facts((*_about(application), *rows)),
        signed_by(application, refund.recorded_by, moment),
    ]
    return framed(application, _("Notice of a refund"), parts, n, moment)


def _about(application: Application) -> tuple[tuple[str, str], ...]:
    return (
        (_("Customer"), applicant_of(application).person.name),
        (_("Application number"), number_of(application)),
        (_("Business"), business_of(application)),
        (_("Where"), place_of(application)),
    )


def _items(application: Application) -> Table:
    sheet = application.feesheets.latest("recorded_at")
    head = (_("Charge"), _("Unit price"), _("Quantity or capacity"), _("Amount due"), _("Basis"))
    rows = [
        (i.kind.name, money(i.unit_price), f"{figure(i.quantity)} {i.unit}", money(i.amount), i.basis)
        for i in sheet.items.select_related("kind")
    ]
    return Table(_("Charges"), head, tuple(rows), (20, 16, 18, 16, 30))
