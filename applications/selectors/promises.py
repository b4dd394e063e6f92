"""What we promise, from the limits in force: for tiles, receipts and whoever asks before applying."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workflow.models import Limit, LimitKind, RouteVersion
from workflow.path import holding
from workflow.selectors.rules import nodes_of, rules, version_for
from workflow.subjects import category_matching

TOTAL, REPLY, INTAKE = "total", "scheme_reply", "intake"


@dataclass(frozen=True, slots=True)
class Promise:
    """Steps the customer has to do with us, and days: least and most, by what is not known before the survey."""

    steps: tuple[int, int]
    without_line: Limit | None
    with_line: Limit | None
    reply: Limit | None

    @property
    def days(self) -> tuple[int, int] | None:
        """Least and most of the whole process; nothing where no whole is promised."""
        known = [limit.days for limit in (self.without_line, self.with_line) if limit and limit.days]
        return (min(known), max(known)) if known else None

    @property
    def rules(self) -> list[Limit]:
        """Those it was read from, the whole before its part."""
        whole = [limit for limit in (self.without_line, self.with_line) if limit]
        return whole or [limit for limit in (self.reply,) if limit]


def promise_of(category: str, on: dt.date) -> Promise | None:
    """The promise for a category; nothing while no route of it is online."""
    matching = category_matching(category)
    version = version_for(matching["business_type"], matching["supply_class"]) if matching else None
    if version is None:
        return None
    return Promise(
        steps=_steps(version, matching),
        without_line=_limit(TOTAL, matching | {"external_line": False}, on),
        with_line=_limit(TOTAL, matching | {"external_line": True}, on),
        reply=_limit(REPLY, matching, on),
    )


def intake_days(category: str, on: dt.date) -> int | None:
    """Days from a contact to its outcome, by this bureau's own rule."""
    found = intake_limit(category, on)
    return found.days if found else None


def intake_limit(category: str, on: dt.date) -> Limit | None:
    """The rule itself: papers say how it is counted."""
    return _limit(INTAKE, category_matching(category), on, kind=LimitKind.INTERNAL)


def _limit(
    code: str, matching: Mapping[str, Any], on: dt.date, kind: str = LimitKind.PROMISE
) -> Limit | None:
    found = (limit for limit in rules().limits_for(matching, on) if limit.code == code and limit.kind == kind)
    return next(found, None)


def _steps(version: RouteVersion, matching: Mapping[str, Any]) -> tuple[int, int]:
    """环节 that count, for the simplest and the fullest case: what three_zero decides is decided at acceptance."""
    counting = [node for node in nodes_of(version.pk) if node.promise_count]
    counted = [
        len(holding(counting, {**matching, "three_zero": three_zero, "customer_works": True}))
        for three_zero in (True, False)
    ]
    return min(counted), max(counted)
