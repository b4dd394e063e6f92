"""Form of the survey."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.fields import CapacityField
from applications.forms.act import ActForm, fill_people
from applications.forms.fields import PeopleField, yes_no
from applications.models import Survey


class SurveyForm(ActForm, forms.ModelForm):
    """勘查: what is there, and what has to be built first."""

    can_supply = yes_no(_("Can this place be supplied?"))
    surveyors = PeopleField(_("Surveyors on site"))
    approved_capacity = CapacityField(label=_("Approved capacity"), required=False)
    external_line = yes_no(_("Does an external line have to be built?"))
    customer_works = yes_no(_("Does the customer have to build receiving works?"))

    class Meta:
        model = Survey
        fields = (
            "can_supply", "reason", "surveyors", "load_kind", "approved_capacity", "substation", "line", "pole", "transformer_area",
            "distance_m", "external_line", "customer_works", "important_grade", "estate", "photos", "findings",
        )  # fmt: skip
        widgets = {"findings": forms.Textarea(attrs={"rows": 3}), "reason": forms.Textarea(attrs={"rows": 2})}
        help_texts = {
            "reason": _(
                "Only if it can't: what is missing, for example free capacity in the transformer area."
            ),
            "transformer_area": _("At low voltage the transformer area and the pole or cabinet."),
            "substation": _("At high voltage the substation and the line."),
            "distance_m": _("In metres."),
            "photos": _("How many you took; upload them among the papers."),
            "findings": _("About the place, not about people: what was seen, measured and agreed."),
        }

    def prepare(self) -> None:
        """Unit and colleagues of this case."""
        unit = self.application.capacity_unit
        self.fields["approved_capacity"].help_text = _("In %(unit)s.") % {"unit": unit}
        fill_people(self, "surveyors")

    def first_values(self) -> Mapping[str, Any]:
        """What was applied for is the first guess."""
        return {"approved_capacity": self.application.capacity}

    def look(self, data: dict[str, Any]) -> None:
        """No without a reason is no survey; yes needs a capacity and a point to take it from."""
        if data.get("can_supply") is False and not data.get("reason"):
            self.add_error(
                "reason", gettext("Write why it can't be supplied yet; the customer is told this reason.")
            )
        if data.get("can_supply"):
            if data.get("approved_capacity") is None and "approved_capacity" not in self.errors:
                self.add_error("approved_capacity", gettext("Enter the capacity that can be supplied."))
            if not any(data.get(name) for name in ("substation", "line", "pole", "transformer_area")):
                sentence = gettext(
                    "Name the source point: transformer area and pole, or substation and line."
                )
                self.add_error(
                    "line" if self.application.high else "transformer_area",
                    sentence,
                )
        if data.get("important_grade") and not self.application.high:
            self.remark(
                "important_at_low_voltage",
                gettext("An important user at low voltage is unusual; check the grade."),
            )
