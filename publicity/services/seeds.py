"""Loading the sentences about costs (publicity/seeds): once per version, never over an edited row."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path

from django.db import connection, transaction

from publicity.models import Cost
from workflow.events import name_actor

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
_ONE_LOADER = 7_403_004


def load() -> Counter[str]:
    """Load whatever is not there yet; answers with how many rows were added. Safe to run at every start."""
    added: Counter[str] = Counter()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_LOADER])
        name_actor("system")
        for cost in seeded_costs():
            added["cost"] += _add(cost)
    return added


def seeded_costs() -> list[Cost]:
    """Every row of the seeds, unsaved."""
    words = tomllib.loads((SEEDS / "costs.toml").read_text(encoding="utf-8"))
    return [Cost(order=place * 10, **row) for place, row in enumerate(words["cost"], 1)]


def _add(cost: Cost) -> bool:
    """Add a row, and take the one before it out of force unless somebody has edited that one: then the editor's words stay."""
    known = Cost.objects.filter(category=cost.category, code=cost.code).order_by("-version").first()
    if known is not None and known.version >= cost.version:
        return False
    if known is not None:
        cost.in_force = known.in_force and known.history.count() == 1
        if cost.in_force:
            known.in_force = False
            known.save()
    cost.save(force_insert=True)
    return True
