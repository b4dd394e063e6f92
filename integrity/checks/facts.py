"""What a detector looks at, loaded once, and what it answers. Nothing here asks the database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from django.utils import timezone

from workflow.calendar import WorkingCalendar

CONTACT = "contact.registered"
ACCEPTED = "application.accepted"
ECHO = "echo.recorded"

Unit = Literal["minutes", "working_days"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One event with its payload. `allowance` is how far its node lets a claim lie before the record; none without a node."""

    stream: str
    number: int
    kind: str
    actor: str
    recorded_at: dt.datetime
    occurred_at: dt.datetime | None = None
    captured_at: dt.datetime | None = None
    nonce_at: dt.datetime | None = None
    behalf: str | None = None
    state_to: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    allowance: dt.timedelta | None = None

    @property
    def earliest_at(self) -> dt.datetime:
        """Claimed or recorded, whichever is earlier."""
        return min(self.occurred_at, self.recorded_at) if self.occurred_at else self.recorded_at

    @property
    def by_customer(self) -> bool:
        """Whether the customer or their agent did it themselves, or the claim in it is the customer's."""
        return self.behalf in ("self", "agent") or self.data.get("claimed_by") == "customer"


@dataclass(frozen=True)
class CaseLog:
    """A case's events in order, and the contacts of the cases that were joined to it."""

    entries: tuple[Entry, ...]
    calendar: WorkingCalendar
    joined: tuple[Entry, ...] = ()

    def before(self, entry: Entry) -> tuple[Entry, ...]:
        """The case's own events recorded before this one."""
        return self.entries[: entry.number - 1]

    def contacts_before(self, entry: Entry) -> Iterator[Entry]:
        """Every contact recorded before this event, also of joined cases."""
        yield from (e for e in self.before(entry) if e.kind == CONTACT)
        yield from (e for e in self.joined if e.kind == CONTACT and e.recorded_at < entry.recorded_at)

    def working_days(self, first: dt.datetime, last: dt.datetime) -> int:
        """Working days d with first < d ≤ last, by the local day; none backwards."""
        return self.calendar.workdays_between(timezone.localdate(first), timezone.localdate(last))


@dataclass(frozen=True, slots=True)
class Finding:
    """What a detector saw about one event: three clocks, what was measured, the threshold it passed, the days between.

    `since_at` is the earlier end of the gap, `until_at` the later. `external_at` is set when somebody other than us names the earlier
    end. `details` are further values to show, whole numbers and words of the code only.
    """

    since_at: dt.datetime
    until_at: dt.datetime
    measured: int
    threshold: int
    unit: Unit
    working_days: int
    external_at: dt.datetime | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    def evidence(self, calendar_version: int) -> dict[str, Any]:
        """As kept with the flag."""
        return {
            "since": self.since_at.isoformat(),
            "until": self.until_at.isoformat(),
            "external": self.external_at.isoformat() if self.external_at else None,
            "measured": self.measured,
            "threshold": self.threshold,
            "unit": self.unit,
            "working_days": self.working_days,
            "calendar": calendar_version,
            **self.details,
        }
