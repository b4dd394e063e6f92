"""一次性告知书: every paper that is missing or not in order, what is wrong with each, how to put it right, and until when."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from applications.models import Application, RequestedPaper
from applications.selectors.asked import told
from applications.selectors.facts import paper_names
from applications.selectors.sheets.frame import (
    address_line,
    business_of,
    framed,
    number_of,
    place_of,
    signed_by,
)
from applications.sheets.parts import Items, Line, Part, Sheet, Table
from staff.formats import long_moment
from workflow.selectors.rules import rules


def one_time_notice(application: Application, n: int, moment: dt.datetime) -> Sheet:
    """The latest request in writing."""
    request = application.document_requests.select_related("asked_by").latest("round")
    names = paper_names(application)
    rows = [
        (
            str(place),
            names.get(paper.item_code, paper.item_code),
            told(paper.fault, paper.words),
            until_when(paper),
        )
        for place, paper in enumerate(request.papers.select_related("fault"), 1)
    ]
    opening = _("For your application (%(number)s, %(business)s, %(place)s) the papers below are missing or not in order; all are named at once.") % {
        "number": number_of(application), "business": business_of(application), "place": place_of(application),
    }  # fmt: skip
    head = (_("No."), _("Paper"), _("What is wrong, and how to put it right"), _("Please by"))
    parts: list[Part | None] = [
        address_line(application),
        Line(opening),
        Table(_("Papers to be supplied"), head, tuple(rows), (8, 27, 42, 23)),
        Line(request.note) if request.note else None,
        Items(_("How to hand them in"), ways_to_supply()),
        Line(_("Our time for handling goes on as the rules say; the days above are yours and no ground to turn you away."), "muted"),
        signed_by(application, request.asked_by, moment),
    ]  # fmt: skip
    return framed(application, _("One-time notice of missing papers"), parts, n, moment)


def until_when(paper: RequestedPaper) -> str:
    """The day its own clock runs out, if it has one."""
    return long_moment(paper.due_at) if paper.due_at else _("as soon as you can")


def ways_to_supply() -> tuple[str, ...]:
    """Ways open to everybody."""
    profile = rules().profile
    return (
        _("On the page of your application: a photo by phone will do."),
        _("At any business hall."),
        _("Questions: call %(hotline)s.") % {"hotline": profile.hotline},
    )
