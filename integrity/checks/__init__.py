"""Detectors: one module each, pure functions over a case's log. To add one: its module, its line here, its rule row, its test."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from integrity.checks import claimed_late, earlier_echo, late_acceptance
from integrity.checks.facts import CaseLog, Entry, Finding


class Happened(Protocol):
    """What tells whether an event is worth a look."""

    @property
    def kind(self) -> str: ...
    @property
    def occurred_at(self) -> dt.datetime | None: ...


@dataclass(frozen=True, slots=True)
class Check:
    """A detector: which kinds of event it looks at (none = every event that states a time) and the thresholds people may change."""

    code: str
    kinds: frozenset[str] | None
    examine: Callable[[CaseLog, Entry, Mapping[str, Any]], Finding | None]
    values: Mapping[str, Any]

    def looks_at(self, event: Happened) -> bool:
        """Whether such an event concerns it; asked before anything is loaded."""
        return event.occurred_at is not None if self.kinds is None else event.kind in self.kinds


CHECKS: dict[str, Check] = {
    module.CODE: Check(module.CODE, module.KINDS, module.examine, module.VALUES)
    for module in (claimed_late, late_acceptance, earlier_echo)
}
