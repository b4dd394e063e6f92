"""Forms of the contract: issue, sign."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.forms.act import ActForm, fill_parties
from applications.forms.fields import PartyField
from applications.forms.signing import (
    AT_THE_COUNTER,
    BY_THEMSELVES,
    code_field,
    fit_to_signer,
    look_at_proof,
    method_field,
    photo_field,
    provider_field,
)
from applications.models import Application, BusinessType, ContractKind, DeliveryMethod, SigningMethod
from applications.selectors.facts import contract_template, latest_contract

HOMES = frozenset({"residential", "charging_private"})


def kinds_for(application: Application) -> tuple[str, ...]:
    """The kinds of contract that fit what is applied for, the usual one first."""
    if application.business_type == BusinessType.TEMPORARY:
        return (ContractKind.TEMPORARY,)
    if application.supply_class.startswith("pv"):
        return (ContractKind.PV,)
    if application.high:
        return (ContractKind.HIGH,)
    both = (ContractKind.RESIDENTIAL, ContractKind.LOW)
    return both if application.supply_class in HOMES else both[::-1]


class IssueContractForm(ActForm):
    """Which contract, to whom, how."""

    kind = forms.ChoiceField(label=_("Kind of contract"), choices=ContractKind.choices)
    issued_to = PartyField(_("Issued to"))
    method = forms.ChoiceField(
        label=_("How it was issued"), choices=DeliveryMethod.choices, widget=forms.RadioSelect
    )

    def first_values(self) -> Mapping[str, Any]:
        """The kind that belongs to the class of supply."""
        return {"kind": kinds_for(self.application)[0]}

    def prepare(self) -> None:
        """Who can receive it."""
        fill_parties(self, "issued_to")

    def clean_kind(self) -> str:
        """A kind that fits the class and has a wording."""
        kind = str(self.cleaned_data["kind"])
        if kind not in kinds_for(self.application):
            raise forms.ValidationError(
                gettext("This kind of contract does not fit the supply applied for; choose another.")
            )
        if contract_template(kind) is None:
            raise forms.ValidationError(
                gettext("No wording is in force for this kind of contract; ask an administrator.")
            )
        return kind


class SignContractForm(ActForm):
    """A signature under the text shown."""

    digest = forms.CharField(label=_("Version shown"), widget=forms.HiddenInput)
    party = PartyField(_("Who signs"))
    method = method_field()
    provider_ref = provider_field()
    paper = photo_field()
    digits = code_field()

    def first_values(self) -> Mapping[str, Any]:
        """The text that is shown."""
        contract = latest_contract(self.application)
        return {"digest": contract.digest if contract else "", "method": SigningMethod.PAD}

    def prepare(self) -> None:
        """A customer signs on the own device; paper is for the counter."""
        fill_parties(self, "party")
        fit_to_signer(self, by_themselves=BY_THEMSELVES, at_the_counter=AT_THE_COUNTER)

    def clean_digest(self) -> str:
        """Still the newest text."""
        digest = str(self.cleaned_data["digest"])
        contract = latest_contract(self.application)
        if contract is None or contract.digest != digest:
            raise forms.ValidationError(
                gettext("There is a newer text of the contract. Read it before you sign.")
            )
        return digest

    def look(self, data: dict[str, Any]) -> None:
        """Each method brings its proof."""
        look_at_proof(self, data, method=data.get("method"))
