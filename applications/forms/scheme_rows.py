"""Rows of the scheme's form: receiving points, sources, metering points; and what they start with."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from applications.fields import CapacityField
from applications.forms.fields import ct_field, pt_field
from applications.forms.rows import at_row
from applications.models import (
    Application,
    CapacityAsset,
    MeteringMode,
    Phase,
    Scheme,
    SchemeChoice,
    Share,
    SourceNature,
    TariffCategory,
    VoltageLevel,
)
from applications.selectors.capacity import assets_for, figures_of, standing_check
from applications.selectors.facts import latest_survey
from applications.selectors.terms import figure

PLACE = ("substation", "line", "pole", "transformer_area")
METERING = (
    "mode",
    "phase",
    "ct_ratio",
    "pt_ratio",
    "meter_class",
    "transformer_class",
    "share_kind",
    "share_value",
)


class AssetField(forms.ModelChoiceField):
    """A transformer area, line or substation, with what is open of it and of which day the figure is."""

    def __init__(self, queryset: Any = None, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Open capacity of"))
        super().__init__(queryset=CapacityAsset.objects.none() if queryset is None else queryset, **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        """Name, open capacity, day."""
        known = self._figures().get(obj.pk)
        if known is None:
            return str(obj)
        return gettext("%(asset)s · %(left)s %(unit)s open (%(day)s)") % {
            "asset": obj, "left": figure(known.open_capacity), "unit": obj.unit, "day": known.as_of_date,
        }  # fmt: skip

    def _figures(self) -> dict[int, Any]:
        if not hasattr(self, "_known"):
            self._known = figures_of(self.queryset)  # type: ignore[arg-type]
        return self._known


def _numbered(label: Any, count: int, what: Any, **kwargs: Any) -> forms.TypedChoiceField:
    """Which row above this one hangs on."""
    choices = [(str(n), gettext("%(what)s %(n)s") % {"what": what, "n": n}) for n in range(1, count + 1)]
    return forms.TypedChoiceField(
        label=label,
        choices=choices,
        coerce=int,
        initial="1",
        required=False,
        empty_value=1,  # type: ignore[arg-type]
        **kwargs,
    )


def receiver_fields() -> dict[str, forms.Field]:
    """Name and capacity; asked where there are several."""
    return {
        "receiver_name": forms.CharField(label=_("Name"), max_length=60, required=False),
        "receiver_capacity": CapacityField(label=_("Capacity of the receiving point")),
    }


def source_fields(application: Application, receivers: int) -> dict[str, forms.Field]:
    """What a source is for, from where it comes, what it carries."""
    levels = VoltageLevel.objects.filter(in_force=True, high=True)
    fields: dict[str, forms.Field] = {
        "nature": forms.ChoiceField(label=_("Nature of the source"), choices=SourceNature.choices),
        "substation": forms.CharField(label=_("Substation"), max_length=60, required=False),
        "line": forms.CharField(label=_("Line"), max_length=60, required=False),
        "transformer_area": forms.CharField(label=_("Transformer area"), max_length=60, required=False),
        "pole": forms.CharField(label=_("Pole or cabinet"), max_length=60, required=False),
        "source_voltage": forms.ChoiceField(
            label=_("Voltage"), required=False, choices=lambda: [("", gettext("as the scheme")), *((v.code, v.name) for v in levels)]
        ),
        "source_capacity": CapacityField(
            label=_("Capacity of the source"), required=False, help_text=_("Empty: that of its receiving point.")
        ),
    }  # fmt: skip
    if receivers > 1:
        fields["receiver"] = _numbered(_("For which receiving point"), receivers, _("Receiving point"))
    assets = assets_for(application)
    if assets.exists():
        fields["asset"] = AssetField(assets, required=False, empty_label=_("not looked up"))
    return fields


def point_fields(sources: int) -> dict[str, forms.Field]:
    """How and in which price class it is measured."""
    fields: dict[str, forms.Field] = {
        "mode": forms.ChoiceField(label=_("Metering mode"), choices=MeteringMode.choices),
        "phase": forms.ChoiceField(label=_("Phases"), choices=Phase.choices),
        "ct_ratio": ct_field(),
        "pt_ratio": pt_field(),
        "meter_class": forms.CharField(
            label=_("Accuracy class of the meter"), max_length=12, required=False, help_text=_("For example 0.5S, 1 or B."),
        ),
        "transformer_class": forms.CharField(
            label=_("Accuracy class of the transformers"), max_length=12, required=False, help_text=_("For example 0.2S; only where there are any."),
        ),
        "share_kind": forms.ChoiceField(
            label=_("Fixed quantity or share"), choices=[("", _("none")), *Share.choices], required=False
        ),
        "share_value": forms.DecimalField(
            label=_("Quantity or share"), required=False, min_value=0, max_digits=10, decimal_places=2,
        ),
        "tariff": forms.ModelChoiceField(label=_("Tariff category"), queryset=TariffCategory.objects.filter(in_force=True)),
    }  # fmt: skip
    if sources > 1:
        fields["source"] = _numbered(_("On which source"), sources, pgettext_lazy("of power", "Source"))
    return fields


def first_rows(application: Application) -> dict[str, Any]:
    """The first version: what survey, application and the look at the capacity say."""
    survey, high = latest_survey(application), application.high
    check = standing_check(application)
    values: dict[str, Any] = {
        "voltage": application.voltage or ("10" if high else "0.4"),
        "nature": SourceNature.MAIN,
        "capacity": survey.approved_capacity if survey and survey.approved_capacity else application.capacity,
        "mode": MeteringMode.HV_HV if high else MeteringMode.LV_LV,
        "phase": Phase.THREE if high or application.supply_class == "lv_other" else Phase.SINGLE,
        "tariff": TariffCategory.objects.filter(code=application.usage, in_force=True).first(),
        "asset": check.asset_id if check else None,
    }
    if survey:
        values |= {name: getattr(survey, name) for name in PLACE}
    return values


def of_last_version(scheme: Scheme) -> dict[str, Any]:
    """A further version starts as the last one, around the option the customer chose if there is one."""
    choice = (
        SchemeChoice.objects.filter(scheme=scheme).select_related("option").order_by("-recorded_at").first()
    )
    chosen = choice.option if choice else None
    receivers = list(scheme.receivers.all())
    several = len(receivers) > 1
    values: dict[str, Any] = {
        "voltage": chosen.voltage if chosen else scheme.voltage,
        "capacity": chosen.capacity if chosen else scheme.capacity,
        "pricing": chosen.pricing if chosen else scheme.pricing,
        "ownership_boundary": scheme.ownership_boundary,
        "utility_pays": scheme.utility_pays,
        "customer_pays": scheme.customer_pays,
        "receiver_rows": len(receivers) or 1,
    }
    for receiver in receivers if several else []:
        values[at_row("receiver_name", receiver.number)] = receiver.name
        values[at_row("receiver_capacity", receiver.number)] = receiver.capacity
    return values | _sources(scheme, several, chosen is not None) | _points(scheme)


def _sources(scheme: Scheme, several: bool, resized: bool) -> dict[str, Any]:
    sources = list(scheme.sources.select_related("receiver", "capacity_check"))
    values: dict[str, Any] = {"source_rows": len(sources) or 1}
    for source in sources:
        row = {name: getattr(source, name) for name in ("nature", *PLACE)}
        row["asset"] = source.capacity_check.asset_id if source.capacity_check else None
        if several:
            row["receiver"] = source.receiver.number if source.receiver else 1
        if len(sources) > 1 and not resized:
            row |= {
                "source_voltage": source.voltage if source.voltage != scheme.voltage else "",
                "source_capacity": source.capacity,
            }
        values |= {at_row(name, source.number): value for name, value in row.items()}
    return values


def _points(scheme: Scheme) -> dict[str, Any]:
    points = list(scheme.metering_points.select_related("source"))
    values: dict[str, Any] = {"point_rows": len(points) or 1}
    for point in points:
        row = {name: getattr(point, name) for name in METERING} | {"tariff": point.tariff_id}
        row["source"] = point.source.number if point.source else 1
        values |= {at_row(name, point.number): value for name, value in row.items()}
    return values
