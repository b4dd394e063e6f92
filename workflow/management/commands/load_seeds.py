"""Load the rules every app starts with (limits, routes, calendars, checklists …); safe to run at every start."""

from collections import Counter
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Adds what is missing, never overwrites what is there."""

    help = "Load the rules the system starts with (limits, routes, calendars …). Rows that exist stay as they are."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and say how many rows of each kind were added."""
        added = self._load()
        if not added.total():
            self.stdout.write("Seeds: nothing new.")
            return
        self.stdout.write(
            "Seeds added: " + ", ".join(f"{name} {count}" for name, count in sorted(added.items()) if count)
        )

    @staticmethod
    def _load() -> Counter[str]:
        """Every app's `services.seeds.load()`, the lowest app first: an upper app's rows may refer to a lower one's."""
        added: Counter[str] = Counter()
        for app in reversed(list(apps.get_app_configs())):
            if find_spec(f"{app.name}.services") and find_spec(f"{app.name}.services.seeds"):
                added += import_module(f"{app.name}.services.seeds").load()
        return added
