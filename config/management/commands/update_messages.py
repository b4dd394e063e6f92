"""`manage.py update_messages`: bring the catalogues up to date with the code and templates."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config import catalogues


class Command(BaseCommand):
    """Extract, merge, compile; or, with --check, only say what is missing."""

    help = "Merge the strings of apps and templates into their zh_Hans catalogues and compile them."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which catalogues, and whether to write."""
        parser.add_argument("owner", nargs="*", help=f"one or more of {', '.join(catalogues.OWNERS)}")
        parser.add_argument("--check", action="store_true", help="write nothing; fail on a missing one")
        parser.add_argument("--compile", action="store_true", help="only compile what is newer than its .mo")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run; exits with an error when --check finds an untranslated string."""
        if options["check"]:
            self._check()
        elif not options["compile"]:
            self._merge(options["owner"] or catalogues.OWNERS)
        compiled = catalogues.compile_stale()
        self.stdout.write(f"{compiled} catalogue(s) compiled")

    def _check(self) -> None:
        missing = catalogues.untranslated()
        if missing:
            listed = "\n  ".join(missing)
            msg = f"{len(missing)} string(s) without a Chinese translation:\n  {listed}"
            raise CommandError(msg)

    def _merge(self, owners: list[str] | tuple[str, ...]) -> None:
        for owner in owners:
            if owner not in catalogues.OWNERS:
                msg = f"No such catalogue: {owner}. It is one of {', '.join(catalogues.OWNERS)}."
                raise CommandError(msg)
            missing = catalogues.update(owner)
            self.stdout.write(f"{owner}: {len(missing)} without translation")
            for msgid in missing:
                self.stdout.write(f"  {msgid}")
