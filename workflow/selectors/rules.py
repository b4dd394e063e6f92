"""The rules in force: limits, separation, profile, calendar and nodes, cached per process by the rules' stamp."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from staff.models import Competence
from workflow.calendar import WorkingCalendar
from workflow.deadlines import Step, most_specific
from workflow.models import (
    LadderStep,
    Limit,
    Node,
    PauseReason,
    Profile,
    RouteVersion,
    RulesStamp,
    SeparationRule,
)
from workflow.selectors.calendars import current_calendar


@dataclass(frozen=True)
class Rules:
    """Everything data says about time and people at one stamp."""

    stamp: uuid.UUID
    limits: tuple[Limit, ...]
    separations: tuple[SeparationRule, ...]
    profile: Profile
    calendar: WorkingCalendar
    competences: Mapping[str, Competence]
    pause_reasons: Mapping[str, PauseReason]
    ladders: Mapping[str, tuple[Step, ...]] = field(default_factory=dict)

    def ladder_of(self, kind: str) -> tuple[Step, ...]:
        """What a kind of limit adds to the plain ladder of yellow and red."""
        return self.ladders.get(kind, ())

    def competence_name(self, code: str) -> str:
        """Name of a competence in the reader's language."""
        return self.competences[code].name if code in self.competences else code

    def limits_for(self, matching: Mapping[str, Any], on: dt.date) -> list[Limit]:
        """The limits in force for such a case on that day, of each code the most specific."""
        return most_specific((x for x in self.limits if _in_force(x, on)), matching)


def _in_force(limit: Limit, on: dt.date) -> bool:
    return limit.effective_from <= on and (limit.effective_to is None or limit.effective_to >= on)


def current_stamp() -> uuid.UUID:
    """The rules' stamp now; one small query."""
    return RulesStamp.objects.values_list("stamp", flat=True).get()


def rules(stamp: uuid.UUID | None = None) -> Rules:
    """The rules at a stamp; of now when none is given (one small query)."""
    return _rules(stamp or current_stamp())


@lru_cache(maxsize=8)
def _rules(stamp: uuid.UUID) -> Rules:
    profile = Profile.objects.get(is_ours=True)
    limits = Limit.objects.filter(
        status="in_force", utility__in=["", profile.utility], region__in=["", profile.region]
    ).select_related("clause")
    return Rules(
        stamp=stamp,
        limits=tuple(limits),
        separations=tuple(SeparationRule.objects.filter(in_force=True)),
        profile=profile,
        calendar=current_calendar(),
        competences={c.code: c for c in Competence.objects.all()},
        pause_reasons={r.code: r for r in PauseReason.objects.all()},
        ladders=_ladders(),
    )


def _ladders() -> dict[str, tuple[Step, ...]]:
    found: dict[str, list[Step]] = defaultdict(list)
    for row in LadderStep.objects.filter(in_force=True):
        found[row.kind].append(Step(row.code, row.days, row.level))
    return {kind: tuple(steps) for kind, steps in found.items()}


def nodes_of(version_id: int | None, stamp: uuid.UUID | None = None) -> tuple[Node, ...]:
    """The nodes of a route version with their clauses, in order; empty without a version."""
    return () if version_id is None else _nodes(version_id, stamp or current_stamp())


@lru_cache(maxsize=256)
def _nodes(version_id: int, stamp: uuid.UUID) -> tuple[Node, ...]:
    return tuple(Node.objects.filter(version=version_id).prefetch_related("clauses"))


def version_for(business_type: str, supply_class: str, stamp: uuid.UUID | None = None) -> RouteVersion | None:
    """The route version new cases of a category get, or none if no administrator has chosen one.

    The most specific route wins: one for the class itself, then one for its family (`hv_*`), then one for the business type alone.
    Cached by the rules' stamp; a page that asks for many categories reads it once and hands it in.
    """
    ranks = {supply_class: 2, f"{supply_class.partition('_')[0]}_*": 1, "": 0}
    found = [
        version
        for version in _chosen_versions(stamp or current_stamp())
        if version.route.business_type == business_type and version.route.supply_class in ranks
    ]
    return max(found, key=lambda version: ranks[version.route.supply_class], default=None)


@lru_cache(maxsize=8)
def _chosen_versions(_stamp: uuid.UUID) -> tuple[RouteVersion, ...]:
    return tuple(RouteVersion.objects.select_related("route").filter(for_new_cases=True))
