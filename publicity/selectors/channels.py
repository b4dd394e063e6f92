"""Ways to reach us, with this company's own names and places."""

from __future__ import annotations

from dataclasses import dataclass

from publicity.selectors.sources import in_english
from staff.models import Office
from workflow.models import Channel, Profile
from workflow.selectors.rules import rules


@dataclass(frozen=True, slots=True)
class Way:
    """A channel in the reader's language."""

    code: str
    name: str
    how: str
    staffed: bool


def channels() -> list[Way]:
    """Channels in force, in their order."""
    return [
        Way(row.code, row.name, row.how_en if in_english() else row.how_zh, row.staffed)
        for row in Channel.objects.filter(in_force=True)
    ]


def halls() -> list[Office]:
    """Where one can come: the company's offices, county first."""
    return list(Office.objects.order_by("code"))


def profile() -> Profile:
    """Whose words and hotlines these are."""
    return rules().profile
