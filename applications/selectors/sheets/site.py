"""竣工检验: its result, and the notice of what has to be put right."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from applications.models import Application
from applications.selectors.facts import latest_completion
from applications.selectors.sheets.frame import (
    address_line,
    business_of,
    framed,
    number_of,
    place_of,
    signed_by,
)
from applications.sheets.parts import Facts, Items, Line, Part, Sheet
from staff.formats import listed, long_day, long_moment


def inspection_result(application: Application, n: int, moment: dt.datetime) -> Sheet:
    """Passed: what was looked at, by whom."""
    found = application.inspections.select_related("recorded_by").latest("recorded_at")
    inspectors = listed(person.get_full_name() for person in found.inspectors.order_by("username"))
    parts: list[Part | None] = [
        address_line(application),
        Facts(
            (
                *_works(application),
                (_("Inspected on"), long_moment(found.occurred_at or found.recorded_at)),
                (_("Inspectors on site"), inspectors),
                (_("Conclusion"), _("Passed")),
            )
        ),
        Items(_("Items checked"), tuple(found.items)),
        Items(_("Remarks"), tuple(found.remarks)) if found.remarks else None,
        signed_by(application, found.recorded_by, moment),
    ]
    return framed(application, _("Result of the inspection"), parts, n, moment)


def rectification_notice(application: Application, n: int, moment: dt.datetime) -> Sheet:
    """Not passed yet: every defect at once, numbered, with a day by which."""
    notice = application.rectificationnotices.select_related("recorded_by").latest("recorded_at")
    inspectors = listed(person.get_full_name() for person in notice.inspectors.order_by("username"))
    parts: list[Part | None] = [
        address_line(application),
        Line(_("The inspection of your works found the following. This notice names every defect at once.")),
        Facts(
            (
                *_works(application),
                (_("Inspected on"), long_moment(notice.occurred_at or notice.recorded_at)),
                (_("Inspectors on site"), inspectors),
            )
        ),
        Items(_("To be put right"), tuple(notice.defects)),
        Facts(((_("Please by"), long_day(notice.due_date)),)),
        Line(_("You choose who puts it right. Tell us when it is done; we then inspect again."), "muted"),
        signed_by(application, notice.recorded_by, moment),
    ]
    return framed(application, _("Rectification notice"), parts, n, moment)


def _works(application: Application) -> tuple[tuple[str, str], ...]:
    notice = latest_completion(application)
    known = ((_("Construction firm"), notice.constructor),) if notice else ()
    return (
        (_("Application number"), number_of(application)),
        (_("Business"), business_of(application)),
        (_("Address of supply"), place_of(application)),
        *known,
    )
