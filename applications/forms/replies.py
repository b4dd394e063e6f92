"""Forms of what is said about a version of the scheme: countersigned, replied, agreed, objected to, revised."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.forms.act import ActForm, fill_papers, fill_parties
from applications.forms.fields import PapersField, PartyField
from applications.forms.signing import (
    AT_THE_COUNTER,
    code_field,
    fit_to_signer,
    look_at_proof,
    photo_field,
    provider_field,
)
from applications.models import AgreementMethod, Cause, DeliveryMethod, SchemeOption
from applications.selectors.facts import latest_scheme
from applications.selectors.terms import option_words

AGREE_BY_THEMSELVES = (AgreementMethod.OWN_DEVICE, AgreementMethod.CODE, AgreementMethod.E_SEAL)


class DepartmentForm(ActForm):
    """One department's answer: the form carries along which task it answers, since several are asked beside each other."""

    task = forms.UUIDField(required=False, widget=forms.HiddenInput)


class CountersignForm(DepartmentForm):
    """会签: agreed, with an opinion if there is one."""

    opinion = forms.CharField(
        label=_("Opinion"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class ReturnSchemeForm(DepartmentForm):
    """会签 refused."""

    opinion = forms.CharField(
        label=_("What has to be changed"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write what has to be changed, all of it at once.")},
    )


class ReplyForm(ActForm):
    """The reply notice."""

    method = forms.ChoiceField(
        label=_("How it was delivered"), choices=DeliveryMethod.choices, widget=forms.RadioSelect
    )
    delivered_to = PartyField(_("Delivered to"))

    def prepare(self) -> None:
        """Who can receive it."""
        fill_parties(self, "delivered_to")
        self.fields["occurred_at"].label = _("Delivered when")


class DecisionForm(ActForm):
    """A decision on the version that was shown: its digest travels along."""

    digest = forms.CharField(label=_("Version shown"), widget=forms.HiddenInput)
    party = PartyField(_("Who decides"), help_text=_("Who signed the paper at the counter."))

    def first_values(self) -> Mapping[str, Any]:
        """The version that is shown."""
        scheme = latest_scheme(self.application)
        return {"digest": scheme.digest if scheme else ""}

    def prepare(self) -> None:
        """Who can decide."""
        fill_parties(self, "party")

    def clean_digest(self) -> str:
        """Still the newest version."""
        digest = str(self.cleaned_data["digest"])
        scheme = latest_scheme(self.application)
        if scheme is None or scheme.digest != digest:
            raise forms.ValidationError(
                gettext("There is a newer version of the scheme. Look at it before you decide.")
            )
        return digest


class AgreeForm(DecisionForm):
    """The customer agrees; where two tariffs were compared for this very scheme, to one of them."""

    option = forms.TypedChoiceField(
        label=_("Which option"), coerce=int, empty_value=None, required=False, widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the options compared.")},
    )  # fmt: skip
    way = forms.ChoiceField(
        label=_("How it is signed"), choices=AgreementMethod.choices, required=False, widget=forms.RadioSelect
    )
    provider_ref = provider_field()
    paper = photo_field()
    digits = code_field()

    def look(self, data: dict[str, Any]) -> None:
        """Each way brings its proof; a paper at the counter may be photographed with the others later."""
        super().look(data)
        look_at_proof(self, data, method=data.get("way"), photo_needed=False)

    def prepare(self) -> None:
        """The ways whoever fills it in has, and the options that are drafted; asked where there is a choice."""
        super().prepare()
        fit_to_signer(self, "way", by_themselves=AGREE_BY_THEMSELVES, at_the_counter=AT_THE_COUNTER)
        self.initial.setdefault(
            "way", AgreementMethod.OWN_DEVICE if self.by_customer() else AgreementMethod.COUNTER_PAPER
        )
        options = [option for option in _options(self) if not option.needs_drafting]
        if len(options) > 1:
            field: Any = self.fields["option"]
            field.required = True
            field.choices = [(option.number, option_words(option, option.scheme)) for option in options]
        else:
            del self.fields["option"]


class ChooseOptionForm(DecisionForm):
    """The customer chooses the option that was compared but not drafted."""

    option = forms.TypedChoiceField(label=_("Which option"), coerce=int, widget=forms.RadioSelect)

    def prepare(self) -> None:
        """Options of another voltage or capacity."""
        super().prepare()
        options = [option for option in _options(self) if option.needs_drafting]
        field: Any = self.fields["option"]
        field.choices = [(option.number, option_words(option, option.scheme)) for option in options]
        field.initial = options[0].number if len(options) == 1 else None


def _options(form: ActForm) -> list[SchemeOption]:
    scheme = latest_scheme(form.application)
    return list(scheme.options.select_related("scheme")) if scheme else []


class AnswerObjectionForm(ActForm):
    """The version stays: the reasons, in words for the customer."""

    text = forms.CharField(
        label=_("Why the scheme stays as it is"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The customer reads this beside the version and may object again."),
        error_messages={"required": _("Give the reasons; an objection is not answered by silence.")},
    )


class ObjectForm(DecisionForm):
    """The customer objects."""

    text = forms.CharField(
        label=_("What should be different?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Voltage, capacity, where the line comes from, who pays what …"),
        error_messages={
            "required": _("Write what should be different, so that the scheme can be drafted anew.")
        },
    )


class ReviseForm(ActForm):
    """Why an agreed version is drafted again."""

    cause = forms.ChoiceField(
        label=_("Cause"),
        choices=[choice for choice in Cause.choices if choice[0] != Cause.FIRST],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the reason; the customer gets it in writing.")},
    )
    papers = PapersField(
        _("The customer's request"),
        help_text=_("Needed where the customer is the cause. No clock starts anew by a revision."),
    )

    def prepare(self) -> None:
        """The papers on the case."""
        fill_papers(self, "papers")

    def look(self, data: dict[str, Any]) -> None:
        """What the customer is said to want, the customer has asked for."""
        if data.get("cause") == Cause.CUSTOMER and not data.get("papers"):
            self.add_error(
                "papers",
                gettext(
                    "Upload the customer's request first and tick it here; without it the cause is not the customer."
                ),
            )
