"""What a category asks beyond the usual: sections of fields for the counter's page and for the online form alike, and what they mean."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.categories import Category
from applications.fields import CapacityField, PhoneField, compact
from applications.models import (
    ChangeReason,
    Current,
    EstateConsent,
    Export,
    Filer,
    Roof,
    Space,
    TemporaryPurpose,
)
from applications.numbers import why_not_credit_code, why_not_resident_id
from applications.services.particulars import Details, FormerHolder, why_not_so

LOW, HIGH = "0.4", "10"
VOLTAGES = [(LOW, _("220 or 380 volts")), (HIGH, _("10 kV")), ("35", _("35 kV"))]
ACCOUNT_NO = re.compile(r"\d{6,20}")
KINDS = [("person", _("Person")), ("organisation", _("Organisation"))]
Fields = dict[str, forms.Field]
Told = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Section:
    """Fields of one concern; `look` compares them, `tell` says what they mean to the services."""

    fields: Callable[[Category], Fields]
    look: Callable[[forms.Form, dict[str, Any]], None]
    tell: Callable[[Category, Mapping[str, Any]], Told]


def _choice(label: Any, choices: Any, **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, **more)


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more
    )


# --- PV -------------------------------------------------------------------------------------------------------


def _pv_fields(category: Category) -> Fields:
    fields: Fields = {
        "export": _choice(_("What becomes of the power?"), Export.choices, widget=forms.RadioSelect),
        "roof": _choice(_("Whose roof is it?"), Roof.choices),
    }
    if category.supply_class == "pv_other":
        fields["voltage"] = _choice(_("Connected at"), VOLTAGES[:2])
        fields["filing_no"] = forms.CharField(
            label=_("Filing number"), max_length=60, required=False, help_text=_("If it has been filed already; else before power is on.")
        )  # fmt: skip
    return fields


def _pv_tells(category: Category, data: Mapping[str, Any]) -> Told:
    filer = Filer.OWNER if category.supply_class == "pv_other" else Filer.GRID
    row = {
        "export": data["export"],
        "roof": data["roof"],
        "filer": filer,
        "filing_no": data.get("filing_no", ""),
    }
    return {"pv": row, "voltage": data.get("voltage", LOW)}


# --- charging -------------------------------------------------------------------------------------------------


def _charging_fields(category: Category) -> Fields:
    station, private = (
        category.supply_class == "charging_station",
        category.supply_class == "charging_private",
    )
    fields: Fields = {
        "piles": forms.IntegerField(
            label=_("Number of piles"), min_value=1, max_value=2000, initial=1 if private else None
        ),
        "pile_kw": CapacityField(
            label=_("Power of a pile"),
            max_value=2000,
            help_text=_("In kW, as on its plate; usually 7 at home."),
        ),
        "current": _choice(_("AC or DC"), Current.choices, initial=Current.AC if private else Current.DC),
    }
    if station:
        fields["voltage"] = _choice(_("Supplied at"), VOLTAGES[:2])
    else:
        fields["estate_consent"] = _choice(_("Consent of the property manager"), EstateConsent.choices)
    if private:
        fields["space"] = _choice(_("Parking space"), [c for c in Space.choices if c[0] != Space.SITE])
        fields["space_no"] = forms.CharField(label=_("Number of the parking space"), max_length=40)
        fields["protection"] = forms.CharField(
            label=_("Degree of protection"), max_length=8, required=False, help_text=_("If you know it, for example IP54.")
        )  # fmt: skip
    return fields


def _charging_tells(category: Category, data: Mapping[str, Any]) -> Told:
    row = {name: data[name] for name in ("piles", "pile_kw", "current")} | {
        "space": data.get("space") or Space.SITE, "space_no": data.get("space_no", ""), "protection": data.get("protection", ""),
        "estate_consent": data.get("estate_consent") or EstateConsent.NONE_NEEDED,
    }  # fmt: skip
    return {"charging": row, "voltage": data.get("voltage", LOW)}


# --- temporary ------------------------------------------------------------------------------------------------


def _temporary_fields(_category: Category) -> Fields:
    return {
        "purpose": _choice(_("What it is for"), TemporaryPurpose.choices),
        "from_date": _day(_("Wanted from"), initial=timezone.localdate),
        "until_date": _day(_("Ends on"), help_text=_("It can be renewed before it ends.")),
    }


def _temporary_fits(form: forms.Form, data: dict[str, Any]) -> None:
    if (day := data.get("until_date")) and day < timezone.localdate():
        form.add_error("until_date", gettext("This day has passed; choose today or a later one."))


def _temporary_tells(_category: Category, data: Mapping[str, Any]) -> Told:
    return {"temporary": {name: data[name] for name in ("purpose", "from_date", "until_date")}}


# --- changes --------------------------------------------------------------------------------------------------


def _account_fields(category: Category) -> Fields:
    return {
        "account_no": forms.CharField(
            label=_("Account number"), max_length=24, widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            help_text=_("On every bill; digits only."),
        ),
        "previous_capacity": CapacityField(
            label=_("Capacity today"), required=category.sized, help_text=_("In %(unit)s, as in the contract.") % {"unit": category.unit}
        ),
    }  # fmt: skip


def _account_fits(form: forms.Form, data: dict[str, Any]) -> None:
    if number := data.get("account_no"):
        data["account_no"] = compact(number)
        if not ACCOUNT_NO.fullmatch(data["account_no"]):
            form.add_error("account_no", gettext("An account number has digits only; copy it from the bill."))


def _account_tells(_category: Category, data: Mapping[str, Any]) -> Told:
    return {"change": {name: data.get(name) for name in ("account_no", "previous_capacity")}}


def _former_fields(category: Category) -> Fields:
    reasons = [
        c
        for c in ChangeReason.choices
        if (c[0] in _NEW_NAME) is (category.business_type == "rename") or c[0] == ChangeReason.OTHER
    ]
    return {
        "change_reason": _choice(_("Reason of the change"), reasons),
        "former_kind": _choice(_("The former holder is"), KINDS, widget=forms.RadioSelect, initial="person"),
        "former_name": forms.CharField(label=_("Name of the former holder, as on the bill"), max_length=100),
        "former_id_number": forms.CharField(
            label=_("ID number or credit code of the former holder"), max_length=24, widget=forms.TextInput(attrs={"autocomplete": "off"})
        ),
        "former_phone": PhoneField(label=_("Mobile number of the former holder"), required=False),
    }  # fmt: skip


_NEW_NAME = {ChangeReason.RENAMED, ChangeReason.MISTAKE}


def _former_fits(form: forms.Form, data: dict[str, Any]) -> None:
    if number := data.get("former_id_number"):
        data["former_id_number"] = compact(number)
        why = why_not_resident_id if data.get("former_kind") == "person" else why_not_credit_code
        if sentence := why(data["former_id_number"]):
            form.add_error("former_id_number", sentence)


def _former_tells(_category: Category, data: Mapping[str, Any]) -> Told:
    person = data["former_kind"] == "person"
    former = FormerHolder(
        name=data["former_name"], id_number=data["former_id_number"], id_kind="ric" if person else "uscc", kind=data["former_kind"],
        phone=data.get("former_phone", ""),
    )  # fmt: skip
    return {"former": former, "change": {"reason": data["change_reason"]}}


def _move_fields(_category: Category) -> Fields:
    return {
        "wish": forms.CharField(
            label=_("Where the meter is to hang"), max_length=200,
            help_text=_("Another place of the same premises; another address is a new supply."),
        )
    }  # fmt: skip


def _voltage_fields(category: Category) -> Fields:
    to_low = category.supply_class == "lv_other"
    today = VOLTAGES[1:] if to_low else VOLTAGES
    return {
        "previous_voltage": _choice(_("Voltage today"), today),
        "voltage": _choice(_("Voltage wanted"), VOLTAGES[:1] if to_low else VOLTAGES[1:]),
    }


def _voltage_fits(form: forms.Form, data: dict[str, Any]) -> None:
    if data.get("voltage") and data.get("voltage") == data.get("previous_voltage"):
        form.add_error(
            "voltage", gettext("This is the voltage today; choose another one, or apply for more capacity.")
        )


def _voltage_tells(_category: Category, data: Mapping[str, Any]) -> Told:
    return {"change": {"previous_voltage": data["previous_voltage"]}, "voltage": data["voltage"]}


def _nothing(_form: forms.Form, _data: dict[str, Any]) -> None:
    """Nothing to compare."""


SECTIONS: dict[str, Section] = {
    "pv": Section(_pv_fields, _nothing, _pv_tells),
    "charging": Section(_charging_fields, _nothing, _charging_tells),
    "temporary": Section(_temporary_fields, _temporary_fits, _temporary_tells),
    "account": Section(_account_fields, _account_fits, _account_tells),
    "former": Section(_former_fields, _former_fits, _former_tells),
    "move": Section(_move_fields, _nothing, lambda _c, data: {"change": {"wish": data["wish"]}}),
    "voltage": Section(_voltage_fields, _voltage_fits, _voltage_tells),
}


def section_fields(category: Category) -> Fields:
    """All fields the category adds, in order."""
    found: Fields = {}
    for name in category.sections:
        found |= SECTIONS[name].fields(category)
    return found


def look_at(form: forms.Form, category: Category, data: dict[str, Any]) -> None:
    """Compare what was typed in each section."""
    for name in category.sections:
        SECTIONS[name].look(form, data)


def details_of(category: Category, data: Mapping[str, Any]) -> Details:
    """What complete answers mean to the services."""
    told: Told = {}
    for name in category.sections:
        for key, value in SECTIONS[name].tell(category, data).items():
            told[key] = {**told[key], **value} if isinstance(told.get(key), dict) else value
    return Details(**told)


def capacity_of(category: Category, data: Mapping[str, Any]) -> Any:
    """The capacity applied for; where a change leaves it as it is, today's."""
    return data.get("capacity") if category.sized else data.get("previous_capacity")


def refuse(form: forms.Form, category: Category, data: dict[str, Any]) -> None:
    """The services' own sentence on the whole of it, beside the field it is about."""
    if form.errors:
        return
    if sentence := why_not_so(category.code, capacity_of(category, data), details_of(category, data)):
        field = next((name for name in ("until_date", "capacity", "account_no") if name in form.fields), None)
        form.add_error(field, sentence)
