"""What can be handed out for an event: its sealed text, where the log put it, and the heads of the log on both sides of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from integrity.ledger.chain import leaf_of
from integrity.ledger.receipt import Entry, Place
from integrity.ledger.tiles import reader
from integrity.ledger.tree import consistency_proof, inclusion_proof
from integrity.models import LedgerCheckpoint, LedgerCosignature, LedgerLeaf
from integrity.selectors.heads import load_tile, newest, witness_names
from integrity.selectors.log import case_id_of
from integrity.selectors.records import bare, code_of, differences, event_of
from staff.models import User
from workflow.models import Case, Contact, Event, EventPayload
from workflow.transitions import actor_name

PROMISED_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Receipt:
    """One event with what is known of its proof."""

    event: Event
    index: int | None
    changed: tuple[str, ...]
    size: int
    witnesses: int
    known_witnesses: int
    included_at: dt.datetime | None
    self_registered: bool
    key: str

    def is_key(self, address: str) -> bool:
        """Whether somebody came with the receipt's own address and not just its code."""
        return bool(self.key) and constant_time_compare(address.upper(), self.key)

    @property
    def code(self) -> str:
        """130 bits of the leaf hash in base32."""
        return code_of(self.event)

    @property
    def index_known(self) -> bool:
        """Whether the log has taken it and a head includes it."""
        return self.index is not None and self.index < self.size

    @property
    def seconds(self) -> int:
        """How long ago it was recorded."""
        return max(0, int((timezone.now() - self.event.recorded_at).total_seconds()))

    @property
    def is_overdue(self) -> bool:
        """Whether the promise was not kept."""
        return not self.index_known and self.seconds > PROMISED_SECONDS

    @property
    def sealed_text_broken(self) -> bool:
        """Whether even the sealed text no longer fits its hash: then nothing can be handed out."""
        return leaf_of(bytes(self.event.header)) != bytes(self.event.leaf_hash)


def receipt_for(code: str) -> Receipt | None:
    """The receipt under this code; only a case's events have one."""
    event = event_of(bare(code))
    return receipt_of(event) if event is not None else None


def receipt_of(event: Event) -> Receipt:
    """The receipt of an event."""
    leaf = LedgerLeaf.objects.filter(stream=event.stream, number=event.number).first()
    head = newest()
    including = _including(leaf.index) if leaf else None
    contact = Contact.objects.filter(case=case_id_of(event.stream), number=event.number).first()
    return Receipt(
        event=event,
        index=leaf.index if leaf else None,
        changed=tuple(differences(event)),
        size=head.size if head else 0,
        witnesses=len(_lines(including)) if including else 0,
        known_witnesses=len(witness_names()),
        included_at=including.signed_at if including else None,
        self_registered=bool(contact and contact.self_registered),
        key=contact.receipt_key if contact else "",
    )


def entries_of(case: Case, user: User) -> list[Event]:
    """The events of a case a customer gets receipts for: what moved it, and what they did themselves; the newest first."""
    mine = Q(state_to__isnull=False) | Q(kind="contact.registered") | Q(actor=actor_name(user))
    return list(Event.objects.filter(mine, stream=case.stream).order_by("-number"))


def entry_of(event: Event, *, whole: bool) -> Entry:
    """Its sealed text; the contents too, for whoever holds the receipt itself and not just its public code."""
    payload = EventPayload.objects.filter(stream=event.stream, number=event.number).first() if whole else None
    salt = bytes(payload.salt) if payload and payload.salt else None
    return Entry(bytes(event.header), salt, payload.body if payload else None)


def place_of(index: int, recorded_at: dt.datetime) -> Place | None:
    """Path and heads for a leaf; None while no head includes it."""
    head = _including(index)
    if head is None:
        return None
    read = reader(load_tile, head.size)
    before = _before(index)
    return Place(
        index,
        inclusion_proof(read, index, head.size),
        _noted(head, _lines(head)),
        _noted(before, _lines(before, until=recorded_at)) if before else None,
        consistency_proof(read, before.size, head.size) if before else (),
    )


def _including(index: int) -> LedgerCheckpoint | None:
    """The first head with the leaf that outside witnesses saw; the first of all while none did."""
    heads = LedgerCheckpoint.objects.filter(size__gt=index).order_by("size")
    seen = LedgerCosignature.objects.filter(checkpoint__size__gt=index).order_by("checkpoint_id").first()
    return seen.checkpoint if seen else heads.first()


def _before(index: int) -> LedgerCheckpoint | None:
    """The last head without the leaf that was signed while nothing waited: whatever came after it was recorded after it."""
    heads = LedgerCheckpoint.objects.filter(size__gt=0, size__lte=index, drained=True).order_by("-size")
    seen = LedgerCosignature.objects.filter(checkpoint__in=heads).order_by("-checkpoint_id").first()
    return seen.checkpoint if seen else heads.first()


def _lines(head: LedgerCheckpoint, until: dt.datetime | None = None) -> dict[str, str]:
    """One line of each witness: its first, or with `until` the last one by then, which makes the narrowest bracket."""
    lines: dict[str, str] = {}
    for seen in LedgerCosignature.objects.filter(checkpoint=head).order_by("cosigned_at"):
        if seen.witness not in lines or (until is not None and seen.cosigned_at <= until):
            lines[seen.witness] = seen.line
    return lines


def _noted(head: LedgerCheckpoint, lines: dict[str, str]) -> bytes:
    return bytes(head.note) + _joined(lines.values())


def _joined(lines: Iterable[str]) -> bytes:
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines).encode()
