"""Bring in contacts or accepted cases of another system."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from applications.forms.brought import SHEETS, read_sheet
from applications.imports.table import RowFault, Unreadable
from applications.services.brought import REFUSED, Came, bring_in
from staff.models import User

SHOWN = 20


class Command(BaseCommand):
    """Every row is new, added to a known case, known, or refused with its sentence; a second run changes nothing."""

    help = "Bring in a CSV of contacts or accepted cases. Columns: see docs/api.md."

    def add_arguments(self, parser: CommandParser) -> None:
        """File, what it holds, by whom."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--holds", choices=list(SHEETS), required=True)
        parser.add_argument("--by", required=True, help="sign-in name of the officer who brings it in")
        parser.add_argument("--report", type=Path, help="write the row-by-row report to this CSV file")
        parser.add_argument("--dry-run", action="store_true", help="do all of it and take it back")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, bring in, report."""
        path: Path = options["file"]
        by = User.objects.filter(username=options["by"], kind=User.Kind.OFFICER).first()
        if by is None:
            raise CommandError(f"There is no officer {options['by']}.")
        try:
            with path.open("rb") as file:
                read = read_sheet(options["holds"], file, path.name)
        except (OSError, Unreadable) as error:
            raise CommandError(str(error)) from None
        if read.faults:
            for fault in read.faults[:SHOWN]:
                self.stderr.write(f"row {fault.row}, {fault.column}: {fault.sentence}")
            self._write(options["report"], [_fault_line(fault) for fault in read.faults])
            raise CommandError(f"Nothing was changed: {len(read.faults) + read.more_faults} things to mend.")
        rows = bring_in(read.rows, by=by, dry=options["dry_run"])
        came = list(tqdm(rows, total=len(read.rows), unit=" rows", disable=None))
        self._write(options["report"], [_line(row) for row in came])
        for row in [row for row in came if row.outcome == REFUSED or row.sentence][:SHOWN]:
            self.stderr.write(f"row {row.row}, {row.ref.value}: {row.outcome}. {row.sentence}")
        counts = Counter(row.outcome for row in came)
        said = ", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items()))
        self.stdout.write(f"{'Tried, nothing changed: ' if options['dry_run'] else ''}{said}")

    def _write(self, path: Path | None, lines: list[tuple[Any, ...]]) -> None:
        if path is not None:
            with path.open("w", encoding="utf-8-sig", newline="") as file:
                csv.writer(file).writerows([("row", "number", "outcome", "sentence"), *lines])


def _line(row: Came) -> tuple[Any, ...]:
    return row.row, row.ref.value, row.outcome, row.sentence


def _fault_line(fault: RowFault) -> tuple[Any, ...]:
    return fault.row, fault.column, "fault", fault.sentence
