"""Forms of the contract: issue, sign."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.forms.act import ActForm, fill_parties
from applications.forms.fields import PartyField
from applications.models import ContractKind, DeliveryMethod, Document, SigningMethod
from applications.selectors.facts import contract_template, latest_contract, paper_names

KIND_OF_CLASS = {
    "residential": ContractKind.RESIDENTIAL,
    "lv_other": ContractKind.LOW,
    "hv_single": ContractKind.HIGH,
}


class IssueContractForm(ActForm):
    """Which contract, to whom, how."""

    kind = forms.ChoiceField(label=_("Kind of contract"), choices=ContractKind.choices)
    issued_to = PartyField(_("Issued to"))
    method = forms.ChoiceField(
        label=_("How it was issued"), choices=DeliveryMethod.choices, widget=forms.RadioSelect
    )

    def first_values(self) -> Mapping[str, Any]:
        """The kind that belongs to the class of supply."""
        return {"kind": KIND_OF_CLASS.get(self.application.supply_class, ContractKind.LOW)}

    def prepare(self) -> None:
        """Who can receive it."""
        fill_parties(self, "issued_to")

    def clean_kind(self) -> str:
        """A kind that fits the class and has a wording."""
        kind = str(self.cleaned_data["kind"])
        high = self.application.supply_class.startswith("hv")
        if (kind == ContractKind.HIGH) is not high and kind != ContractKind.TEMPORARY:
            raise forms.ValidationError(
                gettext("This kind of contract does not fit the supply applied for; choose another.")
            )
        if contract_template(kind) is None:
            raise forms.ValidationError(
                gettext("No wording is in force for this kind of contract; ask an administrator.")
            )
        return kind


class PhotoField(forms.ModelChoiceField):
    """A paper on the case, by name."""

    names: Mapping[str, str] = {}

    def label_from_instance(self, obj: Any) -> str:
        """What it is called, and which version."""
        return f"{self.names.get(obj.item_code, obj.item_code)} ({obj.version})"


class SignContractForm(ActForm):
    """A signature under the text shown."""

    digest = forms.CharField(label=_("Version shown"), widget=forms.HiddenInput)
    party = PartyField(_("Who signs"))
    method = forms.ChoiceField(
        label=_("How it is signed"), choices=SigningMethod.choices, widget=forms.RadioSelect
    )
    provider_ref = forms.CharField(
        label=_("Reference of the electronic seal"),
        max_length=80,
        required=False,
        help_text=_("Only with an electronic seal."),
    )
    paper = PhotoField(
        label=_("Photo of the signed page"), queryset=Document.objects.none(), required=False,
        help_text=_("Only if signed on paper: upload it among the papers first."),
    )  # fmt: skip

    def first_values(self) -> Mapping[str, Any]:
        """The text that is shown."""
        contract = latest_contract(self.application)
        return {"digest": contract.digest if contract else "", "method": SigningMethod.PAD}

    def prepare(self) -> None:
        """A customer signs on the own device; paper is for the counter."""
        fill_parties(self, "party")
        method: Any = self.fields["method"]
        paper: Any = self.fields["paper"]
        if self.by_customer():
            method.choices = [choice for choice in SigningMethod.choices if choice[0] != SigningMethod.PAPER]
            del self.fields["paper"]
        else:
            paper.queryset = self.application.documents.filter(replaced=False)
            paper.names = paper_names(self.application)

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
        if data.get("method") == SigningMethod.PAPER and not data.get("paper"):
            self.add_error(
                "paper",
                gettext("Signed on paper: upload the photo of the signed page first, then choose it here."),
            )
        if data.get("method") == SigningMethod.E_SEAL and not data.get("provider_ref"):
            self.add_error("provider_ref", gettext("Enter the reference the seal's provider gave."))
