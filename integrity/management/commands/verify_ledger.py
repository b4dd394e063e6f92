"""Verifying the record from the command line: for cron, for auditors, for whoever doesn't trust the pages."""

from __future__ import annotations

import datetime as dt
import json
import sys
import uuid
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from tqdm import tqdm

from integrity.services.verification import DOINGS, Finding, Progress, Report, Scope, verification
from workflow.models import Case


class Command(BaseCommand):
    """Exit code 0: everything fits. 1: something does not, each thing named with its case and row. 2: it could not be verified."""

    help = "Verify headers, chains, the public log, checkpoints, cases, contacts and histories."

    def add_arguments(self, parser: CommandParser) -> None:
        """What, and how to answer."""
        parser.add_argument("--case", help="a case, by application number, contact number or id")
        parser.add_argument(
            "--from", dest="begin", help="streams with an event recorded from this day or moment on"
        )
        parser.add_argument("--to", dest="end", help="and before this one")
        parser.add_argument("--json", action="store_true", help="findings and result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify, tell, and end with the exit code that says how it went."""
        scope = Scope(_case(options["case"]), _moment(options["begin"]), _moment(options["end"]))
        quiet = options["json"] or not sys.stderr.isatty()
        findings, report = self._walk(scope, quiet=quiet, tell=not options["json"])
        if options["json"]:
            data = {**report.as_data(), "found": [finding.as_data() for finding in findings]}
            self.stdout.write(json.dumps(data, ensure_ascii=False, indent=1))
        else:
            self._conclude(report)
        if not report.holds:
            sys.exit(1)

    def _walk(self, scope: Scope, *, quiet: bool, tell: bool) -> tuple[list[Finding], Report]:
        findings: list[Finding] = []
        report: Report | None = None
        with tqdm(disable=quiet, unit_scale=True) as bar:
            for step in verification(scope):
                match step:
                    case Progress():
                        bar.set_description(str(DOINGS[step.doing]), refresh=False)
                        bar.total = step.total
                        bar.update(step.done - bar.n)
                    case Finding():
                        findings.append(step)
                        if tell:
                            bar.clear()
                            self.stdout.write(_line(step))
                    case Report():
                        report = step
        assert report is not None, "a verification ends with its report"
        return findings, report

    def _conclude(self, report: Report) -> None:
        if report.findings > report.told:
            self.stdout.write(f"… and {report.findings - report.told} more.")
        self.stdout.write(
            f"{'Everything fits' if report.holds else f'{report.findings} FINDINGS'}: {report.events} events in {report.streams} streams, "
            f"{report.leaves} leaves, {report.checkpoints} checkpoints, {report.erased} contents erased; {report.seconds} s."
        )
        if report.head_size:
            self.stdout.write(f"Head: {report.head_size} {report.head_root}")


def _line(finding: Finding) -> str:
    where = f"case {finding.case_number}" if finding.case_number else (finding.stream or "log")
    detail = f" ({finding.detail})" if finding.detail else ""
    return f"{finding.what:11} {where}: {finding.sentence} {finding.row}{detail}"


def _case(text: str | None) -> uuid.UUID | None:
    if text is None:
        return None
    try:
        known = Q(pk=uuid.UUID(text))
    except ValueError:
        known = Q(application_no=text) | Q(contact_no=text)
    found = Case.objects.filter(known).values_list("pk", flat=True).first()
    if found is None:
        raise CommandError(f"There is no case {text}.", returncode=2)
    return found


def _moment(text: str | None) -> dt.datetime | None:
    if text is None:
        return None
    try:
        day, moment = parse_date(text), parse_datetime(text)
    except ValueError:
        day = moment = None
    if moment is None and day is not None:
        moment = dt.datetime.combine(day, dt.time.min)
    if moment is None:
        raise CommandError(
            f"{text!r} is neither a day (2026-03-02) nor a moment (2026-03-02T10:00).", returncode=2
        )
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
