"""Reckon every clock again from the log and say which rows had drifted."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from workflow.services.recomputing import recompute

SHOWN = 20


class Command(BaseCommand):
    """Trusts no cache: the log, the limit and the calendar version are all it reads. Exit code 1 where something has drifted."""

    help = "Reckon every deadline again from the events; the last line says how many had drifted."

    def add_arguments(self, parser: CommandParser) -> None:
        """Only look, or put right."""
        parser.add_argument("--mend", action="store_true", help="put right what has drifted, as events")

    def handle(self, *args: Any, mend: bool, **options: Any) -> None:
        """Say what has drifted, then how many of how many."""
        *_steps, came_to = recompute(mend=mend)
        for drift in came_to.drifted[:SHOWN]:
            deadline = drift.deadline
            self.stdout.write(
                f"case {deadline.case_id}, {deadline.limit.code} ({deadline.limit.kind}) round {deadline.round}: {', '.join(drift.fields)}"
            )
        if came_to.stale:
            self.stdout.write(f"on an older calendar, to be moved: {came_to.stale}")
        if mend and came_to.drifted:
            self.stdout.write("mended")
        self.stdout.write(f"drift: {len(came_to.drifted)} of {came_to.total}")
        if came_to.drifted and not mend:
            sys.exit(1)
