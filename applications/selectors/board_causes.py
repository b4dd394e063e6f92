"""Why cases wait, and for whom. It explains; it never stops a clock. Pure: from what the board has read already."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications.selectors.board import OpenCase
from applications.selectors.board_records import OpenTask
from staff.selectors import Shortage
from workflow.calendar import WorkingCalendar
from workflow.models import Doer, WaitCause


class Side(TextChoices):
    """Who has to move."""

    US = "us", _("Waiting for us")
    CUSTOMER = "customer", _("Waiting for the customer")
    GOVERNMENT = "government", _("Waiting for the government")
    PAUSED = "paused", _("Clock paused")


CAUSES: dict[str, tuple[str, str | Promise]] = {
    "nobody": (Side.US, _("nobody certified is there")),
    "untaken": (Side.US, _("not taken yet")),
    "contact": (Side.US, _("no answer to the first contact yet")),
    WaitCause.STAFF: (Side.US, _("our own hands")),
    WaitCause.SIGN_OFF: (Side.US, _("sign-off by others")),
    WaitCause.GRID_WORKS: (Side.US, _("grid supporting works")),
    WaitCause.OUTAGE_PLAN: (Side.US, _("outage plan")),
    WaitCause.MATERIAL: (Side.US, _("material and meters")),
    "in_hand": (Side.US, _("being worked on")),
    WaitCause.CUSTOMER: (Side.CUSTOMER, _("the customer's turn")),
    WaitCause.GOVERNMENT: (Side.GOVERNMENT, _("a permit")),
    "paused": (Side.PAUSED, _("clock paused for a listed reason")),
}
"""Every cause: whose side it is on, and its words."""


class Lacking:
    """Which kinds of work have nobody certified there today."""

    def __init__(self, shortages: Iterable[Shortage]) -> None:
        self.found: dict[tuple[int, str], Shortage] = {}
        for shortage in shortages:
            for office in getattr(shortage.office, "below", {shortage.office.pk}):
                self.found[office, shortage.competence.code] = shortage

    def of(self, task: OpenTask) -> Shortage | None:
        """The shortage that keeps this task from being done, if one does."""
        return self.found.get((task.office_id, task.competence)) if task.doer == Doer.OFFICER else None


def main_task(case: OpenCase, tasks: Iterable[OpenTask]) -> OpenTask | None:
    """What is to be done next: the task whose own clock runs out first, else ours before the customer's."""
    there = list(tasks)
    return next((task for task in there if task.pk == case.task_id), there[0] if there else None)


def cause_of(case: OpenCase, task: OpenTask | None, lacking: Lacking) -> str:
    """The one cause for which this case waits."""
    if case.stands_since is not None:
        return "paused"
    if task is None:
        return "contact"
    if task.doer != Doer.OFFICER:
        return task.doer
    if task.wait_cause:
        return task.wait_cause
    if task.holders:
        return "in_hand"
    return "nobody" if task.with_county or lacking.of(task) else "untaken"


def causes_of(
    cases: Iterable[OpenCase], tasks: Mapping[UUID, list[OpenTask]], lacking: Lacking
) -> dict[UUID, str]:
    """The cause of every case."""
    return {case.pk: cause_of(case, main_task(case, tasks.get(case.pk, ())), lacking) for case in cases}


@dataclass(frozen=True, slots=True)
class Waiting:
    """One cause: how many cases wait for it, the longest for how many working days, and where most of them stand."""

    cause: str
    count: int
    longest: int
    office_id: int
    stage: str

    @property
    def side(self) -> Side:
        """Who has to move."""
        return Side(CAUSES[self.cause][0])

    @property
    def words(self) -> str:
        """The cause as a reader sees it."""
        return str(CAUSES[self.cause][1])


def waiting(
    cases: Iterable[OpenCase],
    causes: Mapping[UUID, str],
    tasks: Mapping[UUID, list[OpenTask]],
    calendar: WorkingCalendar,
    today: dt.date,
) -> list[Waiting]:
    """Causes with what waits for them, ours first, the most first. They add up to everything in progress."""
    by_cause: dict[str, list[OpenCase]] = defaultdict(list)
    for case in cases:
        by_cause[causes[case.pk]].append(case)
    rows = []
    for cause, there in by_cause.items():
        office, stage = Counter((case.office_id, case.column) for case in there).most_common(1)[0][0]
        longest = min(_since(case, main_task(case, tasks.get(case.pk, ()))) for case in there)
        days = calendar.workdays_between(timezone.localdate(longest), today)
        rows.append(Waiting(cause, len(there), days, office, stage))
    sides = list(Side)
    return sorted(rows, key=lambda row: (sides.index(row.side), -row.count, row.cause))


def _since(case: OpenCase, task: OpenTask | None) -> dt.datetime:
    """Since when it has waited: since its clock stands, its task is open, or the customer first asked."""
    return case.stands_since or (task.opened_at if task else case.since)
