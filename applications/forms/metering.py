"""Forms of metering and connection."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.fields import compact
from applications.forms.act import ActForm, fill_people
from applications.forms.fields import LinesField, PeopleField, PersonField, ct_field, pt_field
from applications.models import Metering
from applications.selectors.facts import installed_elsewhere, latest_metering, latest_scheme
from applications.services.metering import reading_goes_back

SEAL = 32
ASSET = re.compile(r"[0-9A-Z]{6,32}")


class MeteringForm(ActForm, forms.ModelForm):
    """装表: asset, seals, ratios, first reading."""

    asset_no = forms.CharField(
        label=_("Asset number of the meter"), max_length=40,
        help_text=_("Scan or type the bar code on the meter."),
        error_messages={"required": _("Enter the asset number on the meter's bar code.")},
    )  # fmt: skip
    seals = LinesField(
        label=_("Seal numbers"), longest=SEAL, help_text=_("One a line."), widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Enter the number of at least one seal.")},
    )  # fmt: skip
    ct_ratio = ct_field()
    pt_ratio = pt_field()
    fitters = PeopleField(_("Fitters on site"))

    class Meta:
        model = Metering
        fields = (
            "asset_no",
            "issue_slip",
            "phase",
            "ct_ratio",
            "pt_ratio",
            "seals",
            "first_reading",
            "fitters",
        )
        help_texts = {"first_reading": _("As the meter shows it, in kWh.")}
        error_messages = {"first_reading": {"required": _("Read the meter and enter what it shows, in kWh.")}}

    def first_values(self) -> Mapping[str, Any]:
        """What the scheme says about the metering point."""
        scheme = latest_scheme(self.application)
        point = scheme.metering_points.first() if scheme else None
        return {name: getattr(point, name) for name in ("phase", "ct_ratio", "pt_ratio")} if point else {}

    def prepare(self) -> None:
        """Colleagues."""
        fill_people(self, "fitters")

    def clean_asset_no(self) -> str:
        """Without spaces and hyphens."""
        number = compact(self.cleaned_data["asset_no"])
        if not ASSET.fullmatch(number):
            sentence = gettext(
                "An asset number has 6 to 32 letters and digits; compare it with the bar code."
            )
            raise forms.ValidationError(sentence)
        return number

    def look(self, data: dict[str, Any]) -> None:
        """The meter hung should be the one the scheme asks for, and hang nowhere else."""
        planned = self.first_values()
        if any(data.get(name) != value for name, value in planned.items() if name in data):
            self.remark(
                "not_as_in_scheme",
                gettext("Phases or ratios differ from the scheme; check the meter and the scheme."),
            )
        if data.get("asset_no") and installed_elsewhere(data["asset_no"], self.application):
            self.remark(
                "installed_elsewhere",
                gettext("This meter is recorded on another case; compare the asset number once more."),
            )


class EnergiseForm(ActForm):
    """送电: when, by whom, at which reading."""

    reading = forms.DecimalField(
        label=_("Reading at energising"),
        min_value=0,
        max_digits=12,
        decimal_places=2,
        help_text=_("As the meter shows it, in kWh."),
    )
    energised_by = PersonField(_("Energised by"))

    def prepare(self) -> None:
        """Colleagues; the moment is that of the light."""
        fill_people(self, "energised_by")
        self.fields["occurred_at"].label = _("Energised when")

    def first_values(self) -> Mapping[str, Any]:
        """The first reading is where it begins."""
        meter = latest_metering(self.application)
        return {"reading": meter.first_reading} if meter else {}

    def look(self, data: dict[str, Any]) -> None:
        """A meter does not run backwards."""
        meter, reading = latest_metering(self.application), data.get("reading")
        if meter and reading is not None and reading < meter.first_reading:
            self.add_error("reading", reading_goes_back(meter.first_reading))
