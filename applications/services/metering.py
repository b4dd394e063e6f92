"""装表接电: the meter hung, the source energised."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import Application, Energisation, Metering
from applications.selectors.facts import latest_inspection, latest_metering, latest_scheme
from applications.selectors.terms import figure
from applications.services.facts import base, ids, plain, recording, said, split
from staff.models import User
from workflow.transitions import Done, Refused

SAID = ("asset_no", "issue_slip", "phase", "ct_ratio", "pt_ratio", "first_reading")


def record_metering(application: Application, *, by: User, fitters: Collection[User], **given: Any) -> Done:
    """装表: asset, seals and first reading at the scheme's metering point."""
    how, fields, confirmed = split(given)
    data = said(fields, *SAID) | {"seals": len(fields["seals"]), "fitters": ids(fitters)} | confirmed
    with recording(application, "record_metering", by, how, data, **fields) as a:
        scheme = latest_scheme(application)
        point = scheme.metering_points.first() if scheme else None
        metering = Metering.objects.create(**base(a, application), point=point, **fields)
        metering.fitters.set(fitters)
    return a.done


def energise_source(
    application: Application, *, by: User, energised_by: User, reading: Decimal, **given: Any
) -> Done:
    """送电. A time before the inspection is stored and said, not refused: a refused order would be typed differently."""
    how, _fields, _confirmed = split(given)
    data = {"reading": plain(reading), "energised_by": str(energised_by.pk)}
    with recording(application, "energise_source", by, how, data) as a:
        meter = latest_metering(application)
        if meter and reading < meter.first_reading:
            raise Refused(reading_goes_back(meter.first_reading))
        energised_at = a.occurred_at or timezone.now()
        scheme = latest_scheme(application)
        energisation = Energisation.objects.create(
            **base(a, application),
            source=scheme.sources.first() if scheme else None,
            energised_at=energised_at,
            reading=reading,
            energised_by=energised_by,
            before_inspection=_before_inspection(application, energised_at),
        )
        a.data |= {"last": True, "before_inspection": energisation.before_inspection}
    return a.done


def reading_goes_back(first: Decimal) -> str:
    """The sentence for a reading lower than the meter's first."""
    return _("The reading is lower than the first reading %(first)s; read the meter again.") % {
        "first": figure(first)
    }


def _before_inspection(application: Application, energised_at: dt.datetime) -> bool:
    inspection = latest_inspection(application)
    return inspection is not None and energised_at < (inspection.occurred_at or inspection.recorded_at)
