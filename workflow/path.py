"""The way of a case along its route: pure questions about nodes, what is done, and what holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from workflow.deadlines import applies
from workflow.stages import ROUTE_STAGES, Stage

OPEN, DONE = "open", "done"


class NodeLike(Protocol):
    """What the way reads of a node."""

    code: str
    order: int
    conditions: dict[str, Any]
    parallel_group: str
    opens_with: str
    needed_for: str


def kind_of(fact: str) -> str:
    """What kind of fact a name is: `countersignature:finance` is a countersignature.

    Several departments may be asked for one kind beside each other; each has its own name, so that one answer never closes another's task.
    """
    return fact.partition(":")[0]


def asks_for(names: Iterable[str], fact: str) -> bool:
    """Whether one of these names is that fact, or a department's share of it."""
    return any(fact in (name, kind_of(name)) for name in names)


def asked_of(names: Iterable[str], fact: str) -> str:
    """The department's share among these names, such as `countersignature:finance`; empty where it is the whole fact."""
    return next((name for name in names if kind_of(name) == fact and name != fact), "")


def position(node: NodeLike) -> tuple[int, int]:
    """Where a node stands on the route: stage, then order."""
    return (ROUTE_STAGES.index(node.opens_with), node.order)


def holding(nodes: Iterable[NodeLike], matching: Mapping[str, Any]) -> list[NodeLike]:
    """The nodes that apply to this case as far as is known, in order."""
    return sorted((node for node in nodes if applies(node.conditions, matching)), key=position)


def to_open(nodes: Sequence[NodeLike], standing: Mapping[str, str], stage: str) -> list[NodeLike]:
    """Nodes of a stage whose turn has come: all before them that the same stage needs are done, but for their own parallel group."""
    here = [node for node in nodes if node.opens_with == stage]
    ready = []
    for node in here:
        if node.code in standing:
            continue
        before = [
            other
            for other in here
            if other.order < node.order
            and other.needed_for == stage
            and not (node.parallel_group and other.parallel_group == node.parallel_group)
        ]
        if all(standing.get(other.code) == DONE for other in before):
            ready.append(node)
    return ready


def may_leave(nodes: Iterable[NodeLike], standing: Mapping[str, str], stage: str) -> bool:
    """Whether every node needed up to this stage is done."""
    reach = ROUTE_STAGES.index(stage)
    return all(
        standing.get(node.code) == DONE for node in nodes if ROUTE_STAGES.index(node.needed_for) <= reach
    )


def next_stage(nodes: Iterable[NodeLike], stage: str, standing: Mapping[str, str] | None = None) -> str:
    """The next stage at which a node that applies opens; ARCHIVED when none is left. A stage without nodes is skipped.

    With `standing`: a stage that a node still under way is needed for is not skipped, though nothing opens there.
    """
    place = ROUTE_STAGES.index(stage)
    later = set()
    for node in nodes:
        later.add(ROUTE_STAGES.index(node.opens_with))
        if standing is not None and standing.get(node.code) != DONE:
            later.add(ROUTE_STAGES.index(node.needed_for))
    return next((ROUTE_STAGES[index] for index in sorted(later) if index > place), Stage.ARCHIVED)


def first_stage(nodes: Iterable[NodeLike]) -> str:
    """Where the route begins."""
    return ROUTE_STAGES[min(ROUTE_STAGES.index(node.opens_with) for node in nodes)]


def behind(nodes: Iterable[NodeLike], target: NodeLike) -> set[str]:
    """Codes of the nodes that come after `target` and not beside it: they are opened anew when reached."""
    return {
        node.code
        for node in nodes
        if position(node) > position(target)
        and not (
            target.parallel_group
            and node.parallel_group == target.parallel_group
            and node.opens_with == target.opens_with
        )
    }
