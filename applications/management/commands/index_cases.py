"""Build by what cases are found in the search box."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandParser
from tqdm import tqdm

from applications.services.finding import build_terms
from workflow.models import Case

BATCH = 200


class Command(BaseCommand):
    """Cases that have no terms yet, as after rows were copied in; `--all` builds every case's anew, as after a change of the key."""

    help = "Make cases findable by name, initials, phone, address and numbers. Safe to run again."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which."""
        parser.add_argument("--all", action="store_true", help="also cases that have terms already")

    def handle(self, *args: Any, **options: Any) -> None:
        """In batches, each committed by itself."""
        wanted = Case.objects.all() if options["all"] else Case.objects.filter(found_by=None)
        ids: list[UUID] = list(wanted.order_by("pk").values_list("pk", flat=True))
        for start in tqdm(range(0, len(ids), BATCH), disable=len(ids) <= BATCH, unit="batch"):
            build_terms(ids[start : start + BATCH])
        self.stdout.write(f"cases made findable: {len(ids)}")
