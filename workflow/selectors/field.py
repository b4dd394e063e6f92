"""Visits of one person on one day: what they hold that is done on site, in the order they drive."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch
from django.utils import timezone

from staff.models import User
from workflow.models import Appointment, DayOrder, TakenAlong, Task
from workflow.path import asks_for

ON_SITE = ("survey", "mid_inspection", "inspection", "metering", "energisation", "removal")
"""Facts found out at the customer's place, not at a desk."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One task on the day's list. `appointment` stands, agreed or merely offered; `taken` while it is on a device."""

    task: Task
    appointment: Appointment | None
    taken: TakenAlong | None

    @property
    def from_at(self) -> dt.datetime | None:
        """When one is expected; nothing where no time was agreed."""
        return self.appointment.from_at if self.appointment else None

    def on(self, day: dt.date) -> bool:
        """Whether it is agreed for that day."""
        return self.from_at is not None and timezone.localdate(self.from_at) == day


def facts_on_site(task: Task) -> list[str]:
    """Which facts of a task are found out on site, in the node's order."""
    return [fact for fact in ON_SITE if asks_for(task.node.facts, fact)]


def visits_of(
    user: User, offices: Collection[int], roles: Collection[str]
) -> tuple[list[Visit], list[Visit]]:
    """What this person holds on site, and what waits in their office for whoever takes it; a fixed number of queries."""
    tasks = Task.objects.filter(outcome="", doer="officer", current=True, node__facts__overlap=list(ON_SITE))
    mine = tasks.filter(holders__user=user, holders__until_at=None)
    free = tasks.filter(taken_at=None, office__in=offices, role__in=roles)
    return _load(mine), _load(free.exclude(pk__in=[task.pk for task in mine]))


def _load(tasks: object) -> list[Visit]:
    standing = Prefetch("appointments", Appointment.objects.filter(outcome=""), to_attr="standing")
    taken = Prefetch("taken_along", TakenAlong.objects.filter(closed_at=None), to_attr="on_device")
    rows = tasks.select_related("node", "case", "office").prefetch_related(standing, taken)  # type: ignore[attr-defined]
    return [
        Visit(row, next(iter(row.standing), None), next(iter(row.on_device), None))
        for row in rows.order_by("opened_at")
    ]


def order_of(user: User, day: dt.date) -> list[UUID]:
    """The order set by hand; empty where none was."""
    row = DayOrder.objects.filter(user=user, day=day).first()
    return list(row.tasks) if row else []


def visit_of(task: Task) -> Visit:
    """The visit of one task."""
    return Visit(
        task,
        Appointment.objects.filter(task=task, outcome="").first(),
        TakenAlong.objects.filter(task=task, closed_at=None).select_related("user").first(),
    )
