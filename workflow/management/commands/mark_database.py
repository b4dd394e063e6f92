"""Say once and for all what a database is: demo, test or production."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction

KINDS = ("demo", "test", "production")


class Command(BaseCommand):
    """Run by the migration role right after the first migration; the mark is the log's first event and never changes."""

    help = "Mark a new database as demo, test or production (once)."

    def add_arguments(self, parser: CommandParser) -> None:
        """The kind."""
        parser.add_argument("kind", choices=KINDS)

    def handle(self, *args: Any, **options: Any) -> None:
        """Insert the mark and the genesis event; say so if it was marked before."""
        kind = options["kind"]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT kind FROM workflow_deployment")
            row = cursor.fetchone()
            if row is None:
                cursor.execute(
                    "INSERT INTO workflow_deployment (id, kind, marked_at) VALUES (1, %s, now())", [kind]
                )
                cursor.execute(
                    "SELECT workflow_append('system', 'system.created', format('{\"kind\":\"%%s\"}', %s::text))",
                    [kind],
                )
                self.stdout.write(f"Marked as {kind}.")
            elif row[0] != kind:
                raise CommandError(
                    f"This database was marked {row[0]} when it was made; that never changes. Use another database."
                )
