"""The one writer of events, and the canonical JSON they are sealed with."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

EVENT_COLUMNS = (
    "stream", "kind", "occurred_at", "captured_at", "nonce_at", "via", "behalf", "device", "station", "state_from", "state_to",
    "task_node", "task_round", "documents", "payload_digest",
)  # fmt: skip

_INSERT = f"""
WITH e AS (
    INSERT INTO workflow_event ({", ".join(EVENT_COLUMNS)})
    VALUES ({", ".join(["%s"] * len(EVENT_COLUMNS))})
    RETURNING stream, number, recorded_at, encode(leaf_hash, 'hex') AS leaf
), p AS (
    INSERT INTO workflow_eventpayload (stream, number, salt, body) SELECT stream, number, %s, %s FROM e
)
SELECT number, recorded_at, leaf FROM e
"""  # noqa: S608 - names of our own columns, never input


@dataclass(frozen=True, slots=True)
class Circumstance:
    """How an act reached us: channel, on whose behalf, device, office, and the times offline work brings. All may be absent.

    `terminal` is the class of the machine it was typed on: staff network, hall kiosk, or the customer's own.
    """

    via: str | None = None
    behalf: str | None = None
    device: str | None = None
    station: str | None = None
    captured_at: dt.datetime | None = None
    nonce_at: dt.datetime | None = None
    request: str | None = None
    terminal: str | None = None


@dataclass(frozen=True, slots=True)
class Appended:
    """What the database answered: the event's number, its own time, and the leaf hash that seals it (hex)."""

    stream: str
    number: int
    recorded_at: dt.datetime
    leaf: str
    kind: str
    data: Mapping[str, Any] = field(default_factory=dict)


def canonical(data: Any) -> str:
    """RFC 8785 text of data made of dicts, lists, strings, integers, booleans and None.

    Why not json.dumps alone: strings are brought to NFC first, and floats are refused since two writers would print them differently.
    """
    return json.dumps(_plain(data), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, set | frozenset):
        return [_plain(item) for item in sorted(value, key=str)]
    if isinstance(value, Sequence):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        raise TypeError(
            "No floats in what is sealed: two writers would print them differently. Use Decimal or int."
        )
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    return str(value)


def append(
    stream: str,
    kind: str,
    *,
    data: Mapping[str, Any] | None = None,
    occurred_at: dt.datetime | None = None,
    circumstance: Circumstance | None = None,
    states: tuple[str | None, str] | None = None,
    task: tuple[str, int] | None = None,
    documents: Sequence[str] | None = None,
) -> Appended:
    """Write one event inside the caller's transaction; the trigger numbers, times and seals it.

    `data` is the payload: ids of people, never names, numbers or addresses. `states` = (from, to) moves the case; a first event
    comes from nowhere (None).
    """
    how = circumstance or Circumstance()
    payload = dict(data or {})
    if how.request:
        payload["request"] = how.request
    if how.terminal:
        payload.setdefault("terminal", how.terminal)
    body = canonical(payload)
    salt = secrets.token_bytes(32)
    digest = hashlib.sha256(salt + body.encode()).hexdigest()
    state_from, state_to = states or (None, None)
    node, round_number = task or (None, None)
    values = (
        stream, kind, occurred_at, how.captured_at, how.nonce_at, how.via, how.behalf, how.device, how.station, state_from, state_to,
        node, round_number, list(documents) if documents else None, digest, salt, body,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, values)
        number, recorded_at, leaf = cursor.fetchone()
    return Appended(stream, number, recorded_at, leaf, kind, payload)


_INSERT_MANY = """
WITH given AS (
    SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::bytea[], %s::text[]) WITH ORDINALITY
        AS given(stream, kind, digest, salt, body, place)
), e AS (
    INSERT INTO workflow_event (stream, kind, payload_digest) SELECT stream, kind, digest FROM given ORDER BY place
    RETURNING stream, number, payload_digest
), p AS (
    INSERT INTO workflow_eventpayload (stream, number, salt, body)
    SELECT e.stream, e.number, given.salt, given.body FROM e JOIN given ON given.digest = e.payload_digest
)
SELECT e.number FROM e JOIN given ON given.digest = e.payload_digest ORDER BY given.place
"""


def append_many(events: Sequence[tuple[str, str, Mapping[str, Any]]]) -> list[int]:
    """Write many events (stream, kind, payload) in order, in one statement; answers with their numbers.

    A salted digest names its row: that is how payload and header find each other.
    """
    if not events:
        return []
    salts = [secrets.token_bytes(32) for _event in events]
    bodies = [canonical(data) for _stream, _kind, data in events]
    digests = [
        hashlib.sha256(salt + body.encode()).hexdigest() for salt, body in zip(salts, bodies, strict=True)
    ]
    streams, kinds = [stream for stream, _kind, _data in events], [kind for _stream, kind, _data in events]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT_MANY, [streams, kinds, digests, salts, bodies])
        return [number for (number,) in cursor.fetchall()]


def is_digest(text: str) -> bool:
    """Whether it names a file by its digest (`sha-256:…`, `sm3:…`), so that the event's header can carry it."""
    return text.startswith(("sha-256:", "sm3:"))


def name_actor(actor: str) -> None:
    """Tell the triggers who acts, for the rest of this transaction. Without it the actor is `db:<role>`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('tongdian.actor', %s, true)", [actor])


def ledger_now() -> dt.datetime:
    """The database's own time, which stamps events; a demo's shifted time follows it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ledger_now()")
        moment: dt.datetime = cursor.fetchone()[0]
    return moment
