"""Detectors: one module each, pure functions over a case's log. To add one: its module, its line here, its rule row, its test."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from integrity.checks import claimed_late, earlier_echo, late_acceptance
from integrity.checks.facts import CaseLog, Entry, Finding


@dataclass(frozen=True, slots=True)
class Check:
    """A detector: which kinds of event it looks at (none = all of a case) and the thresholds people may change."""

    code: str
    kinds: frozenset[str] | None
    examine: Callable[[CaseLog, Entry, Mapping[str, Any]], Finding | None]
    values: Mapping[str, Any]

    def looks_at(self, kind: str) -> bool:
        """Whether such an event concerns it."""
        return self.kinds is None or kind in self.kinds


CHECKS: dict[str, Check] = {
    module.CODE: Check(module.CODE, module.KINDS, module.examine, module.VALUES)
    for module in (claimed_late, late_acceptance, earlier_echo)
}
