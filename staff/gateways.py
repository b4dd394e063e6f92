"""How a sign-in code reaches a phone: a small interface, so that a utility can plug in its own channel."""

import sys
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class GatewayError(Exception):
    """The message was not handed over; nothing more is known."""


class CodeGateway(Protocol):
    """Hands one text to one phone, at once or not at all. Never logs either of them."""

    def send(self, phone: str, text: str) -> None:
        """Raises GatewayError if the message could not be handed over."""


class ConsoleGateway:
    """Writes the text (not the phone) to the terminal: demo and test databases only."""

    def send(self, phone: str, text: str) -> None:
        sys.stdout.write(f"[sign-in code] {text}\n")


class NoGateway:
    """What an installation has until its own channel is set: refuses, so that nobody waits for a message."""

    def send(self, phone: str, text: str) -> None:
        raise GatewayError("TONGDIAN_CODE_GATEWAY is not set; no message channel is connected.")


def gateway() -> CodeGateway:
    """The channel of this installation: TONGDIAN_CODE_GATEWAY (a dotted path), else by kind of database."""
    path = settings.TONGDIAN_CODE_GATEWAY
    if path:
        return import_string(path)()
    return NoGateway() if settings.TONGDIAN_ENV == "production" else ConsoleGateway()
