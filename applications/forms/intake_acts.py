"""Forms of the counter's acts on an application: echo, acceptance, papers, refusal."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.checklists import checklist, conditions_of
from applications.forms.act import ActForm
from applications.models import Application, ChecklistItem
from applications.selectors.three_zero import three_zero_of
from applications.services.intake import why_not_three_zero
from workflow.models import Clause


def _papers(application: Application) -> tuple[ChecklistItem, ...]:
    """The papers this case's answers ask for, by the list in force today."""
    found = checklist(application.category, conditions_of(application), timezone.localdate())
    return found.items if found else ()


class EchoActForm(ActForm):
    """您最早是哪天提出用电的？ Asked before acceptance, answered by the customer, never changed afterwards."""

    answer = forms.ChoiceField(
        label=_("Customer's answer: on which day did you first ask for power?"),
        choices=[("today", _("Today")), ("earlier", _("Earlier"))],
        widget=forms.RadioSelect,
    )
    earlier_date = forms.DateField(label=_("On which day?"), required=False)
    whom = forms.CharField(label=_("Whom did they ask?"), max_length=60, required=False)
    where = forms.CharField(label=_("Where?"), max_length=100, required=False)

    def prepare(self) -> None:
        """The answer is given now; there is no other time to claim."""
        del self.fields["occurred_at"]

    def look(self, data: dict[str, Any]) -> None:
        """An earlier time needs its day, and becomes a moment."""
        day = data.pop("earlier_date", None)
        if data.pop("answer", "") == "earlier":
            if not day and "earlier_date" not in self.errors:
                self.add_error("earlier_date", _("Enter the day; an approximate one will do."))
            elif day and day > timezone.localdate():
                self.add_error("earlier_date", _("This day lies in the future; enter the day it happened."))
            elif day:
                data["earlier_at"] = timezone.make_aware(dt.datetime.combine(day, dt.time(12)))


class AcceptActForm(ActForm):
    """受理: papers checked item by item, 三零 decided, what may come later named."""

    three_zero = forms.TypedChoiceField(
        label=_("Three-zero service (no visit, no approval, no investment)?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    three_zero_basis = forms.CharField(
        label=_("Reason, where it departs from the rule"), max_length=200, required=False
    )
    deferred = forms.MultipleChoiceField(
        label=_("Papers to be supplied later"), required=False, widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def prepare(self) -> None:
        """The rule's answer on 三零; only papers the checklist lets come later can be deferred."""
        self.verdict = three_zero_of(self.application, timezone.localdate())
        if self.verdict.rule is None:
            del self.fields["three_zero"], self.fields["three_zero_basis"]
        else:
            self.fields["three_zero"].help_text = self.verdict.basis
            self.initial.setdefault("three_zero", "yes" if self.verdict.applies else "no")
        here = {d.item_code for d in self.application.documents.all() if not d.replaced}
        later = [i for i in _papers(self.application) if i.may_defer and i.code not in here]
        self.fields["deferred"].choices = [(item.code, item.name) for item in later]  # type: ignore[attr-defined]
        if not later:
            del self.fields["deferred"]

    def look(self, data: dict[str, Any]) -> None:
        """Where no rule covers the kind of application nothing is asked; a departure from the rule has its reason."""
        if self.verdict.rule is None:
            data["three_zero"] = False
        elif "three_zero" in data and (
            why := why_not_three_zero(self.verdict, data["three_zero"], data.get("three_zero_basis", ""))
        ):
            self.add_error("three_zero_basis", why)


class SupplyActForm(ActForm):
    """The papers asked for are there."""

    def prepare(self) -> None:
        """Nothing to enter."""
        del self.fields["occurred_at"]


class RefuseActForm(ActForm):
    """不予受理: reason and clause; a written notice goes to the customer."""

    reason = forms.CharField(
        label=_("Reason, as written to the customer"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    clause = forms.ModelChoiceField(
        label=_("Clause it rests on"), queryset=Clause.objects.none(), to_field_name="code"
    )

    def prepare(self) -> None:
        """Clauses known to the system."""
        del self.fields["occurred_at"]
        self.fields["clause"].queryset = Clause.objects.order_by("code")  # type: ignore[attr-defined]

    def look(self, data: dict[str, Any]) -> None:
        """The log takes the clause's code."""
        if clause := data.get("clause"):
            data["clause"] = clause.pk
