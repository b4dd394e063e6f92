"""What may be typed: is it well shaped? Nothing here saves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from integrity.checks import CHECKS
from integrity.models import Asker, Cause, CheckRule, FlagStatus, InterventionKind, Wanted
from staff.models import Office
from workflow.stages import Stage

MOST_WORDS = 500
MOST_RECEIPT = 256 * 1024
CODE_LENGTH = 26


class FlagFilter(forms.Form):
    """Which flags to list; it stands in the address, so that a view can be kept."""

    rule = forms.ChoiceField(label=_("Check rule"), required=False)
    office = forms.ModelChoiceField(
        Office.objects.none(), label=_("Office"), required=False, empty_label=_("All offices")
    )
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[("", ""), *FlagStatus.choices])

    def __init__(self, *args: Any, rules: Iterable[CheckRule], offices: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rule"].choices = [("", _("All rules")), *((rule.code, rule.name) for rule in rules)]  # type: ignore[attr-defined]
        self.fields["office"].queryset = Office.objects.filter(pk__in=offices)  # type: ignore[attr-defined]

    def chosen(self, name: str) -> Any:
        """The choice; nothing for what can't be read, as if it had not been chosen."""
        return self.cleaned_data.get(name) if self.is_valid() or name in self.cleaned_data else None


class DecisionForm(forms.Form):
    """How a review ends, and why."""

    outcome = forms.ChoiceField(
        label=_("Decision"),
        widget=forms.RadioSelect,
        choices=[
            (FlagStatus.EXPLAINED, _("The explanation holds")),
            (FlagStatus.CONFIRMED, _("Confirmed: it was handled outside the system")),
            (FlagStatus.DISMISSED, _("Dismissed: nothing to it")),
        ],
        error_messages={"required": _("Choose one of the three decisions.")},
    )
    reason = forms.CharField(
        label=_("Reason for the decision"),
        max_length=1000,
        help_text=_(
            "What was looked at, and what it showed. It is kept with the flag and seen by auditors alone."
        ),
        widget=forms.Textarea,
        error_messages={"required": _("Write down the reason for the decision.")},
    )


class ExplainForm(forms.Form):
    """The office's answer to a gap: one cause, and words where the cause says too little."""

    number = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    cause = forms.ModelChoiceField(
        Cause.objects.filter(in_force=True),
        label=pgettext_lazy("of a gap", "Cause"),
        empty_label=_("Choose a cause"),
        error_messages={
            "required": _("Choose one of the causes."),
            "invalid_choice": _("Choose one of the causes."),
        },
    )
    words = forms.CharField(
        label=_("In your words"),
        max_length=MOST_WORDS,
        required=False,
        help_text=_("Needed for “another cause”; otherwise as you like."),
        widget=forms.Textarea,
    )

    def __init__(self, *args: Any, causes: Iterable[Cause] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = [cause.code for cause in causes]
        self.fields["cause"].queryset = Cause.objects.filter(code__in=codes, in_force=True)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        cause = cleaned.get("cause")
        if cause and cause.needs_words and not cleaned.get("words", "").strip():
            self.add_error("words", _("Say in a few words what the cause was."))
        return cleaned


class RuleForm(forms.Form):
    """On or off, and the thresholds of one rule."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    in_force = forms.BooleanField(label=_("Raise flags by this rule"), required=False)
    reason = forms.CharField(
        label=_("Reason for the decision"),
        max_length=300,
        help_text=_("It is sealed with the decision."),
        widget=forms.Textarea,
        error_messages={"required": _("Write down the reason for the decision.")},
    )

    def __init__(self, typed: Any, *, rule: CheckRule) -> None:
        super().__init__(typed, initial={"version": rule.version, "in_force": rule.in_force, **rule.values})
        self.thresholds = list(CHECKS[rule.code].values.items()) if rule.code in CHECKS else []
        for name, label in self.thresholds:
            self.fields[name] = forms.IntegerField(label=label, min_value=0, max_value=100_000)
        self.order_fields(["version", "in_force", *(name for name, _label in self.thresholds), "reason"])

    def values(self) -> dict[str, int]:
        """The thresholds typed."""
        return {name: self.cleaned_data[name] for name, _label in self.thresholds}


class CaseFilter(forms.Form):
    """Which cases to list for auditing."""

    q = forms.CharField(
        label=_("Case number"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"class": "input"}),
    )
    office = forms.ModelChoiceField(
        Office.objects.none(), label=_("Office"), required=False, empty_label=_("All offices")
    )
    stage = forms.ChoiceField(
        label=_("Stage"), required=False, choices=[("", _("All stages")), *Stage.choices]
    )

    def __init__(self, *args: Any, offices: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].queryset = Office.objects.filter(pk__in=offices)  # type: ignore[attr-defined]

    def chosen(self, name: str) -> Any:
        """The choice; nothing for what can't be read."""
        return self.cleaned_data.get(name) if self.is_valid() or name in self.cleaned_data else None


class InterventionForm(forms.Form):
    """过问登记: three taps and it is done; names and words are as one likes."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    kind = forms.ChoiceField(
        label=_("What happened?"), choices=InterventionKind.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Choose what happened.")},
    )  # fmt: skip
    asker = forms.ChoiceField(
        label=_("Who was it?"), choices=Asker.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Choose who it was.")},
    )  # fmt: skip
    wanted = forms.ChoiceField(
        label=_("What was wanted?"), choices=Wanted.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Choose what was wanted.")},
    )  # fmt: skip
    about = forms.CharField(label=_("Which case (number, if you know it)"), max_length=40, required=False)
    who = forms.CharField(label=_("Name and office"), max_length=80, required=False)
    happened_date = forms.DateField(
        label=_("On which day?"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": _("This is no day. Write it like 2026-11-24.")},
    )  # fmt: skip
    words = forms.CharField(
        label=_("In your words"),
        max_length=MOST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_happened_date(self) -> dt.date | None:
        """A day that has been."""
        day: dt.date | None = self.cleaned_data["happened_date"]
        if day and day > timezone.localdate():
            raise forms.ValidationError(gettext("This day lies in the future; enter the day it happened."))
        return day


class TipOffForm(forms.Form):
    """A hint by nobody."""

    words = forms.CharField(
        label=_("What should be looked into?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Write what should be looked into.")},
    )  # fmt: skip
    about = forms.CharField(label=_("Which case (number, if you know it)"), max_length=40, required=False)


class TipOffCodeForm(forms.Form):
    """The code got when handing in."""

    code = forms.CharField(
        label=_("Your code"), max_length=30, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Enter the code you were given.")},
    )  # fmt: skip


class TipOffAnswerForm(forms.Form):
    """What came of it."""

    answer = forms.CharField(
        label=_("Answer, for whoever holds the code"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write what came of it.")},
    )  # fmt: skip


class VerifyForm(forms.Form):
    """A receipt to be verified: the file, its text, or the code on paper; one of them."""

    file = forms.FileField(label=_("The file you kept (.tlog-proof or .txt)"), required=False)
    code = forms.CharField(
        label=_("Or the code on the paper slip"),
        required=False,
        max_length=80,
        help_text=_("26 letters and digits; the dashes do not matter."),
        widget=forms.TextInput(
            attrs={"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"}
        ),
    )
    text = forms.CharField(
        label=_("Or the text of the file"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )

    def clean_code(self) -> str:
        """The code without dashes; letters that base32 does not have are told, since they are misread ones."""
        code = "".join(c for c in str(self.cleaned_data["code"]).upper() if c.isalnum())
        if not code:
            return ""
        if wrong := sorted(set(code) - set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")):
            raise forms.ValidationError(
                gettext("The code has no %(letters)s. Look again: 0 may be O, 1 may be I, 8 may be B.")
                % {"letters": "、".join(wrong)}
            )
        if len(code) != CODE_LENGTH:
            raise forms.ValidationError(
                gettext("The code has %(right)s letters and digits; you typed %(typed)s.")
                % {"right": CODE_LENGTH, "typed": len(code)}
            )
        return code

    def clean(self) -> dict[str, Any]:
        """Whatever was given becomes `receipt`, the text to check."""
        data: dict[str, Any] = super().clean() or {}
        upload, data["receipt"] = data.get("file"), data.get("text") or ""
        if upload is not None:
            if upload.size > MOST_RECEIPT:
                self.add_error(
                    "file",
                    gettext("This file is too large for a receipt; a receipt has a few thousand bytes."),
                )
            else:
                data["receipt"] = upload.read().decode(errors="replace")
        if not self.errors and not data.get("code") and not data["receipt"].strip():
            self.add_error(None, gettext("Choose the file, paste its text, or type the code."))
        # A browser sends pasted lines with carriage returns; a receipt has none.
        data["receipt"] = data["receipt"].replace("\r\n", "\n")
        if data.get("text") and not data["receipt"].endswith("\n"):
            data["receipt"] += "\n"
        return data


class RunForm(forms.Form):
    """What to verify: everything, one case, or what was recorded in a span of days."""

    scope = forms.ChoiceField(
        label=_("What to verify"),
        widget=forms.RadioSelect,
        choices=[("all", _("The whole log")), ("case", _("One case")), ("days", _("A span of days"))],
        initial="all",
    )
    number = forms.CharField(label=_("Number of the case"), required=False, max_length=40)
    since_date = forms.DateField(
        label=_("From (day)"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until_date = forms.DateField(
        label=_("To (day)"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def clean(self) -> dict[str, Any]:
        """Each scope asks for its own particulars."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("scope") == "case" and not data.get("number"):
            self.add_error("number", gettext("Enter the case's number."))
        if data.get("scope") == "days":
            if not data.get("since_date") or not data.get("until_date"):
                self.add_error("since_date", gettext("Enter the first and the last day."))
            elif data["since_date"] > data["until_date"]:
                self.add_error("until_date", gettext("The last day lies before the first."))
        return data
