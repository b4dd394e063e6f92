"""Reads out what a transaction has written so far: every row of every table, as COPY text."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

LEFT_OUT = frozenset({"applications_boardcase", "applications_boardtally", "workflow_caseterms", "workflow_outbox", "workflow_delivery",
                      "workflow_ledgerqueue", "workflow_heartbeat"})  # fmt: skip
"""Caches and queues: made anew at the end, by what makes them anywhere."""

_TABLES = """
SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
GROUP BY c.relname ORDER BY c.relname
"""


@dataclass(frozen=True)
class Written:
    """Rows of one table: column names, and each row's fields as COPY writes them (`\\N` is NULL)."""

    table: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def begin_reading() -> int:
    """Where this transaction begins; what is written from here on is its own. Call it first in a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute(
            "SELECT pg_snapshot_xmin(pg_current_snapshot()), pg_current_xact_id()::text::bigint % (1::bigint << 32)"
        )
        return int(cursor.fetchone()[1])


def written_since(first: int) -> list[Written]:
    """What this transaction and its savepoints have written, by table. Under its isolation nobody else's newer rows are seen."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        tables: Iterable[tuple[str, list[str]]] = cursor.fetchall()
        found = [
            _read(cursor.cursor, table, columns, first) for table, columns in tables if table not in LEFT_OUT
        ]
    return [written for written in found if written.rows]


def _read(cursor: object, table: str, columns: list[str], first: int) -> Written:
    buffer = io.StringIO()
    listed = ", ".join(f'"{name}"' for name in columns)
    cursor.copy_expert(  # type: ignore[attr-defined]
        f'COPY (SELECT {listed} FROM "{table}" WHERE xmin::text::bigint >= {first}) TO STDOUT',  # noqa: S608 - names from the catalogue
        buffer,
    )
    lines = buffer.getvalue().splitlines()
    return Written(table, tuple(columns), tuple(tuple(line.split("\t")) for line in lines))
