"""Forms of what is said about a version of the scheme: countersigned, replied, agreed, objected to, revised."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.forms.act import ActForm, fill_parties
from applications.forms.fields import PartyField
from applications.models import Cause, DeliveryMethod
from applications.selectors.facts import latest_scheme


class CountersignForm(ActForm):
    """会签: agreed, with an opinion if there is one."""

    opinion = forms.CharField(
        label=_("Opinion"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class ReturnSchemeForm(ActForm):
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
    """The customer agrees."""


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
