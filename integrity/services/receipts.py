"""Signing and handing out receipts. Whatever is signed here was read from sealed text that still fits its hash."""

from __future__ import annotations

from django.conf import settings

from integrity.ledger import receipt as files
from integrity.selectors.heads import receipt_signer
from integrity.selectors.receipts import Receipt, entry_of, place_of


def promise_of(receipt: Receipt) -> bytes:
    """The signed promise; the same bytes at every call."""
    return files.promise(entry_of(receipt.event, whole=False), settings.LEDGER_ORIGIN, receipt_signer())


def proof_of(receipt: Receipt, *, whole: bool = False) -> bytes:
    """The whole receipt with its time bracket; `whole` adds the contents and their salt."""
    if receipt.index is None:
        raise LookupError("the log has not taken this entry yet")
    place = place_of(receipt.index, receipt.event.recorded_at)
    if place is None:
        raise LookupError("no head includes this entry yet")
    return files.proof(entry_of(receipt.event, whole=whole), place, promise_of(receipt))
