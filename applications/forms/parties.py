"""Forms about the people of a case: parties, authority, verified phones, consents, an unclear title, a look at an ID number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.fields import PhoneField, compact
from applications.forms.act import ActForm, not_in_the_future, not_in_the_past
from applications.forms.fields import PartyField
from applications.forms.signing import PhotoField
from applications.models import (
    ConsentKind,
    Document,
    PartyRole,
    Power,
    RevealReason,
    TitleDecider,
    TitleResult,
    Verification,
)
from applications.numbers import why_not_credit_code, why_not_resident_id
from applications.selectors.facts import paper_names
from applications.selectors.parties import agents_in_force
from applications.uploads import ACCEPT, Unfit, examine

ADDED = (PartyRole.OWNER, PartyRole.USER, PartyRole.PAYER, PartyRole.CONTACT)
"""Agents come with their paper, third parties with their consent, the applicant with the application."""

TAIL = 4


class PaperFields(ActForm):
    """A paper that lies on the case, or its photo taken now: the view receives the file first and puts the row here."""

    paper = PhotoField(
        label=_("A paper that is on the case"), queryset=Document.objects.none(), required=False
    )
    file = forms.FileField(
        label=_("Or its photo or PDF"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
    )

    def prepare(self) -> None:
        """The papers there are."""
        paper: Any = self.fields["paper"]
        paper.queryset = self.application.documents.filter(replaced=False).exclude(sha256="")
        paper.names = paper_names(self.application)

    def clean_file(self) -> UploadedFile | None:
        """Something that can be opened."""
        upload: UploadedFile | None = self.cleaned_data.get("file")
        if upload is None:
            return None
        try:
            self.media_type = examine(upload).media_type
        except Unfit as why:
            raise forms.ValidationError(why.sentence) from why
        return upload

    media_type: str = ""

    def look(self, data: dict[str, Any]) -> None:
        """One of the two."""
        if not data.get("paper") and not data.get("file") and "file" not in self.errors:
            self.add_error(
                "paper", gettext("Choose the paper, or add its photo: without it nothing is proved.")
            )


class AddPartyForm(ActForm):
    """Somebody more: role, name, phone."""

    role = forms.ChoiceField(
        label=_("As what"),
        choices=[(role, PartyRole(role).label) for role in ADDED],
        widget=forms.RadioSelect,
    )
    kind = forms.ChoiceField(
        label=_("Person or organisation"),
        choices=[("person", _("Person")), ("organisation", _("Organisation"))],
    )
    name = forms.CharField(label=_("Name"), max_length=100)
    phone = PhoneField(label=_("Phone"), required=False)
    id_number = forms.CharField(label=_("ID number or credit code"), max_length=24, required=False)

    def look(self, data: dict[str, Any]) -> None:
        """The number fits the kind."""
        if number := compact(data.get("id_number") or ""):
            data["id_number"] = number
            check = why_not_resident_id if data.get("kind") == "person" else why_not_credit_code
            if why := check(number):
                self.add_error("id_number", why)


class AuthorityForm(PaperFields):
    """An agent's authority: who, by which paper, what for, from when to when."""

    agent = PartyField(_("Agent"), required=False, empty_label=_("Somebody not named yet"))
    name = forms.CharField(label=_("Agent's name"), max_length=60, required=False)
    phone = PhoneField(label=_("Agent's phone"), required=False)
    powers = forms.MultipleChoiceField(
        label=_("What for"), choices=Power.choices, widget=forms.CheckboxSelectMultiple, required=False,
        help_text=_("As the paper says; none ticked means that it sets no bounds."),
    )  # fmt: skip
    valid_from_date = forms.DateField(label=_("Valid from"))
    valid_to_date = forms.DateField(
        label=_("Valid to"), required=False,
        help_text=_("After this day the agent sees and does nothing any more. Empty if the paper names no end."),
    )  # fmt: skip

    def first_values(self) -> Mapping[str, Any]:
        """From today on, for the agent there is."""
        agent = self.application.parties.filter(role=PartyRole.AGENT).order_by("-created_at").first()
        return {"valid_from_date": timezone.localdate(), "agent": agent.pk if agent else None}

    def prepare(self) -> None:
        """Agents named before."""
        super().prepare()
        agents: Any = self.fields["agent"]
        agents.queryset = self.application.parties.filter(role=PartyRole.AGENT).select_related("person")
        if not agents.queryset.exists():
            del self.fields["agent"]

    def look(self, data: dict[str, Any]) -> None:
        """Somebody, and an end after the beginning."""
        super().look(data)
        if not data.get("agent"):
            for field in ("name", "phone"):
                if not data.get(field) and field not in self.errors:
                    self.add_error(field, gettext("A new agent needs name and phone."))
        begins, ends = data.get("valid_from_date"), data.get("valid_to_date")
        if begins and ends and ends < begins:
            self.add_error("valid_to_date", gettext("This is before the first day; check both days."))


class EndAuthorityForm(ActForm):
    """Whose authority ends now."""

    agent = PartyField(_("Agent"))

    def prepare(self) -> None:
        """Agents whose authority is in force."""
        agents: Any = self.fields["agent"]
        agents.queryset = agents_in_force(self.application)
        self.initial.setdefault("agent", agents.queryset.values_list("pk", flat=True).first())
        del self.fields["occurred_at"]


class VerifyPhoneForm(ActForm):
    """At the counter: the ID lies there, its end is compared."""

    party = PartyField(_("Whose phone"))
    tail = forms.CharField(
        label=_("Last four characters of the ID shown"), max_length=TAIL, min_length=TAIL,
        help_text=_("Compared with the number on record, where there is one."),
        error_messages={"min_length": _("Enter four characters.")},
    )  # fmt: skip

    def prepare(self) -> None:
        """Parties with a phone."""
        people: Any = self.fields["party"]
        people.queryset = self.application.parties.exclude(person__phone_index="").select_related("person")
        del self.fields["occurred_at"]

    def look(self, data: dict[str, Any]) -> None:
        """The ID is that of the party."""
        party, tail = data.get("party"), compact(data.pop("tail", "") or "")
        if party and party.person.id_number and tail and not party.person.id_number.upper().endswith(tail):
            self.add_error(
                "tail", gettext("This does not fit the ID number on record; check whose ID it is.")
            )
        data["method"] = str(Verification.COUNTER)


class ConsentForm(PaperFields):
    """A third party's consent, bound to its paper."""

    kind = forms.ChoiceField(label=_("As what"), choices=ConsentKind.choices, widget=forms.RadioSelect)
    name = forms.CharField(label=_("Who agrees"), max_length=100)
    phone = PhoneField(label=_("Phone"), required=False)
    given_date = forms.DateField(label=_("Signed on"))

    def look(self, data: dict[str, Any]) -> None:
        """A day that has been."""
        super().look(data)
        not_in_the_future(self, data, ["given_date"])


class QuestionTitleForm(ActForm):
    """产权待明."""

    decider = forms.ChoiceField(
        label=_("Who decides"), choices=TitleDecider.choices, widget=forms.RadioSelect
    )
    until_date = forms.DateField(label=_("Until when"))
    note = forms.CharField(
        label=_("What is not clear"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def look(self, data: dict[str, Any]) -> None:
        """A day to come."""
        not_in_the_past(self, data, ["until_date"])


class SettleTitleForm(ActForm):
    """What was decided."""

    result = forms.ChoiceField(
        label=_("What was decided"), choices=TitleResult.choices, widget=forms.RadioSelect
    )


class RevealForm(forms.Form):
    """What the whole number is looked at for."""

    reason = forms.ChoiceField(
        label=_("What for?"), choices=RevealReason.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you need the whole number for.")},
    )  # fmt: skip
