"""The file a customer keeps (C2SP tlog-proof): place in the log, path to the root, the checkpoint with all its signatures. Pure."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from integrity.ledger.note import DECIMAL, Checkpoint, Malformed, parse_checkpoint, parse_note
from integrity.ledger.tree import root_from_inclusion

FIRST_LINE = "c2sp.org/tlog-proof@v1"
LONGEST_PATH = 63


@dataclass(frozen=True, slots=True)
class Proof:
    """One leaf's proof. `extra` is carried along and authenticated by nothing: a reader recomputes the leaf from what it says."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes = b""

    @property
    def head(self) -> Checkpoint:
        """The checkpoint's text, read; its signatures are for `note.open_checkpoint`."""
        return parse_checkpoint(parse_note(self.checkpoint).text)

    def proves(self, leaf: bytes) -> bool:
        """Whether the path leads from this leaf to the checkpoint's root. The checkpoint's signatures are another question."""
        head = self.head
        return root_from_inclusion(leaf, self.index, head.size, self.path) == head.root


def write_proof(index: int, path: Sequence[bytes], checkpoint: bytes, extra: bytes = b"") -> bytes:
    """The file's bytes. `checkpoint` is a whole signed note, put in verbatim."""
    lines = [FIRST_LINE]
    if extra:
        lines.append(f"extra {base64.b64encode(extra).decode()}")
    lines += [f"index {index}", *(base64.b64encode(step).decode() for step in path), "", ""]
    return "\n".join(lines).encode() + checkpoint


def read_proof(raw: bytes) -> Proof:
    """Read a file; `Malformed` where it is not written as it must be. Nothing is verified yet."""
    head, blank, checkpoint = raw.partition(b"\n\n")
    try:
        lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise Malformed("the head of a proof is plain ASCII") from None
    if lines.pop(0) != FIRST_LINE or not blank:
        raise Malformed(f"a proof begins with {FIRST_LINE} and holds a checkpoint")
    extra = _decode(lines.pop(0)[6:]) if lines and lines[0].startswith("extra ") else b""
    index = lines.pop(0) if lines else ""
    if not index.startswith("index ") or not DECIMAL.fullmatch(index[6:]):
        raise Malformed("a proof names its leaf's index")
    path = tuple(_decode(line) for line in lines)
    if len(path) > LONGEST_PATH or any(len(step) != 32 for step in path):
        raise Malformed("a path is at most 63 hashes of 32 bytes")
    proof = Proof(int(index[6:]), path, checkpoint, extra)
    if proof.head.size <= proof.index:
        raise Malformed("the checkpoint is older than the leaf")
    return proof


def _decode(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        raise Malformed("not base64") from None
    if base64.b64encode(data).decode() != text:
        raise Malformed("not the usual spelling of these bytes in base64")
    return data
