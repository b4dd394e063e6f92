"""Erase the contents of one event, by two people and for a reason; its seal and every receipt stay valid."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from integrity.services.erasure import erase_payload
from staff.models import User
from workflow.transitions import Refused


class Command(BaseCommand):
    """For whoever holds the role tongdian_erasure; the application can't."""

    help = "Erase the contents of an event where the law asks for it (ERASURE_DATABASE_URL names the role that may)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which event, why, who, and who confirms."""
        parser.add_argument("stream", help="for example case:0193…")
        parser.add_argument("number", type=int)
        parser.add_argument("--reason", required=True)
        parser.add_argument("--by", required=True, help="sign-in name")
        parser.add_argument("--approved-by", required=True, help="sign-in name of the second person")

    def handle(self, *args: Any, **options: Any) -> None:
        """Erase, or say why not."""
        by, second = self._officer(options["by"]), self._officer(options["approved_by"])
        try:
            event = erase_payload(
                options["stream"], options["number"], reason=options["reason"], by=by, approved_by=second
            )
        except Refused as refused:
            raise CommandError(refused.sentence) from None
        self.stdout.write(f"Erased; recorded as event {event.number} of {event.stream}.")

    def _officer(self, username: str) -> User:
        officer: User | None = User.objects.filter(username=username, kind=User.Kind.OFFICER).first()
        if officer is None:
            raise CommandError(f"There is no officer called {username}.")
        return officer
