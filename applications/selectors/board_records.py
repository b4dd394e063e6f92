"""What the board reads beside the cases in progress: what was finished, what fell due, who asked, what is to be done. A query each."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    BooleanField,
    CharField,
    Count,
    Exists,
    ExpressionWrapper,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    Window,
)
from django.db.models.functions import Cast, Concat, Least
from django.utils import timezone

from applications.selectors.board import Watch
from workflow.calendar import WorkingCalendar
from workflow.deadlines import MISSED
from workflow.models import Contact, Deadline, DeadlineRung, EventPayload, Overload

OURS = Q(limit__holder="utility")


def oldest_at(watch: Watch, rank: int) -> list[dt.datetime]:
    """First contacts of the oldest case and of the one at that rank from the oldest; one query, two looks into an index."""
    since = watch.rows().order_by("since").values_list("since", flat=True)
    return sorted(since[:1].union(since[rank : rank + 1], all=True))


@dataclass(frozen=True, slots=True)
class Past:
    """What was finished and what fell due over some days: working days to power, counted; limits kept and missed among the stopped."""

    power: Counter[int]
    kept: int
    missed: int


def past(watch: Watch, since: dt.date, until: dt.date, calendar: WorkingCalendar) -> Past:
    """Tallies of the days from `since` up to, not including, `until`; days to power go on to the end of today. One query.

    Days to power: from first contact to the last source energised, the day of contact being day 0.
    """
    power: Counter[int] = Counter()
    due: Counter[str] = Counter()
    found = watch.tallies("power", "due").filter(to_date__gte=since)
    keys = ("measure", "key", "from_date", "to_date")
    for measure, key, first, last, n in found.values_list(*keys).annotate(n=Sum("n")).order_by():
        if measure == "power":
            power[calendar.workdays_between(first, last)] += n
        elif last < until:
            due[key] += n
    return Past(power, due["kept"], due["missed"])


@dataclass(frozen=True, slots=True)
class Punctuality:
    """Of the limits of law and promise that fell due: how many, and how many were missed."""

    due: int
    missed: int

    @property
    def share(self) -> float | None:
        """Per cent kept; nothing if nothing fell due."""
        return round(100 * (self.due - self.missed) / self.due, 1) if self.due else None


def punctuality(watch: Watch, over: Past, since: dt.date, until: dt.date) -> Punctuality:
    """Everything that fell due on these days, archived or not, stopped or running; only what ended with its case before is left out.

    Why so wide: a rate over archived cases alone is what made cases be kept outside until they could be archived in time.
    """
    missed = over.missed + still_missed(watch, since, until)
    return Punctuality(over.kept + missed, missed)


def still_late(watch: Watch, since: dt.date, until: dt.date) -> QuerySet[Deadline, Any]:
    """Limits of law and promise that ran out on these days and are running still; it costs what is overdue."""
    late = watch.rows().filter(outward_due_at__lt=_midnight(until))
    fell_due = Deadline.objects.filter(
        OURS, case__in=late.values("pk"), stopped_at=None, started_at__isnull=False, due_at__gte=_midnight(since), due_at__lt=_midnight(until)
    )  # fmt: skip
    return fell_due.exclude(limit__kind="internal")


def still_missed(watch: Watch, since: dt.date, until: dt.date) -> int:
    """How many those are."""
    return still_late(watch, since, until).count()


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


def breaches(watch: Watch, since: dt.datetime, *, covered: bool = False) -> QuerySet[DeadlineRung, Any]:
    """Limits missed since then, as the sweep or the act that came too late has written them; the latest first.

    `capacity`: it fell into an overload declared in time, and its event names it; such ones count against capacity.
    `covered`: those alone.
    """
    found = DeadlineRung.objects.filter(
        watch.within("deadline__case"),
        rung=MISSED,
        due_at__gte=since,
        deadline__limit__holder="utility",
    ).annotate(capacity=ExpressionWrapper(_declared() & _named_by_its_event(), BooleanField()))
    if covered:
        found = found.filter(capacity=True)
    return (
        found.annotate(total=Window(Count("*")), of_capacity=Window(Sum(Cast("capacity", IntegerField()))))
        .select_related("deadline__limit", "deadline__case__office", "deadline__task__node")
        .order_by("-due_at", "pk")
    )


def _declared() -> Q:
    """An overload of that office held when the time ran out: there are few, so it is asked first."""
    held = Overload.objects.filter(
        office=OuterRef("deadline__case__office"),
        from_at__lt=OuterRef("due_at"),
        to_at__gte=OuterRef("due_at"),
    )
    return Q(Exists(held))


def _named_by_its_event() -> Q:
    said = EventPayload.objects.filter(
        stream=Concat(Value("case:"), Cast(OuterRef("deadline__case"), CharField())),
        number=OuterRef("number"),
        body__contains='"overload":',
    )
    return Q(Exists(said))
