"""The lists behind the board: the same reading of the same cases, so that a list has as many rows as its number said."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from applications.models import SupplyClass
from applications.progress import stage_name
from applications.selectors import board_records as records
from applications.selectors.asked import asked_again
from applications.selectors.board import ALL_PRESSING, APART, UNITS, Pick, Urgency, lines
from applications.selectors.board_causes import CAUSES
from applications.selectors.parties import unclear_titles
from applications.selectors.projects import units_among
from applications.views.board_look import LOOKS_BACK, Look, breach_line, contact_line, look
from applications.views.board_words import address, working_days
from staff.access import ADMINISTRATOR, AUDITOR, SUPERVISOR, open_to, reader
from workflow.models import ROUTE_STAGES
from workflow.presentation import background_is_late

PAGE = 40


@open_to(SUPERVISOR, AUDITOR, ADMINISTRATOR)
def board_cases(request: HttpRequest) -> HttpResponse:
    """Cases in progress, narrowed by what the address says; a supervisor ticks some and puts them into other hands."""
    seen = look(request)
    pick = _pick(request, seen)
    found = pick.of(seen.watch, seen.horizon, seen.lacking.rows(pick.cause))
    page = Paginator(found.order_by("pk"), PAGE).get_page(request.GET.get("page", 1))
    cases = lines(found, seen.horizon, (page.number - 1) * PAGE, page.number * PAGE)
    rows = [(row, working_days(seen.worked_since(row.case.since))) for row in seen.rows(cases)]
    context = {
        "title": _title(pick, seen), "number": page.paginator.count, "rows": rows, "page": page, "pick": pick, "stages": [
            (stage, stage_name(stage)) for stage in ROUTE_STAGES
        ], "urgencies": [*Urgency.choices, (ALL_PRESSING, _("Overdue or within 3 days"))],
        "may_assign": reader(request).has_role("supervisor"), "unclear": unclear_titles(case.pk for case in cases),
        "again": asked_again(case.pk for case in cases), "units": units_among(case.pk for case in cases),
        "project_choices": project_labels().items(), **_frame(seen),
    }  # fmt: skip
    return render(request, "applications/board_cases.html", context)


@open_to(SUPERVISOR, AUDITOR, ADMINISTRATOR)
def board_contacts(request: HttpRequest) -> HttpResponse:
    """Every contact without outcome, the longest first."""
    seen = look(request)
    page = Paginator(records.contacts_without_outcome(seen.watch), PAGE).get_page(request.GET.get("page", 1))
    rows = [contact_line(contact, seen) for contact in page]
    return render(request, "applications/board_contacts.html", {"rows": rows, "page": page, **_frame(seen)})


@open_to(SUPERVISOR, AUDITOR, ADMINISTRATOR)
def board_breaches(request: HttpRequest) -> HttpResponse:
    """Every limit missed in the time looked back on, the latest first; those of a declared overload alone if asked."""
    seen = look(request)
    since = seen.now - LOOKS_BACK
    only = request.GET.get("of") == "capacity"
    found = records.breaches(seen.watch, since, covered=only)
    page = Paginator(found, PAGE).get_page(request.GET.get("page", 1))
    rows = [breach_line([rung], seen.in_force, seen.now) for rung in page]
    context = {
        "rows": rows, "page": page, "only": only,
        "capacity": page[0].of_capacity if page.paginator.count else 0,
        "all": address("board_breaches", seen.watch),
        "capacity_url": address("board_breaches", seen.watch, of="capacity"), **_frame(seen),
    }  # fmt: skip
    return render(request, "applications/board_breaches.html", context)


def _frame(seen: Look) -> dict[str, Any]:
    """What every list of the board shows around its rows."""
    return {
        "watch": seen.watch, "now": seen.now, "late": background_is_late(seen.now), "back": address("board", seen.watch),
        "categories": SupplyClass.choices,
    }  # fmt: skip


def _pick(request: HttpRequest, seen: Look) -> Pick:
    """The filter as the address has it; what is not known is not asked for."""
    given = request.GET.get
    urgency, stage, cause = given("urgency", ""), given("stage", ""), given("cause", "")
    office = next((office.pk for office in seen.watch.offices if office.code == given("at")), None)
    return Pick(
        urgency if urgency in (*Urgency.values, ALL_PRESSING) else "",
        stage if stage in ROUTE_STAGES else "",
        cause if cause in CAUSES else "",
        office,
        project if (project := given("project", "")) in (UNITS, APART) else "",
    )


def project_labels() -> dict[str, str]:
    """With the units of projects or without them: hundreds of one estate would hide everything else."""
    return {UNITS: _("Project units"), APART: _("Without project units")}


def _title(pick: Pick, seen: Look) -> str:
    """What the list shows, in words."""
    if pick.urgency == ALL_PRESSING:
        words = [_("Overdue or within 3 days")]
    else:
        words = [str(Urgency(pick.urgency).label)] if pick.urgency else []
    words += [str(CAUSES[pick.cause][1])] if pick.cause else []
    words += [stage_name(pick.stage)] if pick.stage else []
    words += [project_labels()[pick.project]] if pick.project else []
    words += [seen.watch.office_name(pick.office_id)] if pick.office_id else []
    return "・".join(words) or _("In progress")
