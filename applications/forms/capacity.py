"""Forms of capacity: looked up, queued, released; priorities."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.fields import CapacityField
from applications.forms.act import ActForm, fill_papers
from applications.forms.fields import PapersField
from applications.forms.scheme_rows import AssetField
from applications.models import PriorityKind
from applications.selectors.capacity import assets_for, look_at, place_of, standing_check
from applications.selectors.facts import latest_survey
from applications.selectors.terms import figure


class CheckCapacityForm(ActForm):
    """可开放容量核查: which asset, how much is needed."""

    asset = AssetField()
    needed = CapacityField(label=_("Needed"))

    def first_values(self) -> Mapping[str, Any]:
        """What the survey approved, else what was applied for."""
        survey = latest_survey(self.application)
        return {
            "needed": survey.approved_capacity
            if survey and survey.approved_capacity
            else self.application.capacity
        }

    def prepare(self) -> None:
        """Assets of the county with a figure."""
        field: Any = self.fields["asset"]
        field.queryset = assets_for(self.application)
        if not field.queryset.exists():
            field.help_text = _(
                "No figures are known here yet; a supervisor imports them under open capacity."
            )


class QueueForm(ActForm):
    """容量受限排队: what was looked up last decides for which asset."""

    def prepare(self) -> None:
        """No time of its own: the place in the queue is that of the first contact."""
        del self.fields["occurred_at"]

    def look(self, data: dict[str, Any]) -> None:
        """Nobody waits without a look that says it is not enough; nor for what is open by now."""
        check = standing_check(self.application)
        if check is None or check.sufficient:
            self.add_error(
                None,
                gettext(
                    "Record a look at the capacity that says it is not enough; without one nobody is made to wait."
                ),
            )
        elif look_at(self.application, check.asset, check.needed).sufficient:
            self.add_error(
                None, gettext("Meanwhile there is enough; look the capacity up again and draft the scheme.")
            )


class ReleaseForm(ActForm):
    """A release: how much, by what."""

    amount = CapacityField(label=_("Capacity released"))
    reason = forms.CharField(
        label=_("What released it"), max_length=200, help_text=_("For example: transformer replaced, line reinforced, project number."),
        error_messages={"required": _("Say what released the capacity; it is sealed with the release.")},
    )  # fmt: skip

    def prepare(self) -> None:
        """What the case waits for."""
        found = place_of(self.application)
        if found:
            entry, place = found
            self.fields["amount"].help_text = _("%(asset)s: place %(place)s in the queue, needs %(needed)s %(unit)s.") % {
                "asset": entry.asset, "place": place, "needed": figure(entry.needed), "unit": entry.asset.unit,
            }  # fmt: skip


class PriorityForm(ActForm):
    """A priority: kind, document, from when to when."""

    kind = forms.ChoiceField(
        label=_("Kind of priority"), choices=PriorityKind.choices, widget=forms.RadioSelect
    )
    basis = forms.CharField(
        label=_("Document it rests on"), max_length=200, help_text=_("Title and number."),
        error_messages={"required": _("Name the document; a priority without one is a favour.")},
    )  # fmt: skip
    papers = PapersField(_("The document"))
    from_date = forms.DateField(label=_("From"))
    to_date = forms.DateField(label=_("Until"))

    def first_values(self) -> Mapping[str, Any]:
        """From today."""
        return {"from_date": timezone.localdate()}

    def prepare(self) -> None:
        """The papers on the case."""
        fill_papers(self, "papers")

    def look(self, data: dict[str, Any]) -> None:
        """It ends, and not before it begins."""
        begins, ends = data.get("from_date"), data.get("to_date")
        if begins and ends and ends < begins:
            self.add_error("to_date", gettext("It ends before it begins; choose a later day."))


class FiguresForm(forms.Form):
    """A sheet of figures."""

    sheet = forms.FileField(
        label=_("Sheet"), help_text=_("Excel workbook (.xlsx) or CSV; the first row names the columns."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={"required": _("Choose a file first."), "empty": _("This file is empty. Choose it again.")},
    )  # fmt: skip
    source = forms.CharField(
        label=_("Source of the figures"), max_length=120, required=False,
        help_text=_("For rows that name none, for example: dispatch, monthly list."),
    )  # fmt: skip
