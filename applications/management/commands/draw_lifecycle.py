"""Write docs/lifecycle.md from the code."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from applications.lifecycle import document


class Command(BaseCommand):
    """The lifecycle is written once, in the state machine; this draws it."""

    help = "Write docs/lifecycle.md from the state machine and the acts."

    def handle(self, *args: Any, **options: Any) -> None:
        """Draw."""
        path = Path(settings.BASE_DIR) / "docs" / "lifecycle.md"
        path.write_text(document(), encoding="utf-8")
        self.stdout.write(f"{path.name} written.")
