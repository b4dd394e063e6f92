"""One sealed event as plain values, checked fast: what `chain` does for a page of events, for a hundred million of them. Pure.

A second way to the same bytes on purpose: tests hold both against each other and against the database's writer.
"""

from __future__ import annotations

import hashlib
import json
from json.encoder import encode_basestring as quoted
from typing import Any, NamedTuple

from integrity.ledger.chain import VERSION

#: Header field → column, where the names differ.
COLUMNS = {
    "at": "recorded_at", "captured": "captured_at", "claimed": "occurred_at", "dev": "device", "doc": "documents", "n": "number",
    "nonce": "nonce_at", "payload": "payload_digest", "prev": "previous_hash",
    "state": "state_to", "task": "task_node",
}  # fmt: skip


class Row(NamedTuple):
    """The columns of an event with its payload; moments as the header writes them, in UTC to the microsecond."""

    stream: str
    number: int
    kind: str
    actor: str
    claimed: str | None
    recorded: str
    captured: str | None
    nonce: str | None
    via: str | None
    behalf: str | None
    device: str | None
    station: str | None
    state_from: str | None
    state_to: str | None
    task_node: str | None
    task_round: int | None
    documents: list[str] | None
    payload_digest: str
    previous_hash: memoryview
    leaf_hash: memoryview
    header: memoryview
    has_payload: bool
    salt: memoryview | None
    body: str | None

    @property
    def erased(self) -> bool:
        """Whether the contents were erased lawfully: the row is there, salt and text are gone."""
        return self.has_payload and self.salt is None and self.body is None


def header_of(row: Row) -> bytes:
    """The header as these columns make it."""

    def text(value: str | None) -> str:
        return "null" if value is None else quoted(value)

    documents = "null" if row.documents is None else f"[{','.join(map(quoted, row.documents))}]"
    state = "null" if row.state_to is None else f"[{text(row.state_from)},{quoted(row.state_to)}]"
    task = "null" if row.task_node is None else f"[{quoted(row.task_node)},{row.task_round}]"
    return (
        f'{{"actor":{quoted(row.actor)},"at":"{row.recorded}","behalf":{text(row.behalf)},"captured":{text(row.captured)},'
        f'"claimed":{text(row.claimed)},"dev":{text(row.device)},"doc":{documents},"kind":{quoted(row.kind)},"n":{row.number},'
        f'"nonce":{text(row.nonce)},"payload":{quoted(row.payload_digest)},"prev":"{row.previous_hash.hex()}","state":{state},'
        f'"station":{text(row.station)},"stream":{quoted(row.stream)},"task":{task},"v":"{VERSION}","via":{text(row.via)}}}'
    ).encode()


def faults(row: Row, previous: bytes) -> list[str]:
    """Words of chain.Fault for what does not fit in this row, given the leaf hash before it; empty if all fits."""
    found = []
    header = bytes(row.header)
    if header_of(row) != header:
        found.append("header")
    if hashlib.sha256(b"\x00" + header).digest() != bytes(row.leaf_hash):
        found.append("leaf")
    if bytes(row.previous_hash) != previous:
        found.append("link")
    if row.body is None or row.salt is None:
        if not row.erased:
            found.append("payload")
    elif hashlib.sha256(bytes(row.salt) + row.body.encode()).hexdigest() != row.payload_digest:
        found.append("payload")
    return found


def differing(row: Row) -> list[str]:
    """The columns that say something else than the sealed text."""
    says = json.loads(header_of(row))
    said: Any
    try:
        said = json.loads(bytes(row.header))
    except ValueError:
        said = None
    if not isinstance(said, dict):
        return ["header"]
    return [COLUMNS.get(name, name) for name in says if said.get(name, ...) != says[name]] or ["header"]
