"""Everything about a case's scheme on one page: its versions, who signed off, what was objected to, capacity, access design."""

from __future__ import annotations

from dataclasses import dataclass, field

from applications.models import (
    AccessDesignRequest,
    Application,
    CapacityCheck,
    Countersignature,
    Objection,
    Priority,
    QueueEntry,
    Scheme,
    SchemeRevision,
)
from applications.selectors.capacity import place_of
from applications.selectors.prices import Column, side_by_side
from applications.selectors.terms import tree_lines
from workflow.models import Task
from workflow.path import asks_for


@dataclass(frozen=True, slots=True)
class SignOff:
    """One department and the version: waiting, agreed or returned."""

    task: Task
    answer: Countersignature | None


@dataclass
class SchemePage:
    """What is shown; a fixed number of queries."""

    application: Application
    versions: list[Scheme] = field(default_factory=list)
    lines: list[tuple[str, str]] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)
    sign_offs: list[SignOff] = field(default_factory=list)
    objections: list[Objection] = field(default_factory=list)
    revisions: list[SchemeRevision] = field(default_factory=list)
    checks: list[CapacityCheck] = field(default_factory=list)
    place: tuple[QueueEntry, int] | None = None
    priorities: list[Priority] = field(default_factory=list)
    designs: list[AccessDesignRequest] = field(default_factory=list)

    @property
    def latest(self) -> Scheme | None:
        """The newest version."""
        return self.versions[0] if self.versions else None

    @property
    def empty(self) -> bool:
        """Whether there is nothing to show yet."""
        return not (self.versions or self.checks or self.place or self.priorities or self.designs)


def load_scheme_page(application: Application) -> SchemePage:
    """Load it all."""
    page = SchemePage(application)
    page.versions = list(
        application.schemes.order_by("-number").prefetch_related(
            "replies", "agreements", "objections", "choices__option"
        )
    )
    if page.latest:
        page.lines = tree_lines(page.latest)
        page.columns = side_by_side(list(page.latest.options.select_related("scheme")))
    page.sign_offs = _sign_offs(application)
    page.objections = list(
        application.objections.select_related("scheme")
        .prefetch_related("answers__scheme")
        .order_by("-recorded_at")
    )
    page.revisions = list(application.schemerevisions.select_related("scheme").order_by("-recorded_at"))
    page.checks = list(
        application.capacitychecks.select_related("asset", "recorded_by").order_by("-recorded_at")[:10]
    )
    page.place = place_of(application)
    page.priorities = list(application.prioritys.select_related("granted_at_office", "recorded_by"))
    page.designs = list(application.accessdesignrequests.select_related("receipt").order_by("-recorded_at"))
    return page


def _sign_offs(application: Application) -> list[SignOff]:
    """The departments of the latest round of each, in the route's order."""
    tasks = application.case.tasks.select_related("node").order_by("node__order", "-round")
    latest: dict[str, Task] = {}
    for task in tasks:
        if asks_for(task.node.facts, "countersignature"):
            latest.setdefault(task.node_code, task)
    answers = {
        (answer.node_code, answer.round): answer
        for answer in application.countersignatures.select_related("recorded_by", "scheme")
    }
    return [SignOff(task, answers.get((task.node_code, task.round))) for task in latest.values()]
