"""How things went over the weeks: from tallies by day alone, so that it costs weeks and offices, not cases."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncWeek
from django.utils import timezone

from applications.selectors.board import Group, Watch
from applications.selectors.board_records import still_late
from workflow.calendar import WorkingCalendar
from workflow.models import ROUTE_STAGES, Stage

WEEKS = 13
BOX_WEEKS = 4
"""Weeks whose stages are drawn as boxes: recent enough to act on, and little enough to read."""

RETURNS = (
    "documents.requested", "scheme.returned", "scheme.objected", "scheme.revised", "design.returned", "rectification.required",
    "case.went_back",
)  # fmt: skip
"""Kinds of events that send work back."""


@dataclass
class Week:
    """What one week came to. `entered` and `left` count moves into and out of each stage."""

    monday: dt.date
    power: Counter[int] = field(default_factory=Counter)
    kept: int = 0
    missed: int = 0
    entered: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)

    @property
    def share(self) -> float | None:
        """Per cent of limits of law and promise kept, of those that fell due and are stopped."""
        due = self.kept + self.missed
        return round(100 * self.kept / due, 1) if due else None


def monday_of(day: dt.date) -> dt.date:
    """The Monday its week begins with."""
    return day - dt.timedelta(days=day.weekday())


def weeks(watch: Watch, today: dt.date, calendar: WorkingCalendar) -> tuple[list[Week], Counter[str]]:
    """The last weeks, this one included, and how often work was sent back in them, by kind. Three queries."""
    first = monday_of(today) - dt.timedelta(weeks=WEEKS - 1)
    found = {first + dt.timedelta(weeks=n): Week(first + dt.timedelta(weeks=n)) for n in range(WEEKS)}
    returns: Counter[str] = Counter()
    told = watch.tallies("power", "due", "event").filter(
        Q(measure="event", key__in=RETURNS) | ~Q(measure="event"), to_date__gte=first, to_date__lte=today
    )
    keys = ("measure", "key", "from_date", "to_date")
    for measure, key, since, day, n in told.values_list(*keys).annotate(n=Sum("n")).order_by():
        week = found[monday_of(day)]
        if measure == "power":
            week.power[calendar.workdays_between(since, day)] += n
        elif measure == "event":
            returns[key] += n
        elif key == "kept":
            week.kept += n
        else:
            week.missed += n
    for monday, n in _running(watch, first, today):
        found[monday].missed += n
    _moves(watch, first, today, found)
    return list(found.values()), returns


def _running(watch: Watch, first: dt.date, today: dt.date) -> list[tuple[dt.date, int]]:
    """By week, limits of law and promise that ran out before today and are running still: they are missed, stopped or not."""
    late = still_late(watch, first, today).annotate(week=TruncWeek("due_at"))
    return [
        (timezone.localdate(week), n)
        for week, n in late.values_list("week").annotate(n=Count("pk")).order_by()
    ]


def _moves(watch: Watch, first: dt.date, today: dt.date, found: Mapping[dt.date, Week]) -> None:
    moves = (
        watch.tallies("stage")
        .filter(to_date__gte=first, to_date__lte=today)
        .values_list("key", TruncWeek("to_date"))
        .annotate(n=Sum("n"))
        .order_by()
    )
    for key, monday, n in moves:
        left, _to, entered = key.partition(">")
        week = found[monday]
        week.entered[column(entered)] += n
        week.left[column(left)] += n


def column(stage: str) -> str:
    """Where a stage stands on the board: what comes before intake is intake's to do."""
    return Stage.INTAKE if stage in (Stage.CONTACT, Stage.DRAFT) else stage


def standing(found: Iterable[Group], over: Iterable[Week]) -> list[dict[str, int]]:
    """How many cases stood in each stage at the end of each week: what stands there now, with the moves taken back week by week."""
    now: Counter[str] = Counter()
    for group in found:
        now[group.stage] += group.n
    ends = []
    for week in reversed(list(over)):
        ends.append({stage: now[stage] for stage in ROUTE_STAGES})
        for stage in ROUTE_STAGES:
            now[stage] += week.left[stage] - week.entered[stage]
    return ends[::-1]


def durations(watch: Watch, today: dt.date, calendar: WorkingCalendar) -> dict[str, Counter[int]]:
    """Working days spent in each stage by what left it in the last weeks, counted; one query."""
    found: dict[str, Counter[int]] = defaultdict(Counter)
    since = today - dt.timedelta(weeks=BOX_WEEKS)
    rows = watch.tallies("stage").filter(to_date__gte=since, to_date__lte=today, from_date__isnull=False)
    for key, first, last, n in (
        rows.values_list("key", "from_date", "to_date").annotate(n=Sum("n")).order_by()
    ):
        left = column(key.partition(">")[0])
        if left in ROUTE_STAGES:
            found[left][calendar.workdays_between(first, last)] += n
    return {stage: found[stage] for stage in ROUTE_STAGES if found[stage]}
