"""One signature under the contracts of many units."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext

from applications.forms.act import speak
from applications.forms.signing import code_field, look_at_proof, method_field, provider_field
from applications.models import SigningMethod

FOR_MANY = (SigningMethod.CODE, SigningMethod.E_SEAL)
"""A stroke on the pad stands under the one text that lies there; many are signed by what proves the person."""


class SignManyForm(forms.Form):
    """How it is signed, and the digest of everything that was shown."""

    method = method_field()
    provider_ref = provider_field()
    digits = code_field()
    shown = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, shown: str, **kwargs: Any) -> None:
        self.stands = shown
        super().__init__(*args, **kwargs)
        self.initial.update(shown=shown, method=SigningMethod.CODE)
        method: Any = self.fields["method"]
        labels = dict(method.choices)
        method.choices = [(str(way), labels[way]) for way in FOR_MANY]
        for field in self.fields.values():
            speak(field)

    def clean(self) -> dict[str, Any]:
        """Still the same texts; each way brings its proof."""
        data = super().clean() or {}
        if data.pop("shown", "") != self.stands:
            self.add_error(
                None,
                gettext("Contracts have changed or come meanwhile. Look at the list below and sign again."),
            )
        look_at_proof(self, data, method=data.get("method"))
        return data
