"""The steps of an online application, one thing a page; what they come to together is steps.py."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.categories import EITHER, ORGANISATION, PERSON, Category
from applications.forms.intake import (
    ApplyLoadForm,
    ApplyOrganisationForm,
    ApplyPersonForm,
    ApplyPlaceForm,
    EchoForm,
    HiddenHandles,
    SelfRegisterForm,
)
from applications.forms.sections import look_at, refuse, section_fields
from applications.forms.usages import asks_usage, usual_usage
from applications.models import BusinessType
from applications.services.drafts import Echo
from applications.uploads import ACCEPT, MAX_BYTES
from staff.models import Office

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

    def __init__(self, *args: Any, category: Category, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "account" in category.sections:
            self.fields["address"].label = _("Address of the supply, as on the bill")
            del self.fields["owner_is_applicant"]
            if category.business_type != BusinessType.TRANSFER:
                del self.fields["title_kind"]
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

    def __init__(self, *args: Any, category: Category, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        yes, no = _("Yes, I am"), _("No, I apply for somebody else")
        if category.applicant != EITHER:
            del self.fields["kind"]
        if category.applicant == ORGANISATION:
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


class DetailsForm(forms.Form):
    """What the category asks beyond the usual. Where it asks for no capacity, the whole of it is judged here."""

    def __init__(self, *args: Any, category: Category, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.category = category
        self.fields |= section_fields(category)
        speak(self)

    def clean(self) -> dict[str, Any]:
        """The answers fit each other."""
        data = super().clean() or {}
        look_at(self, self.category, data)
        if not self.category.sized:
            refuse(self, self.category, data)
        return data


class LoadForm(ApplyLoadForm):
    """What for and how much, in the category's unit; it fits what was said before (`said`: the details' answers, once complete)."""

    def __init__(
        self, *args: Any, category: Category, said: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.category, self.said = category, said
        if category.supply_class.startswith("pv"):
            self.fields["capacity"].label = _("Power of the plant")
            self.fields["capacity"].help_text = _("In kWp: what all modules together are rated at.")
        elif category.unit == "kVA":
            self.fields["capacity"].help_text = _(
                "In kVA: the transformers' capacity. We help at the survey."
            )
        if asks_usage(category):
            self.initial.setdefault("usage", usual_usage(category))
        else:
            del self.fields["usage"]
        speak(self)

    def clean(self) -> dict[str, Any]:
        """With the details it makes an application."""
        data = super().clean() or {}
        if self.said is not None and not self.errors:
            refuse(self, self.category, {**self.said, **data})
        return data

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
