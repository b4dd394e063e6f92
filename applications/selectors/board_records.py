"""What the board reads beside the cases in progress: what was finished, what fell due, who asked, what is to be done. A query each."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Q, QuerySet, Sum, Window
from django.db.models.functions import Least
from django.utils import timezone

from applications.selectors.board import Watch
from workflow.calendar import WorkingCalendar
from workflow.deadlines import MISSED
from workflow.models import Contact, Deadline, DeadlineRung, Node, Task

OURS = Q(limit__holder="utility")


def oldest_at(watch: Watch, rank: int) -> dt.datetime | None:
    """The first contact of the case at that rank from the oldest (0 is the oldest); one query, over an index."""
    return next(iter(watch.rows().order_by("since").values_list("since", flat=True)[rank : rank + 1]), None)


def days_to_power(
    watch: Watch, since: dt.date, calendar: WorkingCalendar, until: dt.date | None = None
) -> Counter[int]:
    """Working days from first contact to the last source energised, of every case finished since, counted; the day of contact is day 0."""
    found = watch.tallies("power").filter(to_date__gte=since)
    if until is not None:
        found = found.filter(to_date__lt=until)
    counts: Counter[int] = Counter()
    for first, last, n in found.values_list("from_date", "to_date").annotate(n=Sum("n")).order_by():
        counts[calendar.workdays_between(first, last)] += n
    return counts


@dataclass(frozen=True, slots=True)
class Punctuality:
    """Of the limits of law and promise that fell due: how many, and how many were missed."""

    due: int
    missed: int

    @property
    def share(self) -> float | None:
        """Per cent kept; nothing if nothing fell due."""
        return round(100 * (self.due - self.missed) / self.due, 1) if self.due else None


def punctuality(watch: Watch, since: dt.date, today: dt.date) -> Punctuality:
    """Everything that fell due from then until yesterday, archived or not, stopped or running; only what ended with its case before is left out.

    Why so wide: a rate over archived cases alone is what made cases be kept outside until they could be archived in time.
    """
    counts = dict(
        watch.tallies("due")
        .filter(to_date__gte=since, to_date__lt=today)
        .values_list("key")
        .annotate(n=Sum("n"))
        .order_by()
    )
    missed = counts.get("missed", 0) + still_missed(watch, since, today)
    return Punctuality(counts.get("kept", 0) + missed, missed)


def still_missed(watch: Watch, since: dt.date, until: dt.date) -> int:
    """Limits of law and promise that ran out on these days and are running still; it costs what is overdue."""
    late = watch.rows().filter(outward_due_at__lt=_midnight(until))
    fell_due = Deadline.objects.filter(
        OURS, case__in=late.values("pk"), stopped_at=None, started_at__isnull=False, due_at__gte=_midnight(since), due_at__lt=_midnight(until)
    )  # fmt: skip
    return fell_due.exclude(limit__kind="internal").count()


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def contacts_without_outcome(watch: Watch) -> QuerySet[Contact, Any]:
    """Who asked and got no answer, the longest first. Never with names: the board needs none."""
    return (
        Contact.objects.filter(watch.within("case"), outcome="")
        .annotate(since=Least("occurred_at", "recorded_at"), total=Window(Count("*")))
        .select_related("office", "channel", "case")
        .only(
            "office",
            "channel",
            "purpose",
            "papers_left",
            "case__contact_no",
            "case__application_no",
            "case__stage",
        )
        .order_by("since", "pk")
    )


def breaches(watch: Watch, since: dt.datetime) -> QuerySet[DeadlineRung, Any]:
    """Limits missed since then, as the sweep or the act that came too late has written them; the latest first."""
    return (
        DeadlineRung.objects.filter(
            watch.within("deadline__case"),
            rung=MISSED,
            due_at__gte=since,
            deadline__limit__holder="utility",
        )
        .annotate(total=Window(Count("*")))
        .select_related("deadline__limit", "deadline__case__office", "deadline__task__node")
        .order_by("-due_at", "pk")
    )


@dataclass(frozen=True, slots=True)
class OpenTask:
    """Something still to be done, as a board needs it. `holders` are whose hands it is in."""

    pk: UUID
    case_id: UUID
    node: Node
    doer: str
    role: str
    competence: str
    office_id: int
    opened_at: dt.datetime
    wait_cause: str
    with_county: bool
    version: int
    holders: tuple[UUID, ...]


def tasks_named(ids: Iterable[UUID | None]) -> dict[UUID, OpenTask]:
    """These tasks by id; one query."""
    rows = (
        Task.objects.filter(pk__in=[pk for pk in ids if pk])
        .annotate(hands=ArrayAgg("holders__user", filter=Q(holders__isnull=False, holders__until_at=None), default=[]))
        .select_related("node")
    )  # fmt: skip
    return {
        task.pk: OpenTask(
            task.pk, task.case_id, task.node, task.doer, task.role, task.competence, task.office_id, task.opened_at, task.wait_cause,
            task.offered_to_county_at is not None, task.version, tuple(task.hands),
        )
        for task in rows
    }  # fmt: skip
