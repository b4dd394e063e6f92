"""What a customer may say about a case under way: a question, that a pause is not right, that somebody asked them to wait."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.forms.intake import HiddenHandles

LONGEST = 300


class QuestionForm(HiddenHandles):
    """提问."""

    text = forms.CharField(
        label=_("Your question"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write your question in a few words.")},
    )  # fmt: skip


class DisputeForm(HiddenHandles):
    """不认可: why the clock should not have stood still."""

    text = forms.CharField(
        label=_("Why is this pause not right?"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write in a few words why the clock should not have stood still.")},
    )  # fmt: skip


class ToldToWaitForm(HiddenHandles):
    """有人让我再等等: words of closed lists, so that nothing personal is written down."""

    whom = forms.ChoiceField(
        label=_("Who said so?"), widget=forms.RadioSelect,
        choices=[
            ("counter", _("Somebody at a counter")), ("visit", _("Somebody who came to me")), ("phone", _("Somebody on the telephone")),
            ("firm", _("A design or construction firm")), ("other", _("Somebody else")),
        ],
        error_messages={"required": _("Choose one of the list.")},
    )  # fmt: skip
    said = forms.ChoiceField(
        label=_("What was said?"), widget=forms.RadioSelect,
        choices=[
            ("papers_later", _("Hand in the papers later")), ("no_capacity", _("There is no capacity")),
            ("no_quota", _("Not this month, wait for a new period")), ("withdraw", _("Withdraw and apply again")),
            ("use_firm", _("First take a certain firm")), ("just_wait", _("Just wait")),
        ],
        error_messages={"required": _("Choose one of the list.")},
    )  # fmt: skip
    on_date = forms.DateField(
        label=_("On which day?"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": _("This is no day. Write it like 2026-11-24.")},
    )  # fmt: skip

    def clean_on_date(self) -> dt.date | None:
        """A day that has been."""
        day: dt.date | None = self.cleaned_data["on_date"]
        if day and day > timezone.localdate():
            raise forms.ValidationError(gettext("This day lies in the future; enter the day it happened."))
        return day
