"""The board of deadlines: what was found today, where, why, and what will be late next. Offices and work, never a person's shame."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from math import ceil
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.models import SupplyClass
from applications.progress import stage_name
from applications.selectors import board_records as records
from applications.selectors.board import Group, Urgency, Watch, lines
from applications.selectors.board_causes import Side, by_stage, waiting
from applications.selectors.board_figures import (
    IDLE,
    Cell,
    Day,
    Spread,
    forecast,
    pressing,
    spread_of,
    tally,
)
from applications.views.board_look import Look, breach_line, contact_line, look
from applications.views.board_rows import Row
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

WALL_SECONDS = 60
"""How often a wall board reads anew."""

LEVELS = {Urgency.OVERDUE: 3, Urgency.TODAY: 2, Urgency.SOON: 1}


@open_to(SUPERVISOR, AUDITOR, ADMINISTRATOR)
def board(request: HttpRequest) -> HttpResponse:
    """Days from first contact first, the rate of punctuality last; lamps, where, when, why, what next."""
    seen = look(request)
    context = {
        **figures(seen),
        "may_assign": reader(request).has_role("supervisor"),
        "categories": SupplyClass.choices,
    }
    return render(request, "applications/board.html", context)


@open_to(SUPERVISOR, AUDITOR, ADMINISTRATOR)
def board_wall(request: HttpRequest) -> HttpResponse:
    """The same figures for the wall: dark, large, no names, read anew every minute by itself without script."""
    seen = look(request)
    return render(request, "applications/board_wall.html", {**figures(seen), "seconds": WALL_SECONDS})


def figures(seen: Look) -> dict[str, Any]:
    """Everything the board says, for the desk and for the wall; ten queries, however much there is."""
    found = seen.groups()
    cells, days = pressing(found), forecast(found, seen.horizon)
    causes = waiting(found, seen.in_force.calendar, seen.today)
    return {
        "watch": seen.watch, "now": seen.now, "late": background_is_late(seen.now),
        "title": finding(found, seen.watch), "strip": _strip(seen, found), "tiles": _tiles(seen, found),
        "ladder": _by_stage(found), "sides": [side.label for side in Side],
        "heat": _heat(seen, cells), "heat_title": where_pressing(cells, seen.watch),
        "bars": _bars(days, seen.today), "days": [(day_word(day.date, seen.today), day) for day in days],
        "forecast_title": what_comes(days, seen.today),
        "waits": [_waiting_line(row, seen.watch) for row in causes], "waits_title": who_waits(causes),
        "shortages": _shortages(seen, found), "next": _next(seen), "breaches": _breaches(seen), "contacts": _contacts(seen),
        "all_cases": address("board_cases", seen.watch), "trends": address("board_trends", seen.watch), "wall": address("board_wall", seen.watch),
        "all_contacts": address("board_contacts", seen.watch), "all_breaches": address("board_breaches", seen.watch),
    }  # fmt: skip


def _strip(seen: Look, found: list[Group]) -> dict[str, Any]:
    """The headline figures."""
    over = records.past(seen.watch, seen.since, seen.today, seen.in_force.calendar)
    return {
        "power": spread_of(over.power),
        "open": ages(seen, sum(group.n for group in found)),
        "punctual": records.punctuality(seen.watch, over, seen.since, seen.today),
    }


def ages(seen: Look, n: int) -> Spread:
    """How old everything in progress is: the oldest, and how old nine in ten are at most. No pass over all of it."""
    since = records.oldest_at(seen.watch, n - ceil(n * 90 / 100)) if n else []
    return Spread(n, 0, seen.worked_since(since[-1]), seen.worked_since(since[0])) if since else Spread(0)


def _tiles(seen: Look, found: list[Group]) -> list[Tile]:
    counts = tally(found)
    return [
        Tile(
            urgency.lamp,
            str(urgency.label),
            counts[urgency],
            _note(seen, found, urgency),
            address("board_cases", seen.watch, urgency=urgency),
        )
        for urgency in Urgency
    ]


def _note(seen: Look, found: list[Group], urgency: Urgency) -> str:
    """What the number alone does not say."""
    there = [group for group in found if group.urgency == urgency]
    if not there:
        return ""
    if urgency == Urgency.OVERDUE:
        return _("%(n)d past a limit of law or promise") % {
            "n": sum(group.n for group in there if group.late_outward)
        }
    if urgency == Urgency.PAUSED:
        longest = min((group.stands_since for group in there if group.stands_since), default=seen.now)
        return _("longest %(days)s") % {"days": working_days(seen.worked_since(longest))}
    if urgency == Urgency.NORMAL:
        return _("of %(n)d in progress") % {"n": sum(group.n for group in found)}
    return _untaken(sum(group.n for group in there if group.cause in IDLE)) or _("all taken")


def _by_stage(found: list[Group]) -> list[dict[str, Any]]:
    """Stage by who has to move: how many wait for us, for the customer, for the government, and stand still."""
    rows = by_stage(found)
    return [
        {"stage": stage_name(stage), "sides": [rows[stage][side] for side in Side]}
        for stage in ROUTE_STAGES
        if stage in rows
    ]


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


def _shortages(seen: Look, found: list[Group]) -> list[str]:
    """Kinds of work that wait and have nobody certified there: the sentence a supervisor can act on."""
    there = {}
    for group in found:
        if shortage := seen.lacking.of(group.task_office_id, group.competence):
            there[shortage.office.pk, shortage.competence.pk] = shortage
    return [shortage_in_words(shortage) for shortage in there.values()]


def _next(seen: Look) -> list[Row]:
    """What turns red next if nothing is done."""
    coming = seen.watch.rows().filter(due_at__gte=seen.now)
    return seen.rows(lines(coming, seen.horizon, 0, SHOWN), named=False)


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
        "capacity": found[0].of_capacity if found else 0, "capacity_url": address("board_breaches", seen.watch, of="capacity"),
    }  # fmt: skip


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
