"""Routes as pages show them."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count, Prefetch, QuerySet

from staff.models import Competence, Office
from staff.selectors import qualified
from workflow.models import Limit, Node, Route, RouteVersion


def routes_with_versions() -> QuerySet[Route]:
    """Every route with its versions, newest first, each with its nodes and the number of cases on it."""
    versions = (
        RouteVersion.objects.annotate(case_count=Count("cases"))
        .select_related("route")
        .prefetch_related("nodes")
        .order_by("-number")
    )
    return Route.objects.prefetch_related(Prefetch("versions", queryset=versions)).order_by("pk")


def version_with_nodes(pk: int) -> RouteVersion | None:
    """One version with its nodes and their clauses."""
    nodes = Node.objects.order_by("order").prefetch_related("clauses")
    found = RouteVersion.objects.select_related("route").prefetch_related(Prefetch("nodes", queryset=nodes))
    return found.filter(pk=pk).first()


def competence_names() -> dict[str, str]:
    """What each certificate is called, by its code."""
    return {competence.code: competence.name for competence in Competence.objects.all()}


def node_limits(supply_class: str) -> dict[str, Limit]:
    """The bureau's own time for each node as it stands for a class of supply; the row that names the class wins."""
    rows = Limit.objects.filter(scope="node", status="in_force").order_by("version")
    fitting = [row for row in rows if supply_class in row.conditions.get("supply_class", [supply_class])]
    return {row.node: row for row in sorted(fitting, key=lambda row: len(row.conditions))}


def unmanned(version: RouteVersion, on: dt.date) -> list[Competence]:
    """Competences a version needs that nobody present in any county holds; one query a competence and county."""
    needed = Competence.objects.filter(code__in=version.nodes.exclude(competence="").values("competence"))
    counties = list(Office.objects.filter(parent=None))
    return [
        competence
        for competence in needed
        if not any(qualified(competence.code, county, on) for county in counties)
    ]
