"""Time limits in force for this utility, region and day, in words; other companies' and other cities' never among them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from publicity.models import Cost
from publicity.selectors.categories import Category
from publicity.selectors.sources import grade_words, in_english, rule_words, source_words
from workflow.models import ROUTE_STAGES, Limit, LimitKind
from workflow.selectors.rules import rules

WHOLE = "total"
"""Code of the limits on the whole process."""


@dataclass(frozen=True, slots=True)
class PublicLimit:
    """One time limit as the public reads it."""

    code: str
    name: str
    days: int
    day_type: str
    kind: str
    begins: str
    holds: str
    regime: str
    rule: str
    grade: str
    source: str

    @property
    def length(self) -> str:
        """15 个工作日."""
        if self.day_type == "calendar":
            return ngettext("%(n)s day", "%(n)s days", self.days) % {"n": self.days}
        return ngettext("%(n)s working day", "%(n)s working days", self.days) % {"n": self.days}

    @property
    def kind_name(self) -> str:
        """Law or promise."""
        return str(LimitKind(self.kind).label)

    @property
    def sentence(self) -> str:
        """受理后 15 个工作日内（含外线施工）."""
        facts = {"length": self.length, "begins": self.begins, "holds": self.holds}
        said = _("within %(length)s of %(begins)s") if self.begins else _("within %(length)s")
        if self.holds:
            said = _("%(sentence)s (%(holds)s)") % {"sentence": said, "holds": "%(holds)s"}
        return said % facts

    @property
    def grade_words(self) -> str:
        """How far the source can be trusted."""
        return grade_words(self.grade)

    @property
    def source_words(self) -> str:
        """The same with the source itself."""
        return source_words(self.grade, self.source)


def limits_of(category: Category, on: dt.date, stamp: uuid.UUID | None = None) -> list[PublicLimit]:
    """Every legal limit and promise of ours for a category, whole process first, then stage by stage."""
    rows = [limit for limit in rules(stamp).limits if _public(limit, category, on)]
    return [_worded(group) for group in _merged(sorted(rows, key=_place))]


def headline(category: Category, on: dt.date, stamp: uuid.UUID | None = None) -> list[PublicLimit]:
    """What a customer plans by: the whole process where something is promised for it, else of each stage the shortest limit."""
    limits = limits_of(category, on, stamp)
    whole = [limit for limit in limits if limit.code == WHOLE]
    if whole:
        return whole
    shortest: dict[tuple[str, str], PublicLimit] = {}
    for limit in limits:
        known = shortest.get((limit.code, limit.holds))
        if known is None or limit.days < known.days:
            shortest[limit.code, limit.holds] = limit
    return list(shortest.values())


def in_a_line(category: Category, on: dt.date, stamp: uuid.UUID | None = None) -> list[PublicLimit]:
    """As much of the headline as a tile holds: the whole process with and without works, or the first stage."""
    limits = headline(category, on, stamp)
    return [limit for limit in limits if limit.code == WHOLE] or limits[:1]


def costs_of(category: Category) -> list[tuple[Cost, str]]:
    """Who pays what, each with its source in words."""
    return costs_by_category([category]).get(category.code, [])


def costs_by_category(shown: Iterable[Category]) -> dict[str, list[tuple[Cost, str]]]:
    """The same for many categories, in one query."""
    found: dict[str, list[tuple[Cost, str]]] = {}
    for row in Cost.objects.filter(category__in=[category.code for category in shown], in_force=True):
        found.setdefault(row.category, []).append((row, source_words(row.grade, row.source)))
    return found


def published_until() -> dt.date:
    """The last day of the working calendar whose year has been published."""
    return rules().calendar.published_until


def _public(limit: Limit, category: Category, on: dt.date) -> bool:
    return (
        limit.kind in (LimitKind.LEGAL, LimitKind.PROMISE)
        and limit.holder == "utility"
        and limit.days is not None
        and limit.effective_from <= on
        and (limit.effective_to is None or limit.effective_to >= on)
        and category.supply_class in limit.conditions.get("supply_class", [category.supply_class])
        and category.business_type in limit.conditions.get("business_type", [category.business_type])
    )


def _place(limit: Limit) -> tuple[int, str, str, int]:
    stage = ROUTE_STAGES.index(limit.stage) if limit.stage in ROUTE_STAGES else -1
    return (stage, limit.code, limit.kind, limit.days or 0)


def _merged(limits: Iterable[Limit]) -> list[list[Limit]]:
    """Rows that differ in conditions alone are one line for the public."""
    groups: dict[tuple[object, ...], list[Limit]] = {}
    for limit in limits:
        starts = tuple(limit.start_kinds)
        key = (limit.code, limit.kind, limit.days, limit.day_type, limit.regime, starts)
        groups.setdefault(key, []).append(limit)
    return list(groups.values())


def _worded(group: Sequence[Limit]) -> PublicLimit:
    limit = group[0]
    return PublicLimit(
        code=limit.code,
        name=limit.name,
        days=limit.days or 0,
        day_type=limit.day_type,
        kind=limit.kind,
        begins=_begins(limit),
        holds=_holds_for(group),
        regime=limit.regime,
        rule=rule_words(_title(limit), limit.clause),
        grade=limit.grade,
        source=limit.source,
    )


def _title(limit: Limit) -> str:
    if limit.clause is None:
        return limit.regime
    return limit.clause.title_en if in_english() else limit.clause.title_zh


def _begins(limit: Limit) -> str:
    words = {
        ("application.accepted",): _("acceptance"),
        ("design.submitted",): _("your handing in the design"),
        ("mid_inspection.requested",): _("your request"),
        ("completion.notified|reinspection.requested",): _("your notice of completion"),
        ("inspection.recorded", "contract.signed"): _("inspection passed and formalities done"),
        ("scheme.replied", "contract.signed"): _("scheme told and contract signed"),
        ("scheme.drafted", "contract.signed"): _("scheme told and contract signed"),
    }
    return words.get(tuple(limit.start_kinds), "")


def _holds_for(group: Sequence[Limit]) -> str:
    """The condition of a group: what its only conditioned row says. Two conditions with one length are no condition at all."""
    said = {words for limit in group if (words := _holds(limit))}
    return said.pop() if len(said) == 1 else ""


def _holds(limit: Limit) -> str:
    words = {
        ("external_line", True): _("with external line works"),
        ("external_line", False): _("without external line works"),
        ("customer_works", True): _("with receiving works of your own"),
        ("customer_works", False): _("no receiving works of your own"),
        ("three_zero", True): _("zero-cost scheme"),
        ("three_zero", False): _("not in the zero-cost scheme"),
        ("important", True): _("important users"),
        ("estate", True): _("housing estates"),
    }
    order = ("external_line", "three_zero", "important", "estate", "customer_works")
    said = [words.get((field, value), "") for field in order for value in limit.conditions.get(field, [])]
    return _(", ").join(word for word in said if word)
