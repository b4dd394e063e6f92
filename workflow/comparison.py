"""Two versions of a route side by side: what was cut, merged, split, added, moved or made parallel. Pure.

Nodes are compared by the facts they produce, never by code or name: a node renamed is the same node, and a fact
that moves to another node is what merging means. A node written twice because its conditions are alternatives
counts once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from workflow.deadlines import applies
from workflow.path import NodeLike, holding, kind_of
from workflow.stages import ROUTE_STAGES

KEPT, CUT, ADDED, MERGED, SPLIT, REARRANGED = "kept", "cut", "added", "merged", "split", "rearranged"
CONDITIONAL, ALWAYS, PARALLEL, EARLIER, LATER, COUNTY, STATION, DOER = (
    "conditional", "always", "parallel", "earlier", "later", "county", "station", "doer",
)  # fmt: skip


class ComparedNode(NodeLike):
    """What is compared of a node, beyond what its way reads."""

    name: str
    doer: str
    facts: list[str]
    at_county: bool
    promise_count: bool


@dataclass(frozen=True)
class Line:
    """A node as read by people: its variants for different customers taken together."""

    variants: tuple[Any, ...]
    beside: bool

    @property
    def facts(self) -> frozenset[str]:
        """What it produces."""
        return frozenset(self.variants[0].facts)

    @property
    def name(self) -> str:
        """Name of its first variant."""
        return str(self.variants[0].name)

    @property
    def doer(self) -> str:
        """Officer, customer or government."""
        return str(self.variants[0].doer)

    @property
    def at_county(self) -> bool:
        """Whether the county does it."""
        return bool(self.variants[0].at_county)

    @property
    def always(self) -> bool:
        """Whether every case passes it, in one variant or another."""
        return all(
            any(applies(node.conditions, answers) for node in self.variants)
            for answers in _answers(self.variants)
        )

    @property
    def stage(self) -> str:
        """Where it opens; the earliest of its variants."""
        return min((node.opens_with for node in self.variants), key=ROUTE_STAGES.index)

    @property
    def stages(self) -> tuple[str, ...]:
        """Where its variants open, in order."""
        return tuple(sorted({node.opens_with for node in self.variants}, key=ROUTE_STAGES.index))


@dataclass(frozen=True)
class Row:
    """What became of what: lines before and after that share facts, the verdict, and notes beside it."""

    before: tuple[Line, ...]
    after: tuple[Line, ...]
    verdict: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Count:
    """How much a case goes through."""

    officer: int
    customer: int
    steps: int

    @property
    def nodes(self) -> int:
        """Nodes in all."""
        return self.officer + self.customer


@dataclass(frozen=True)
class Group:
    """Customers for whom the counts are the same: every combination of answers they may have given."""

    answers: tuple[Mapping[str, bool], ...]
    before: Count
    after: Count


@dataclass(frozen=True)
class Comparison:
    """The whole comparison."""

    rows: tuple[Row, ...]
    groups: tuple[Group, ...]
    moved: tuple[tuple[str, Line, Line], ...] = field(default=())

    @property
    def shortest(self) -> Group:
        """Customers who go through least afterwards: the ordinary case the title speaks of."""
        return min(self.groups, key=lambda group: group.after.nodes)

    def with_verdict(self, *verdicts: str) -> list[Row]:
        """Rows of these verdicts."""
        return [row for row in self.rows if row.verdict in verdicts]


def lines(nodes: Sequence[Any]) -> list[Line]:
    """Nodes in order, those with the same facts and doer taken together."""
    variants: dict[tuple[frozenset[str], str], list[Any]] = defaultdict(list)
    for node in nodes:
        variants[frozenset(node.facts), node.doer].append(node)
    return [
        Line(tuple(group), any(_runs_beside(node, nodes) for node in group)) for group in variants.values()
    ]


def reach(nodes: Sequence[Any]) -> tuple[int, int]:
    """The fewest and the most nodes a case goes through, whatever its customer answers."""
    passed = [count(nodes, answers).nodes for answers in _answers(nodes)]
    return min(passed), max(passed)


def steps(nodes: Sequence[Any]) -> tuple[int, int]:
    """The same of the published steps."""
    passed = [count(nodes, answers).steps for answers in _answers(nodes)]
    return min(passed), max(passed)


def compare(before: Sequence[Any], after: Sequence[Any]) -> Comparison:
    """Compare the nodes of two versions, given in order."""
    old, new = lines(before), lines(after)
    rows = tuple(_row(tuple(group.before), tuple(group.after)) for group in _related(old, new))
    return Comparison(rows, _groups(before, after), tuple(_moves(old, new)))


def count(nodes: Iterable[Any], answers: Mapping[str, Any]) -> Count:
    """Nodes and published steps of a customer who answered so."""
    passed: list[Any] = list(holding(nodes, answers))
    officer = sum(node.doer != "customer" for node in passed)
    return Count(officer, len(passed) - officer, sum(node.promise_count for node in passed))


def _runs_beside(node: Any, nodes: Sequence[Any]) -> bool:
    """Whether others don't wait for it: it is needed later than it opens, or shares a parallel group."""
    group = [other for other in nodes if other is not node and other.parallel_group == node.parallel_group]
    return bool(node.needed_for != node.opens_with or (node.parallel_group and group))


@dataclass
class _Related:
    """Lines of both versions that share facts, directly or through others."""

    facts: set[str]
    before: list[Line]
    after: list[Line]

    @classmethod
    def of(cls, line: Line, *, is_new: bool, others: Iterable[_Related]) -> _Related:
        """The line, with everything it is related to."""
        found = cls(set(map(kind_of, line.facts)), [], [])
        for other in others:
            found.facts |= other.facts
            found.before += other.before
            found.after += other.after
        (found.after if is_new else found.before).append(line)
        return found

    @property
    def stage(self) -> int:
        """Where it stood first, as a place on the route."""
        return min(ROUTE_STAGES.index(line.stage) for line in self.before or self.after)


def _related(old: list[Line], new: list[Line]) -> list[_Related]:
    """In the order of the new version; what was cut stands behind the stages before its own."""
    groups: list[_Related] = []
    for is_new, line in [*((True, line) for line in new), *((False, line) for line in old)]:
        touching = [group for group in groups if group.facts & set(map(kind_of, line.facts))]
        place = groups.index(touching[0]) if touching else _place(line, groups, is_new=is_new)
        groups = [group for group in groups if not any(group is other for other in touching)]
        groups.insert(place, _Related.of(line, is_new=is_new, others=touching))
    return groups


def _place(line: Line, groups: Sequence[_Related], *, is_new: bool) -> int:
    if is_new:
        return len(groups)
    stage = ROUTE_STAGES.index(line.stage)
    return max((number for number, group in enumerate(groups, 1) if group.stage <= stage), default=0)


def _row(before: tuple[Line, ...], after: tuple[Line, ...]) -> Row:
    verdict = KEPT
    if not before:
        verdict = ADDED
    elif not after:
        verdict = CUT
    elif {line.facts for line in before} == {line.facts for line in after}:
        verdict = KEPT
    elif len(before) > 1:
        verdict = MERGED if len(after) == 1 else REARRANGED
    elif len(after) > 1:
        verdict = SPLIT
    notes = _notes(before, after) if before and after else ()
    return Row(before, after, verdict, notes)


def _notes(before: Sequence[Line], after: Sequence[Line]) -> tuple[str, ...]:
    """What else changed about work that goes on as one node."""
    if len(after) != 1:
        return ()
    is_now = after[0]
    found = _turned(was=all(line.always for line in before), now=is_now.always, on=ALWAYS, off=CONDITIONAL)
    found += [PARALLEL] if is_now.beside and not any(line.beside for line in before) else []
    if len(before) == 1:
        was = before[0]
        found += _shifted(was, is_now)
        found += _turned(was=was.at_county, now=is_now.at_county, on=COUNTY, off=STATION)
        found += [DOER] if was.doer != is_now.doer else []
    return tuple(found)


def _turned(*, was: bool, now: bool, on: str, off: str) -> list[str]:
    return [] if was == now else [on if now else off]


def _shifted(was: Line, is_now: Line) -> list[str]:
    """Earlier or later, where both open in one stage alone."""
    if len(was.stages) > 1 or len(is_now.stages) > 1 or was.stage == is_now.stage:
        return []
    return [LATER if ROUTE_STAGES.index(is_now.stage) > ROUTE_STAGES.index(was.stage) else EARLIER]


def _moves(old: list[Line], new: list[Line]) -> Iterable[tuple[str, Line, Line]]:
    """Facts that are produced in another stage, or together with others than before."""
    for line in old:
        for fact in line.variants[0].facts:
            there = [other for other in new if fact in other.facts]
            if there and not any(
                other.facts == line.facts and other.stages == line.stages for other in there
            ):
                yield fact, line, there[0]


def _groups(before: Sequence[Any], after: Sequence[Any]) -> tuple[Group, ...]:
    """Every combination of yes and no that either version asks about, those with the same counts together."""
    found: dict[tuple[Count, Count], list[Mapping[str, bool]]] = defaultdict(list)
    for answers in _answers([*before, *after]):
        found[count(before, answers), count(after, answers)].append(answers)
    return tuple(Group(tuple(answers), *counts) for counts, answers in found.items())


def _answers(nodes: Iterable[Any]) -> Iterable[dict[str, bool]]:
    """Every combination of answers to the yes-or-no questions these nodes ask."""
    asked = sorted({name for node in nodes for name, values in node.conditions.items() if _yes_no(values)})
    return (dict(zip(asked, values, strict=True)) for values in product((False, True), repeat=len(asked)))


def _yes_no(values: Sequence[Any]) -> bool:
    return all(value is None or isinstance(value, bool) for value in values)
