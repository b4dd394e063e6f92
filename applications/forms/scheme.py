"""Form of the supply scheme; what is said about a version is in replies.py."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.fields import CapacityField
from applications.forms.act import ActForm
from applications.forms.fields import ct_field, pt_field
from applications.models import (
    MeteringMode,
    Phase,
    Scheme,
    SourceNature,
    TariffCategory,
    VoltageLevel,
)
from applications.selectors.facts import latest_survey, voltage_level
from applications.selectors.terms import figure
from applications.services.scheme import not_supplied_yet

METER_CLASS = re.compile(r"(0\.2S?|0\.5S?|[123](\.0)?|[A-E])")
HIGH_MODES = (MeteringMode.HV_HV, MeteringMode.HV_LV)


class SchemeForm(ActForm, forms.ModelForm):
    """供电方案, one version: voltage and capacity, source, metering, boundary, who builds what."""

    voltage = forms.ChoiceField(label=_("Voltage"))
    capacity = CapacityField(label=_("Capacity"))
    nature = forms.ChoiceField(label=_("Nature of the source"), choices=SourceNature.choices)
    substation = forms.CharField(label=_("Substation"), max_length=60, required=False)
    line = forms.CharField(label=_("Line"), max_length=60, required=False)
    pole = forms.CharField(label=_("Pole or cabinet"), max_length=60, required=False)
    transformer_area = forms.CharField(label=_("Transformer area"), max_length=60, required=False)
    mode = forms.ChoiceField(label=_("Metering mode"), choices=MeteringMode.choices)
    phase = forms.ChoiceField(label=_("Phases"), choices=Phase.choices)
    ct_ratio = ct_field()
    pt_ratio = pt_field()
    meter_class = forms.CharField(
        label=_("Accuracy class of the meter"),
        max_length=12,
        required=False,
        help_text=_("For example 0.5S, 1 or B."),
    )
    tariff = forms.ModelChoiceField(
        label=_("Tariff category"), queryset=TariffCategory.objects.filter(in_force=True)
    )

    yearly_cost = forms.DecimalField(
        label=_("Estimated yearly cost"),
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=2,
        help_text=_("In yuan, if reckoned; helps to choose between single and two-part tariff."),
    )

    class Meta:
        model = Scheme
        fields = ("voltage", "capacity", "ownership_boundary", "utility_pays", "customer_pays", "yearly_cost")
        widgets = {
            name: forms.Textarea(attrs={"rows": 2})
            for name in ("ownership_boundary", "utility_pays", "customer_pays")
        }
        help_texts = {
            "ownership_boundary": _("Exactly where: for example the outgoing terminal of the meter box."),
            "utility_pays": _("Up to the boundary: line, drop wire, meter box, meter …"),
            "customer_pays": _("Behind the boundary. Leave empty if there is nothing."),
        }

    field_order = (
        "voltage", "capacity", "nature", "substation", "line", "transformer_area", "pole", "mode", "phase", "ct_ratio", "pt_ratio",
        "meter_class", "tariff", "ownership_boundary", "utility_pays", "customer_pays", "yearly_cost",
    )  # fmt: skip

    def first_values(self) -> Mapping[str, Any]:
        """What the survey and the application already say is not asked again."""
        app, survey = self.application, latest_survey(self.application)
        high = app.supply_class.startswith("hv")
        values: dict[str, Any] = {
            "voltage": app.voltage or ("10" if high else "0.4"),
            "nature": SourceNature.MAIN,
            "capacity": survey.approved_capacity if survey and survey.approved_capacity else app.capacity,
            "mode": MeteringMode.HV_HV if high else MeteringMode.LV_LV,
            "phase": Phase.THREE if high or app.supply_class == "lv_other" else Phase.SINGLE,
            "tariff": TariffCategory.objects.filter(code=app.usage, in_force=True).first(),
        }
        if survey:
            values |= {
                name: getattr(survey, name) for name in ("substation", "line", "pole", "transformer_area")
            }
        return values

    def prepare(self) -> None:
        """The voltages of the table."""
        levels = VoltageLevel.objects.filter(in_force=True)
        self.fields["voltage"].choices = [(level.code, level.name) for level in levels]  # type: ignore[attr-defined]
        self.fields["capacity"].help_text = _("In %(unit)s.") % {"unit": self.application.capacity_unit}

    def clean_meter_class(self) -> str:
        """Such as 0.5S."""
        text = str(self.cleaned_data["meter_class"]).strip().upper()
        if text and not METER_CLASS.fullmatch(text):
            raise forms.ValidationError(
                gettext("Write the class as it stands on the meter, for example 0.5S, 1 or B.")
            )
        return text

    def look(self, data: dict[str, Any]) -> None:
        """Voltage, capacity, class of supply, source and metering have to fit each other."""
        if sentence := not_supplied_yet(latest_survey(self.application)):
            self.add_error(None, sentence)
        level = voltage_level(data.get("voltage", ""))
        if level is not None:
            self._voltage_fits(level, data)
            self._metering_fits(level, data)
        if not any(data.get(name) for name in ("substation", "line", "pole", "transformer_area")):
            self.add_error(
                "transformer_area" if level and not level.high else "line",
                gettext("Name the source point: transformer area and pole, or substation and line."),
            )

    def _voltage_fits(self, level: VoltageLevel, data: dict[str, Any]) -> None:
        high_class, capacity = self.application.supply_class.startswith("hv"), data.get("capacity")
        if high_class and not level.high:
            self.add_error("voltage", gettext("This is a high-voltage application: choose 10 kV or more."))
        elif level.high and not high_class:
            self.add_error(
                "voltage",
                gettext("This is a low-voltage application: choose 0.4 kV, or have it re-classified."),
            )
        elif capacity is not None and level.refuse_from is not None and capacity >= level.refuse_from:
            self.add_error(
                "capacity",
                gettext(
                    "%(voltage)s kV carries less than %(bound)s; choose a higher voltage or a smaller capacity."
                )
                % {"voltage": level.code, "bound": figure(level.refuse_from)},
            )
        elif capacity is not None and level.remark_from is not None and capacity >= level.remark_from:
            self.remark(
                "capacity_for_voltage",
                gettext(
                    "From %(bound)s upwards a higher voltage than %(voltage)s kV is usual; check voltage and capacity."
                )
                % {"voltage": level.code, "bound": figure(level.remark_from)},
            )

    def _metering_fits(self, level: VoltageLevel, data: dict[str, Any]) -> None:
        mode = data.get("mode")
        if mode in HIGH_MODES and not level.high:
            self.add_error("mode", gettext("At low voltage it is metered at low voltage."))
        if mode == MeteringMode.LV_LV and level.high:
            self.add_error(
                "mode", gettext("Supplied at high voltage: choose metering at high or at low voltage.")
            )
        if mode in HIGH_MODES and not data.get("ct_ratio") and "ct_ratio" not in self.errors:
            self.add_error(
                "ct_ratio", gettext("This way of metering needs a CT: enter its ratio, for example 40/5.")
            )
        if mode == MeteringMode.HV_HV and not data.get("pt_ratio") and "pt_ratio" not in self.errors:
            self.add_error(
                "pt_ratio",
                gettext("Metering at high voltage needs a PT: enter its ratio, for example 10000/100."),
            )
        if mode != MeteringMode.HV_HV and data.get("pt_ratio"):
            self.add_error(
                "pt_ratio", gettext("A PT stands only where it is metered at high voltage; leave this empty.")
            )
        if level.high and data.get("phase") == Phase.SINGLE:
            self.add_error("phase", gettext("High voltage is three-phase."))
