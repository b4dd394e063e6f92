"""Forms of the ways off the route and back onto it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.forms.act import ActForm, not_in_the_past
from applications.forms.fields import LinesField, PersonField
from applications.leaving import LAPSED, why_not_this_way
from applications.models import ExitReason, ReachWay
from applications.selectors.facts import nodes_to_return_to, officers_near
from applications.selectors.ways_out import attempt, facts_done, read_attempt, reason_choices, rule_of
from staff.formats import listed
from staff.policies import Role
from staff.selectors import authority
from workflow import actions
from workflow.models import Clause

OWN_WORDS = _("In your own words")


def note_field(*, required: bool, label: Any = OWN_WORDS) -> forms.CharField:
    """Free text; it stays beside the case and never enters the log."""
    return forms.CharField(
        label=label, max_length=300, required=required, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the reason in a sentence or two.")},
    )  # fmt: skip


class ExitForm(ActForm):
    """Reason from the closed list of its act, words where the list has none, and what the reason's rule asks for."""

    act = ""
    reason = forms.ChoiceField(label=_("Reason"), widget=forms.RadioSelect)
    note = note_field(required=False)

    def prepare(self) -> None:
        """The reasons in force."""
        field: Any = self.fields["reason"]
        field.choices = reason_choices(self.act)

    def look(self, data: dict[str, Any]) -> None:
        """ "Other" says which; the rest is the rule's."""
        if data.get("reason") == ExitReason.OTHER and not data.get("note"):
            self.add_error("note", gettext("Write the reason in a sentence or two."))
        rule = rule_of(self.act, data["reason"]) if data.get("reason") else None
        if rule is None:
            return
        until, done = self.application.facts().get("valid_until"), facts_done(self.application)
        for field, sentence in why_not_this_way(rule, data, until, timezone.localdate(), done):
            if field not in self.errors:
                self.add_error(field if field in self.fields else None, sentence)


class WithdrawForm(ExitForm):
    """The customer gives it up."""

    act = "withdraw"


class TerminateForm(ExitForm):
    """The utility ends it; the customer gets the reason in writing."""

    act = "terminate"
    clause = forms.ModelChoiceField(
        label=_("Clause it rests on"), queryset=Clause.objects.none(), to_field_name="code", required=False
    )
    grid_project = forms.CharField(
        label=_("Grid project"), max_length=60, required=False, help_text=_("Its number, if no supply is possible yet."),
    )  # fmt: skip
    review_date = forms.DateField(label=_("To be looked at again on"), required=False)
    attempts = LinesField(
        label=_("Attempts to reach the customer"), longest=80, required=False,
        help_text=_("One a line: day and way, for example 2026-11-24 telephone. No names, no numbers."),
    )  # fmt: skip

    def prepare(self) -> None:
        """Clauses known to the system; a planner sees the one reason that is offered."""
        super().prepare()
        self.fields["clause"].queryset = Clause.objects.order_by("code")  # type: ignore[attr-defined]
        if self.application.facts().get("lapse_found"):
            self.initial.setdefault("reason", ExitReason.SCHEME_LAPSED)
        powers = authority(self.user, timezone.localdate())
        if not powers.acts_as({Role.SUPERVISOR}, self.application.case.office_id):
            reason: Any = self.fields["reason"]
            reason.choices = [choice for choice in reason.choices if choice[0] == LAPSED]

    def clean_attempts(self) -> list[str]:
        """Each line a day and a way, kept so that days and ways can be counted."""
        kept = []
        for number, line in enumerate(self.cleaned_data["attempts"], 1):
            found = read_attempt(line)
            if found is None:
                raise forms.ValidationError(
                    gettext(
                        "Line %(number)s: write a day and a way, for example 2026-11-24 telephone. Ways: %(ways)s."
                    )
                    % {"number": number, "ways": listed(ReachWay.labels)}
                )
            if found[0] > timezone.localdate():
                raise forms.ValidationError(
                    gettext("Line %(number)s: this day lies in the future.") % {"number": number}
                )
            kept.append(attempt(*found))
        return kept

    def look(self, data: dict[str, Any]) -> None:
        """By the rule, and days to come are not behind."""
        super().look(data)
        not_in_the_past(self, data, ["review_date"])


class VoidForm(ExitForm):
    """误建作废: a second person confirms on the spot with their own password."""

    act = "void"
    approved_by = PersonField(_("Approved by"), help_text=_("Somebody other than you; they confirm below."))
    approver_password = forms.CharField(
        label=_("Their password"), max_length=256, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("The person who approves enters their own password here.")},
    )  # fmt: skip

    def prepare(self) -> None:
        """Whoever may approve, but the one who asks."""
        super().prepare()
        approvers = officers_near(self.application.case.office, actions.get("void").roles)
        field: Any = self.fields["approved_by"]
        field.queryset = approvers.exclude(pk=self.user.pk)


class ReopenForm(ActForm):
    """Taken up again."""

    note = note_field(required=True, label=_("Why it is taken up again"))


class ReturnForm(ActForm):
    """A supervisor sends the case back to a node that was done."""

    node = forms.ChoiceField(label=_("Back to"), widget=forms.RadioSelect)
    note = note_field(required=True, label=_("Reason"))

    def prepare(self) -> None:
        """Nodes that were done in this case."""
        field: Any = self.fields["node"]
        field.choices = nodes_to_return_to(self.application)
