"""The whole application on one page, for the counter: a person or an organisation, where, what for, how much."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.fields import CapacityField, PhoneField, compact
from applications.forms.act import speak
from applications.forms.intake import CATEGORIES, TITLE_KINDS, USAGES, HiddenHandles
from applications.numbers import why_not_credit_code, why_not_resident_id
from applications.services.filing import Particulars
from workflow.models import Contact


class CounterApplicationForm(HiddenHandles):
    """Which number is asked for depends on who applies; both are checked to the last digit."""

    category = forms.ChoiceField(label=_("Category"), choices=CATEGORIES[1:])
    kind = forms.ChoiceField(
        label=_("Applicant"),
        choices=[("person", _("Person")), ("organisation", _("Organisation"))],
        widget=forms.RadioSelect,
        initial="person",
    )
    name = forms.CharField(label=_("Name as on ID card or licence"), max_length=100)
    id_number = forms.CharField(
        label=_("ID number or credit code"),
        max_length=24,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    phone = PhoneField(label=_("Mobile number"))
    address = forms.CharField(label=_("Address where power is wanted"), max_length=200)
    title_kind = forms.ChoiceField(
        label=_("What shows that the premises are theirs or rented?"), choices=TITLE_KINDS
    )
    usage = forms.ChoiceField(label=_("What is the power for?"), choices=USAGES)
    capacity = CapacityField(
        label=_("Capacity wanted"), help_text=_("kW at low voltage, kVA at high voltage")
    )
    echo_date = forms.DateField(
        label=_("The customer says: first asked for power on"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Ask the customer. Leave empty if today is the first time."),
    )  # fmt: skip

    def __init__(self, *args: Any, contact: Contact | None = None, **kwargs: Any) -> None:
        if contact is not None:
            kwargs["initial"] = {
                "phone": contact.person.phone, "name": contact.person.name, "address": contact.place, "category": contact.category,
                **(kwargs.get("initial") or {}),
            }  # fmt: skip
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            speak(field)

    def clean(self) -> dict[str, Any]:
        """The number fits the kind of applicant."""
        data = super().clean() or {}
        if number := compact(data.get("id_number") or ""):
            data["id_number"] = number
            why = (why_not_resident_id if data.get("kind") == "person" else why_not_credit_code)(number)
            if why:
                self.add_error("id_number", why)
        if data.get("kind") == "person" and data.get("category") == "new_supply.hv_single":
            self.add_error("kind", _("High voltage is applied for by an organisation."))
        return data

    def particulars(self) -> Particulars:
        """What it says about people and place."""
        data = self.cleaned_data
        return Particulars(
            name=data["name"], phone=data["phone"], address=data["address"], kind=data["kind"], id_number=data["id_number"],
            id_kind="ric" if data["kind"] == "person" else "uscc", title_kind=data["title_kind"],
            owner_is_applicant=data["title_kind"] != "lease",
        )  # fmt: skip

    def load(self) -> dict[str, Any]:
        """What is applied for."""
        data = self.cleaned_data
        return {
            "supply_class": data["category"].partition(".")[2], "capacity": data["capacity"], "usage": data["usage"],
            "echo_date": data["echo_date"],
        }  # fmt: skip
