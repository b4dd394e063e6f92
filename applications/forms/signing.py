"""How something is signed: by a provider's seal, on the pad, on paper with its photo, by the code to the signer's own phone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.forms.act import ActForm
from applications.models import Document, SigningMethod
from applications.selectors.facts import paper_names

BY_THEMSELVES = (SigningMethod.CODE, SigningMethod.E_SEAL, SigningMethod.PAD)
AT_THE_COUNTER = (SigningMethod.PAD, SigningMethod.PAPER, SigningMethod.E_SEAL)
"""The code is asked of nobody at a counter: our staff never ask for one."""


class PhotoField(forms.ModelChoiceField):
    """A paper on the case, by name."""

    names: Mapping[str, str] = {}

    def label_from_instance(self, obj: Any) -> str:
        """What it is called, and which version."""
        return f"{self.names.get(obj.item_code, obj.item_code)} ({obj.version})"


def method_field() -> forms.ChoiceField:
    """Which of the four."""
    return forms.ChoiceField(
        label=_("How it is signed"), choices=SigningMethod.choices, widget=forms.RadioSelect
    )


def provider_field() -> forms.CharField:
    """What the seal's provider calls this signature."""
    return forms.CharField(
        label=_("Reference of the electronic seal"), max_length=80, required=False,
        help_text=_("Only with an electronic seal."),
    )  # fmt: skip


def photo_field() -> PhotoField:
    """The page that was signed."""
    return PhotoField(
        label=_("Photo of the signed page"), queryset=Document.objects.none(), required=False,
        help_text=_("Only if signed on paper: upload it among the papers first."),
    )  # fmt: skip


def code_field() -> forms.CharField:
    """The six digits."""
    return forms.CharField(
        label=_("Code sent to your phone"), max_length=6, required=False,
        help_text=_("Only if you sign by code: press “Send me a code” first."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )  # fmt: skip


def fit_to_signer(
    form: ActForm, name: str = "method", *, by_themselves: Iterable[str], at_the_counter: Iterable[str]
) -> None:
    """Offer the ways that whoever fills it in has; `name` is the field that asks."""
    method: Any = form.fields[name]
    own = form.by_customer()
    offered = [str(way) for way in (by_themselves if own else at_the_counter)]
    labels = dict(method.choices)
    method.choices = [(way, labels[way]) for way in offered]
    if own:
        del form.fields["paper"]
        return
    del form.fields["digits"]
    paper: Any = form.fields["paper"]
    paper.queryset = form.application.documents.filter(replaced=False)
    paper.names = paper_names(form.application)


def look_at_proof(
    form: forms.Form, data: Mapping[str, Any], *, method: Any, photo_needed: bool = True
) -> None:
    """Each way brings its proof."""
    if method == SigningMethod.PAPER and photo_needed and not data.get("paper"):
        form.add_error(
            "paper",
            gettext("Signed on paper: upload the photo of the signed page first, then choose it here."),
        )
    if method == SigningMethod.E_SEAL and not data.get("provider_ref"):
        form.add_error("provider_ref", gettext("Enter the reference the seal's provider gave."))
    if method == SigningMethod.CODE and not data.get("digits"):
        form.add_error("digits", gettext("Press “Send me a code”, then enter the code you get."))
