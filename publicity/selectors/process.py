"""What happens after handing in, from the route version new cases get: so that a shorter route shows at once."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from applications.progress import SHOWN_TO_CUSTOMERS, stage_name
from applications.selectors.labels import stage_names
from publicity.selectors.categories import Category
from publicity.selectors.sources import in_english, rule_words, source_words
from workflow.models import Clause, Node
from workflow.selectors.rules import current_stamp, nodes_of, version_for


@dataclass
class Station:
    """One node, or two of the same name that apply under different conditions."""

    name: str
    by_customer: bool
    counted: bool
    only: list[str] = field(default_factory=list)

    @property
    def only_for(self) -> str:
        """For whom it is alone; empty = for everybody."""
        return _(" or ").join(self.only)


@dataclass
class Leg:
    """A stage with what happens in it."""

    stage: str
    name: str
    stations: list[Station]


@dataclass(frozen=True, slots=True)
class Way:
    """The way of one kind of customer: legs, the milestones on the wire, and how many steps ask something of the customer."""

    title: str
    legs: list[Leg]
    milestones: list[str]
    steps: int


@dataclass(frozen=True, slots=True)
class Process:
    """The ways of a category, with the route version they come from. `also` names other categories that go the same way."""

    category: Category
    route: int
    version: str
    source: str
    ways: list[Way]
    also: list[str] = field(default_factory=list)


def processes_of(categories: Iterable[Category], stamp: uuid.UUID) -> list[Process]:
    """The processes of many categories, those of one route once."""
    found: dict[int, Process] = {}
    for category in categories:
        one = process_of(category, stamp)
        if one is None:
            continue
        if one.route in found:
            found[one.route].also.append(str(category.name))
        else:
            found[one.route] = one
    return list(found.values())


def process_of(category: Category, stamp: uuid.UUID | None = None) -> Process | None:
    """The process for new cases; nothing while no route is in force. A page of many categories reads the rules' stamp once."""
    stamp = stamp or current_stamp()
    version = version_for(category.business_type, category.supply_class, stamp)
    if version is None:
        return None
    nodes = [node for node in nodes_of(version.pk, stamp) if "archive" not in node.facts]
    splits = any("three_zero" in node.conditions for node in nodes)
    kinds = (
        [(True, _("Zero-cost scheme (三零)")), (False, _("Not in the zero-cost scheme"))]
        if splits
        else [(None, "")]
    )
    names = stage_names(
        {"business_type": category.business_type, "supply_class": category.supply_class}, stamp
    )
    ways = [_way(title, [node for node in nodes if _is_for(node, kind)], names) for kind, title in kinds]
    return Process(category, version.pk, version.name, source_words(version.grade, version.source), ways)


@dataclass(frozen=True, slots=True)
class Rule:
    """A clause in the reader's language, with article and source."""

    title: str
    text: str
    source: str


def free_choice() -> Rule | None:
    """The rule that nobody may name a designer, builder or supplier."""
    return rule("designation_65")


def rule(code: str) -> Rule | None:
    """One clause, for a page."""
    clause = Clause.objects.filter(pk=code).first()
    if clause is None:
        return None
    title, text = (clause.title_en, clause.text_en) if in_english() else (clause.title_zh, clause.text_zh)
    return Rule(rule_words(title, clause), text, source_words(clause.grade, clause.source))


def _is_for(node: Node, three_zero: bool | None) -> bool:
    return three_zero in node.conditions.get("three_zero", [three_zero])


def _way(title: str, nodes: Sequence[Node], names: Mapping[str, str]) -> Way:
    legs: dict[str, Leg] = {}
    for node in nodes:
        leg = legs.setdefault(node.opens_with, Leg(node.opens_with, stage_name(node.opens_with, names), []))
        _add(leg, node)
    milestones = [leg.name for leg in legs.values() if leg.stage in SHOWN_TO_CUSTOMERS]
    return Way(title, list(legs.values()), milestones, sum(node.promise_count for node in nodes))


def _add(leg: Leg, node: Node) -> None:
    only = _only(node)
    same = next((station for station in leg.stations if station.name == node.name), None)
    if same is None:
        leg.stations.append(
            Station(node.name, node.doer == "customer", node.promise_count, [only] if only else [])
        )
    elif only:
        same.only.append(only)
    else:
        same.only = []


def _only(node: Node) -> str:
    """The condition that matters to a reader; `important = false` beside `estate = true` is only there to keep two nodes apart."""
    words = {
        "important": _("important users"),
        "estate": _("housing estates"),
        "customer_works": _("receiving works of your own"),
        "external_line": _("external line works"),
        "grid_works": _("works of the grid"),
        "fees_due": _("where charges are due"),
    }
    return _(", ").join(word for name, word in words.items() if node.conditions.get(name) == [True])
