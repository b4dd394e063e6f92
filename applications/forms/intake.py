"""Forms from the first contact to acceptance. They check shape and say what to do; they never save."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.fields import CapacityField, CreditCodeField, MomentField, PhoneField, ResidentIdField
from workflow.models import Purpose

CATEGORIES = [
    ("", _("Not sure yet")),
    ("new_supply.residential", _("Home")),
    ("new_supply.lv_other", _("Shop or small business")),
    ("new_supply.hv_single", _("Factory, large customer (high voltage)")),
    ("rooftop_pv", _("Rooftop solar")),
    ("charging", _("Charging point")),
    ("temporary", _("Temporary supply")),
    ("alteration", _("More capacity, changes")),
]
"""What can be asked for. Those without a dot are registered and handled by hand: no route of theirs is online yet."""

USAGES = [
    ("residential", _("Residential living")),
    ("commercial", _("Commercial and other")),
    ("industrial", _("Industrial")),
    ("agricultural", _("Agricultural production")),
]
TITLE_KINDS = [
    ("deed", _("Property deed")),
    ("purchase", _("Filed purchase contract")),
    ("land_permit", _("Land and planning approval")),
    ("village", _("Village or town certificate")),
    ("lease", _("Lease and the owner's consent")),
    ("unclear", _("Not clear yet")),
]


class HiddenHandles(forms.Form):
    """What a form carries along: an idempotency key, and the version of what was shown."""

    key = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class ContactForm(HiddenHandles):
    """Three fields, ten seconds: phone, need, place. Everything else later."""

    phone = PhoneField(label=_("Phone"), help_text=_("The receipt goes to this number."))
    need = forms.CharField(
        label=_("What do they want?"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    place = forms.CharField(
        label=_("Where?"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    name = forms.CharField(label=_("Name"), max_length=60, required=False)
    category = forms.ChoiceField(label=_("Category"), choices=CATEGORIES, required=False)
    channel = forms.ChoiceField(label=_("Channel"), choices=[("hall", "hall")], initial="hall")
    purpose = forms.ChoiceField(label=_("Purpose"), choices=Purpose.choices, initial=Purpose.CONNECTION)
    papers_left = forms.BooleanField(label=_("Papers were left"), required=False)
    papers = forms.CharField(label=_("Which papers"), max_length=200, required=False)
    occurred_at = MomentField(label=_("When they came or called"))

    def __init__(self, *args: Any, channels: list[tuple[str, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if channels:
            self.fields["channel"].choices = channels  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Papers left are named: the receipt lists them."""
        data = super().clean() or {}
        if data.get("papers_left") and not data.get("papers"):
            self.add_error("papers", _("Write which papers were left; the receipt lists them."))
        return data


class SelfRegisterForm(HiddenHandles):
    """登记我来过: without staff, without sign-in, in twenty seconds."""

    phone = PhoneField(
        label=_("Your mobile number"), help_text=_("We send the receipt here and call you back.")
    )
    need = forms.CharField(label=_("What do you need?"), max_length=200)
    place = forms.CharField(label=_("Where is the power wanted?"), max_length=200)
    name = forms.CharField(label=_("What may we call you?"), max_length=60, required=False)


class ApplyPlaceForm(forms.Form):
    """Where."""

    address = forms.CharField(
        label=_("Address where power is wanted"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    title_kind = forms.ChoiceField(
        label=_("What shows that the premises are yours or rented?"), choices=TITLE_KINDS
    )
    owner_is_applicant = forms.TypedChoiceField(
        label=_("Do the premises belong to the applicant?"), choices=[("yes", _("Yes")), ("no", _("No, rented or borrowed"))],
        coerce=lambda v: v == "yes", widget=forms.RadioSelect, initial="yes",
    )  # fmt: skip


class ApplyPersonForm(forms.Form):
    """Who: a person."""

    name = forms.CharField(
        label=_("Name as on the ID card"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    id_number = ResidentIdField(label=_("ID number"), help_text=_("Encrypted; shown masked to the clerk."))
    phone = PhoneField(label=_("Mobile number"))


class ApplyOrganisationForm(forms.Form):
    """Who: an organisation, and the person who acts for it."""

    name = forms.CharField(label=_("Name as on the licence"), max_length=100)
    id_number = CreditCodeField(label=_("Unified social credit code"))
    agent_name = forms.CharField(label=_("Contact person"), max_length=60)
    phone = PhoneField(label=_("Contact person's mobile number"))


class ApplyLoadForm(forms.Form):
    """What for and how much."""

    usage = forms.ChoiceField(label=_("What is the power for?"), choices=USAGES)
    capacity = CapacityField(
        label=_("Capacity wanted"),
        help_text=_("In kW; add up what will run at the same time. We help at the survey."),
    )
    wanted_by_date = forms.DateField(
        label=_("Wanted by"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )


class EchoForm(HiddenHandles):
    """您最早是哪天提出用电的？"""

    answer = forms.ChoiceField(
        label=_("When did you first ask for power?"),
        choices=[("today", _("Today")), ("earlier", _("Earlier"))],
        widget=forms.RadioSelect,
    )
    earlier_date = forms.DateField(
        label=_("On which day?"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    whom = forms.CharField(label=_("Whom did you ask?"), max_length=60, required=False)
    where = forms.CharField(label=_("Where?"), max_length=100, required=False)

    def clean(self) -> dict[str, Any]:
        """An earlier time needs its day."""
        data = super().clean() or {}
        if (
            data.get("answer") == "earlier"
            and not data.get("earlier_date")
            and "earlier_date" not in self.errors
        ):
            self.add_error("earlier_date", _("Enter the day; an approximate one will do."))
        return data
