"""What the board looks at: cases in progress in the offices somebody watches over, each once, under its most urgent clock.

One grouped reading feeds tiles, heat table, forecast and causes; the lists behind ask the same rows by the same conditions, so that a
number and its list cannot differ.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BooleanField,
    Case,
    Count,
    DateTimeField,
    F,
    Func,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    TextChoices,
    Value,
    When,
)
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.models import BoardCase, BoardTally, SupplyClass
from staff.policies import Authority, Role
from staff.presentation import Standing
from staff.selectors import offices_within
from workflow.calendar import WorkingCalendar
from workflow.models import Deadline, Limit, Node, TaskHolder

WATCHING = frozenset({Role.SUPERVISOR, Role.AUDITOR, Role.DISCIPLINE, Role.ADMINISTRATOR})
"""Posts that look at an office's work as a whole."""

AHEAD = 5
"""Working days of the forecast."""

SOON_DAYS = 3
"""Working days ahead that are looked at with care: far enough to move work, near enough to be sure."""


class Urgency(TextChoices):
    """How a case stands by the clock of ours that runs out first. Every case in progress has exactly one."""

    OVERDUE = "overdue", _("Overdue")
    TODAY = "today", _("Due today")
    SOON = "soon", _("Within 3 days")
    PAUSED = "paused", _("Clock paused")
    NORMAL = "normal", _("In time")

    @property
    def lamp(self) -> Standing:
        """Its colour and shape."""
        return LAMPS[self.value]


LAMPS: dict[str, Standing] = {
    "overdue": "red", "today": "amber", "soon": "amber", "paused": "pause", "normal": "green",
}  # fmt: skip
PRESSING = (Urgency.OVERDUE, Urgency.TODAY, Urgency.SOON)
ALL_PRESSING = "pressing"
UNITS, APART = "units", "apart"
"""Cases that are units of a project, and all others."""


@dataclass(frozen=True)
class Watch:
    """Whose eyes: what one person may watch over, narrowed to an office or a category if they asked for it."""

    me: Authority
    offices: tuple[Any, ...]
    office: Any = None
    category: str = ""

    @property
    def among(self) -> list[int]:
        """Ids of the offices looked at; every one of them lies within the person's own authority."""
        return sorted(self.office.below if self.office else {office.pk for office in self.offices})

    def rows(self) -> QuerySet[BoardCase]:
        """Cases in progress there, as boards read them."""
        return BoardCase.objects.filter(**self._here())

    def tallies(self, *measures: str) -> QuerySet[BoardTally]:
        """What is over there, counted by day."""
        return BoardTally.objects.filter(measure__in=measures, **self._here())

    def _here(self) -> dict[str, Any]:
        here: dict[str, Any] = {"office_id__in": self.among}
        return here | {"category": self.category} if self.category else here

    def within(self, case: str) -> Q:
        """The condition that a row's case (reached by `case`) lies there, ended or not."""
        found = Q(**{f"{case}__office__in": self.among})
        if not self.category:
            return found
        return found & (
            Q(**{f"{case}__application__supply_class": self.category})
            | Q(**{f"{case}__application": None, f"{case}__on_board__category": self.category})
        )

    def office_name(self, pk: int) -> str:
        """Name of an office within."""
        return next((office.name for office in self.offices if office.pk == pk), "")


def watch_of(me: Authority, office_code: str = "", category: str = "") -> Watch:
    """What this person watches over; an office or category not known is not asked for. One query."""
    offices = tuple(office for office in offices_within(me) if me.acts_as(WATCHING, office.pk))
    chosen = next((office for office in offices if office.code == office_code), None)
    return Watch(me, offices, chosen, category if category in SupplyClass.values else "")


@dataclass(frozen=True, slots=True)
class Horizon:
    """The moments that part today from later, the next days from each other, and the next working days from what can wait.

    A case's `slot` is how many of `bounds` its next clock runs out after: what a board must know of a due time is this number.
    """

    now: dt.datetime
    today_ends_at: dt.datetime
    soon_ends_at: dt.datetime
    days: tuple[dt.date, ...]
    last: dt.date
    bounds: tuple[dt.datetime, ...]

    @classmethod
    def at_moment(cls, now: dt.datetime, calendar: WorkingCalendar) -> Horizon:
        """As seen from `now`: the forecast's working days are those ahead, today first if it is one."""
        today = timezone.localdate(now)
        days = [today] if calendar.is_workday(today) else []
        while len(days) < AHEAD:
            days.append(calendar.nth_workday(days[-1] if days else today, 1).day)
        last = calendar.nth_workday(days[-1], 1).day
        today_ends, soon_ends = _end_of(today), _end_of(calendar.nth_workday(today, SOON_DAYS).day)
        begins = (_begin_of(day) for day in (*days, last) if day > today)
        return cls(
            now,
            today_ends,
            soon_ends,
            tuple(days),
            last,
            tuple(sorted({now, today_ends, soon_ends, *begins})),
        )

    def urgency(self, due_at: dt.datetime | None, *, stands_still: bool) -> Urgency:
        """The urgency of a case whose next clock runs out then."""
        if due_at is None:
            return Urgency.PAUSED if stands_still else Urgency.NORMAL
        if due_at < self.now:
            return Urgency.OVERDUE
        if due_at < self.today_ends_at:
            return Urgency.TODAY
        if due_at < self.soon_ends_at:
            return Urgency.SOON
        return Urgency.PAUSED if stands_still else Urgency.NORMAL

    def edge(self, slot: int | None) -> dt.datetime | None:
        """The earliest moment of a slot; of what is overdue, one before now."""
        if slot is None:
            return None
        return self.bounds[slot - 1] if slot else self.now - dt.timedelta(days=1)

    def day(self, slot: int | None) -> dt.date | None:
        """The forecast's day a slot counts for: what falls due on a day off counts for the working day before it."""
        edge = self.edge(slot)
        if edge is None or not slot or timezone.localdate(edge) >= self.last:
            return None
        return next((day for day in reversed(self.days) if day <= timezone.localdate(edge)), self.days[0])

    def pressing(self, urgency: str) -> Q:
        """The condition on a row for standing so."""
        return {
            Urgency.OVERDUE: Q(due_at__lt=self.now),
            Urgency.TODAY: Q(due_at__gte=self.now, due_at__lt=self.today_ends_at),
            Urgency.SOON: Q(due_at__gte=max(self.now, self.today_ends_at), due_at__lt=self.soon_ends_at),
            Urgency.PAUSED: self._later() & Q(stands=True),
            Urgency.NORMAL: self._later() & Q(stands=False),
            ALL_PRESSING: Q(due_at__lt=self.soon_ends_at),
        }[urgency]

    def _later(self) -> Q:
        return Q(due_at=None) | Q(due_at__gte=self.soon_ends_at)


def _begin_of(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def _end_of(day: dt.date) -> dt.datetime:
    return _begin_of(day + dt.timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Group:
    """Cases in progress that a board does not tell apart: how many, and since when the longest of them has waited or stood still."""

    office_id: int
    stage: str
    slot: int | None
    urgency: Urgency
    late_outward: bool
    cause: str
    competence: str
    task_office_id: int | None
    n: int
    waits_since: dt.datetime
    stands_since: dt.datetime | None


def groups(watch: Watch, horizon: Horizon) -> list[Group]:
    """Everything in progress, grouped; one query over a covering index, so that it costs what is open and no more."""
    slot = Func(
        F("due_at"), Value(list(horizon.bounds), ArrayField(DateTimeField())), function="width_bucket", output_field=IntegerField()
    )  # fmt: skip
    late = Case(When(outward_due_at__lt=horizon.now, then=True), default=False, output_field=BooleanField())
    keys = ("office_id", "stage", "slot", "stands", "late", "cause", "competence", "task_office_id")
    rows = (
        watch.rows()
        .annotate(slot=slot, late=late)
        .values_list(*keys)
        .annotate(n=Count("*"), longest=Min("waits_since"), still=Min("stands_since"))
        .order_by()
    )
    return [
        Group(office, stage, slot, horizon.urgency(horizon.edge(slot), stands_still=stands), late, *rest)
        for office, stage, slot, stands, late, *rest in rows
    ]


@dataclass(frozen=True, slots=True)
class OpenCase:
    """One case in progress, as a line of a list needs it. `due_at` is when the next clock of ours runs out."""

    pk: UUID
    number: str
    stage: str
    office_id: int
    since: dt.datetime
    due_at: dt.datetime | None
    limit_id: int | None
    task_id: UUID | None
    cause: str
    competence: str
    task_office_id: int | None
    urgency: Urgency
    node: str
    doer: str
    holders: tuple[UUID, ...]


ROW = (
    "pk", "case__application_no", "case__contact_no", "case__stage", "office_id", "since", "due_at", "limit_id", "task_id", "cause",
    "competence", "task_office_id", "stands", "task__node__name_zh", "task__node__name_en", "task__doer",
)  # fmt: skip


def lines(rows: QuerySet[BoardCase], horizon: Horizon, first: int, last: int) -> list[OpenCase]:
    """Some lines of a list, the next breach first; one query."""
    hands = (
        TaskHolder.objects.filter(task=OuterRef("task"), until_at=None).order_by("since_at").values("user")
    )
    ordered = rows.order_by(F("due_at").asc(nulls_last=True), "since", "pk")[first:last]
    return [_open_case(row, horizon) for row in ordered.values_list(*ROW, ArraySubquery(hands))]


def _open_case(row: tuple[Any, ...], horizon: Horizon) -> OpenCase:
    (
        pk, number, contact_no, stage, office, since, due_at, limit, task, cause, competence, task_office, stands, zh, en, doer, hands,
    ) = row  # fmt: skip
    urgency = horizon.urgency(due_at, stands_still=stands)
    node = Node(name_zh=zh, name_en=en).name if zh else ""
    return OpenCase(
        pk, number or contact_no, stage, office, since, due_at, limit, task, cause, competence, task_office, urgency, node, doer or "",
        tuple(hands),
    )  # fmt: skip


@lru_cache(maxsize=8)
def limits_at(stamp: UUID) -> dict[int, Limit]:
    """Every version of every limit by id: old cases run on old ones. Immutable, so read once per stamp of the rules."""
    return Limit.objects.in_bulk()


def clock_of(case: OpenCase, stamp: UUID) -> Deadline | None:
    """The case's most urgent clock as pages put it into words; no query."""
    if case.due_at is None or case.limit_id is None:
        return None
    return Deadline(limit=limits_at(stamp)[case.limit_id], started_at=case.since, due_at=case.due_at)


@dataclass(frozen=True, slots=True)
class Pick:
    """Which cases of the board a list shows; empty means no matter which."""

    urgency: str = ""
    stage: str = ""
    cause: str = ""
    office_id: int | None = None
    project: str = ""

    def of(self, watch: Watch, horizon: Horizon, cause: Q) -> QuerySet[BoardCase]:
        """The rows of the list; `cause` is the condition for waiting for the cause picked."""
        found = watch.rows().filter(cause)
        if self.urgency:
            found = found.filter(horizon.pressing(self.urgency))
        if self.stage:
            found = found.filter(stage=self.stage)
        if self.project:
            found = found.filter(case__application__unit__isnull=self.project == APART)
        return found if self.office_id is None else found.filter(office_id=self.office_id)
