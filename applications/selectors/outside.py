"""What other systems say of a case, beside what we hold: numbers, fields that came from there, times with the gap between the two."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from applications.models import Application, Energisation, OutsideField, OutsideTime, StatedMoment
from workflow.models import Case, ExternalRef

LABELS = {
    "phone": gettext_lazy("Phone"), "name": gettext_lazy("Name"), "need": gettext_lazy("Need"), "place": gettext_lazy("Place"),
    "category": gettext_lazy("Kind of business"), "id_number": gettext_lazy("ID number or credit code"),
    "title_kind": gettext_lazy("Title to the premises"), "usage": gettext_lazy("What the power is for"),
    "capacity": gettext_lazy("Capacity wanted"),
}  # fmt: skip
SAME = dt.timedelta(minutes=1)
"""Clocks of two systems that differ by less agree."""


@dataclass(frozen=True, slots=True)
class TimeBeside:
    """A time of another system and ours for the same thing; `gap` in words where they disagree."""

    system: str
    about: str
    label: str
    stated_at: dt.datetime
    received_at: dt.datetime
    ours: dt.datetime | None
    gap: str


@dataclass(frozen=True, slots=True)
class FieldsFrom:
    """What one system gave, and when."""

    system: str
    received_at: dt.datetime
    labels: list[str]


@dataclass
class OutsideCard:
    """Everything the card shows."""

    refs: list[ExternalRef] = field(default_factory=list)
    fields: list[FieldsFrom] = field(default_factory=list)
    times: list[TimeBeside] = field(default_factory=list)

    @property
    def disagree(self) -> bool:
        """Whether any two times do."""
        return any(row.gap for row in self.times)


def outside_card(case: Case, application: Application | None) -> OutsideCard:
    """Load the card; one query where the case has no number elsewhere, for then nothing else came from there."""
    refs = list(case.external_refs.order_by("pk"))
    if not refs:
        return OutsideCard()
    given = list(OutsideField.objects.filter(case=case).order_by("system", "received_at", "pk"))
    return OutsideCard(refs, list(_grouped(given)), outside_times(case, application))


def outside_times(case: Case, application: Application | None) -> list[TimeBeside]:
    """The times other systems hold, ours beside them."""
    stated = list(OutsideTime.objects.filter(case=case))
    if not stated:
        return []
    ours = _ours(case, application)
    return [
        TimeBeside(
            row.system, row.about, str(StatedMoment(row.about).label), row.stated_at, row.received_at, ours[row.about],
            gap_between(row.stated_at, ours[row.about]),
        )
        for row in stated
    ]  # fmt: skip


def fields_from_outside(case: Case) -> dict[str, OutsideField]:
    """Fields that another system gave, by name; the earliest that gave one stands for it."""
    return {row.name: row for row in OutsideField.objects.filter(case=case).order_by("-received_at", "-pk")}


def gap_between(there: dt.datetime, here: dt.datetime | None) -> str:
    """How far two times lie apart, and which comes first; empty where they agree or there is only one."""
    if here is None or abs(there - here) < SAME:
        return ""
    words = {"gap": _length(abs(there - here))}
    return _("%(gap)s earlier there") % words if there < here else _("%(gap)s later there") % words


def _length(gap: dt.timedelta) -> str:
    minutes = int(gap.total_seconds() // 60)
    days, hours = minutes // 1440, minutes // 60 % 24
    if days:
        said = ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
        return f"{said} {ngettext('%(n)d hour', '%(n)d hours', hours) % {'n': hours}}" if hours else said
    if hours:
        return _("%(h)d h %(m)d min") % {"h": hours, "m": minutes % 60}
    return _("%(m)d min") % {"m": minutes}


def _ours(case: Case, application: Application | None) -> dict[str, Any]:
    """When we recorded the same: the database's own times, not what was claimed."""
    first = case.contacts.order_by("recorded_at").first()
    energised = (
        Energisation.objects.filter(application=application).order_by("-recorded_at").first()
        if application
        else None
    )
    return {
        StatedMoment.CONTACT: first.recorded_at if first else None,
        StatedMoment.SUBMITTED: application.submitted_at if application else None,
        StatedMoment.ACCEPTED: application.accepted_at if application else None,
        StatedMoment.ENERGISED: energised.recorded_at if energised else None,
    }


def _grouped(given: Iterable[OutsideField]) -> Iterable[FieldsFrom]:
    for system, rows in groupby(given, key=lambda row: row.system):
        listed = list(rows)
        yield FieldsFrom(
            system, listed[0].received_at, [str(LABELS.get(row.name, row.name)) for row in listed]
        )
