"""Fill a demo bureau with cases walked by the real services."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from applications.demo.bureau import everyday, told
from applications.demo.kinds import kinds
from applications.demo.walk import Plan, Walk
from applications.services.seeds import load as load_checklists
from staff.demo import Cast, build_cast
from workflow.models import Case, Deployment, PersonData
from workflow.relay import relay
from workflow.services.clocks import sweep
from workflow.services.seeds import load as load_rules

TOLD = 12
REST = 140


class Command(BaseCommand):
    """`--first N` walks the first N cases (before the first page is shown), `--rest` the others behind it. Safe to run again."""

    help = "Fill a demo database with a lived-in bureau."

    def add_arguments(self, parser: CommandParser) -> None:
        """How many now."""
        parser.add_argument("--first", type=int, default=0, metavar="N", help="walk the first N cases")
        parser.add_argument("--rest", action="store_true", help="walk the remaining ones, with a count")

    def handle(self, *args: Any, first: int, rest: bool, **options: Any) -> None:
        """Walk what is missing."""
        if Deployment.objects.exclude(kind="production").first() is None:
            raise CommandError("Only a database marked demo or test is filled with made-up cases.")
        load_rules()
        cast = build_cast()
        load_rules()
        load_checklists()
        plans = [*told(cast), *kinds(cast), *everyday(cast, REST)]
        wanted = plans if rest else plans[:first]
        self._walk(cast, wanted)
        relay()
        sweep()
        relay()

    def _walk(self, cast: Cast, plans: list[Plan]) -> None:
        done = _walked()
        missing = [plan for plan in plans if plan.customer.phone not in done]
        for count, plan in enumerate(missing, 1):
            Walk(plan).run()
            if count % 5 == 0 or count == len(missing):
                self.stdout.write(f"Demo cases: {len(plans) - len(missing) + count} of {len(plans)}")
                self.stdout.flush()
        if not missing:
            self.stdout.write(f"Demo cases: {Case.objects.count()}, nothing to add.")


def _walked() -> set[str]:
    """Phones of everybody who was here: each made-up customer has one."""
    return {person.phone for person in PersonData.objects.filter(contacts__isnull=False).distinct()}
