"""Bring legacy cases in from another system's register."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from applications.imports.mapping import MappingError, read_mapping
from applications.imports.reading import Entry, RegisterError, Rejected, digest, read
from applications.models import LegacyRecord
from applications.services.legacy import Batch, adopt_legacy_case
from staff.models import Office, User
from workflow.transitions import Refused

MAPPINGS = Path(__file__).resolve().parents[2] / "imports" / "mappings"
SHOWN = 20


class Command(BaseCommand):
    """Every row is adopted, known already, or reported with its reason; a second run changes nothing."""

    help = (
        "Import legacy cases. MAPPING is a file, or the name of one that comes with the product (pjm, nyiso)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """File, mapping, two persons."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--mapping", required=True)
        parser.add_argument("--by", required=True, help="sign-in name of the person who imports")
        parser.add_argument("--approved-by", required=True, help="sign-in name of the second person")
        parser.add_argument(
            "--office", default="", help="code of the office the cases belonged to (default: the county)"
        )
        parser.add_argument("--report", type=Path, help="write the row-by-row report to this CSV file")
        parser.add_argument("--dry-run", action="store_true", help="read and report, adopt nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, adopt, report."""
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        try:
            mapping = read_mapping(_mapping_path(options["mapping"]))
            batch = Batch(
                mapping.system,
                digest(path),
                _person(options["by"]),
                _person(options["approved_by"]),
                _office(options["office"]),
            )
            rows = list(
                tqdm(read(path, mapping, timezone.localdate()), desc="Reading", unit=" rows", disable=None)
            )
        except (MappingError, RegisterError, Refused) as error:
            raise CommandError(str(error)) from None
        lines = self._adopt(rows, batch, dry=options["dry_run"])
        self._tell(lines, options["report"], dry=options["dry_run"])

    def _adopt(
        self, rows: list[Entry | Rejected], batch: Batch, *, dry: bool
    ) -> list[tuple[int, str, str, str]]:
        known = set(LegacyRecord.objects.filter(system=batch.system).values_list("key", flat=True))
        lines = []
        for row in tqdm(rows, desc="Checking" if dry else "Adopting", unit=" cases", disable=None):
            if isinstance(row, Rejected):
                lines.append((row.row, row.key, "rejected", "; ".join(row.reasons)))
            elif row.key in known or (not dry and adopt_legacy_case(row, batch) is None):
                lines.append((row.row, row.key, "known", ""))
            else:
                lines.append(
                    (row.row, row.key, row.state, f"lacks {', '.join(row.missing)}" if row.missing else "")
                )
        return lines

    def _tell(self, lines: list[tuple[int, str, str, str]], report: Path | None, *, dry: bool) -> None:
        if report:
            with report.open("w", encoding="utf-8-sig", newline="") as file:
                csv.writer(file).writerows([("row", "number", "result", "remark"), *lines])
        rejected = [line for line in lines if line[2] == "rejected"]
        reasons = Counter(
            reason.split("：")[0].split(": “")[0] for line in rejected for reason in line[3].split("; ")
        )
        for row, key, _result, remark in rejected[:SHOWN]:
            self.stdout.write(f"  row {row} {key or '–'}: {remark}")
        if len(rejected) > SHOWN:
            self.stdout.write(
                f"  … and {len(rejected) - SHOWN} more"
                + (f", all in {report}" if report else "; --report FILE lists all")
            )
        for reason, count in reasons.most_common():
            self.stdout.write(f"  {count:>6} × {reason}")
        results = Counter(line[2] for line in lines)
        adopted = sum(count for result, count in results.items() if result not in ("rejected", "known"))
        told = ", ".join(f"{result} {count}" for result, count in sorted(results.items()))
        verb = "would be adopted" if dry else "adopted"
        self.stdout.write(
            f"{len(lines)} rows: {adopted} {verb}, {results['known']} known already, {results['rejected']} rejected ({told})."
        )


def _mapping_path(name: str) -> Path:
    shipped = MAPPINGS / f"{name}.toml"
    return shipped if shipped.is_file() else Path(name)


def _person(username: str) -> User:
    person = User.objects.filter(username=username, kind=User.Kind.OFFICER, is_active=True).first()
    if person is None:
        raise CommandError(f"There is no officer with the sign-in name {username}.")
    return person


def _office(code: str) -> Office:
    office = (
        Office.objects.filter(code=code).first() if code else Office.objects.filter(is_catch_all=True).first()
    )
    if office is None:
        raise CommandError(
            f"There is no office with the code {code}." if code else "There is no county office yet."
        )
    return office
