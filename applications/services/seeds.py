"""Loading the checklists and tables a database starts with (applications/seeds): once per version, never over an edited row."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from applications.models import ChecklistItem
from applications.services.tables import load_tables
from workflow.events import name_actor

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
_ONE_LOADER = 7_403_003


def load() -> Counter[str]:
    """Load whatever is not there yet; answers with how many rows were added. Safe to run at every start."""
    added: Counter[str] = Counter()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_LOADER])
        name_actor("system")
        for row in seeded_items():
            added["checklistitem"] += _add(row)
        added += load_tables()
    return added


def seeded_items(folder: Path = SEEDS / "checklists") -> Iterator[ChecklistItem]:
    """Every row of the seeds, unsaved, in the order customers read them."""
    for path in sorted(folder.glob("*.toml")):
        words = _read(path)
        for category in words.get("categories") or [words["category"]]:
            for place, row in enumerate(_rows(words, folder), 1):
                yield _item({**words, "category": category}, place * 10, dict(row))


def _rows(words: dict[str, Any], folder: Path) -> list[dict[str, Any]]:
    """A list's own rows, after those of the list it is like."""
    like = words.get("like")
    taken = _rows(_read(folder / f"{like}.toml"), folder) if like else []
    return [*taken, *words.get("item", [])]


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _item(words: dict[str, Any], order: int, row: dict[str, Any]) -> ChecklistItem:
    shared = row.pop("sharing", False)
    source = row.pop("source", words["source"])
    if shared or row.get("may_defer"):
        source = f"{source}；{words['note']}"
    return ChecklistItem(
        category=words["category"],
        order=order,
        conditions=row.pop("when", {}),
        obtainable_by_sharing=shared,
        source=source,
        grade=row.pop("grade", words["grade"]),
        **row,
    )


def _add(item: ChecklistItem) -> bool:
    """Add a row, and take the one before it out of force unless somebody has edited that one: then the editor's words stay."""
    rows = ChecklistItem.objects.filter(category=item.category, code=item.code)
    known = rows.order_by("-version").first()
    if known is not None and known.version >= item.version:
        return False
    if known is not None:
        item.in_force = known.in_force and known.history.count() == 1
        if item.in_force:
            known.in_force = False
            known.save()
    item.save(force_insert=True)
    return True
