"""Forms of charges, payments and refunds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.forms.act import ActForm, not_in_the_future
from applications.forms.fields import PartyField, PersonField
from applications.models import FeeKind, Payment, Refund, RefundReason
from applications.selectors.facts import fee_kinds_in_force, officers_near
from applications.selectors.money import left_of
from applications.services.fees import APPROVERS, more_than_paid

NONE, LISTED = "none", "listed"


class FeesForm(ActForm):
    """What is due: nothing, said explicitly, or items of the list in force (a price and a quantity for each kind)."""

    charges = forms.ChoiceField(
        label=_("Charges"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether there are charges.")},
    )

    @cached_property
    def kinds(self) -> list[FeeKind]:
        """The list in force today."""
        return list(fee_kinds_in_force())

    def prepare(self) -> None:
        """A price and a quantity for each kind; without kinds there is nothing to charge."""
        choices: list[tuple[str, Any]] = [(NONE, _("No charges"))]
        field: Any = self.fields["charges"]
        if self.kinds:
            choices.append((LISTED, _("Charges as entered below")))
        else:
            field.help_text = _("No charge is on the list in force; nothing may be charged.")
        field.choices = choices
        for kind in self.kinds:
            self.fields[f"price_{kind.pk}"] = forms.DecimalField(
                label=_("%(charge)s: price per %(unit)s") % {"charge": kind.name, "unit": kind.unit},
                help_text=kind.basis, required=False, min_value=0, max_digits=10, decimal_places=2,
            )  # fmt: skip
            self.fields[f"quantity_{kind.pk}"] = forms.DecimalField(
                label=_("%(charge)s: quantity") % {"charge": kind.name},
                required=False,
                min_value=0,
                max_digits=10,
                decimal_places=2,
            )

    def look(self, data: dict[str, Any]) -> None:
        """Items as the service takes them."""
        items = [item for kind in self.kinds if (item := self._item(kind, data))]
        charges = data.pop("charges", None)
        if charges == LISTED and not items and not self.errors:
            self.add_error(
                "charges", gettext("Enter price and quantity of at least one charge, or choose “No charges”.")
            )
        if charges == NONE and items:
            self.add_error(
                "charges",
                gettext("Charges are entered below: choose “Charges as entered below”, or empty them."),
            )
        data |= {"no_fee": charges == NONE, "items": items}

    def _item(self, kind: FeeKind, data: dict[str, Any]) -> dict[str, Any] | None:
        price, quantity = data.pop(f"price_{kind.pk}", None), data.pop(f"quantity_{kind.pk}", None)
        if not price and not quantity:
            return None
        for name, value in ((f"price_{kind.pk}", price), (f"quantity_{kind.pk}", quantity)):
            if not value and name not in self.errors:
                self.add_error(name, gettext("Price and quantity belong together; enter both."))
        return {"kind": kind, "unit_price": price, "quantity": quantity}


class PaymentForm(ActForm, forms.ModelForm):
    """Money received: exactly what is due."""

    payer = PartyField(_("Payer"), required=False)

    class Meta:
        model = Payment
        fields = ("amount", "receipt_no", "payer", "paid_date")

    def first_values(self) -> Mapping[str, Any]:
        """What is due."""
        return {"amount": self.application.unpaid(), "paid_date": timezone.localdate()}

    def prepare(self) -> None:
        """Whoever is named on the case may pay."""
        field: Any = self.fields["payer"]
        field.queryset = self.application.parties.select_related("person")
        if not self.application.unpaid():
            self.fields["amount"].help_text = _("Nothing is due: record 0.")

    def look(self, data: dict[str, Any]) -> None:
        """Due is due; money comes with a receipt and from somebody."""
        amount, due = data.get("amount"), self.application.unpaid()
        if amount is not None and amount != due:
            sentence = gettext("Due is ￥%(due)s; the payment has to be exactly that.") % {
                "due": f"{due:,.2f}"
            }
            self.add_error("amount", sentence)
        if amount and not data.get("receipt_no"):
            self.add_error("receipt_no", gettext("Enter the number printed on the receipt."))
        if amount and not data.get("payer"):
            self.add_error("payer", gettext("Choose who paid."))
        not_in_the_future(self, data, ["paid_date"])


class PaidField(forms.ModelChoiceField):
    """A payment, by receipt and amount."""

    def label_from_instance(self, obj: Any) -> str:
        """Receipt, amount, what is left of it."""
        return gettext("Receipt %(receipt)s · ￥%(amount)s · ￥%(left)s left") % {
            "receipt": obj.receipt_no, "amount": f"{obj.amount:,.2f}", "left": f"{left_of(obj):,.2f}",
        }  # fmt: skip


class RefundForm(ActForm, forms.ModelForm):
    """退费: from which payment, how much, why; confirmed by a second person on the spot."""

    payment = PaidField(label=_("Which payment"), queryset=Payment.objects.none(), empty_label=None)
    note = forms.CharField(
        label=_("In your own words"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    approved_by = PersonField(_("Second person"))
    approver_password = forms.CharField(
        label=_("Second person's password"), widget=forms.PasswordInput, strip=False,
        help_text=_("The second person enters it here themself."),
    )  # fmt: skip

    class Meta:
        model = Refund
        fields = (
            "payment", "amount", "reason", "note", "voucher_no", "refunded_date", "approved_by", "approver_password",
        )  # fmt: skip
        error_messages = {"voucher_no": {"required": _("Enter the number of the refund voucher.")}}

    def first_values(self) -> Mapping[str, Any]:
        """All of the payment last made."""
        last = self.application.payments.filter(amount__gt=0).order_by("-recorded_at").first()
        values: dict[str, Any] = {"refunded_date": timezone.localdate()}
        return values | ({"payment": last.pk, "amount": left_of(last)} if last else {})

    def prepare(self) -> None:
        """Payments of something, and who may approve."""
        paid: Any = self.fields["payment"]
        paid.queryset = self.application.payments.filter(amount__gt=0).order_by("-recorded_at")
        second: Any = self.fields["approved_by"]
        second.queryset = officers_near(self.application.case.office, APPROVERS).exclude(pk=self.user.pk)

    def look(self, data: dict[str, Any]) -> None:
        """Not more than is there, not before it was paid; a mistake is told in words."""
        not_in_the_future(self, data, ["refunded_date"])
        payment, amount = data.get("payment"), data.get("amount")
        if payment and amount is not None and not 0 < amount <= left_of(payment):
            self.add_error("amount", more_than_paid(left_of(payment)))
        if (
            payment
            and payment.paid_date
            and data.get("refunded_date")
            and data["refunded_date"] < payment.paid_date
        ):
            self.add_error("refunded_date", gettext("It can't be given back before it was paid."))
        if data.get("reason") == RefundReason.MISTAKE and not data.get("note"):
            self.add_error("note", gettext("Write in a sentence what the mistake was."))
