"""How a project stands: asked of its units' cases, never kept. A fixed number of queries, however many units there are."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from applications.models import Contract, Project, ProjectSheet, ProjectUnit
from applications.progress import stage_name
from applications.selectors.labels import stage_names
from staff.models import User
from workflow import actions
from workflow.models import ENDED, ROUTE_STAGES, CaseAccess, Contact, Deadline, Stage, Task


@dataclass(frozen=True, slots=True)
class StageCount:
    """How many units stand at a stage, and how many of them are late."""

    stage: str
    name: str
    units: int
    late: int
    share: int


@dataclass(frozen=True, slots=True)
class Progress:
    """A project's figures."""

    total: int
    open: int
    late: int
    live: int
    stages: Sequence[StageCount]


def late_units(now: dt.datetime) -> Exists:
    """A unit whose case has a running deadline that has passed."""
    running = Deadline.objects.filter(case=OuterRef("application__case"), due_at__lt=now)
    return Exists(running.filter(stopped_at=None))


def progress_of(project: Project, now: dt.datetime, stamp: Any) -> Progress:
    """Counts per stage in the order of a case, late ones apart; one query."""
    rows = (
        project.units.order_by().annotate(late=late_units(now)).values("application__case__stage")
        .annotate(n=Count("pk"), n_late=Count("pk", filter=Q(late=True)))
    )  # fmt: skip
    found = {row["application__case__stage"]: (row["n"], row["n_late"]) for row in rows}
    total = sum(n for n, _late in found.values())
    business, _dot, supply = project.category.partition(".")
    names = stage_names({"business_type": business, "supply_class": supply}, stamp)
    order = [
        stage for stage in (*ROUTE_STAGES, *(s for s in Stage if s not in ROUTE_STAGES)) if stage in found
    ]
    stages = [
        StageCount(stage, stage_name(stage, names), *found[stage], share=round(100 * found[stage][0] / total))
        for stage in order
    ]
    return Progress(
        total,
        sum(n for stage, (n, _late) in found.items() if stage not in ENDED),
        sum(late for _n, late in found.values()),
        sum(n for stage, (n, _late) in found.items() if stage in (Stage.ARCHIVING, Stage.ARCHIVED)),
        stages,
    )


def units_of(
    project: Project, now: dt.datetime, *, stage: str = "", late: bool = False
) -> QuerySet[ProjectUnit]:
    """The units in the sheet's order, each with its case and whether it is late."""
    receipts = Contact.objects.only("case_id", "number", "receipt_code").order_by("number")
    units = (
        project.units.select_related("application__case").annotate(late=late_units(now))
        .prefetch_related(Prefetch("application__case__contacts", receipts, to_attr="receipts"))
    )  # fmt: skip
    if stage:
        units = units.filter(application__case__stage=stage)
    return units.filter(late=True) if late else units


def waiting_for(project: Project, names: Sequence[str]) -> dict[str, int]:
    """How many units wait for each of these acts now, in the acts' order. Within one task a fact waits for those before it."""
    tasks = Task.objects.filter(case__application__unit__project=project, outcome="").select_related("node")
    counted: Counter[str] = Counter()
    for task in tasks.only("facts", "node__facts"):
        fact = next((fact for fact in task.node.facts if fact not in task.facts), "")
        counted[fact] += 1
    return {
        name: counted[actions.get(name).task_fact] for name in names if counted[actions.get(name).task_fact]
    }


def units_waiting_for(project: Project, name: str) -> list[ProjectUnit]:
    """The units themselves."""
    fact = actions.get(name).task_fact
    tasks = Task.objects.filter(case__application__unit__project=project, outcome="").select_related("node")
    cases = [
        task.case_id
        for task in tasks
        if next((one for one in task.node.facts if one not in task.facts), "") == fact
    ]
    return list(project.units.filter(application__case__in=cases).select_related("application__case"))


def units_among(cases: Iterable[UUID]) -> set[UUID]:
    """Of these cases the units of projects; one query."""
    units = ProjectUnit.objects.filter(application__case__in=list(cases))
    return set(units.values_list("application__case", flat=True))


@dataclass(frozen=True, slots=True)
class ToSign:
    """Contracts that wait for a signature: those this person may sign, and how many they may not."""

    mine: list[tuple[ProjectUnit, Contract]]
    others: int


def contracts_to_sign(project: Project, by: User, now: dt.datetime) -> ToSign:
    """By whom each may be signed is what their access to the case says; the door asks again, unit by unit."""
    waiting = units_waiting_for(project, "sign_contract")
    newest = Contract.objects.filter(application__in=[unit.application_id for unit in waiting]).defer("text")
    contracts = {
        row.application_id: row
        for row in newest.order_by("application", "-recorded_at").distinct("application")
    }
    access = CaseAccess.objects.filter(user=by, case__application__unit__project=project, from_at__lte=now)
    access = access.filter(Q(to_at=None) | Q(to_at__gt=now))
    may = set(
        access.filter(Q(role="applicant") | Q(powers=[]) | Q(powers__contains=["sign"])).values_list(
            "case", flat=True
        )
    )
    there = [(unit, contracts[unit.application_id]) for unit in waiting if unit.application_id in contracts]
    mine = [(unit, contract) for unit, contract in there if unit.application.case_id in may]
    return ToSign(mine, len(there) - len(mine))


def sheets_of(project: Project) -> list[ProjectSheet]:
    """The newest sheets with their counts."""
    counts = {
        "n": Count("rows"), "n_done": Count("rows", filter=Q(rows__outcome="done")), "n_refused": Count("rows", filter=Q(rows__outcome="refused")),
    }  # fmt: skip
    return list(project.sheets.select_related("sent_by").annotate(**counts)[:20])


def listing(projects: QuerySet[Project]) -> QuerySet[Project]:
    """Projects with their figures, units and projects counted apart."""
    newest = projects.select_related("office").order_by("-opened_at")
    return newest.annotate(
        n_units=Count("units"), n_open=Count("units", filter=~Q(units__application__case__stage__in=ENDED))
    )
