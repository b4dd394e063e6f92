"""A small bureau as the board sees it on one Wednesday morning, walked by the demo's players; and its figures counted naively.

The counting here shares nothing with the board but the tables: it loops over every case and reckons days on fingers, which is right as
long as everything happens in November 2026, a month without holidays and without weekends worked.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from applications.demo import walk as walks
from applications.demo.clock import travelled_to
from applications.demo.people import customer
from applications.demo.walk import Plan, Walk
from staff.demo import Cast, build_cast
from workflow.models import ENDED, Case, Deadline
from workflow.services.clocks import sweep

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = dt.datetime(2026, 11, 25, 10, 0, tzinfo=SHANGHAI)
EAST, CITY_SOUTH, ZONE, SOUTH, YUNXI = "37010201", "37010202", "37010203", "37010204", "37010205"

PLANS = (
    # station, class, day and hour of first contact, pace, traits
    (EAST, "residential", (3, 9), 0.4, ()),
    (EAST, "lv_other", (5, 14), 0.5, ()),
    (ZONE, "hv_single", (4, 10), 0.6, ()),
    (SOUTH, "residential", (16, 9), 0.5, ("stuck",)),
    (SOUTH, "lv_other", (17, 15), 0.5, ("stuck",)),
    (EAST, "lv_other", (20, 11), 1.0, ("only_contact",)),
    (YUNXI, "lv_other", (23, 9), 0.5, ("unlent",)),
    (EAST, "lv_other", (24, 9), 0.6, ("stuck",)),
    (CITY_SOUTH, "residential", (24, 10), 0.4, ("stuck",)),
    (EAST, "lv_other", (25, 9), 1.0, ("only_contact",)),
    (ZONE, "hv_single", (10, 9), 0.8, ()),
    (SOUTH, "residential", (6, 9), 1.0, ("late_acceptance",)),
)


def bureau(monkeypatch: pytest.MonkeyPatch, without: str = "") -> Cast:
    """The bureau as it stands at NOW, `without` one class of supply. Call it inside `on_that_morning`."""
    monkeypatch.setattr(walks, "real_now", lambda: NOW)
    cast = build_cast(NOW.date())
    for n, (station, supply_class, (day, hour), pace, traits) in enumerate(PLANS, 1):
        if supply_class == without:
            continue
        begins_at = dt.datetime(2026, 11, day, hour, 5, tzinfo=SHANGHAI)
        who = customer(random.Random(n), supply_class, n)
        channel = "hall" if n != 10 else "visit"
        Walk(
            Plan(who, cast.offices[station], channel, begins_at, pace=pace, traits=frozenset(traits), seed=n)
        ).run()
    with travelled_to(NOW):
        sweep()
    return cast


@contextmanager
def on_that_morning() -> Iterator[None]:
    """Process and database believe it is NOW."""
    with time_machine.travel(NOW, tick=False), travelled_to(NOW):
        yield


def workdays(since: dt.datetime, until: dt.datetime) -> int:
    """Weekdays after the day of `since` up to that of `until`."""
    day, last, n = timezone.localdate(since), timezone.localdate(until), 0
    while day < last:
        day += dt.timedelta(days=1)
        n += day.weekday() < 5
    return n


def at_least(days: list[int], share: float) -> int:
    """The shortest duration that this share of all does not exceed."""
    return next(d for d in sorted(days) if sum(1 for other in days if other <= d) >= ceil(share * len(days)))


def cases_open() -> list[Case]:
    """Everything in progress."""
    return [case for case in Case.objects.all() if case.stage not in ENDED]


def next_due(case: Case) -> dt.datetime | None:
    """When the first clock of this case runs out."""
    running = [d.due_at for d in Deadline.objects.filter(case=case) if d.running and d.due_at]
    return min(running, default=None)


def urgency(case: Case) -> str:
    """How the case stands, asked of its clocks one by one."""
    due = next_due(case)
    if due is not None and due < NOW:
        return "overdue"
    if due is not None and timezone.localdate(due) == NOW.date():
        return "today"
    if due is not None and workdays(NOW, due) <= 3:
        return "soon"
    stands = [
        d for d in Deadline.objects.filter(case=case) if d.running and d.due_at is None and d.limit.days
    ]
    return "paused" if stands else "normal"


def tallied() -> Counter[str]:
    """How many cases stand how."""
    return Counter(urgency(case) for case in cases_open())
