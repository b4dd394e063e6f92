"""Loading the rules and causes a database starts with (integrity/seeds): adds what is missing, never overrules what people decided."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from integrity.models import Cause, CheckRule
from workflow.events import name_actor

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
_ONE_LOADER = 7_403_003


def load() -> Counter[str]:
    """Load whatever is not there yet; answers with how many rows of each kind were added. Safe at every start."""
    added: Counter[str] = Counter()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_LOADER])
        name_actor("system")
        _load_causes(added)
        newest = {rule.code: rule for rule in CheckRule.objects.current()}
        for row in _read("rules.toml")["rule"]:
            _load_rule(row, newest.get(row["code"]), added)
    return added


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((SEEDS / name).read_text(encoding="utf-8"))


def _load_causes(added: Counter[str]) -> None:
    known = set(Cause.objects.values_list("code", flat=True))
    for order, row in enumerate(_read("causes.toml")["cause"], 1):
        if row["code"] not in known:
            Cause(order=order * 10, **row).save(force_insert=True)
            added["cause"] += 1


def _load_rule(row: dict[str, Any], newest: CheckRule | None, added: Counter[str]) -> None:
    edition, causes = row.pop("edition"), row.pop("causes")
    if newest is not None and (newest.seed_edition is None or newest.seed_edition >= edition):
        return
    version = newest.version + 1 if newest else 1
    rule = CheckRule.objects.create(version=version, seed_edition=edition, **row)
    rule.causes.set(causes)
    added["checkrule"] += 1
