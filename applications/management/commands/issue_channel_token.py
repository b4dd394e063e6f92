"""Issue a token for another system; the secret is printed once."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from applications.models import ChannelToken, TokenScope
from applications.services.channel_tokens import issue_token
from staff.models import User
from workflow.models import Channel


class Command(BaseCommand):
    """The secret goes to standard output alone, so that it can be piped to where it is kept."""

    help = "Issue a channel token for the API. Its secret is printed once and can't be read again."

    def add_arguments(self, parser: CommandParser) -> None:
        """Name, channel, scopes, who issues it."""
        parser.add_argument("name", help="what it is called, for example the other system's name")
        parser.add_argument("--channel", required=True, help="code of the channel it speaks for")
        parser.add_argument("--scope", action="append", choices=TokenScope.values, required=True)
        parser.add_argument("--by", default="", help="sign-in name of the administrator who issues it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Issue and print."""
        channel = Channel.objects.filter(code=options["channel"]).first()
        if channel is None:
            codes = ", ".join(Channel.objects.values_list("code", flat=True))
            raise CommandError(f"There is no channel {options['channel']}. There are: {codes}.")
        if ChannelToken.objects.filter(name=options["name"]).exists():
            raise CommandError(f"There is a token named {options['name']} already; choose another name.")
        by = None
        if options["by"]:
            by = User.objects.filter(username=options["by"], kind=User.Kind.OFFICER).first()
            if by is None:
                raise CommandError(f"There is no officer {options['by']}.")
        _token, secret = issue_token(options["name"], channel, options["scope"], by=by)
        self.stderr.write("This is shown once. Send it as: Authorization: Channel <token>")
        self.stdout.write(secret)
