"""Checking one stream's chain: every header, leaf, link and payload recomputed from the columns. Pure; written apart from the writer.

Why apart: a check that used the writer's own functions would repeat the writer's mistakes and call them right.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

BEGINNING = bytes(32)
VERSION = "tongdian-event/1"


class Sealed(Protocol):
    """The columns of a sealed event."""

    stream: str
    number: int
    kind: str
    actor: str
    occurred_at: dt.datetime | None
    recorded_at: dt.datetime
    captured_at: dt.datetime | None
    nonce_at: dt.datetime | None
    via: str | None
    behalf: str | None
    device: str | None
    station: str | None
    state_from: str | None
    state_to: str | None
    task_node: str | None
    task_round: int | None
    documents: Sequence[str] | None
    payload_digest: str
    previous_hash: bytes | memoryview
    leaf_hash: bytes | memoryview
    header: bytes | memoryview


class Payload(Protocol):
    """Salt and canonical text of an event's payload; both gone once erased."""

    salt: bytes | memoryview | None
    body: str | None


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that does not fit: a word of this list, and the event it concerns.

    `missing` a number is absent · `header` sealed text and columns differ · `leaf` the seal does not fit the text ·
    `link` it does not hang on the event before · `payload` the contents were changed · `end` the stream has another end than its head says.
    """

    what: str
    number: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many events were checked, how many contents had been erased lawfully, and what does not fit."""

    total: int
    erased: int
    faults: tuple[Fault, ...]
    last_hash: bytes = BEGINNING

    @property
    def holds(self) -> bool:
        """Whether all of them verify."""
        return not self.faults


def verify(
    events: Iterable[Sealed], payloads: Mapping[int, Payload], *, head: tuple[int, bytes] | None = None
) -> Verdict:
    """Check a stream's events in order of number. `head` is (number, hash) the stream should end with; without it a cut end stays unseen."""
    faults: list[Fault] = []
    previous, number, total, erased = BEGINNING, 0, 0, 0
    for event in events:
        number += 1
        total += 1
        if event.number != number:
            faults.append(Fault("missing", number))
            number = event.number
        faults += _faults_of(event, previous)
        payload = payloads.get(event.number)
        if payload is not None and payload.body is None:
            erased += 1
        elif payload is None or not _payload_fits(event, payload):
            faults.append(Fault("payload", event.number))
        previous = bytes(event.leaf_hash)
    if head is not None and (number, previous) != (head[0], bytes(head[1])):
        faults.append(Fault("end", max(number, head[0])))
    return Verdict(total, erased, tuple(faults), previous)


def header_of(event: Sealed) -> bytes:
    """The sealed text as it must be, from the columns: RFC 8785, keys in order, moments in UTC to the microsecond."""
    fields = {
        "actor": event.actor,
        "at": _moment(event.recorded_at),
        "behalf": event.behalf,
        "captured": _moment(event.captured_at),
        "claimed": _moment(event.occurred_at),
        "dev": event.device,
        "doc": list(event.documents) if event.documents is not None else None,
        "kind": event.kind,
        "n": event.number,
        "nonce": _moment(event.nonce_at),
        "payload": event.payload_digest,
        "prev": bytes(event.previous_hash).hex(),
        "state": [event.state_from, event.state_to] if event.state_to is not None else None,
        "station": event.station,
        "stream": event.stream,
        "task": [event.task_node, event.task_round] if event.task_node is not None else None,
        "v": VERSION,
        "via": event.via,
    }
    return json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def leaf_of(header: bytes) -> bytes:
    """Leaf hash of RFC 9162: one byte zero, then the data."""
    return hashlib.sha256(b"\x00" + header).digest()


def _faults_of(event: Sealed, previous: bytes) -> list[Fault]:
    found = {
        "header": bytes(event.header) != header_of(event),
        "leaf": bytes(event.leaf_hash) != leaf_of(bytes(event.header)),
        "link": bytes(event.previous_hash) != previous,
    }
    return [Fault(what, event.number) for what, wrong in found.items() if wrong]


def _payload_fits(event: Sealed, payload: Payload) -> bool:
    salted = bytes(payload.salt or b"") + (payload.body or "").encode()
    return hashlib.sha256(salted).hexdigest() == event.payload_digest


def _moment(value: dt.datetime | None) -> str | None:
    return value.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ") if value else None
