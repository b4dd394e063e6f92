"""Forms of the inspection."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.forms.act import ActForm, fill_people, not_in_the_past
from applications.forms.fields import LinesField, PeopleField
from applications.models.works import MAX_OPINION

ITEM = 120


class InspectionForm(ActForm):
    """竣工检验, passed."""

    inspectors = PeopleField(_("Inspectors on site"))
    items = LinesField(
        label=_("Items checked"), longest=ITEM, help_text=_("One a line."),
        error_messages={"required": _("Write what was checked, one item a line.")},
    )  # fmt: skip
    remarks = LinesField(label=_("Remarks"), longest=MAX_OPINION, required=False, help_text=_("One a line."))

    def prepare(self) -> None:
        """Colleagues."""
        fill_people(self, "inspectors")


class RectificationForm(ActForm):
    """Not passed: every defect at once."""

    inspectors = PeopleField(_("Inspectors on site"))
    defects = LinesField(
        label=_("Defects"), longest=MAX_OPINION, help_text=_("All at once, one a line; they are numbered in the notice."),
        error_messages={"required": _("Write every defect, one a line: what is not named now should not come up later.")},
    )  # fmt: skip
    due_date = forms.DateField(label=_("To be mended by"))

    def prepare(self) -> None:
        """Colleagues."""
        fill_people(self, "inspectors")

    def look(self, data: dict[str, Any]) -> None:
        """A day that can still be kept."""
        not_in_the_past(self, data, ["due_date"])
