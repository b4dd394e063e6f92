"""Every stream's chain, event by event, from the columns as they are; and its end, held against its head."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from integrity.ledger.chain import BEGINNING
from integrity.ledger.sealed import Row, differing, faults
from integrity.selectors.snapshots import PORTION, fetched, moment
from integrity.services.verification.words import Finding

COLUMNS = ", ".join([
    "e.stream", "e.number", "e.kind", "e.actor", moment("e.occurred_at"), moment("e.recorded_at"), moment("e.captured_at"),
    moment("e.nonce_at"), "e.via", "e.behalf", "e.device", "e.station", "e.state_from", "e.state_to", "e.task_node", "e.task_round",
    "e.documents", "e.payload_digest", "e.previous_hash", "e.leaf_hash", "e.header", "p.stream IS NOT NULL", "p.salt", "p.body",
])  # fmt: skip
EVENTS = f"""
SELECT {COLUMNS} FROM workflow_event e LEFT JOIN workflow_eventpayload p ON p.stream = e.stream AND p.number = e.number
%s ORDER BY e.stream, e.number
"""  # noqa: S608 - our own columns
HEADS = "SELECT stream, number, last_hash FROM workflow_streamhead %s ORDER BY stream"
LISTED = "WHERE {}stream = ANY(%s)"


class Chains:
    """One walk over streams in order, and what was counted on it. Memory does not grow with the log: heads walk along."""

    def __init__(self, streams: list[str] | None) -> None:
        """Of these streams, or of all."""
        self.events = self.erased = self.streams = 0
        self._only = streams
        self._stream, self._number, self._previous = "", 0, BEGINNING
        self._heads = self._walk(HEADS, "")
        self._head = next(self._heads, None)

    def check(self) -> Iterator[Finding | int]:
        """Findings, and from time to time how many events were checked."""
        for count, values in enumerate(self._walk(EVENTS, "e."), 1):
            yield from self._event(Row._make(values))
            if count % PORTION == 0:
                yield count
        yield from self._close(None)
        yield self.events

    def _walk(self, query: str, prefix: str) -> Iterator[Any]:
        where, values = ("", []) if self._only is None else (LISTED.format(prefix), [self._only])
        for rows in fetched(query % where, values):
            yield from rows

    def _event(self, row: Row) -> Iterator[Finding]:
        if row.stream != self._stream:
            yield from self._close(row.stream)
        self.events += 1
        self.erased += row.erased
        self._number += 1
        if row.number != self._number:
            gone = f"{self._number}" if row.number == self._number + 1 else f"{self._number}-{row.number - 1}"
            yield _finding("missing", row.stream, self._number, gone)
            self._number = row.number
        for what in faults(row, self._previous):
            yield _finding(
                what, row.stream, row.number, ", ".join(differing(row)) if what == "header" else ""
            )
        self._previous = bytes(row.leaf_hash)

    def _close(self, coming: str | None) -> Iterator[Finding]:
        """Hold the stream that ends here against its head; name every head that has no events at all before the one that comes."""
        while self._head and (coming is None or self._head[0] < coming):
            stream, number, last_hash = self._head
            end = (self._number, self._previous) if stream == self._stream else (0, BEGINNING)
            if end != (number, bytes(last_hash)):
                yield _finding("end", stream, max(number, end[0]), f"head {number}, chain {end[0]}")
            if stream == self._stream:
                self._stream = ""
            self._head = next(self._heads, None)
        if self._stream:
            yield _finding("end", self._stream, self._number, "no head")
        self._stream, self._number, self._previous = coming or "", 0, BEGINNING
        self.streams += coming is not None


def _finding(what: str, stream: str, number: int, detail: str) -> Finding:
    return Finding(what, f"workflow_event ({stream}, {number})", detail, stream, number)
