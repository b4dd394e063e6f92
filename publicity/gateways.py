"""How a notice reaches a phone. A utility plugs in its own channel by TONGDIAN_NOTICE_GATEWAY (a dotted path)."""

from __future__ import annotations

import sys

from django.conf import settings
from django.utils.module_loading import import_string

from staff.gateways import CodeGateway, NoGateway


class ConsoleGateway:
    """Writes the text (not the phone) to the terminal: demo and test databases only."""

    def send(self, phone: str, text: str) -> None:
        """Print one line."""
        sys.stdout.write(f"[notice] {text}\n")


def gateway() -> CodeGateway:
    """The channel of this installation."""
    path = getattr(settings, "TONGDIAN_NOTICE_GATEWAY", "")
    if path:
        return import_string(path)()
    return NoGateway() if settings.TONGDIAN_ENV == "production" else ConsoleGateway()
