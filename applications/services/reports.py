"""Issuing a monthly report: its figures are kept as they are now, and the event seals their digest."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import MonthlyReport
from applications.selectors.report import month_after
from staff.models import Office, User
from workflow.events import append, canonical, name_actor
from workflow.transitions import Refused, actor_name


def issue_report(office: Office, month: dt.date, figures: dict[str, Any], *, by: User) -> MonthlyReport:
    """Keep the month's figures; only of a month that is over. Issuing again adds a version beside the first."""
    now = timezone.now()
    if timezone.localdate(now) < month_after(month):
        raise Refused(
            _("This month is not over; its report can be issued from %(day)s on.")
            % {"day": month_after(month)}
        )
    body = canonical(
        {
            "office": office.code,
            "name": office.name_zh,
            "month": f"{month:%Y-%m}",
            "as_of": now,
            "figures": figures,
        }
    )
    digest = hashlib.sha256(body.encode()).hexdigest()
    with transaction.atomic():
        name_actor(actor_name(by))
        said = {"month": f"{month:%Y-%m}", "office": office.code, "digest": digest}
        event = append(f"report:{office.code}", "report.issued", data=said)
        return MonthlyReport.objects.create(
            office=office, month=month, as_of=now, by=by, body=body, digest=digest, number=event.number
        )
