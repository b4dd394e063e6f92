"""Rows that keep versions (django-simple-history): each says what its newest version says; a row changed past its history does not."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from integrity.selectors.snapshots import fetched, rows_of
from integrity.services.verification.words import Finding

WATCHED = """
SELECT t.tgrelid::regclass::text, encode(t.tgargs, 'escape'),
    (SELECT array_agg(a.attname::text) FROM pg_attribute a JOIN pg_attribute b ON b.attname = a.attname
     WHERE a.attrelid = t.tgrelid AND b.attrelid = split_part(encode(t.tgargs, 'escape'), '\\000', 1)::regclass
       AND a.attnum > 0 AND b.attnum > 0 AND NOT a.attisdropped AND NOT b.attisdropped)
FROM pg_trigger t WHERE t.tgname = 'history_seal' ORDER BY 1
"""


def check_versions() -> Iterator[Finding]:
    """Every row against its newest version, in the columns both have: `update()`, bulk writes and skipped versions show here."""
    for table, arguments, columns in rows_of(WATCHED):
        base, key = arguments.split("\\000")[:2]
        yield from _changed(table, base, key, columns)


def _changed(table: str, base: str, key: str, columns: list[str]) -> Iterator[Finding]:
    name = connection.ops.quote_name
    same = " AND ".join(f"b.{name(column)} IS NOT DISTINCT FROM h.{name(column)}" for column in columns)
    query = f"""
SELECT b.{name(key)}::text FROM {name(base)} b JOIN LATERAL (
    SELECT * FROM {table} v WHERE v.{name(key)} = b.{name(key)} ORDER BY v.history_id DESC LIMIT 1) h ON true
WHERE NOT ({same})
"""  # noqa: S608 - the catalogue's names
    for rows in fetched(query):
        for (value,) in rows:
            yield Finding("version", f"{base} ({value})", "", f"history:{base}:{value}")
