"""What the board looks at: cases in progress in the offices somebody watches over, each once, under its most urgent clock.

One reading of them feeds tiles, heat table, forecast and the lists behind, so that a number and its list cannot differ.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg, BoolOr
from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet, Subquery, TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.models import SupplyClass
from applications.selectors.desk import IN_PROGRESS
from staff.policies import Authority, Role
from staff.presentation import Standing
from staff.selectors import offices_within
from workflow.calendar import WorkingCalendar
from workflow.models import Case, Contact, Deadline, Limit, Pause, Stage

WATCHING = frozenset({Role.SUPERVISOR, Role.AUDITOR, Role.DISCIPLINE, Role.ADMINISTRATOR})
"""Posts that look at an office's work as a whole."""

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


@dataclass(frozen=True)
class Watch:
    """Whose eyes: what one person may watch over, narrowed to an office or a category if they asked for it."""

    me: Authority
    offices: tuple[Any, ...]
    office: Any = None
    category: str = ""

    def cases(self) -> QuerySet[Case]:
        """Cases within: visible to the person, in the offices watched over and not merely known from other work."""
        among = self.office.below if self.office else {office.pk for office in self.offices}
        found = Case.objects.visible_to(self.me.user, self.me).filter(office__in=among)
        if not self.category:
            return found
        asked = Contact.objects.filter(case=OuterRef("pk"), category__endswith=f".{self.category}")
        return found.filter(Q(application__supply_class=self.category) | Q(Exists(asked), application=None))

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
    """The moments that part today from later, and the next working days from what can wait."""

    now: dt.datetime
    today_ends_at: dt.datetime
    soon_ends_at: dt.datetime

    @classmethod
    def at_moment(cls, now: dt.datetime, calendar: WorkingCalendar) -> Horizon:
        """As seen from `now`."""
        today = timezone.localdate(now)
        return cls(now, _end_of(today), _end_of(calendar.nth_workday(today, SOON_DAYS).day))

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


def _end_of(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time()))


@dataclass(frozen=True, slots=True)
class OpenCase:
    """One case in progress. `due_at` is when the next clock of ours runs out, `outward_due_at` the next of law or promise."""

    pk: UUID
    number: str
    stage: str
    office_id: int
    since: dt.datetime
    due_at: dt.datetime | None
    outward_due_at: dt.datetime | None
    limit_id: int | None
    task_id: UUID | None
    stands_since: dt.datetime | None
    urgency: Urgency

    @property
    def column(self) -> str:
        """Where it stands on the board: what comes before intake is intake's to do."""
        return Stage.INTAKE if self.stage in (Stage.CONTACT, Stage.DRAFT) else self.stage


def open_cases(watch: Watch, horizon: Horizon) -> list[OpenCase]:
    """Everything in progress, the next breach first; one query."""
    ticking = Q(
        deadlines__stopped_at=None, deadlines__started_at__isnull=False, deadlines__limit__holder="utility"
    )
    ahead = ticking & Q(deadlines__due_at__isnull=False)
    first: Any = {
        "filter": ahead,
        "order_by": ("deadlines__due_at", "-deadlines__limit__kind", "deadlines__limit"),
    }
    still = Pause.objects.filter(case=OuterRef("pk"), ended_at=None).order_by("began_at")
    rows = (
        watch.cases()
        .filter(stage__in=IN_PROGRESS)
        .annotate(
            next_due_at=Min("deadlines__due_at", filter=ahead),
            next_outward_at=Min("deadlines__due_at", filter=ahead & ~Q(deadlines__limit__kind="internal")),
            limits=ArrayAgg("deadlines__limit", **first),
            for_tasks=ArrayAgg("deadlines__task", **first),
            stands=BoolOr(Q(deadlines__due_at=None, deadlines__limit__days__isnull=False), filter=ticking),
            stands_since=Subquery(still.values("began_at")[:1]),
        )
        .order_by(F("next_due_at").asc(nulls_last=True), "first_contact_at", "pk")
    )
    fields = (
        "pk", "application_no", "contact_no", "stage", "office_id", "first_contact_at", "opened_at", "next_due_at", "next_outward_at",
        "limits", "for_tasks", "stands", "stands_since",
    )  # fmt: skip
    return [_open_case(row, horizon) for row in rows.values_list(*fields)]


def _open_case(row: tuple[Any, ...], horizon: Horizon) -> OpenCase:
    (
        pk,
        number,
        contact_no,
        stage,
        office,
        first_at,
        opened_at,
        due_at,
        outward,
        limits,
        tasks,
        stands,
        since,
    ) = row
    return OpenCase(
        pk, number or contact_no, stage, office, first_at or opened_at, due_at, outward, limits[0] if limits else None,
        tasks[0] if tasks else None, since, horizon.urgency(due_at, stands_still=bool(stands)),
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

    def takes(self, case: OpenCase, cause: str = "") -> bool:
        """Whether the list shows this case, which waits for that cause."""
        urgencies = PRESSING if self.urgency == ALL_PRESSING else (self.urgency,)
        return (
            (not self.urgency or case.urgency in urgencies)
            and (not self.stage or case.column == self.stage)
            and (not self.cause or cause == self.cause)
            and (self.office_id is None or case.office_id == self.office_id)
        )


def picked(cases: Iterable[OpenCase], pick: Pick, causes: dict[UUID, str]) -> list[OpenCase]:
    """The cases a list shows, in the board's order."""
    return [case for case in cases if pick.takes(case, causes.get(case.pk, ""))]
