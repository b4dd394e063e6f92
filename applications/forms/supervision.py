"""Forms of 督办: what is asked of an office, and its answer."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.forms.act import speak
from applications.forms.intake import HiddenHandles


class HurryForm(HiddenHandles):
    """One order for all the cases ticked."""

    reason = forms.CharField(
        label=_("What is to be done, and why"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The office reads it; it stands in the record of each case. It names the work, not a person."),
    )  # fmt: skip
    answer_by = forms.DateField(
        label=_("Answer by"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            speak(field)

    def clean_answer_by(self) -> dt.date:
        """A day to come: an answer can't be given yesterday."""
        day: dt.date = self.cleaned_data["answer_by"]
        if day < timezone.localdate():
            raise forms.ValidationError(gettext("This day is past; choose today or a later one."))
        return day


class AnswerForm(HiddenHandles):
    """What the office says."""

    answer = forms.CharField(
        label=_("What was done, or will be done until when"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            speak(field)
