"""Forms of the ways off the route and back onto it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.forms.act import ActForm, not_in_the_past
from applications.forms.fields import LinesField, PersonField
from applications.models import ExitReason
from applications.selectors.facts import nodes_to_return_to, officers_near
from workflow import actions

ATTEMPTS_NEEDED = 3


def reasons(*values: str) -> list[tuple[str, Any]]:
    """Part of the closed list."""
    return [(value, ExitReason(value).label) for value in values]


OWN_WORDS = _("In your own words")


def note_field(*, required: bool, label: Any = OWN_WORDS) -> forms.CharField:
    """Free text; it stays beside the case and never enters the log."""
    return forms.CharField(
        label=label, max_length=300, required=required, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the reason in a sentence or two.")},
    )  # fmt: skip


class ExitForm(ActForm):
    """Reason from a closed list, and words where the list has none."""

    reason = forms.ChoiceField(label=_("Reason"), widget=forms.RadioSelect)
    note = note_field(required=False)

    def look(self, data: dict[str, Any]) -> None:
        """ "Other" says which."""
        if data.get("reason") == ExitReason.OTHER and not data.get("note"):
            self.add_error("note", gettext("Write the reason in a sentence or two."))


class WithdrawForm(ExitForm):
    """The customer gives it up."""

    reason = forms.ChoiceField(
        label=_("Reason"), widget=forms.RadioSelect,
        choices=reasons(ExitReason.NO_LONGER_WANTED, ExitReason.FILED_TWICE, ExitReason.OTHER_PLACE, ExitReason.OTHER),
    )  # fmt: skip


class TerminateForm(ExitForm):
    """The utility ends it; the customer gets the reason in writing."""

    reason = forms.ChoiceField(
        label=_("Reason"), widget=forms.RadioSelect,
        choices=reasons(
            ExitReason.NO_SUPPLY_YET, ExitReason.CAPACITY_QUEUE, ExitReason.CUSTOMER_LOST, ExitReason.SCHEME_LAPSED, ExitReason.OTHER
        ),
    )  # fmt: skip
    grid_project = forms.CharField(
        label=_("Grid project"),
        max_length=60,
        required=False,
        help_text=_("Its number, if no supply is possible yet."),
    )
    review_date = forms.DateField(label=_("To be looked at again on"), required=False)
    attempts = LinesField(
        label=_("Attempts to reach the customer"), longest=80, required=False,
        help_text=_("One a line: day and channel, for example 2026-11-24 telephone. No names, no numbers."),
    )  # fmt: skip

    def look(self, data: dict[str, Any]) -> None:
        """No supply yet needs a day to look again; a lost customer, three attempts."""
        super().look(data)
        reason = data.get("reason")
        waits = reason in (ExitReason.NO_SUPPLY_YET, ExitReason.CAPACITY_QUEUE)
        if waits and not data.get("review_date") and "review_date" not in self.errors:
            self.add_error("review_date", gettext("Enter the day on which this will be looked at again."))
        if reason == ExitReason.CUSTOMER_LOST and len(data.get("attempts") or ()) < ATTEMPTS_NEEDED:
            self.add_error(
                "attempts", gettext("Enter three attempts on at least two channels, each with its day.")
            )
        not_in_the_past(self, data, ["review_date"])


class VoidForm(ExitForm):
    """误建作废: a second person confirms on the spot with their own password."""

    reason = forms.ChoiceField(
        label=_("Reason"), widget=forms.RadioSelect,
        choices=reasons(ExitReason.OPENED_BY_MISTAKE, ExitReason.FILED_TWICE, ExitReason.OTHER),
    )  # fmt: skip
    approved_by = PersonField(_("Approved by"), help_text=_("Somebody other than you; they confirm below."))
    approver_password = forms.CharField(
        label=_("Their password"), max_length=256, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("The person who approves enters their own password here.")},
    )  # fmt: skip

    def prepare(self) -> None:
        """Whoever may approve, but the one who asks."""
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
