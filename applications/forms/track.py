"""The look-up by number."""

from __future__ import annotations

import re
import unicodedata

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class TrackForm(forms.Form):
    """Number and the last four digits of the phone."""

    number = forms.CharField(
        label=_("Application number or receipt code"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("On the receipt and in the message"),
        error_messages={"required": _("Enter the number from the receipt or the message.")},
    )  # fmt: skip
    tail = forms.CharField(
        label=_("Last four digits of your phone"), max_length=8, widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("Enter the last four digits of the phone you left with us.")},
    )  # fmt: skip

    def clean_tail(self) -> str:
        """Four digits."""
        tail = "".join(unicodedata.normalize("NFKC", self.cleaned_data["tail"]).split())
        if not re.fullmatch(r"[0-9]{4}", tail):
            raise forms.ValidationError(gettext("Exactly four digits, the last ones of the phone number."))
        return tail
