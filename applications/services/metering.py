"""装表接电: the meters hung, point by point; the sources energised, one after another. Each fact stands with the last."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import (
    Application,
    Energisation,
    Metering,
    MeteringPoint,
    MeterIssue,
    SchemeSource,
)
from applications.selectors.connection import (
    energised_in,
    meter_behind,
    metered_in,
    points_of,
    slip_of,
    sources_of,
)
from applications.selectors.facts import latest_inspection
from applications.selectors.terms import figure
from applications.selectors.works import held_up, not_finished
from applications.services.facts import base, ids, plain, recording, said, split
from applications.services.photos import digests, keep_photos
from staff.models import User
from workflow.transitions import Act, Done, Refused

Row = TypeVar("Row", MeteringPoint, SchemeSource)

SAID = ("asset_no", "issue_slip", "phase", "ct_ratio", "pt_ratio", "first_reading")


PHOTO = "metering_photo"
"""Under which code photographs of the meter lie among the papers."""


def issue_meters(application: Application, *, by: User, **given: Any) -> Done:
    """领表: what the store handed out for this case, on which slip."""
    how, fields, _confirmed = split(given)
    data = said(fields, "number", "meters", "transformers", "issued_date")
    with recording(application, "issue_meters", by, how, data) as a:
        if application.meterissues.filter(number=fields["number"]).exists():
            raise Refused(_("This slip is recorded already; a mistake is corrected, not overwritten."))
        MeterIssue.objects.create(**base(a, application), **fields)
    return a.done


def record_metering(
    application: Application,
    *,
    by: User,
    fitters: Collection[User],
    point: MeteringPoint | None = None,
    photos: Sequence[UploadedFile] = (),
    **given: Any,
) -> Done:
    """装表: asset, seals, first reading and photographs at one metering point of the scheme.

    The fact stands when every point has its meter. A slip not named is the one on which the store handed this meter out.
    """
    how, fields, confirmed = split(given)
    fields["issue_slip"] = fields.get("issue_slip") or slip_of(application, fields["asset_no"])
    data = said(fields, *SAID) | {"seals": len(fields["seals"]), "fitters": ids(fitters)} | confirmed
    data |= {"photos": len(photos)} if photos else {}
    with recording(
        application, "record_metering", by, how, data, point=point, pictures=digests(photos), **fields
    ) as a:
        points = points_of(application)
        hung = metered_in(application, a.round)
        here = _next(points, hung, point, _meter_hangs())
        metering = Metering.objects.create(**base(a, application), point=here, **fields)
        metering.fitters.set(fitters)
        metering.photos.set(keep_photos(a, application, photos, PHOTO, by))
        _one_of(a, points, hung, here)
    return a.done


def energise_source(
    application: Application,
    *,
    by: User,
    energised_by: User,
    reading: Decimal,
    source: SchemeSource | None = None,
    **given: Any,
) -> Done:
    """送电 of one source. Clocks that count each source stop at the last; so does the task.

    A time before the inspection is stored and said, not refused: a refused order would be typed differently.
    """
    how, _fields, _confirmed = split(given)
    data = {"reading": plain(reading), "energised_by": str(energised_by.pk)}
    with recording(application, "energise_source", by, how, data, source=source) as a:
        sources = sources_of(application)
        live = energised_in(application, a.round)
        here = _next(sources, live, source, _is_live())
        if item := held_up(application, here.number if here else None):
            raise Refused(not_finished(item))
        meter = meter_behind(application, here)
        if here is not None and meter is None and here.points.exists():
            raise Refused(no_meter_yet(here.number, alone=len(sources) == 1))
        if meter and reading < meter.first_reading:
            raise Refused(reading_goes_back(meter.first_reading))
        energised_at = a.occurred_at or timezone.now()
        energisation = Energisation.objects.create(
            **base(a, application),
            source=here,
            energised_at=energised_at,
            reading=reading,
            energised_by=energised_by,
            before_inspection=_before_inspection(application, energised_at),
        )
        a.data["before_inspection"] = energisation.before_inspection
        _one_of(a, sources, live, here)
        a.data["last"] = not a.incomplete
    return a.done


def _next(rows: Sequence[Row], done: Collection[int], named: Row | None, twice: str) -> Row | None:
    """The row meant: the one named, else the next in turn; none where the case has no scheme."""
    if named is None:
        return next((row for row in rows if row.pk not in done), None)
    if named.pk in done:
        raise Refused(twice)
    if named.pk not in {row.pk for row in rows}:
        raise Refused(_("The scheme has a newer version in which this does not exist; reload the page."))
    return named


def _one_of(a: Act, rows: Sequence[Any], done: Collection[int], here: Any) -> None:
    """Of several, say which, and leave the task open until all are done."""
    if here is None:
        return
    left = {row.pk for row in rows} - set(done) - {here.pk}
    a.incomplete = bool(left)
    if len(rows) > 1:
        a.data |= {"number": here.number, "of": len(rows), "left": len(left)}


def _meter_hangs() -> str:
    return _("A meter hangs at this point already; a mistake is corrected, not overwritten.")


def _is_live() -> str:
    return _("This source is energised already.")


def no_meter_yet(number: int, *, alone: bool) -> str:
    """The sentence for a source without a meter."""
    if alone:
        return _("No meter hangs there yet; record the metering first.")
    return _("No meter hangs on source %(n)s yet; record its metering first.") % {"n": number}


def reading_goes_back(first: Decimal) -> str:
    """The sentence for a reading lower than the meter's first."""
    return _("The reading is lower than the first reading %(first)s; read the meter again.") % {
        "first": figure(first)
    }


def _before_inspection(application: Application, energised_at: dt.datetime) -> bool:
    inspection = latest_inspection(application)
    return inspection is not None and energised_at < (inspection.occurred_at or inspection.recorded_at)
