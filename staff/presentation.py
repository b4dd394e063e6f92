"""What a page hands to the shared components: plain data, already decided and already worded.

No component counts days or knows a rule; whoever builds these objects does. A dict with the same keys does
as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

#: How a deadline stands. `ended` is for a clock that has stopped for good.
Standing = Literal["red", "amber", "green", "pause", "ended"]
#: `now` is where the case is; `late` is where it is, past its limit.
MilestoneState = Literal["done", "now", "late", "todo"]


@dataclass(frozen=True, slots=True)
class Milestone:
    """One station of the wire. `share` (0 to 100) is the used part of its limit, drawn where state is now."""

    name: str
    state: MilestoneState
    when: datetime | date | str | None = None
    note: str = ""
    share: int = 0


@dataclass(frozen=True, slots=True)
class Countdown:
    """A deadline in words: `text` (还剩 3 个工作日), `until` the last moment, `rule` how it is counted."""

    standing: Standing
    text: str
    until: datetime | None = None
    name: str = ""
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """Something the reader may want to do. When it can't be done, `reason` says why and who could.

    `method` get is a link; post a form of its own with `fields` as hidden inputs; submit a button of the form
    it stands in, sending `fields` (one pair at most) and going to `url` if there is one. `key` is its letter on
    the desk.
    """

    label: str
    url: str
    enabled: bool = True
    reason: str = ""
    key: str = ""
    primary: bool = False
    danger: bool = False
    method: Literal["get", "post", "submit"] = "get"
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ViewLink:
    """One entry of the list of views beside a desk; `head` starts a new group with that title."""

    label: str
    url: str
    count: int | None = None
    current: bool = False
    standing: Standing | Literal[""] = ""
    head: str = ""


@dataclass(frozen=True, slots=True)
class Tile:
    """A lamp with a number."""

    standing: Standing
    label: str
    number: int | str
    note: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class HeatCell:
    """A number in a heat table. `level` 0 to 3 overrides what the tag would derive from the number."""

    n: int
    url: str = ""
    level: int | None = None


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One row of a heat table; one cell a column."""

    name: str
    cells: Sequence[HeatCell]


@dataclass(frozen=True, slots=True)
class HeatTable:
    """Offices by stages, or the like. The corner names what the rows are."""

    columns: Sequence[str]
    rows: Sequence[HeatRow]
    corner: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: `tone` red is for what will be late, brand for the one spoken of, empty for the rest."""

    value: float
    tone: Literal["", "red", "brand"] = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class BarGroup:
    """Bars that belong to one name (a day, an office)."""

    name: str
    bars: Sequence[Bar]


def read(thing: Any, name: str, default: Any = "") -> Any:
    """Read a field of a dataclass or a key of a dict; None counts as missing."""
    value = thing.get(name) if isinstance(thing, Mapping) else getattr(thing, name, None)
    return default if value is None else value


def share_class(share: float) -> str:
    """Name the class that fills a wire or bar: steps of five, as the security policy forbids inline style."""
    return f"at-{min(max(round(share / 5) * 5, 0), 100)}"
