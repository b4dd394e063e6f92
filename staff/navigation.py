"""The links in the bar. Each app offers its own, so that the lowest app need not know the pages above it.

# applications/apps.py, in ready():
navigation.offer(navigation.Entry(_("My work"), "desk", "staff", roles={"intake", "surveyor"}, order=10))
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass, field
from typing import Literal

from django.urls import reverse
from django.utils.functional import Promise

Side = Literal["staff", "customer"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A page worth a place in the bar. `roles` are the posts that see it; none means everyone on that side.

    `signed_in` None shows it to all, True and False to those who are or aren't. Lower `order` stands
    further left.
    """

    label: str | Promise
    url_name: str
    side: Side
    roles: Set[str] = field(default_factory=frozenset)
    order: int = 50
    signed_in: bool | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as this reader sees it on this page."""

    label: str
    url: str
    current: bool


_entries: dict[tuple[Side, str], Entry] = {}


def offer(*entries: Entry) -> None:
    """Put pages into the bar; offering one again replaces it."""
    for entry in entries:
        _entries[entry.side, entry.url_name] = entry


def _meant_for(entry: Entry, side: Side, roles: Set[str], *, signed_in: bool) -> bool:
    return (
        entry.side == side
        and (not entry.roles or bool(entry.roles & roles))
        and entry.signed_in in {None, signed_in}
    )


def _current(urls: Iterable[str], path: str) -> str:
    """Find the entry the path lies under; the longest wins, so /cases/board/ is not also /cases/."""
    under = [url for url in urls if path == url or (url != "/" and path.startswith(url))]
    return max(under, key=len, default="")


def links(side: Side, roles: Set[str], path: str, *, signed_in: bool) -> list[Link]:
    """Answer with the links of one reader's bar, in order."""
    shown = sorted(
        (entry for entry in _entries.values() if _meant_for(entry, side, roles, signed_in=signed_in)),
        key=lambda entry: entry.order,
    )
    urls = [reverse(entry.url_name) for entry in shown]
    here = _current(urls, path)
    return [Link(str(entry.label), url, url == here) for entry, url in zip(shown, urls, strict=True)]
