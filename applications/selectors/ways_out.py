"""Ways out of a route: which are open by which act, and how attempts to reach a customer are written."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

from django.utils.translation import override

from applications.models import Application, ExitReason, ExitRule, ReachWay
from staff.formats import long_day
from workflow.models import Task


def rules_of(action: str) -> list[ExitRule]:
    """Reasons in force for an act, in their order."""
    return list(ExitRule.objects.filter(action=action, in_force=True))


def rule_of(action: str, reason: str) -> ExitRule | None:
    """What is laid down for this reason, if anything is."""
    return ExitRule.objects.filter(action=action, code=reason).first()


def reason_choices(action: str) -> list[tuple[str, str]]:
    """The closed list of an act as its form shows it."""
    return [(rule.code, rule.name) for rule in rules_of(action) if rule.code in ExitReason.values]


def attempt(day: dt.date, way: str) -> str:
    """An attempt as it is kept: `2026-11-24 phone`."""
    return f"{day.isoformat()} {ReachWay(way).value}"


def attempt_words(kept: str) -> tuple[str, str]:
    """Day and way in words."""
    day, _space, way = kept.partition(" ")
    return long_day(dt.date.fromisoformat(day)), str(ReachWay(way).label)


def read_attempt(line: str) -> tuple[dt.date, str] | None:
    """Day and way of a line as people type it, in either language; nothing if one of them is missing."""
    match = _DAY.search(unicodedata.normalize("NFKC", line))
    if match is None:
        return None
    try:
        day = dt.date(*(int(part) for part in match.groups()))
    except ValueError:
        return None
    said = line.lower()
    way = next((way for word, way in _words() if word in said), None)
    return (day, way) if way else None


_DAY = re.compile(r"(\d{4})\D(\d{1,2})\D(\d{1,2})")


def _words() -> list[tuple[str, str]]:
    """Every word for a way: its code, its names in both languages; longer words first, since one may contain another."""
    found = []
    for language in ("zh-hans", "en"):
        with override(language):
            found += [(str(way.label).lower(), way.value) for way in ReachWay]
    return sorted([*found, *((way.value, way.value) for way in ReachWay)], key=lambda pair: -len(pair[0]))


def facts_done(application: Application) -> set[str]:
    """Facts that stand on the case."""
    tasks = Task.objects.filter(case=application.case_id, current=True).values_list("facts", flat=True)
    return {fact for facts in tasks for fact in facts}
