#!/usr/bin/env python
"""Django's command line, with the one rule that the owner's commands run as the migration role."""

import os
import sys

from django.core.management import execute_from_command_line

#: Commands that make or mark tables. The role the application runs as may do neither.
OWNER_COMMANDS = frozenset({"migrate", "mark_database"})


def main(argv: list[str]) -> None:
    """Run `argv` as Django does, on MIGRATE_DATABASE_URL for the owner's commands."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if len(argv) > 1 and argv[1] in OWNER_COMMANDS and os.environ.get("MIGRATE_DATABASE_URL"):
        os.environ["DATABASE_URL"] = os.environ["MIGRATE_DATABASE_URL"]
    execute_from_command_line(argv)


if __name__ == "__main__":
    main(sys.argv)
