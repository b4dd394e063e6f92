"""Form of the supply scheme; what is said about a version is in replies.py."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from applications.fields import CapacityField
from applications.forms.rows import Group, RowsForm, at_row, place
from applications.forms.scheme_rows import (
    METERING,
    first_rows,
    of_last_version,
    point_fields,
    receiver_fields,
    source_fields,
)
from applications.models import MeteringMode, Phase, Pricing, Scheme, SourceNature, VoltageLevel
from applications.selectors.capacity import rule_for
from applications.selectors.facts import latest_scheme, latest_survey, open_objections, voltage_level
from applications.selectors.prices import estimate
from applications.selectors.terms import figure
from applications.services.capacity import capacity_faults, looks_behind
from applications.services.options import no_parameters
from applications.services.scheme import not_supplied_yet
from applications.services.scheme_tree import Fault, Tree

METER_CLASS = re.compile(r"(0\.2S?|0\.5S?|[123](\.0)?|[A-E])")
HIGH_MODES = (MeteringMode.HV_HV, MeteringMode.HV_LV)
ROW_NAMES = {
    "receiver_name": "name",
    "receiver_capacity": "capacity",
    "source_voltage": "voltage",
    "source_capacity": "capacity",
}
"""What a field of a row is called in the tree, where its own name would be another field's."""


class SchemeForm(RowsForm, forms.ModelForm):
    """供电方案, one version: voltage and capacity, receiving points, sources, metering, boundary, who builds what, two options."""

    voltage = forms.ChoiceField(label=_("Voltage"))
    capacity = CapacityField(label=_("Capacity"))
    pricing = forms.ChoiceField(
        label=_("Tariff made up of"), choices=[("", "—"), *Pricing.choices], required=False
    )
    yearly_kwh = forms.DecimalField(
        label=_("Expected consumption of a year"), required=False, min_value=0, max_digits=12, decimal_places=0,
        help_text=_("In kWh; the yearly cost of each option is reckoned from it, as an estimate."),
    )  # fmt: skip
    other_pricing = forms.ChoiceField(
        label=_("Other option: tariff"), choices=[("", _("no comparison")), *Pricing.choices], required=False
    )
    other_voltage = forms.ChoiceField(label=_("Other option: voltage"), required=False)
    other_capacity = CapacityField(label=_("Other option: capacity"), required=False)
    yearly_cost = forms.DecimalField(
        label=_("Estimated yearly cost"), required=False, min_value=0, max_digits=12, decimal_places=2,
        help_text=_("In yuan; empty: reckoned from the expected consumption."),
    )  # fmt: skip
    answer = forms.CharField(
        label=_("Answer to the objection"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What was changed, or why something was not; the customer reads it beside the new version."),
    )  # fmt: skip

    class Meta:
        model = Scheme
        fields = (
            "voltage", "capacity", "pricing", "ownership_boundary", "utility_pays", "customer_pays", "yearly_cost",
        )  # fmt: skip
        widgets = {
            name: forms.Textarea(attrs={"rows": 2})
            for name in ("ownership_boundary", "utility_pays", "customer_pays")
        }
        help_texts = {
            "ownership_boundary": _("Exactly where: for example the outgoing terminal of the meter box."),
            "utility_pays": _("Up to the boundary: line, drop wire, meter box, meter …"),
            "customer_pays": _("Behind the boundary. Leave empty if there is nothing."),
        }

    def groups(self) -> list[Group]:
        """Receiving points, sources, metering points."""
        sources, receivers = (getattr(self, "counts", {}).get(name, 1) for name in ("source", "receiver"))
        return [
            Group("receiver", _("Receiving point"), _("Add a receiving point"), receiver_fields(), offered=self._branching()),
            Group(
                "source", pgettext_lazy("of power", "Source"), _("Add a source"), source_fields(self.application, receivers),
                asked_of_one=frozenset({"nature", "substation", "line", "pole", "transformer_area", "asset"}),
                offered=self._branching(),
            ),
            Group(
                "point", _("Metering point"), _("Add a metering point"), point_fields(sources),
                asked_of_one=frozenset({*METERING, "tariff"}),
            ),
        ]  # fmt: skip

    def _branching(self) -> bool:
        return self.application.high

    def plan(self) -> list[tuple[str, list[str]]]:
        """In the order a scheme is thought out."""
        return [
            ("", ["voltage", "capacity"]),
            ("*receiver", []),
            ("*source", []),
            ("*point", []),
            (gettext("Boundary and investment"), ["ownership_boundary", "utility_pays", "customer_pays"]),
            (
                gettext("Tariff, and another option to compare"),
                ["pricing", "yearly_kwh", "yearly_cost", "other_pricing", "other_voltage", "other_capacity"],
            ),
            ("", ["answer"]),
        ]

    def first_values(self) -> Mapping[str, Any]:
        """What the last version, the survey and the application already say is not asked again."""
        last = latest_scheme(self.application)
        return of_last_version(last) if last else first_rows(self.application)

    def prepare(self) -> None:
        """The voltages of the table; the rows there are; an answer where something was objected to."""
        last = latest_scheme(self.application)
        levels = [(level.code, level.name) for level in VoltageLevel.objects.filter(in_force=True)]
        self.fields["voltage"].choices = levels  # type: ignore[attr-defined]
        self.fields["other_voltage"].choices = [("", gettext("the same")), *levels]  # type: ignore[attr-defined]
        self.fields["capacity"].help_text = _("In %(unit)s.") % {"unit": self.application.capacity_unit}
        self.fields["other_capacity"].help_text = _("Empty: the same.")
        if last is None or not open_objections(last):
            del self.fields["answer"]
        self.add_rows()

    def fresh_row(self, group: str, number: int) -> dict[str, Any]:
        """A second source stands by; a further metering point is measured like the first, on the last source."""
        if group == "source":
            return {at_row("nature", number): SourceNature.STANDBY}
        if group == "point":
            alike = {at_row(name, number): self._typed().get(name) for name in ("mode", "phase", "tariff")}
            return alike | {at_row("source", number): min(number, self.counts["source"])}
        return {}

    def without_row(self, group: str, gone: int, typed: dict[str, Any]) -> dict[str, Any]:
        """Rows that hung on a later one follow it to its new number; those of the one that went hang on the first."""
        hangs, on = {"receiver": ("receiver", "source"), "source": ("source", "point")}.get(group, ("", ""))
        for number in range(1, self.counts[on] + 1) if on else ():
            name = at_row(hangs, number)
            held = place(typed.get(name))
            typed[name] = str(held - 1 if held > gone else 1 if held == gone else held)
        return typed

    def clean(self) -> dict[str, Any]:
        """Rows as lists, what the service takes."""
        data = super().clean()
        rows = {
            f"{group}s": [{ROW_NAMES.get(n, n): v for n, v in row.items()} for row in self.rows(group, data)]
            for group in ("receiver", "source", "point")
        }
        return self.without_rows(data) | rows

    def look(self, data: dict[str, Any]) -> None:
        """Voltage, capacity, class of supply, sources and metering have to fit each other."""
        if sentence := not_supplied_yet(latest_survey(self.application)):
            self.add_error(None, sentence)
        level = voltage_level(data.get("voltage", ""))
        if level is not None:
            self._voltage_fits(level, data)
            for number in range(1, self.counts["point"] + 1):
                self._metering_fits(level, data, number)
        for number in range(1, self.counts["point"] + 1):
            self._class_reads(data, at_row("meter_class", number))
            self._class_reads(data, at_row("transformer_class", number))
        self._options_fit(data)
        if data.get("voltage") and data.get("capacity") is not None and not self._broken_rows():
            self._tree_fits(data)

    def _broken_rows(self) -> bool:
        return any(
            name.split("__")[0] in group.fields for group in self.row_groups.values() for name in self.errors
        )

    def _tree_fits(self, data: dict[str, Any]) -> None:
        """The same look at the whole as the service takes, each fault at its row."""
        rows = {
            f"{group}s": [{ROW_NAMES.get(n, n): v for n, v in row.items()} for row in self.rows(group, data)]
            for group in ("receiver", "source", "point")
        }
        tree = Tree.of({"voltage": data["voltage"], "capacity": data["capacity"], **rows})
        faults = tree.faults(rule_for(self.application.supply_class))
        if not faults:
            assets = [row.get("asset") for row in tree.sources]
            faults = list(
                capacity_faults(self.application, list(looks_behind(self.application, tree.sources, assets)))
            )
        for fault in faults:
            self.add_error(self._place(fault), fault.sentence)
        for code, sentence in tree.remarks.items():
            self.remark(code, sentence)

    def _place(self, fault: Fault) -> str | None:
        names = (
            [at_row(fault.name, fault.number), at_row("transformer_area", fault.number)]
            if fault.group
            else [fault.name]
        )
        if fault.name == "line" and not self.application.high:
            names.reverse()
        return next((name for name in names if name in self.fields), None)

    def _class_reads(self, data: dict[str, Any], name: str) -> None:
        text = str(data.get(name) or "").strip().upper()
        if text and not METER_CLASS.fullmatch(text):
            self.add_error(
                name, gettext("Write the class as it stands on the meter, for example 0.5S, 1 or B.")
            )
        elif name in data:
            data[name] = text

    def _options_fit(self, data: dict[str, Any]) -> None:
        """A comparison needs to know how much is used, and that there are parameters for it."""
        other, kwh = data.get("other_pricing"), data.get("yearly_kwh")
        if other and not data.get("pricing"):
            self.add_error(
                "pricing",
                gettext("Say how this option's tariff is made up, so that the two can be compared."),
            )
        if other and kwh is None and "yearly_kwh" not in self.errors:
            self.add_error(
                "yearly_kwh",
                gettext(
                    "Enter how much is expected to be used in a year; without it nothing can be compared."
                ),
            )
        same = (
            data.get("other_voltage") or data.get("voltage"),
            data.get("other_capacity") or data.get("capacity"),
            other,
        )
        if other and same == (data.get("voltage"), data.get("capacity"), data.get("pricing")):
            self.add_error(
                "other_pricing",
                gettext("The two options are the same; change voltage, capacity or tariff of one."),
            )
        if kwh is None or data.get("capacity") is None:
            return
        for name, voltage, pricing in (
            ("pricing", data.get("voltage"), data.get("pricing")),
            ("other_pricing", same[0], other),
        ):
            if voltage and pricing and estimate(voltage, pricing, data["capacity"], kwh) is None:
                self.add_error(name, no_parameters(voltage))

    def _voltage_fits(self, level: VoltageLevel, data: dict[str, Any]) -> None:
        high_class, capacity = self.application.high, data.get("capacity")
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

    def _metering_fits(self, level: VoltageLevel, data: dict[str, Any], number: int) -> None:
        mode_at, ct_at, pt_at, phase_at = (
            at_row(n, number) for n in ("mode", "ct_ratio", "pt_ratio", "phase")
        )
        mode = data.get(mode_at)
        if mode in HIGH_MODES and not level.high:
            self.add_error(mode_at, gettext("At low voltage it is metered at low voltage."))
        if mode == MeteringMode.LV_LV and level.high:
            self.add_error(
                mode_at, gettext("Supplied at high voltage: choose metering at high or at low voltage.")
            )
        if mode in HIGH_MODES and not data.get(ct_at) and ct_at not in self.errors:
            self.add_error(
                ct_at, gettext("This way of metering needs a CT: enter its ratio, for example 40/5.")
            )
        if mode == MeteringMode.HV_HV and not data.get(pt_at) and pt_at not in self.errors:
            self.add_error(
                pt_at, gettext("Metering at high voltage needs a PT: enter its ratio, for example 10000/100.")
            )
        if mode != MeteringMode.HV_HV and data.get(pt_at):
            self.add_error(
                pt_at, gettext("A PT stands only where it is metered at high voltage; leave this empty.")
            )
        if level.high and data.get(phase_at) == Phase.SINGLE:
            self.add_error(phase_at, gettext("High voltage is three-phase."))
