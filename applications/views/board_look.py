"""One look at what somebody watches over, which the board and the lists behind it share; and its lines in words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from applications.selectors import board_records as records
from applications.selectors.board import Horizon, OpenCase, Watch, clock_of, open_cases, watch_of
from applications.selectors.board_causes import Lacking, causes_of, main_task
from applications.views.board_rows import Row, row_of
from applications.views.board_words import working_days
from staff.access import reader
from staff.formats import listed
from staff.selectors import shortages
from workflow.models import Contact, DeadlineRung
from workflow.presentation import countdown
from workflow.selectors.rules import Rules, rules

LOOKS_BACK = dt.timedelta(days=90)
"""The time over which what was finished and what fell due is counted."""


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

    def worked_since(self, moment: dt.datetime) -> int:
        """Working days since then."""
        return self.in_force.calendar.workdays_between(timezone.localdate(moment), self.today)

    def workdays_ago(self, n: int) -> dt.datetime:
        """The beginning of the day from which on there have been so many working days, today among them."""
        day = self.today
        while self.in_force.calendar.workdays_between(day, self.today) < n:
            day -= dt.timedelta(days=1)
        return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time()))

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


def breach_line(rungs: list[DeadlineRung], in_force: Rules, now: dt.datetime) -> dict[str, Any]:
    """Missed limits of one case: which, and by how much the one that ran out first."""
    first = min(rungs, key=lambda rung: rung.due_at)
    case = first.deadline.case
    limits: dict[str, list[str]] = {}
    for rung in rungs:
        limit = rung.deadline.limit
        limits.setdefault(limit.name, []).append(str(limit.get_kind_display()))
    return {
        "case": case, "office": case.office, "due_at": first.due_at, "view": countdown(first.deadline, [], in_force, now),
        "limits": [(name, listed(dict.fromkeys(kinds))) for name, kinds in limits.items()],
    }  # fmt: skip


def contact_line(contact: Contact, seen: Look) -> dict[str, Any]:
    """A contact without outcome: where, through what, since when. No names: the case has them for whoever may see it."""
    since = contact.since  # type: ignore[attr-defined]
    return {"contact": contact, "since": since, "days": working_days(seen.worked_since(since))}
