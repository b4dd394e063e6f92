"""Loading the tables facts go by (applications/seeds/tables): voltages, tariffs, periods, charges, contract wordings."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from applications.models import (
    ContractTemplate,
    ExitRule,
    FeeKind,
    PaperFault,
    PriceParameter,
    SchemePeriod,
    SchemeRule,
    StageLabel,
    TariffCategory,
    TemporaryTerm,
    ThreeZeroRule,
    VisitItem,
    VoltageLevel,
)

SEEDS = Path(__file__).resolve().parent.parent / "seeds" / "tables"

TABLES: dict[str, tuple[Any, Sequence[str]]] = {
    "voltage": (VoltageLevel, ("code",)),
    "tariff": (TariffCategory, ("code",)),
    "period": (SchemePeriod, ("code", "conditions")),
    "fee": (FeeKind, ("code",)),
    "rule": (SchemeRule, ("supply_class",)),
    "price": (PriceParameter, ("voltage", "pricing")),
    "exit": (ExitRule, ("action", "code")),
    "fault": (PaperFault, ("code",)),
    "contract": (ContractTemplate, ("kind", "version")),
    "label": (StageLabel, ("business_type", "supply_class", "stage")),
    "term": (TemporaryTerm, ("code", "region")),
    "three_zero": (ThreeZeroRule, ("code",)),
    "visit": (VisitItem, ("fact", "code")),
}
"""Which model a row belongs to, and what it is known by."""


def load_tables() -> Counter[str]:
    """Add rows that are not there yet; a row that is there stays as it is, whoever changed it."""
    added: Counter[str] = Counter()
    for path in sorted(SEEDS.glob("*.toml")):
        for table, rows in tomllib.loads(path.read_text(encoding="utf-8")).items():
            model, keys = TABLES[table]
            for row in rows:
                if not model.objects.filter(**{key: row.get(key, "") for key in keys}).exists():
                    model(**row).save(force_insert=True)
                    added[str(model._meta.model_name)] += 1
    return added
