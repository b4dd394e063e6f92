"""Forms of metering and connection."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from applications.fields import compact
from applications.forms.act import ActForm, fill_people, not_in_the_future
from applications.forms.fields import (
    LinesField,
    PeopleField,
    PersonField,
    PhotosField,
    ct_field,
    pt_field,
)
from applications.models import Metering, MeteringPoint, MeterIssue, SchemeSource
from applications.selectors.connection import (
    meter_behind,
    open_points,
    open_sources,
    points_of,
    round_of,
    slip_of,
    sources_of,
)
from applications.selectors.facts import installed_elsewhere
from applications.selectors.works import held_up, not_finished
from applications.services.metering import no_meter_yet, reading_goes_back

SEAL = 32
ASSET = re.compile(r"[0-9A-Z]{6,32}")


class PointField(forms.ModelChoiceField):
    """A metering point, with its source where there are several."""

    def label_from_instance(self, obj: Any) -> str:
        """Number, tariff and ratio."""
        said = [gettext("Metering point %(n)s") % {"n": obj.number}, obj.tariff.name]
        said += [f"CT {obj.ct_ratio}"] if obj.ct_ratio else []
        said += [gettext("on source %(n)s") % {"n": obj.source.number}] if obj.source else []
        return " · ".join(said)


class SourceField(forms.ModelChoiceField):
    """A source."""

    def label_from_instance(self, obj: Any) -> str:
        """Number, nature and where it comes from."""
        return (
            f"{gettext('Source %(n)s') % {'n': obj.number}} · {obj.get_nature_display()} · {obj.source_point}"
        )


class IssueMetersForm(ActForm, forms.ModelForm):
    """领表单: slip, meters, transformers."""

    meters = LinesField(
        label=_("Meters"), longest=SEAL, help_text=_("Asset numbers, one a line."), widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Enter the asset number of every meter handed out.")},
    )  # fmt: skip
    transformers = LinesField(
        label=_("Transformers"), longest=SEAL, required=False, help_text=_("Asset numbers, one a line."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    class Meta:
        model = MeterIssue
        fields = ("number", "meters", "transformers", "issued_date")
        error_messages = {"number": {"required": _("Enter the number of the slip.")}}

    def first_values(self) -> Mapping[str, Any]:
        """Today."""
        return {"issued_date": timezone.localdate()}

    def look(self, data: dict[str, Any]) -> None:
        """Numbers as they stand on the bar code; each once."""
        not_in_the_future(self, data, ["issued_date"])
        for name in ("meters", "transformers"):
            if name not in data:
                continue
            data[name] = [compact(number) for number in data[name]]
            wrong = next((number for number in data[name] if not ASSET.fullmatch(number)), "")
            if wrong:
                sentence = gettext(
                    "An asset number has 6 to 32 letters and digits; compare it with the bar code."
                )
                self.add_error(name, f"{wrong}：{sentence}")
        if len(set(data.get("meters", ()))) < len(data.get("meters", ())):
            self.add_error("meters", gettext("A meter is named twice; take one line away."))
        if self.application.meterissues.filter(number=data.get("number")).exists():
            self.add_error(
                "number", gettext("This slip is recorded already; a mistake is corrected, not overwritten.")
            )


class MeteringForm(ActForm, forms.ModelForm):
    """装表 at one point: asset, seals, ratios, first reading."""

    point = PointField(label=_("Metering point"), queryset=MeteringPoint.objects.none(), empty_label=None)
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
    photos = PhotosField(
        label=_("Photographs"), required=False, help_text=_("Meter with asset number, seals, reading. Their digests enter the record."),
    )  # fmt: skip

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
        """What the scheme says about the point whose turn it is."""
        left = open_points(self.application, round_of(self.application, "metering"))
        slip = self.application.meterissues.order_by("-recorded_at").first()
        values = {"point": left[0].pk, **_planned(left[0])} if left else {}
        return values | ({"issue_slip": slip.number} if slip else {})

    def prepare(self) -> None:
        """Colleagues; which point, where there are several."""
        fill_people(self, "fitters")
        left = open_points(self.application, round_of(self.application, "metering"))
        if len(points_of(self.application)) > 1:
            field: Any = self.fields["point"]
            field.queryset = MeteringPoint.objects.filter(pk__in=[p.pk for p in left]).select_related(
                "tariff", "source"
            )
        else:
            del self.fields["point"]
        self.order_fields(["point"])

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
        point = data.get("point")
        left = open_points(self.application, round_of(self.application, "metering"))
        planned = _planned(point or left[0]) if point or left else {}
        if any(data.get(name) != value for name, value in planned.items() if name in data):
            self.remark(
                "not_as_in_scheme",
                gettext("Phases or ratios differ from the scheme; check the meter and the scheme."),
            )
        slips = self.application.meterissues.exists()
        if data.get("asset_no") and slips and not slip_of(self.application, data["asset_no"]):
            self.remark(
                "on_no_slip",
                gettext("This meter is on no slip of this case; compare the asset number with the slip."),
            )
        if data.get("asset_no") and installed_elsewhere(data["asset_no"], self.application):
            self.remark(
                "installed_elsewhere",
                gettext("This meter is recorded on another case; compare the asset number once more."),
            )


def _planned(point: MeteringPoint) -> dict[str, Any]:
    return {name: getattr(point, name) for name in ("phase", "ct_ratio", "pt_ratio")}


class EnergiseForm(ActForm):
    """送电: which source, when, by whom, at which reading."""

    source = SourceField(
        label=pgettext_lazy("of power", "Source"), queryset=SchemeSource.objects.none(), empty_label=None
    )
    reading = forms.DecimalField(
        label=_("Reading at energising"),
        min_value=0,
        max_digits=12,
        decimal_places=2,
        help_text=_("As the meter shows it, in kWh."),
    )
    energised_by = PersonField(_("Energised by"))

    def prepare(self) -> None:
        """Colleagues; the moment is that of the light; which source, where there are several."""
        fill_people(self, "energised_by")
        self.fields["occurred_at"].label = _("Energised when")
        if len(sources_of(self.application)) > 1:
            left = self._left()
            field: Any = self.fields["source"]
            field.queryset = SchemeSource.objects.filter(pk__in=[source.pk for source in left])
        else:
            del self.fields["source"]
        self.order_fields(["source"])

    def _left(self) -> list[SchemeSource]:
        return open_sources(self.application, round_of(self.application, "energisation"))

    def first_values(self) -> Mapping[str, Any]:
        """The first reading is where it begins."""
        left = self._left()
        meter = meter_behind(self.application, left[0] if left else None)
        values: dict[str, Any] = {"source": left[0].pk} if left else {}
        return values | ({"reading": meter.first_reading} if meter else {})

    def look(self, data: dict[str, Any]) -> None:
        """A meter does not run backwards, and no source goes live without one."""
        left = self._left()
        source = data.get("source") or (left[0] if left else None)
        if item := held_up(self.application, source.number if source else None):
            self.add_error("source" if "source" in self.fields else None, not_finished(item))
        meter, reading = meter_behind(self.application, source), data.get("reading")
        if "source" in self.fields and source and meter is None:
            self.add_error("source", no_meter_yet(source.number, alone=False))
        if meter and reading is not None and reading < meter.first_reading:
            self.add_error("reading", reading_goes_back(meter.first_reading))
