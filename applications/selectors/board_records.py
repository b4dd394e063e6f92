"""What the board reads beside the cases in progress: what was finished, what fell due, who asked, what is to be done. A query each."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, Max, Q, QuerySet, Window
from django.db.models.functions import Least
from django.utils import timezone

from applications.models import Energisation
from applications.selectors.board import Watch
from workflow.calendar import WorkingCalendar
from workflow.deadlines import MISSED
from workflow.models import Contact, Deadline, DeadlineRung, Node, Stage, Task, TaskOutcome

OURS = Q(limit__holder="utility")


def days_to_power(watch: Watch, since: dt.datetime, calendar: WorkingCalendar) -> list[int]:
    """Working days from first contact to the last source energised, of every case finished since; the day of contact is day 0."""
    lit = Energisation.objects.filter(recorded_at__gte=since).values("application__case")
    rows = (
        watch.cases()
        .filter(pk__in=lit, stage__in=(Stage.ARCHIVING, Stage.ARCHIVED), first_contact_at__isnull=False)
        .annotate(energised_at=Max("application__energisations__recorded_at"))
        .values_list("first_contact_at", "energised_at")
    )
    return [calendar.workdays_between(timezone.localdate(a), timezone.localdate(b)) for a, b in rows]


@dataclass(frozen=True, slots=True)
class Punctuality:
    """Of the limits of law and promise that fell due: how many, and how many were missed."""

    due: int
    missed: int

    @property
    def share(self) -> float | None:
        """Per cent kept; nothing if nothing fell due."""
        return round(100 * (self.due - self.missed) / self.due, 1) if self.due else None


def punctuality(watch: Watch, since: dt.datetime, now: dt.datetime) -> Punctuality:
    """Everything that fell due since then, archived or not, stopped or still running; only what ended with its case before that is left out.

    Why so wide: a rate over archived cases alone is what made cases be kept outside until they could be archived in time.
    """
    fell_due = Deadline.objects.filter(
        OURS, case__in=watch.cases(), due_at__gte=since, due_at__lt=now
    ).exclude(limit__kind="internal")
    missed = Q(stopped_at=None) | Q(stopped_at__gt=F("due_at"))
    kept = Q(stopped_at__lte=F("due_at"), limit__stop_kinds__contains=[F("stop_reason")])
    counted = fell_due.aggregate(missed=Count("pk", filter=missed), kept=Count("pk", filter=kept))
    return Punctuality(counted["missed"] + counted["kept"], counted["missed"])


def contacts_without_outcome(watch: Watch) -> QuerySet[Contact, Any]:
    """Who asked and got no answer, the longest first. Never with names: the board needs none."""
    return (
        Contact.objects.filter(case__in=watch.cases(), outcome="")
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
            rung=MISSED,
            due_at__gte=since,
            deadline__case__in=watch.cases(),
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


def open_tasks(watch: Watch) -> dict[UUID, list[OpenTask]]:
    """By case, what is to be done, ours before others', the longest open first; one query."""
    rows = (
        Task.objects.filter(outcome=TaskOutcome.OPEN, case__in=watch.cases())
        .annotate(hands=ArrayAgg("holders__user", filter=Q(holders__isnull=False, holders__until_at=None), default=[]))
        .order_by("opened_at", "pk")
        .values_list(
            "pk", "case_id", "node__name_zh", "node__name_en", "doer", "role", "competence", "office_id", "opened_at", "wait_cause",
            "offered_to_county_at", "version", "hands",
        )
    )  # fmt: skip
    found: dict[UUID, list[OpenTask]] = defaultdict(list)
    nodes: dict[tuple[str, str], Node] = {}
    for (
        pk,
        case,
        name_zh,
        name_en,
        doer,
        role,
        competence,
        office,
        opened_at,
        cause,
        offered,
        version,
        hands,
    ) in rows:
        node = nodes.get((name_zh, name_en)) or nodes.setdefault(
            (name_zh, name_en), Node(name_zh=name_zh, name_en=name_en)
        )
        found[case].append(
            OpenTask(
                pk,
                case,
                node,
                doer,
                role,
                competence,
                office,
                opened_at,
                cause,
                offered is not None,
                version,
                tuple(hands),
            )
        )
    for tasks in found.values():
        tasks.sort(key=lambda task: task.doer != "officer")
    return found
