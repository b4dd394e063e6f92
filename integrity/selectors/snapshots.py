"""Reading much, in one snapshot and in portions, so that memory stays bounded however long the log is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

PORTION = 5000


def moment(column: str) -> str:
    """SQL for a moment as headers write it."""
    return f"""to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""


@contextmanager
def snapshot() -> Iterator[None]:
    """Everything inside sees the database at one moment and changes nothing; inside a transaction that runs already, that one's view."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def fetched(query: str, values: Sequence[Any] = ()) -> Iterator[list[tuple[Any, ...]]]:
    """The rows of a query in portions, from a cursor on the server."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(query, list(values))
        while rows := cursor.fetchmany(PORTION):
            yield rows


def rows_of(query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """All rows of a query: for those that are few."""
    with connection.cursor() as cursor:
        cursor.execute(query, list(values))
        return cursor.fetchall()
