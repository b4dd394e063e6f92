"""The steps of an online application, one thing a page, and what their answers mean to the services once all are there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.forms.intake import (
    ApplyLoadForm,
    ApplyOrganisationForm,
    ApplyPersonForm,
    ApplyPlaceForm,
    EchoForm,
    HiddenHandles,
    SelfRegisterForm,
)
from applications.models import SupplyClass
from applications.services.drafts import Echo, Filled
from applications.services.filing import Particulars
from applications.uploads import ACCEPT, MAX_BYTES
from staff.models import Office, User
from workflow.services.contacts import FirstContact
from workflow.subjects import category_matching

FORM_STEPS = ("place", "who", "applicant", "load")
PERSON, ORGANISATION = "person", "organisation"
NOON = dt.time(12)

REQUIRED = {
    "address": _("Enter the address where power is wanted: street, number, room."),
    "title_kind": _("Choose one of the list; “Not clear yet” is an answer too."),
    "owner_is_applicant": _("Answer yes or no."),
    "office": _("Choose the nearest station, or “I don't know”."),
    "kind": _("Choose who applies."),
    "by_agent": _("Choose one of the two."),
    "name": _("Enter the name."),
    "id_number": _("Enter the number."),
    "agent_name": _("Enter the name of the person who deals with this."),
    "phone": _("Enter the mobile number."),
    "usage": _("Choose what the power is for."),
    "capacity": _("Enter a number; a rough one will do, we check it with you."),
    "need": _("Write in a few words what you need, for example: power for a shop, 30 kW."),
    "place": _("Write where: village, street, number."),
    "answer": _("Choose one of the two."),
}


def speak(form: forms.Form) -> None:
    """Give every field a sentence for what is missing or can't be read."""
    for name, field in form.fields.items():
        if name in REQUIRED:
            field.error_messages["required"] = REQUIRED[name]
        if isinstance(field, forms.CharField) and field.max_length:
            for validator in field.validators:
                if getattr(validator, "code", "") == "max_length":
                    validator.message = _("At most %(limit_value)d characters; there are %(show_value)d.")  # type: ignore[attr-defined]
        if isinstance(field, forms.DecimalField):
            field.error_messages |= NUMBER
        if isinstance(field, forms.DateField):
            field.error_messages["invalid"] = _("This is no day. Write it like 2026-11-24.")
        if isinstance(field, forms.ChoiceField):
            field.error_messages["invalid_choice"] = _("This is not on the list; choose one that is.")


NUMBER = {
    "invalid": _("This is no number. Write digits, for example 12."),
    "max_digits": _("At most %(max)s digits altogether."),
    "max_whole_digits": _("At most %(max)s digits before the point."),
    "max_decimal_places": _("At most one digit after the point."),
}


class ContactPublicForm(SelfRegisterForm):
    """登记我来过, with where the code was scanned."""

    office = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)
    via = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)
    category = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        speak(self)


class PlaceForm(ApplyPlaceForm):
    """Where, and which station is near: it does the work."""

    office = forms.ChoiceField(label=_("Nearest supply station"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stations = Office.objects.filter(kind=Office.Kind.STATION)
        self.fields["office"].choices = [("", _("I don't know")), *((s.code, s.name) for s in stations)]  # type: ignore[attr-defined]
        speak(self)


class WhoForm(forms.Form):
    """Who applies, and whether somebody does it for them."""

    kind = forms.ChoiceField(
        label=_("Who applies?"), choices=[(PERSON, _("A person")), (ORGANISATION, _("A firm or organisation"))],
        widget=forms.RadioSelect,
    )  # fmt: skip
    by_agent = forms.ChoiceField(label=_("Are you the applicant?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, category: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        supply_class = category_matching(category).get("supply_class")
        yes, no = _("Yes, I am"), _("No, I apply for somebody else")
        if supply_class != SupplyClass.LV_OTHER:
            del self.fields["kind"]
        if supply_class == SupplyClass.HV_SINGLE:
            yes, no = _("Yes, I am the legal representative"), _("No, I am authorised by the firm")
        self.fields["by_agent"].choices = [("no", yes), ("yes", no)]  # type: ignore[attr-defined]
        speak(self)


class PersonForm(ApplyPersonForm):
    """A person; the phone is the one signed in with, unless somebody else applies for them."""

    agent_name = forms.CharField(label=_("Your own name"), max_length=60)

    def __init__(self, *args: Any, by_agent: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if by_agent:
            self.fields["name"].label = _("The applicant's name as on the ID card")
            self.fields["id_number"].label = _("The applicant's ID number")
            self.fields["phone"].label = _("The applicant's mobile number")
            self.fields["phone"].help_text = _("Receipts go to both of you.")
        else:
            del self.fields["phone"], self.fields["agent_name"]
        speak(self)


class OrganisationForm(ApplyOrganisationForm):
    """An organisation, and who deals with it; the phone is the one signed in with."""

    def __init__(self, *args: Any, by_agent: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["phone"]
        if not by_agent:
            self.fields["agent_name"].label = _("Your name (legal representative)")
        speak(self)


class LoadForm(ApplyLoadForm):
    """What for and how much; kVA at high voltage."""

    def __init__(self, *args: Any, category: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        supply_class = str(category_matching(category).get("supply_class", ""))
        if supply_class.startswith("hv"):
            self.fields["capacity"].help_text = _(
                "In kVA: the transformers' capacity. We help at the survey."
            )
        usual = {
            SupplyClass.RESIDENTIAL: "residential",
            SupplyClass.LV_OTHER: "commercial",
            SupplyClass.HV_SINGLE: "industrial",
        }
        self.initial.setdefault("usage", usual.get(supply_class, ""))  # type: ignore[call-overload]
        speak(self)

    def clean_wanted_by_date(self) -> dt.date | None:
        """A day to come."""
        day: dt.date | None = self.cleaned_data["wanted_by_date"]
        if day and day < timezone.localdate():
            raise forms.ValidationError(gettext("This day has passed; choose today or a later one."))
        return day


class SendForm(EchoForm):
    """The echo question and the button."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        speak(self)

    def clean_earlier_date(self) -> dt.date | None:
        """A day that has been."""
        day: dt.date | None = self.cleaned_data["earlier_date"]
        if day and day > timezone.localdate():
            raise forms.ValidationError(
                gettext("The day given lies in the future; enter the day power was first asked for.")
            )
        return day

    def echo(self) -> Echo:
        """What was said; the day alone is known, so its noon stands for it."""
        data = self.cleaned_data
        day = data.get("earlier_date")
        if data["answer"] != "earlier" or day is None or day >= timezone.localdate():
            return Echo()
        moment = timezone.make_aware(dt.datetime.combine(day, NOON))
        return Echo(moment, data.get("whom", ""), data.get("where", ""))


class Files(forms.FileInput):
    """Chooses files. What came is taken from the request and looked at by applications.uploads, which has better sentences."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> None:
        """Nothing for the form to judge."""


class ManyFiles(Files):
    """Several at once."""

    allow_multiple_selected = True


class PaperForm(HiddenHandles):
    """Photos or PDF files of one paper. What is in them is looked at by applications.uploads."""

    sheets = forms.Field(
        label=_("Photos or PDF"), required=False,
        widget=ManyFiles(attrs={"accept": ACCEPT, "data-max-bytes": MAX_BYTES}),
    )  # fmt: skip
    camera = forms.Field(
        label=_("Take a photo"), required=False,
        widget=Files(attrs={"accept": "image/*", "capture": "environment", "data-max-bytes": MAX_BYTES}),
    )  # fmt: skip
    consent = forms.BooleanField(
        label=_("I agree that this photo of an identity paper is stored, for this application alone"),
        required=False,
    )

    def __init__(self, *args: Any, identity: bool, agreed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sheets"].widget.attrs["data-kinds"] = gettext("a photo (JPEG, PNG) or a PDF")
        if not identity or agreed:
            del self.fields["consent"]


def form_for(
    step: str, category: str, answers: Mapping[str, Any], data: Mapping[str, Any] | None = None
) -> forms.Form:
    """The form of a step: bound to what was sent, else showing what was typed before."""
    first = {"initial": answers.get(step, {})}
    if step == "place":
        return PlaceForm(data, **first)
    if step == "who":
        return WhoForm(data, category=category, **first)
    if step == "load":
        return LoadForm(data, category=category, **first)
    who = answers.get("who", {})
    return _applicant_form(category, who)(data, by_agent=who.get("by_agent") == "yes", **first)


def _applicant_form(category: str, who: Mapping[str, str]) -> type[PersonForm] | type[OrganisationForm]:
    return OrganisationForm if kind_of(category, who) == ORGANISATION else PersonForm


def kind_of(category: str, who: Mapping[str, str]) -> str:
    """Person or organisation: at home a person, at high voltage an organisation, else as answered."""
    if category.endswith(SupplyClass.HV_SINGLE):
        return ORGANISATION
    return who.get("kind", PERSON) if category.endswith(SupplyClass.LV_OTHER) else PERSON


def raw(form: forms.Form, data: Mapping[str, Any]) -> dict[str, str]:
    """What was typed, as the draft keeps it."""
    return {name: str(data.get(name, ""))[:300] for name in form.fields}


def checked(category: str, answers: Mapping[str, Any]) -> dict[str, forms.Form]:
    """Every step's form, bound to its answers: which of them are complete, and with what."""
    return {step: form_for(step, category, answers, answers.get(step, {})) for step in FORM_STEPS}


def first_gap(forms_: Mapping[str, forms.Form]) -> str | None:
    """The first step that is not complete."""
    return next((step for step, form in forms_.items() if not form.is_valid()), None)


def conditions(category: str, answers: Mapping[str, Any]) -> dict[str, Any]:
    """What the answers say about the checklist's conditions (as applications.checklists.conditions_of says of an application)."""
    place, who = answers.get("place", {}), answers.get("who", {})
    return {
        "by_agent": who.get("by_agent") == "yes",
        "title_proof": "none" if place.get("title_kind") == "village" else "yes",
        "owner_is_applicant": place.get("owner_is_applicant") == "yes",
        "organisation": "company" if kind_of(category, who) == ORGANISATION else "self_employed",
    }


def filled(category: str, answers: Mapping[str, Any], forms_: Mapping[str, forms.Form], user: User) -> Filled:
    """The answers of complete forms. The phone signed in with is the one that made contact."""
    place, applicant, load = (forms_[step].cleaned_data for step in ("place", "applicant", "load"))
    who = answers.get("who", {})
    kind, by_agent, phone = kind_of(category, who), who.get("by_agent") == "yes", user.phone or ""
    organisation = kind == ORGANISATION
    particulars = Particulars(
        name=applicant["name"], phone=applicant.get("phone") or phone, address=place["address"], kind=kind,
        id_kind="uscc" if organisation else "ric", id_number=applicant["id_number"], owner_is_applicant=place["owner_is_applicant"],
        title_kind=place["title_kind"], by_agent=by_agent, agent_name=applicant.get("agent_name", "") if by_agent else "",
        agent_phone=phone if by_agent else "",
    )  # fmt: skip
    first = FirstContact(
        channel="web", phone=phone, name=applicant.get("agent_name") or applicant["name"], place=place["address"], category=category,
        office_code=place.get("office", ""), terminal_class="customer", need=_need(category, load),
    )  # fmt: skip
    supply_class = str(category_matching(category)["supply_class"])
    return Filled(particulars, first, supply_class, load["capacity"], load["usage"], load["wanted_by_date"])


def _need(category: str, load: Mapping[str, Any]) -> str:
    unit = "kVA" if category.endswith(SupplyClass.HV_SINGLE) else "kW"
    return f"{load['capacity'].normalize():f} {unit}"
