"""What the stages are called in a category, by the table of labels; cached per process by the rules' stamp, which a changed label changes."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from applications.models import StageLabel


def stage_names(matching: Mapping[str, Any], stamp: uuid.UUID) -> dict[str, str]:
    """Stage to its name in the reader's language, as far as the category has one of its own; the most specific row wins."""
    business_type = str(matching.get("business_type") or "")
    supply_class = str(matching.get("supply_class") or "")
    chosen: dict[str, StageLabel] = {}
    for label in _labels(stamp):
        if label.business_type in ("", business_type) and _covers(label.supply_class, supply_class):
            known = chosen.get(label.stage)
            if known is None or _rank(label) > _rank(known):
                chosen[label.stage] = label
    return {stage: label.name for stage, label in chosen.items()}


@lru_cache(maxsize=8)
def _labels(_stamp: uuid.UUID) -> tuple[StageLabel, ...]:
    return tuple(StageLabel.objects.filter(in_force=True))


def _covers(pattern: str, supply_class: str) -> bool:
    return pattern in ("", supply_class, f"{supply_class.partition('_')[0]}_*")


def _rank(label: StageLabel) -> tuple[bool, int, bool]:
    """A class says more than its family, that more than a type alone."""
    return (
        bool(label.business_type and label.supply_class),
        len(label.supply_class),
        bool(label.business_type),
    )
