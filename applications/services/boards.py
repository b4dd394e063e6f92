"""Upkeep of what boards read. The rows themselves are written by triggers alone."""

from __future__ import annotations

from django.db import connection


def fold() -> None:
    """Fold the tallies written since the last time; readers see the sums before or after, never between."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT board_fold()")
