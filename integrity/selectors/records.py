"""What our own tables say about a sealed event today, held against what was sealed: a change past the log is told, whoever made it."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
from typing import Any, cast

from integrity.ledger.chain import Sealed, header_of, leaf_of
from integrity.selectors.log import case_id_of
from workflow.models import Case, Contact, Event, EventPayload
from workflow.services.contacts import RECEIPT_CHARACTERS

COLUMNS = {
    "at": "recorded_at", "claimed": "occurred_at", "captured": "captured_at", "nonce": "nonce_at", "dev": "device", "doc": "documents",
    "payload": "payload_digest", "prev": "previous_hash", "n": "number", "task": "task_node", "state": "state_to",
}  # fmt: skip
"""Header fields whose column has another name."""


def bare(code: str) -> str:
    """A code as it was typed or scanned, without its dashes and spaces."""
    return "".join(character for character in code.upper() if character.isalnum())[:RECEIPT_CHARACTERS]


def event_of(code: str) -> Event | None:
    """The event whose leaf hash the code begins; one indexed look."""
    try:
        packed = base64.b32decode(code + "=" * (-len(code) % 8)) if len(code) == RECEIPT_CHARACTERS else b""
    except ValueError:
        return None
    if len(packed) < 16:
        return None
    low = packed[:16]
    found = Event.objects.filter(
        stream__startswith="case:", leaf_hash__gte=low + bytes(16), leaf_hash__lte=low + b"\xff" * 16
    )
    return next((event for event in found if code_of(event) == code), None)


def code_of(event: Event) -> str:
    """The code on paper: 130 bits of the leaf hash."""
    return base64.b32encode(bytes(event.leaf_hash)).decode()[:RECEIPT_CHARACTERS]


def differences(event: Event) -> list[str]:
    """Names of what no longer says what was sealed: columns, contents, the contact's row, the case's first contact; empty if all agree."""
    wrong = _columns(event) + _payload(event)
    case_id = case_id_of(event.stream)
    contact = Contact.objects.filter(case=case_id, number=event.number).first() if case_id else None
    if contact is not None:
        wrong += _contact(event, contact)
    elif event.kind == "contact.registered":
        wrong.append("contact")
    return list(dict.fromkeys(wrong))


def record_now(code: str) -> dict[str, Any]:
    """What we say today about the entry with this code, as anybody may ask: nothing that stands not in the public header."""
    event = event_of(code)
    if event is None:
        return {"known": False}
    return {"known": True, "recorded_at": _text(_told_at(event)), "changed": differences(event)}


def _told_at(event: Event) -> dt.datetime:
    """The time our pages tell: the contact's row where there is one."""
    contact = Contact.objects.filter(case=case_id_of(event.stream), number=event.number).first()
    return contact.recorded_at if contact else event.recorded_at


def _columns(event: Event) -> list[str]:
    sealed = bytes(event.header)
    now = header_of(cast("Sealed", event))
    wrong = [] if leaf_of(sealed) == bytes(event.leaf_hash) else ["leaf_hash"]
    if now == sealed:
        return wrong
    said, says = _read(sealed), _read(now)
    return wrong + [COLUMNS.get(name, name) for name in says if said.get(name, "") != says[name]]


def _payload(event: Event) -> list[str]:
    payload = EventPayload.objects.filter(stream=event.stream, number=event.number).first()
    if payload is None:
        return ["payload"]
    if payload.body is None:
        return []
    digest = hashlib.sha256(bytes(payload.salt or b"") + payload.body.encode()).hexdigest()
    return [] if digest == event.payload_digest else ["payload"]


def _contact(event: Event, contact: Contact) -> list[str]:
    sealed = _read(bytes(event.header))
    wrong = [] if _text(contact.recorded_at) == sealed.get("at") else ["contact.recorded_at"]
    if _text(contact.occurred_at) != (sealed.get("claimed") or sealed.get("at")):
        wrong.append("contact.occurred_at")
    case = Case.objects.get(pk=contact.case_id)
    earliest = min(min(c.occurred_at, c.recorded_at) for c in Contact.objects.filter(case=case))
    if case.first_contact_at != earliest:
        wrong.append("case.first_contact_at")
    return wrong


def _read(header: bytes) -> dict[str, Any]:
    try:
        said = json.loads(header)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _text(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
