"""Temporary supply: renewed before it ends, taken down when it does."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import Application, Removal, TemporaryParticulars, TemporaryRenewal
from applications.selectors.facts import latest_metering
from applications.selectors.terms import figure
from applications.services.facts import base, recording, said, split, there
from applications.services.particulars import why_not_until
from staff.models import User
from workflow.transitions import Done, Refused


def renew_temporary(
    application: Application, *, by: User, until_date: dt.date, reason: str, **given: Any
) -> Done:
    """续期: the end moves forward, by no more than the table of terms says, with a reason; earlier ends stay on record."""
    how, _fields, _confirmed = split(given)
    data = {"until_date": until_date.isoformat()}
    with recording(application, "renew_temporary", by, how, data, reason=reason) as a:
        row = there(TemporaryParticulars.objects.select_for_update().filter(application=application).first())
        if sentence := why_not_renew(row, until_date):
            raise Refused(sentence)
        TemporaryRenewal.objects.create(
            **base(a, application), before_date=row.until_date, until_date=until_date, reason=reason
        )
        a.data |= {"before_date": row.until_date.isoformat()}
        row.until_date = until_date
        row.save(update_fields=["until_date"])
    return a.done


def why_not_renew(row: TemporaryParticulars, until: dt.date) -> str | None:
    """Why the end may not move there: backwards, or further than one renewal reaches."""
    if until <= row.until_date:
        return _("A renewal moves the end forward: choose a day after %(day)s.") % {
            "day": row.until_date.isoformat()
        }
    return why_not_until(max(row.until_date, timezone.localdate()), until, "renewal")


def record_removal(application: Application, *, by: User, **given: Any) -> Done:
    """拆除: read for the last time, taken down, settled."""
    how, fields, confirmed = split(given)
    data = said(fields, "last_reading", "asset_no", "settled") | confirmed
    with recording(application, "record_removal", by, how, data, **fields) as a:
        if sentence := why_not_removed(application, fields):
            raise Refused(sentence)
        Removal.objects.create(**base(a, application), **fields)
    return a.done


def why_not_removed(application: Application, fields: dict[str, Any]) -> str | None:
    """Why this cannot be what was taken down: another meter, or a reading before the first."""
    meter = latest_metering(application)
    if not fields["settled"]:
        return _("Settle the bill up to the last reading first.")
    if meter is None:
        return None
    if meter.asset_no != fields["asset_no"]:
        return _("The meter hung here is %(number)s; compare the number on the meter taken down.") % {
            "number": meter.asset_no
        }
    if fields["last_reading"] < meter.first_reading:
        return _("The last reading is lower than the first reading %(first)s; read the meter again.") % {
            "first": figure(meter.first_reading)
        }
    return None
