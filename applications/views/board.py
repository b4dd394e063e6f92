"""The board of deadlines: what was found today, where, why, and what will be late next. Offices and work, never a person's shame."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.models import SupplyClass
from applications.progress import stage_name
from applications.selectors import board_records as records
from applications.selectors.board import Horizon, OpenCase, Urgency, Watch, clock_of, open_cases, watch_of
from applications.selectors.board_causes import Lacking, causes_of, main_task, waiting
from applications.selectors.board_figures import Cell, Day, ages, forecast, pressing, spread, tally
from applications.views.board_rows import Row, names_of, row_of
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
from staff.selectors import shortages
from staff.views.papers import shortage_in_words
from workflow.models import ROUTE_STAGES, Contact, DeadlineRung
from workflow.presentation import background_is_late, countdown
from workflow.selectors.rules import Rules, rules

LOOKS_BACK = dt.timedelta(days=90)
"""The time over which what was finished and what fell due is counted."""

NEW_DAYS = 5
"""For how many working days a missed limit stands among the new ones."""

SHOWN = 8
"""Lines of a list on the board; the whole list lies behind."""

LEVELS = {Urgency.OVERDUE: 3, Urgency.TODAY: 2, Urgency.SOON: 1}


@dataclass(frozen=True)
class Look:
    """One look at what somebody watches over: everything in progress with its causes, of one moment."""

    watch: Watch
    now: dt.datetime
    in_force: Rules
    cases: list[OpenCase]
    tasks: dict[Any, list[records.OpenTask]]
    lacking: Lacking
    causes: dict[Any, str]

    @property
    def today(self) -> dt.date:
        """The day it is."""
        return timezone.localdate(self.now)

    def row(self, case: OpenCase, names: dict[Any, str]) -> Row:
        """A case as a line of a list."""
        task = main_task(case, self.tasks.get(case.pk, ()))
        clock = clock_of(case, self.in_force.stamp)
        view = countdown(clock, [], self.in_force, self.now) if clock else None
        return row_of(case, task, view, self.causes[case.pk], names, self.watch)


def look(request: HttpRequest) -> Look:
    """Read what this person watches over; eight queries, however much there is."""
    now, in_force = timezone.now(), rules()
    watch = watch_of(reader(request), request.GET.get("office", ""), request.GET.get("category", ""))
    cases = open_cases(watch, Horizon.at_moment(now, in_force.calendar))
    tasks = records.open_tasks(watch)
    lacking = Lacking(shortages(watch.offices, timezone.localdate(now)))
    return Look(watch, now, in_force, cases, tasks, lacking, causes_of(cases, tasks, lacking))


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
        return _("longest %(days)s") % {"days": working_days(_worked(seen, longest))}
    if urgency == Urgency.NORMAL:
        return _("of %(n)d in progress") % {"n": len(seen.cases)}
    idle = sum(1 for case in there if seen.causes[case.pk] in ("untaken", "nobody", "contact"))
    return (
        ngettext("%(n)d not taken yet", "%(n)d not taken yet", idle) % {"n": idle} if idle else _("all taken")
    )


def _worked(seen: Look, since: dt.datetime) -> int:
    return seen.in_force.calendar.workdays_between(timezone.localdate(since), seen.today)


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
    """A bar a day: what falls due, and the part of it nobody has taken."""
    found = list(days)
    top = max(day.due for day in found)
    return [
        BarGroup(
            day_word(day.date, today),
            [
                Bar(
                    day.due,
                    "brand" if day.due == top and top else "",
                    _("%(n)d not taken yet") % {"n": day.untaken} if day.untaken else "",
                )
            ],
        )
        for day in found
    ]


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
    """Limits newly missed."""
    first = seen.in_force.calendar
    day = seen.today
    while first.workdays_between(day, seen.today) < NEW_DAYS:
        day -= dt.timedelta(days=1)
    start = timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time()))
    found = list(records.breaches(seen.watch, start)[:SHOWN])
    total = found[0].total if found else 0
    said = ngettext(
        "%(n)d limit missed in the last five working days",
        "%(n)d limits missed in the last five working days",
        total,
    )
    return {
        "title": said % {"n": total} if total else _("No limit missed in the last five working days"),
        "rows": [breach_line(rung, seen.in_force, seen.now) for rung in found],
    }


def breach_line(rung: DeadlineRung, in_force: Rules, now: dt.datetime) -> dict[str, Any]:
    """A missed limit: which case, which limit, by how much."""
    deadline = rung.deadline
    return {
        "case": deadline.case, "office": deadline.case.office, "limit": deadline.limit, "due_at": rung.due_at,
        "node": deadline.task.node.name if deadline.task else "", "view": countdown(deadline, [], in_force, now),
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


def contact_line(contact: Contact, seen: Look) -> dict[str, Any]:
    """A contact without outcome: where, through what, since when. No names: the case has them for whoever may see it."""
    since = contact.since  # type: ignore[attr-defined]
    return {"contact": contact, "since": since, "days": working_days(_worked(seen, since))}
