"""What a customer is handed: at once a signed promise, a little later the proof. Pure: sealed bytes in, files out.

The promise says which entry will stand in the log. If it never does, whoever holds the promise can show that to anybody.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass

from integrity.ledger.note import LogSigner
from integrity.ledger.proof import write_proof
from integrity.ledger.tree import leaf_hash

VERSION = "tongdian-receipt/1"
KEY_SUFFIX = "/receipt"
"""The receipt's key signs under the log's name and this: a promise can never be taken for a head of the log."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An event as sealed: its header's bytes, and its contents where the reader may have them."""

    header: bytes
    salt: bytes | None = None
    body: str | None = None

    @property
    def leaf(self) -> bytes:
        """Its hash in the log."""
        return leaf_hash(self.header)


@dataclass(frozen=True, slots=True)
class Place:
    """Where it stands: index, path, the head that includes it; and the last head that does not, with what ties both together."""

    index: int
    path: Sequence[bytes]
    checkpoint: bytes
    before: bytes | None = None
    between: Sequence[bytes] = ()


def promise(entry: Entry, origin: str, signer: LogSigner) -> bytes:
    """The signed promise for an entry of a case. The same entry gives the same bytes."""
    said = json.loads(entry.header)
    case = said["stream"].partition(":")[2]
    leaf = base64.b64encode(entry.leaf).decode()
    return signer.note(f"{VERSION}\n{origin}\n{case} {said['n']} {said['at']}\n{leaf}\n").raw


def proof(entry: Entry, place: Place, promised: bytes | None = None) -> bytes:
    """The whole receipt: a `.tlog-proof` whose `extra` carries the entry, the promise and the lower end of the time bracket."""
    extra = {
        "before": place.before.decode() if place.before else None,
        "between": [base64.b64encode(step).decode() for step in place.between] if place.before else None,
        "header": entry.header.decode(),
        "payload": json.loads(entry.body) if entry.body and entry.salt else None,
        "promise": promised.decode() if promised else None,
        "salt": bytes(entry.salt).hex() if entry.body and entry.salt else None,
    }
    packed = json.dumps(extra, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    return write_proof(place.index, place.path, place.checkpoint, packed)
