"""One look at what somebody watches over, which the board and the lists behind it share; and its lines in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone

from applications.selectors.board import Group, Horizon, OpenCase, Watch, clock_of, groups, watch_of
from applications.selectors.board_causes import Lacking, explained
from applications.views.board_rows import Row, names_of, row_of
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
    """One look at what somebody watches over, of one moment."""

    watch: Watch
    now: dt.datetime
    in_force: Rules
    horizon: Horizon
    lacking: Lacking

    @property
    def today(self) -> dt.date:
        """The day it is."""
        return timezone.localdate(self.now)

    @property
    def since(self) -> dt.date:
        """The first day that is looked back on."""
        return self.today - LOOKS_BACK

    def groups(self) -> list[Group]:
        """Everything in progress, grouped, with the cause of each; one query."""
        return explained(groups(self.watch, self.horizon), self.lacking)

    def worked_since(self, moment: dt.datetime) -> int:
        """Working days since then."""
        return self.in_force.calendar.workdays_between(timezone.localdate(moment), self.today)

    def workdays_ago(self, n: int) -> dt.datetime:
        """The beginning of the day from which on there have been so many working days, today among them."""
        day = self.today
        while self.in_force.calendar.workdays_between(day, self.today) < n:
            day -= dt.timedelta(days=1)
        return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time()))

    def rows(self, cases: Iterable[OpenCase], *, named: bool = True) -> list[Row]:
        """Cases as lines of a list; one query for the names, none on a board: it shows offices and work, not persons."""
        there = list(cases)
        names = names_of(there) if named else None
        return [self._row(case, names) for case in there]

    def _row(self, case: OpenCase, names: dict[UUID, str] | None) -> Row:
        clock = clock_of(case, self.in_force.stamp)
        view = countdown(clock, [], self.in_force, self.now) if clock else None
        cause = self.lacking.cause(case.cause, case.task_office_id, case.competence)
        return row_of(case, view, cause, names, self.watch)


def look(request: HttpRequest) -> Look:
    """What this person watches over, and the rules by which it is judged."""
    now, in_force = timezone.now(), rules()
    watch = watch_of(reader(request), request.GET.get("office", ""), request.GET.get("category", ""))
    lacking = Lacking(shortages(watch.offices, timezone.localdate(now)))
    return Look(watch, now, in_force, Horizon.at_moment(now, in_force.calendar), lacking)


def breach_line(rungs: list[DeadlineRung], in_force: Rules, now: dt.datetime) -> dict[str, Any]:
    """Missed limits of one case: which, by how much the one that ran out first, and whether all fell into a declared overload."""
    first = min(rungs, key=lambda rung: rung.due_at)
    case = first.deadline.case
    limits: dict[str, list[str]] = {}
    for rung in rungs:
        limit = rung.deadline.limit
        limits.setdefault(limit.name, []).append(str(limit.get_kind_display()))
    return {
        "case": case, "office": case.office, "due_at": first.due_at, "capacity": all(rung.capacity for rung in rungs),  # type: ignore[attr-defined]
        "view": countdown(first.deadline, [], in_force, now),
        "limits": [(name, listed(dict.fromkeys(kinds))) for name, kinds in limits.items()],
    }  # fmt: skip


def contact_line(contact: Contact, seen: Look) -> dict[str, Any]:
    """A contact without outcome: where, through what, since when. No names: the case has them for whoever may see it."""
    since = contact.since  # type: ignore[attr-defined]
    return {"contact": contact, "since": since, "days": working_days(seen.worked_since(since))}
