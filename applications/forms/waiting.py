"""Form for why a task waits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.forms.act import ActForm, not_in_the_past
from applications.forms.handling import TaskField
from workflow.models import Task, WaitCause


class StateWaitForm(ActForm):
    """Which task waits, for what, until when as far as is known."""

    about = TaskField(label=_("Which task"), queryset=Task.objects.none(), empty_label=None)
    cause = forms.ChoiceField(
        label=_("What it waits for"), required=False, widget=forms.RadioSelect,
        help_text=_("It explains and stops no clock. A clock stands still only by a pause, for the reasons listed there."),
    )  # fmt: skip
    expected_date = forms.DateField(
        label=_("Expected on"), required=False, help_text=_("The customer sees cause and day.")
    )
    words = forms.CharField(
        label=_("More about it"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For colleagues alone."),
    )  # fmt: skip

    def _open(self) -> Any:
        return self.application.case.tasks.filter(outcome="").select_related("node").order_by("opened_number")

    def first_values(self) -> Mapping[str, Any]:
        """The first task that is ours, else the first there is."""
        tasks = list(self._open())
        first = next((task for task in tasks if task.doer == "officer"), tasks[0] if tasks else None)
        return {"about": first.pk, "cause": first.wait_cause} if first else {}

    def prepare(self) -> None:
        """Open tasks; the list of causes with the words for none."""
        field: Any = self.fields["about"]
        field.queryset = self._open()
        causes: Any = self.fields["cause"]
        stated = [(value, label) for value, label in WaitCause.choices if value]
        causes.choices = [*stated, ("", gettext("It waits no longer"))]

    def look(self, data: dict[str, Any]) -> None:
        """What is expected lies ahead."""
        not_in_the_past(self, data, ["expected_date"])
        if not data.get("cause") and data.get("about") and not data["about"].wait_cause:
            self.add_error("cause", gettext("Choose what it waits for."))
