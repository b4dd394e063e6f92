"""Why cases wait, and for whom. It explains; it never stops a clock. Pure: from what the board has read already."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import Q, TextChoices
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications.selectors.board import Group
from staff.selectors import Shortage
from workflow.calendar import WorkingCalendar
from workflow.models import WaitCause


class Side(TextChoices):
    """Who has to move."""

    US = "us", _("Waiting for us")
    CUSTOMER = "customer", _("Waiting for the customer")
    GOVERNMENT = "government", _("Waiting for the government")
    THIRD_PARTY = "third_party", _("Waiting for a third party")
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
    WaitCause.THIRD_PARTY: (Side.THIRD_PARTY, _("a third party")),
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

    def of(self, task_office_id: int | None, competence: str) -> Shortage | None:
        """The shortage that keeps such a task from being done, if one does."""
        return self.found.get((task_office_id, competence)) if task_office_id and competence else None

    def cause(self, cause: str, task_office_id: int | None, competence: str) -> str:
        """What a case waits for, knowing who is there: the row says `untaken` also where nobody could take it."""
        if cause == "county" or (cause == "untaken" and self.of(task_office_id, competence)):
            return "nobody"
        return cause

    def rows(self, cause: str) -> Q:
        """The condition on a row for waiting for that cause, as `cause` above tells it."""
        if cause not in ("untaken", "nobody"):
            return Q(cause=cause) if cause else Q()
        by_competence: dict[str, list[int]] = defaultdict(list)
        for office, competence in self.found:
            by_competence[competence].append(office)
        nobody = Q(cause="county")
        for competence, offices in by_competence.items():
            nobody |= Q(cause="untaken", competence=competence, task_office_id__in=sorted(offices))
        return nobody if cause == "nobody" else Q(cause="untaken") & ~nobody


def explained(found: Iterable[Group], lacking: Lacking) -> list[Group]:
    """The groups with the cause a reader sees."""
    return [
        replace(group, cause=lacking.cause(group.cause, group.task_office_id, group.competence))
        for group in found
    ]


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


def waiting(found: Iterable[Group], calendar: WorkingCalendar, today: dt.date) -> list[Waiting]:
    """Causes with what waits for them, ours first, the most first. They add up to everything in progress."""
    by_cause: dict[str, list[Group]] = defaultdict(list)
    for group in found:
        by_cause[group.cause].append(group)
    rows = []
    for cause, there in by_cause.items():
        places: Counter[tuple[int, str]] = Counter()
        for group in there:
            places[group.office_id, group.stage] += group.n
        office, stage = places.most_common(1)[0][0]
        longest = min(group.waits_since for group in there)
        days = calendar.workdays_between(timezone.localdate(longest), today)
        rows.append(Waiting(cause, places.total(), days, office, stage))
    sides = list(Side)
    return sorted(rows, key=lambda row: (sides.index(row.side), -row.count, row.cause))


def by_stage(found: Iterable[Group]) -> dict[str, Counter[str]]:
    """By stage, how many cases wait on which side: us or the customer, in a glance."""
    rows: dict[str, Counter[str]] = defaultdict(Counter)
    for group in found:
        rows[group.stage][CAUSES[group.cause][0]] += group.n
    return rows
