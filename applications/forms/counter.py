"""The whole application on one page, for the counter: a person or an organisation, where, what for, how much, and what the category adds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.categories import BY_CODE, CATEGORIES, EITHER, ORGANISATION, Category, grouped, of_rough
from applications.fields import CapacityField, PhoneField, compact
from applications.forms.act import speak
from applications.forms.intake import TITLE_KINDS, USAGES, HiddenHandles
from applications.forms.sections import capacity_of, details_of, look_at, refuse, section_fields
from applications.forms.usages import asks_usage, usual_usage
from applications.models import OutsideField
from applications.numbers import why_not_credit_code, why_not_resident_id
from applications.services.filing import Particulars
from staff.formats import table_moment
from workflow.models import Contact

AT_THE_END = ("echo_date", "shown", "key", "version")
OUTSIDE = frozenset({"phone", "name", "address", "category"})
"""What a contact that came from another system answers already."""


class CounterApplicationForm(HiddenHandles):
    """Asks what the category needs and nothing else. `shown` is the category the page was made for: another one chosen needs another page."""

    category = forms.ChoiceField(label=_("Category"))
    shown = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
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
    capacity = CapacityField(label=_("Capacity wanted"))
    echo_date = forms.DateField(
        label=_("The customer says: first asked for power on"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Ask the customer. Leave empty if today is the first time."),
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        contact: Contact | None = None,
        outside: Mapping[str, OutsideField] | None = None,
        **kwargs: Any,
    ) -> None:
        self.exact = contact is not None and contact.category in BY_CODE
        if contact is not None:
            kwargs["initial"] = {
                "phone": contact.person.phone, "name": contact.person.name, "address": contact.place, "category": likely(contact.category),
                **(kwargs.get("initial") or {}),
            }  # fmt: skip
        super().__init__(*args, **kwargs)
        self.chosen = BY_CODE.get(str(self["category"].value() or ""), CATEGORIES[0])
        self._fit(self.chosen)
        for field in self.fields.values():
            speak(field)
        self.from_outside = self._not_asked_again(outside or {})

    def _not_asked_again(self, outside: Mapping[str, OutsideField]) -> list[str]:
        """What another system gave is shown as that and can't be typed over; a category only where it is exact."""
        locked = []
        for said, given in outside.items():
            name = "address" if said == "place" else said
            if name not in OUTSIDE or not self.initial.get(name):
                continue
            if name == "category" and not self.exact:
                continue
            self.fields[name].disabled = True
            self.fields[name].help_text = _("From %(system)s, %(moment)s") % {
                "system": given.system, "moment": table_moment(given.received_at),
            }  # fmt: skip
            locked.append(name)
        return locked

    def _fit(self, category: Category) -> None:
        """The fields of this category, in the order they are asked at the counter."""
        chosen: Any = self.fields["category"]
        chosen.choices = grouped()
        chosen.widget.attrs |= {
            "hx-post": "",
            "hx-target": "closest form",
            "hx-select": "#application",
            "hx-swap": "outerHTML",
        }
        self.initial = {
            **self.initial,
            "category": category.code,
            "shown": category.code,
            "usage": self.initial.get("usage", usual_usage(category)),
        }
        if category.applicant != EITHER:
            del self.fields["kind"]
        if not asks_usage(category):
            del self.fields["usage"]
        if category.sized:
            self.fields["capacity"].help_text = _("In %(unit)s.") % {"unit": category.unit}
        else:
            del self.fields["capacity"]
        if category.sections:
            self.fields |= section_fields(category)
        self.order_fields([name for name in self.fields if name not in AT_THE_END])

    @property
    def changed_category(self) -> bool:
        """Whether another category was chosen than the page was made for: nothing is judged, its fields are shown first."""
        shown = self.data.get("shown", "")
        return bool(shown) and shown != self.data.get("category", shown)

    def clean(self) -> dict[str, Any]:
        """The number fits the kind of applicant; the category's own answers fit each other."""
        data = super().clean() or {}
        if self.chosen.applicant != EITHER:
            data["kind"] = self.chosen.applicant
        if number := compact(data.get("id_number") or ""):
            data["id_number"] = number
            why = (why_not_credit_code if data.get("kind") == ORGANISATION else why_not_resident_id)(number)
            if why:
                self.add_error("id_number", why)
        look_at(self, self.chosen, data)
        refuse(self, self.chosen, data)
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
        data, category = self.cleaned_data, self.chosen
        return {
            "business_type": category.business_type, "supply_class": category.supply_class, "capacity": capacity_of(category, data),
            "usage": data.get("usage") or usual_usage(category), "details": details_of(category, data), "echo_date": data["echo_date"],
        }  # fmt: skip


def likely(code: str) -> str:
    """The category a contact is most likely about: its own, or the first under its rough kind."""
    if code in BY_CODE:
        return code
    under = of_rough(code)
    return under[0].code if under else CATEGORIES[0].code
