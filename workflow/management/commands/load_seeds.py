"""Load limits, routes, calendars, clauses, channels, profiles and rules; safe to run at every start."""

from typing import Any

from django.core.management.base import BaseCommand

from workflow.services.seeds import load


class Command(BaseCommand):
    """Adds what is missing, never overwrites what is there."""

    help = "Load the rules the system starts with (limits, routes, calendars …). Rows that exist stay as they are."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        """Load and say how many rows of each kind were added."""
        added = load()
        if not added.total():
            self.stdout.write("Seeds: nothing new.")
            return
        self.stdout.write(
            "Seeds added: " + ", ".join(f"{name} {count}" for name, count in sorted(added.items()) if count)
        )
