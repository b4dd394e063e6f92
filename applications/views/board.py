"""The board of deadlines: what was found today, where, why, and what will be late next. Offices and work, never a person's shame."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.models import SupplyClass
from applications.progress import stage_name
from applications.selectors import board_records as records
from applications.selectors.board import Urgency, Watch
from applications.selectors.board_causes import main_task, waiting
from applications.selectors.board_figures import Cell, Day, ages, forecast, pressing, spread, tally
from applications.views.board_look import LOOKS_BACK, Look, breach_line, contact_line, look
from applications.views.board_rows import Row, names_of
from applications.views.board_words import (
    address,
    day_word,
    finding,
    what_comes,
    where_pressing,
    who_waits,
    working_days,
)
from staff.access import ADMINISTRATOR, AUDITOR, SUPERVISOR, open_to, reader
from staff.presentation import Bar, BarGroup, HeatCell, HeatRow, HeatTable, Tile
from staff.views.papers import shortage_in_words
from workflow.models import ROUTE_STAGES, DeadlineRung
from workflow.presentation import background_is_late

NEW_DAYS = 5
"""For how many working days a missed limit stands among the new ones."""

SHOWN = 8
"""Lines of a list on the board; the whole list lies behind."""

LEVELS = {Urgency.OVERDUE: 3, Urgency.TODAY: 2, Urgency.SOON: 1}


@open_to(SUPERVISOR, AUDITOR, ADMINISTRATOR)
def board(request: HttpRequest) -> HttpResponse:
    """Days from first contact first, the rate of punctuality last; lamps, where, when, why, what next."""
    seen = look(request)
    cells = pressing(seen.cases)
    days = forecast(
        seen.cases, {pk: cause in ("untaken", "nobody", "contact") for pk, cause in seen.causes.items()}, seen.in_force.calendar, seen.now
    )  # fmt: skip
    causes = waiting(seen.cases, seen.causes, seen.tasks, seen.in_force.calendar, seen.today)
    context = {
        "watch": seen.watch, "now": seen.now, "late": background_is_late(seen.now), "categories": SupplyClass.choices,
        "title": finding(seen.cases, seen.watch), "strip": _strip(seen), "tiles": _tiles(seen),
        "heat": _heat(seen, cells), "heat_title": where_pressing(cells, seen.watch),
        "bars": _bars(days, seen.today), "days": [(day_word(day.date, seen.today), day) for day in days],
        "forecast_title": what_comes(days, seen.today),
        "waits": [_waiting_line(row, seen.watch) for row in causes], "waits_title": who_waits(causes),
        "shortages": _shortages(seen), "next": _next(seen), "breaches": _breaches(seen), "contacts": _contacts(seen),
        "may_assign": reader(request).has_role("supervisor"), "all_cases": address("board_cases", seen.watch),
        "all_contacts": address("board_contacts", seen.watch), "all_breaches": address("board_breaches", seen.watch),
    }  # fmt: skip
    return render(request, "applications/board.html", context)


def _strip(seen: Look) -> dict[str, Any]:
    """The headline figures."""
    since = seen.now - LOOKS_BACK
    return {
        "power": spread(records.days_to_power(seen.watch, since, seen.in_force.calendar)),
        "open": spread(ages(seen.cases, seen.in_force.calendar, seen.today)),
        "punctual": records.punctuality(seen.watch, since, seen.now),
    }


def _tiles(seen: Look) -> list[Tile]:
    counts = tally(seen.cases)
    return [
        Tile(
            urgency.lamp,
            str(urgency.label),
            counts[urgency],
            _note(seen, urgency),
            address("board_cases", seen.watch, urgency=urgency),
        )
        for urgency in Urgency
    ]


def _note(seen: Look, urgency: Urgency) -> str:
    """What the number alone does not say."""
    there = [case for case in seen.cases if case.urgency == urgency]
    if not there:
        return ""
    if urgency == Urgency.OVERDUE:
        outward = sum(1 for case in there if case.outward_due_at and case.outward_due_at < seen.now)
        return _("%(n)d past a limit of law or promise") % {"n": outward}
    if urgency == Urgency.PAUSED:
        longest = min((case.stands_since for case in there if case.stands_since), default=seen.now)
        return _("longest %(days)s") % {"days": working_days(seen.worked_since(longest))}
    if urgency == Urgency.NORMAL:
        return _("of %(n)d in progress") % {"n": len(seen.cases)}
    idle = sum(1 for case in there if seen.causes[case.pk] in ("untaken", "nobody", "contact"))
    return _untaken(idle) or _("all taken")


def _heat(seen: Look, cells: dict[tuple[int, str], Cell]) -> HeatTable:
    """Offices by stages; the colour tells the worst case of a cell, the number how many."""
    offices = [o for o in seen.watch.offices if not seen.watch.office or o.pk in seen.watch.office.below]
    shown = [o for o in offices if o.kind != "county" or any(key[0] == o.pk for key in cells)]
    rows = []
    for office in shown:
        line = []
        for stage in ROUTE_STAGES:
            cell = cells.get((office.pk, stage))
            url = address("board_cases", seen.watch, urgency="pressing", stage=stage, **_here_alone(office))
            line.append(HeatCell(cell.count, url, LEVELS[cell.worst]) if cell else HeatCell(0))
        rows.append(HeatRow(office.name, line))
    return HeatTable([stage_name(stage) for stage in ROUTE_STAGES], rows)


def _here_alone(office: Any) -> dict[str, str]:
    """The filter for this very office, without those below it."""
    return {"at": office.code} if len(office.below) > 1 else {"office": office.code}


def _bars(days: Iterable[Day], today: dt.date) -> list[BarGroup]:
    """A bar a day: what falls due, and how much of it nobody has taken."""
    found = list(days)
    top = max(day.due for day in found)
    return [
        BarGroup(
            day_word(day.date, today),
            [Bar(day.due, "brand" if day.due and day.due == top else "", _untaken(day.untaken))],
        )
        for day in found
    ]


def _untaken(n: int) -> str:
    return ngettext("%(n)d not taken yet", "%(n)d not taken yet", n) % {"n": n} if n else ""


def _waiting_line(row: Any, watch: Watch) -> dict[str, Any]:
    place = _("%(office)s・%(stage)s") % {
        "office": watch.office_name(row.office_id),
        "stage": stage_name(row.stage),
    }
    url = address("board_cases", watch, cause=row.cause)
    return {"row": row, "place": place, "url": url, "longest": working_days(row.longest)}


def _shortages(seen: Look) -> list[str]:
    """Kinds of work that wait and have nobody certified there: the sentence a supervisor can act on."""
    there = {}
    for tasks in seen.tasks.values():
        for task in tasks:
            if shortage := seen.lacking.of(task):
                there[shortage.office.pk, shortage.competence.pk] = shortage
    return [shortage_in_words(shortage) for shortage in there.values()]


def _next(seen: Look) -> list[Row]:
    """What turns red next if nothing is done."""
    coming = [case for case in seen.cases if case.due_at and case.due_at >= seen.now][:SHOWN]
    tasks = [main_task(case, seen.tasks.get(case.pk, ())) for case in coming]
    names = names_of(task for task in tasks if task)
    return [seen.row(case, names) for case in coming]


def _breaches(seen: Look) -> dict[str, Any]:
    """Limits newly missed, a case on a line: law, promise and own rule often run out together."""
    start = seen.workdays_ago(NEW_DAYS)
    found = list(records.breaches(seen.watch, start)[: SHOWN * 4])
    total = found[0].total if found else 0
    said = ngettext(
        "%(n)d limit missed in the last five working days",
        "%(n)d limits missed in the last five working days",
        total,
    )
    by_case: dict[Any, list[DeadlineRung]] = {}
    for rung in found:
        by_case.setdefault(rung.deadline.case_id, []).append(rung)
    return {
        "title": said % {"n": total} if total else _("No limit missed in the last five working days"),
        "rows": [breach_line(rungs, seen.in_force, seen.now) for rungs in list(by_case.values())[:SHOWN]],
    }


def _contacts(seen: Look) -> dict[str, Any]:
    """Who asked and got no answer."""
    found = list(records.contacts_without_outcome(seen.watch)[:SHOWN])
    total = found[0].total if found else 0
    rows = [contact_line(contact, seen) for contact in found]
    longest = rows[0]["days"] if rows else ""
    said = ngettext(
        "%(n)d contact without outcome, the oldest for %(days)s",
        "%(n)d contacts without outcome, the oldest for %(days)s",
        total,
    )
    return {
        "title": said % {"n": total, "days": longest} if total else _("Every contact has its outcome"),
        "rows": rows, "total": total, "longest": longest,
    }  # fmt: skip
