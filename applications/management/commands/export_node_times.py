"""Write node times for another system."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from applications.selectors.node_times import changed_tasks, node_row, since, write_table
from workflow.models import Case

CHUNK = 1000


class Command(BaseCommand):
    """As the API gives them, in one file."""

    help = "Write when each node opened and closed to a CSV file (- for standard output)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to, since when."""
        parser.add_argument("file", help="where to write, - for standard output")
        parser.add_argument("--since", default="", help="only what opened or closed then or later, ISO 8601")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write row by row."""
        start = since(options["since"]) if options["since"] else None
        if options["since"] and start is None:
            raise CommandError("--since is a time such as 2026-11-24T15:30:00+08:00.")
        tasks = changed_tasks(Case.objects.values("pk"), start).iterator(chunk_size=CHUNK)
        rows = (node_row(task) for task in tasks)
        if options["file"] == "-":
            write_table(self.stdout, rows)
            return
        with Path(options["file"]).open("w", encoding="utf-8", newline="") as file:
            count = write_table(file, rows)
        self.stderr.write(f"{count} rows.")
