"""Puts what was stamped into the tables, past the triggers, with COPY.

Why that is allowed here and nowhere else: a demo or test database holds no truth that could be bent, and the superuser it takes is the one
person the log does not prevent but only exposes. Triggers are off for the loading session alone (`session_replication_role`), so that none
stays off when this process dies; every header is sealed as the trigger seals it, and the command verifies that at its end.
"""

from __future__ import annotations

import io
import multiprocessing
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import psycopg2  # type: ignore[import-untyped]
from django.core.management.base import CommandError
from django.db import connection, connections

from applications.demo.generation.moulds import Mould
from applications.demo.generation.stamps import Batch, Place, Stamp, stamp_case

CHUNK = 250
NUMBERS_PER_CASE = 3
QUEUE = """
INSERT INTO workflow_ledgerqueue (qid, stream, number, leaf_hash, queued_at)
SELECT nextval('workflow_ledger_qid'), stream, number, leaf_hash, clock_timestamp()
FROM (SELECT e.stream, e.number, e.leaf_hash, max(e.recorded_at) OVER (PARTITION BY e.stream ORDER BY e.number) AS reached FROM workflow_event e
      WHERE NOT EXISTS (SELECT FROM workflow_ledgerqueue q WHERE q.stream = e.stream AND q.number = e.number)
        AND NOT EXISTS (SELECT FROM integrity_ledgerleaf l WHERE l.stream = e.stream AND l.number = e.number)
      ORDER BY reached, e.stream, e.number) AS sealed
"""


@dataclass(frozen=True)
class Load:
    """What the workers share: moulds, places, first free numbers by table, and the columns of the event table."""

    moulds: Sequence[Mould]
    places: Sequence[Place]
    event_columns: tuple[str, ...]
    url: str


def superuser_url() -> str:
    """The superuser's way into this database; a sentence where there is none."""
    given = os.environ.get("ADMIN_DATABASE_URL", "")
    if not given:
        raise CommandError(
            "Loading past the triggers takes a superuser: set ADMIN_DATABASE_URL (./tongdian manage sets it for the embedded database)."
        )
    return f"{given.rpartition('/')[0]}/{connection.settings_dict['NAME']}"


def load_all(load: Load, stamps: Sequence[Stamp], workers: int) -> Iterator[int]:
    """Stamp and load in parallel, a few hundred cases a transaction; yields how many went in."""
    tasks = list(_tasks(load, stamps))
    connections.close_all()
    global _LOAD  # noqa: PLW0603 - handed to forked workers without being copied
    _LOAD = load
    with multiprocessing.get_context("fork").Pool(workers) as pool:
        yield from pool.imap_unordered(_load_chunk, tasks)


Task = tuple[Sequence[Stamp], Mapping[str, int], int]
_LOAD: Load | None = None


def _tasks(load: Load, stamps: Sequence[Stamp]) -> Iterator[Task]:
    """Chunks with the numbers set aside for them."""
    needs = [Counter(name[2:].partition("#")[0] for name in mould.serials) for mould in load.moulds]
    total: Counter[str] = Counter()
    for stamp in stamps:
        total.update(needs[stamp.mould])
    tables = [table for table in total if table not in ("office", "enc")]
    free = {
        table: _set_aside(
            load.url, f"pg_get_serial_sequence('{table}', '{_serial_column(table)}')", total[table]
        )
        for table in tables
    }
    sequence = _set_aside(load.url, "'workflow_case_no_seq'", NUMBERS_PER_CASE * len(stamps))
    for start in range(0, len(stamps), CHUNK):
        chunk = stamps[start : start + CHUNK]
        yield chunk, dict(free), sequence
        sequence += NUMBERS_PER_CASE * len(chunk)
        for stamp in chunk:
            for table in tables:
                free[table] += needs[stamp.mould][table]


def _serial_column(table: str) -> str:
    return "history_id" if "_historical" in table else "id"


def _set_aside(url: str, sequence: str, count: int) -> int:
    """The first of so many numbers that nobody else will draw."""
    link = psycopg2.connect(url, application_name="generate_cases")
    try:
        with link, link.cursor() as cursor:
            cursor.execute(f"SELECT setval({sequence}, nextval({sequence}) + %s)", [count])
            return int(cursor.fetchone()[0]) - count
    finally:
        link.close()


def _load_chunk(task: Task) -> int:
    assert _LOAD is not None
    stamps, free, sequence = task
    serials, batch = dict(free), Batch()
    for stamp in stamps:
        mould = _LOAD.moulds[stamp.mould]
        stamp_case(batch, mould, stamp, _LOAD.places[stamp.place], serials, sequence, _LOAD.event_columns)
        sequence += NUMBERS_PER_CASE
        for name in mould.serials:
            table = name[2:].partition("#")[0]
            if table in serials:
                serials[table] += 1
    _copy(_LOAD.url, batch)
    return len(stamps)


def _copy(url: str, batch: Batch) -> None:
    link = psycopg2.connect(url, application_name="generate_cases")
    try:
        with link, link.cursor() as cursor:
            cursor.execute(
                "SET LOCAL session_replication_role = replica; SET LOCAL synchronous_commit = off; SET LOCAL timezone = 'UTC'"
            )
            for table, parts in batch.parts.items():
                columns = ", ".join(f'"{name}"' for name in batch.columns[table])
                cursor.copy_expert(f'COPY "{table}" ({columns}) FROM STDIN', io.StringIO("".join(parts)))
    finally:
        link.close()


def finish(url: str) -> None:
    """Places in the queue of the public log, boards, statistics: what the triggers would have kept up."""
    link = psycopg2.connect(url, application_name="generate_cases")
    link.autocommit = True
    try:
        with link.cursor() as cursor:
            for statement in (
                "ANALYZE",
                QUEUE,
                "SELECT board_rebuild('1900-01-01')",
                "ANALYZE applications_boardcase, applications_boardtally",
            ):
                cursor.execute(statement)
    finally:
        link.close()
