"""Law beside the work: which clauses govern which node of the routes that new cases get."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workflow.models import Clause, Node, RouteVersion


@dataclass(frozen=True, slots=True)
class NodeLaw:
    """A node with the clauses that govern it."""

    node: Node
    clauses: Sequence[Clause]


@dataclass(frozen=True, slots=True)
class RouteLaw:
    """A route version in use and its nodes that a clause governs."""

    version: RouteVersion
    nodes: Sequence[NodeLaw]


def law_by_route() -> list[RouteLaw]:
    """Every route that new cases get; three queries. Variants of a node that carry one name are shown once, with all their clauses."""
    versions = (
        RouteVersion.objects.filter(for_new_cases=True)
        .select_related("route")
        .prefetch_related("nodes__clauses")
        .order_by("route__pk")
    )
    return [RouteLaw(version, _nodes(version)) for version in versions]


def _nodes(version: RouteVersion) -> list[NodeLaw]:
    found: dict[str, tuple[Node, dict[str, Clause]]] = {}
    for node in version.nodes.all():
        _first, clauses = found.setdefault(node.name, (node, {}))
        clauses.update({clause.code: clause for clause in node.clauses.all()})
    return [NodeLaw(node, list(clauses.values())) for node, clauses in found.values() if clauses]


def all_clauses() -> list[Clause]:
    """Every clause known, those that govern no node too."""
    return list(Clause.objects.order_by("grade", "code"))
