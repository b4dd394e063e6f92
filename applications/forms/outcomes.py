"""Forms of a contact's outcomes, one each; of handing it on, and of joining cases."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.checklists import ChecklistItem
from applications.forms.act import speak
from applications.forms.intake import HiddenHandles
from staff.models import Office
from workflow.models import Clause, Outcome

LONGEST = 200


class OutcomeForm(HiddenHandles):
    """What every outcome asks: a line in words."""

    outcome = ""
    reason = forms.CharField(label=_("What was answered, in one line"), max_length=LONGEST)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            speak(field)

    def given(self) -> dict[str, Any]:
        """What the service takes."""
        return {"outcome": self.outcome, "reason": self.cleaned_data["reason"]}


class AdviceForm(OutcomeForm):
    """They only asked."""

    outcome = Outcome.ADVICE
    reason = forms.CharField(
        label=_("What was answered"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The customer reads it together with the question whether anything has to be done."),
    )  # fmt: skip


class GivenUpForm(OutcomeForm):
    """They don't want it any more."""

    outcome = Outcome.GIVEN_UP
    reason = forms.CharField(
        label=_("What the customer said"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The customer reads it and can answer that it is not so."),
    )  # fmt: skip


class ReferredForm(OutcomeForm):
    """Somebody outside has to do it."""

    outcome = Outcome.REFERRED
    reason = forms.CharField(
        label=_("To whom, and what for"), max_length=LONGEST,
        help_text=_("Somebody outside the company. Another office of ours is “Hand on”: the contact stays open."),
    )  # fmt: skip


class NotAcceptableForm(OutcomeForm):
    """It can't be accepted: reason and clause, in writing."""

    outcome = Outcome.NOT_ACCEPTABLE
    reason = forms.CharField(
        label=_("Reason, as written to the customer"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3})
    )  # fmt: skip
    clause = forms.ModelChoiceField(
        label=_("Clause it rests on"), queryset=Clause.objects.order_by("code"), to_field_name="code"
    )

    def given(self) -> dict[str, Any]:
        """With its clause."""
        return super().given() | {"clause": self.cleaned_data["clause"].pk}


class PapersForm(OutcomeForm):
    """Papers are missing: all of them named at once."""

    outcome = Outcome.PAPERS
    reason = forms.CharField(label=_("Note to the customer"), max_length=LONGEST, required=False)
    papers = forms.MultipleChoiceField(
        label=_("Missing papers"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one paper that is missing or not in order.")},
    )  # fmt: skip

    def __init__(self, *args: Any, items: Iterable[ChecklistItem] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["papers"].choices = [(item.code, item.name) for item in items]  # type: ignore[attr-defined]

    def given(self) -> dict[str, Any]:
        """With the papers."""
        return super().given() | {"papers": self.cleaned_data["papers"]}


OUTCOMES: Mapping[str, type[OutcomeForm]] = {
    "papers": PapersForm,
    "advice": AdviceForm,
    "referred": ReferredForm,
    "not-acceptable": NotAcceptableForm,
    "given-up": GivenUpForm,
}
"""By the last part of the address. Accepted is an application's, joined is a page of its own."""


class OfficeField(forms.ModelChoiceField):
    """An office by name."""

    def label_from_instance(self, obj: Any) -> str:
        """Its name."""
        return str(obj.name)


class HandOnForm(HiddenHandles):
    """To which office, and why."""

    to_office = OfficeField(label=_("To which office"), queryset=Office.objects.none())
    reason = forms.CharField(label=_("Why it belongs there"), max_length=LONGEST)

    def __init__(self, *args: Any, here: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_office"].queryset = Office.objects.exclude(pk=here).order_by("code")  # type: ignore[attr-defined]
        for field in self.fields.values():
            speak(field)


class JoinForm(HiddenHandles):
    """With which case: one of those proposed, or by its number."""

    other = forms.ChoiceField(label=_("Proposed"), widget=forms.RadioSelect, required=False)
    number = forms.CharField(label=_("Or its number"), max_length=40, required=False)
    reason = forms.CharField(label=_("Why it is the same need"), max_length=LONGEST)

    def __init__(self, *args: Any, proposed: Iterable[tuple[str, Any]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].choices = list(proposed)  # type: ignore[attr-defined]
        for field in self.fields.values():
            speak(field)
        if not self.fields["other"].choices:  # type: ignore[attr-defined]
            del self.fields["other"]

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        data = super().clean() or {}
        if not data.get("other") and not data.get("number"):
            self.add_error("number", gettext("Choose a case, or enter its number."))
        return data


def fresh_key() -> str:
    """For a form that is shown anew."""
    return uuid.uuid4().hex
