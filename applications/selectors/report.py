"""A month's figures by office, from the tallies of its days: whenever they are counted again they come out the same."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from django.db.models import Count, Sum

from applications.selectors.board import Watch
from applications.selectors.board_figures import spread_of
from applications.selectors.board_records import OURS
from applications.selectors.board_trends import RETURNS, column
from workflow.calendar import WorkingCalendar
from workflow.models import ROUTE_STAGES, Deadline

EVENTS = {
    "contacts": "contact.registered", "accepted": "application.accepted", "refused": "application.refused",
    "withdrawn": "case.withdrawn", "terminated": "case.terminated", "paused": "clock.paused", "supervised": "supervision.ordered",
}  # fmt: skip
"""Figures that are the number of events of a kind."""


def month_after(month: dt.date) -> dt.date:
    """The first day of the next month."""
    return (month.replace(day=1) + dt.timedelta(days=32)).replace(day=1)


def month_figures(watch: Watch, month: dt.date, calendar: WorkingCalendar) -> dict[str, Any]:
    """Flows of the month by office and together, and days spent in each stage; three queries.

    No open cases among them: how many were open at the end of a past month depends on when it is asked, and these figures don't.
    """
    first, end = month, month_after(month)
    events: dict[int, Counter[str]] = {}
    power: dict[int, Counter[int]] = {}
    stages: dict[str, Counter[int]] = {}
    told = watch.tallies("power", "due", "event", "stage").filter(to_date__gte=first, to_date__lt=end)
    keys = ("measure", "key", "office_id", "from_date", "to_date")
    for measure, key, office, since, day, n in told.values_list(*keys).annotate(n=Sum("n")).order_by():
        if measure == "power":
            power.setdefault(office, Counter())[calendar.workdays_between(since, day)] += n
        elif measure == "stage":
            left = column(key.partition(">")[0])
            if since and left in ROUTE_STAGES:
                stages.setdefault(left, Counter())[calendar.workdays_between(since, day)] += n
        else:
            events.setdefault(office, Counter())[key] += n
    for office, n in _running(watch, first, end):
        events.setdefault(office, Counter())["missed"] += n
    offices = [office for office in watch.offices if office.pk in set(watch.among)]
    rows = [_row(o.code, o.name_zh, events.get(o.pk, Counter()), power.get(o.pk, Counter())) for o in offices]
    together = _row("", "", sum(events.values(), Counter()), sum(power.values(), Counter()))
    return {
        "offices": rows,
        "together": together,
        "stages": [_stage(stage, stages[stage]) for stage in ROUTE_STAGES if stage in stages],
    }


def _running(watch: Watch, first: dt.date, end: dt.date) -> list[tuple[int, int]]:
    """By office, limits that ran out in the month and are running still."""
    fell_due = Deadline.objects.filter(
        OURS, watch.within("case"), stopped_at=None, started_at__isnull=False, due_at__date__gte=first, due_at__date__lt=end
    ).exclude(limit__kind="internal")  # fmt: skip
    return list(fell_due.values_list("case__office").annotate(n=Count("pk")).order_by())


def _row(code: str, name: str, events: Counter[str], power: Counter[int]) -> dict[str, Any]:
    days = spread_of(power)
    return {
        "code": code, "name": name, **{figure: events[kind] for figure, kind in EVENTS.items()},
        "returned": sum(events[kind] for kind in RETURNS), "energised": days.n, "p50": days.p50, "p90": days.p90,
        "due": events["kept"] + events["missed"], "missed": events["missed"],
    }  # fmt: skip


def _stage(stage: str, counts: Counter[int]) -> dict[str, Any]:
    days = spread_of(counts)
    return {"stage": stage, "cases": days.n, "p50": days.p50, "p90": days.p90}
