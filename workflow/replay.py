"""A case's log played again: what each of its clocks must say, from the events alone.

The door moves clocks one event at a time (workflow.clocks); this is the same rules over the whole history, written apart from it, so
that a cache that has drifted can be found. Nothing here asks the database.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workflow.deadlines import Rest, slot_of
from workflow.stages import ENDED

BY_THEMSELVES = frozenset({"self", "agent"})
PAUSED, RESUMED, OVERRAN, CORRECTED, EXTENDED = (
    "clock.paused", "clock.resumed", "clock.overran", "correction.recorded", "deadline.extended",
)  # fmt: skip
TELLING = frozenset({PAUSED, RESUMED, OVERRAN, CORRECTED, EXTENDED})
"""Kinds whose payload says something to a clock; of the others the header is enough, but for a last part of several."""


@dataclass(frozen=True, slots=True)
class Past:
    """An event as the log has it."""

    number: int
    kind: str
    recorded_at: dt.datetime
    occurred_at: dt.datetime | None
    behalf: str | None
    state_from: str | None
    state_to: str | None
    data: Mapping[str, Any] = field(default_factory=dict)
    counted_at: dt.datetime | None = None
    """When it counts, where it was captured offline (workflow.captured)."""

    @property
    def claimed_at(self) -> dt.datetime:
        """When it is said to have happened; never after its record."""
        return min(self.occurred_at or self.recorded_at, self.recorded_at)


@dataclass(slots=True)
class Played:
    """One round of a clock as the log makes it."""

    starts: dict[str, dt.datetime] = field(default_factory=dict)
    started_at: dt.datetime | None = None
    stopped_at: dt.datetime | None = None
    stopped_number: int | None = None
    stop_reason: str = ""

    def stop(self, event: Past) -> None:
        """At the record, or where work was captured offline when that counts."""
        self.stopped_at, self.stopped_number, self.stop_reason = (
            event.counted_at or event.recorded_at,
            event.number,
            event.kind,
        )

    def run_on(self) -> None:
        """As if it had never been stopped."""
        self.stopped_at, self.stopped_number, self.stop_reason = None, None, ""


def play(limit: Any, events: Sequence[Past]) -> dict[int, Played]:
    """The rounds of one limit's clock, by number. `events` in the order of their numbers."""
    rounds: dict[int, Played] = {}
    by_number = {event.number: event for event in events}
    end: int | None = None
    for event in events:
        if event.kind == CORRECTED and event.data.get("field") == "occurred_at":
            _correct(limit, rounds, by_number.get(int(event.data["of"])), event)
        if event.state_from in ENDED and event.state_to not in ENDED:
            _run_on(rounds, end)
        ended = event.state_to in ENDED
        for played in rounds.values():
            if played.started_at and not played.stopped_at and (ended or _stops(limit, event)):
                played.stop(event)
        end = event.number if ended else end
        _start(limit, rounds, event)
    return rounds


def play_node(events: Sequence[Past], opened: int, closed: int | None) -> Played | None:
    """A node's own clock: between the records that opened and closed its task, or until the case ended."""
    start = next((event for event in events if event.number == opened), None)
    if start is None:
        return None
    played = Played(started_at=start.recorded_at)
    for event in events:
        if event.number > opened and (event.number == closed or event.state_to in ENDED):
            played.stop(event)
            break
    return played


def rests_of(events: Iterable[Past]) -> list[Rest]:
    """When clocks stood still, by the log's own events."""
    running: dict[str, dt.datetime] = {}
    rests: list[Rest] = []
    for event in events:
        reason = str(event.data.get("reason", ""))
        if event.kind == PAUSED:
            running[reason] = event.recorded_at
        elif event.kind in (RESUMED, OVERRAN) and reason in running:
            until = event.data.get("until")
            ended = dt.datetime.fromisoformat(until) if until else event.recorded_at
            rests.append(Rest(reason, running.pop(reason), ended))
    return rests + [Rest(reason, began, None) for reason, began in running.items()]


def extra_days(events: Iterable[Past], code: str, kind: str, node: str, number: int) -> int:
    """Days of the extension the customer agreed to for this clock."""
    return sum(
        int(event.data["days"])
        for event in events
        if event.kind == EXTENDED
        and (event.data["limit"], event.data["kind"], event.data["node"], event.data["round"])
        == (code, kind, node, number)
    )


def _start(limit: Any, rounds: dict[int, Played], event: Past) -> None:
    slot = slot_of(limit.start_kinds, event.kind)
    if slot is None:
        return
    latest = max(rounds, default=0)
    if not latest or (limit.per_round and rounds[latest].stopped_at):
        latest += 1
        rounds[latest] = Played()
    played = rounds[latest]
    if played.stopped_at:
        return
    reported = event.behalf in BY_THEMSELVES and limit.kind == "legal"
    counts_from = event.recorded_at if reported else event.claimed_at
    if slot in played.starts and played.starts[slot] <= counts_from:
        return
    played.starts[slot] = counts_from
    _settle(limit, played)


def _settle(limit: Any, played: Played) -> None:
    if len(played.starts) == len(limit.start_kinds):
        played.started_at = max(played.starts.values())


def _stops(limit: Any, event: Past) -> bool:
    return event.kind in limit.stop_kinds and (not limit.stop_each or bool(event.data.get("last", True)))


def _run_on(rounds: Mapping[int, Played], end: int | None) -> None:
    for played in rounds.values():
        if played.stopped_at and played.started_at and played.stopped_number == end:
            played.run_on()


def _correct(limit: Any, rounds: Mapping[int, Played], wrong: Past | None, event: Past) -> None:
    """A correction approved by a second person moves the start it was taken for, and the stop it was."""
    if wrong is None:
        return
    value = min(dt.datetime.fromisoformat(event.data["is"]), wrong.recorded_at)
    was = event.data.get("was")
    counted = min(dt.datetime.fromisoformat(was), wrong.recorded_at) if was else wrong.recorded_at
    slot = slot_of(limit.start_kinds, wrong.kind)
    for played in rounds.values():
        if slot is not None and played.starts.get(slot) == counted:
            played.starts[slot] = value
            _settle(limit, played)
        if played.stopped_number == wrong.number:
            played.stopped_at = value
