"""Signed notes, checkpoints, keys and co-signatures, byte for byte as C2SP signed-note, tlog-checkpoint and tlog-cosignature write them.

Why a public standard: verifiers nobody here wrote read what we sign, so that nobody has to take our word for it.
Pure: text and keys in, text out.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

DASH = "\N{EM DASH}"
NO_NAME = re.compile(r"[\s+]")
DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}")
MOST_SIGNATURES = 100
HASH_SIZE = 32
SIGNATURE_SIZE = 64


class Malformed(ValueError):
    """The text is not what the format asks for."""


class Forged(ValueError):
    """A line of a known key whose signature does not fit the text."""


class KeyKind(IntEnum):
    """Signature types of signed-note that we know; lines of all other types are passed over."""

    ED25519 = 0x01
    COSIGNATURE = 0x04


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: who claims to have signed, with which key, and the bytes."""

    name: str
    key_id: bytes
    payload: bytes

    @property
    def line(self) -> str:
        """The line as written under a note."""
        return f"{DASH} {self.name} {_encode(self.key_id + self.payload)}\n"

    @property
    def signed_at(self) -> int:
        """The moment inside a witness's co-signature, in seconds since 1970; 0 on a line of another shape."""
        return int.from_bytes(self.payload[:8], "big") if len(self.payload) == 8 + SIGNATURE_SIZE else 0


@dataclass(frozen=True, slots=True)
class Note:
    """A text (ending in a line feed) and the lines under it."""

    text: str
    signatures: tuple[Signature, ...] = ()

    @property
    def raw(self) -> bytes:
        """The note as bytes, to be served or kept."""
        return (self.text + "\n" + "".join(signature.line for signature in self.signatures)).encode()

    def signed_also(self, signatures: Iterable[Signature]) -> Note:
        """The same note with more lines; a line that stands there already is not written twice."""
        fresh = [signature for signature in signatures if signature not in self.signatures]
        return Note(self.text, (*self.signatures, *fresh))


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How large a log is and which root it has: the three lines that get signed."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The text under the signatures, its last line feed included."""
        return "".join(
            f"{line}\n" for line in (self.origin, str(self.size), _encode(self.root), *self.extensions)
        )


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with the name it signs under and the kind of signature it makes."""

    name: str
    kind: KeyKind
    public: bytes

    @property
    def key_id(self) -> bytes:
        """Four bytes that let a reader find the line of this key."""
        return key_id(self.name, self.kind, self.public)

    @property
    def vkey(self) -> str:
        """The key in one line, as policies and command lines take it."""
        return f"{self.name}+{self.key_id.hex()}+{_encode(bytes([self.kind]) + self.public)}"

    def verifies(self, text: str, signature: Signature) -> bool:
        """Whether the line is this key's and its signature fits the text."""
        if (signature.name, signature.key_id) != (self.name, self.key_id):
            return False
        message, signed = text.encode(), signature.payload
        if self.kind is KeyKind.COSIGNATURE:
            if len(signed) != 8 + SIGNATURE_SIZE:
                return False
            message, signed = cosigned_message(text, signature.signed_at), signed[8:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signed, message)
        except (InvalidSignature, ValueError):
            return False
        return True


class Signs(Protocol):
    """Whoever can put a line under a text."""

    @property
    def verifier(self) -> VerifierKey:
        """The public half."""

    def sign(self, text: str) -> Signature:
        """A line for this text."""


class LogSigner:
    """A log's own key: signs the text itself (type 0x01). Receipts are signed by one of these with another name and seed."""

    def __init__(self, name: str, seed: bytes) -> None:
        """`seed` is the 32-byte Ed25519 seed; it stays outside the database."""
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.verifier = VerifierKey(_named(name), KeyKind.ED25519, self._key.public_key().public_bytes_raw())

    def sign(self, text: str) -> Signature:
        """The log's line for this text."""
        return Signature(self.verifier.name, self.verifier.key_id, self._key.sign(text.encode()))

    def note(self, text: str) -> Note:
        """The text with the log's line under it."""
        return Note(_checked_text(text), (self.sign(text),))


class Cosigner:
    """A witness's key: signs a text together with the moment (type 0x04), so that its clock vouches for the time."""

    def __init__(self, name: str, seed: bytes) -> None:
        """`seed` is the 32-byte Ed25519 seed; it belongs to the witness alone."""
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.verifier = VerifierKey(
            _named(name), KeyKind.COSIGNATURE, self._key.public_key().public_bytes_raw()
        )

    def cosign(self, text: str, seconds: int) -> Signature:
        """The witness's line for this text at this second."""
        signed = self._key.sign(cosigned_message(text, seconds))
        return Signature(self.verifier.name, self.verifier.key_id, seconds.to_bytes(8, "big") + signed)


def key_id(name: str, kind: int, public: bytes) -> bytes:
    """First four bytes of SHA-256(name, line feed, kind, key)."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


def cosigned_message(text: str, seconds: int) -> bytes:
    """What a witness signs: its version, its moment, the checkpoint."""
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def parse_vkey(text: str) -> VerifierKey:
    """Read a verifier key; one whose id does not fit its key is refused."""
    name, _, rest = text.strip().partition("+")
    hex_id, _, encoded = rest.partition("+")
    blob = _decode(encoded)
    try:
        key = VerifierKey(_named(name), KeyKind(blob[0]), blob[1:])
    except (IndexError, ValueError) as wrong:
        raise Malformed(f"not a verifier key we know: {wrong}") from None
    if len(key.public) != HASH_SIZE or key.key_id.hex() != hex_id:
        raise Malformed("the key's id does not fit the key")
    return key


def parse_note(raw: bytes) -> Note:
    """Read a note of any signers; nothing is verified yet."""
    try:
        whole = raw.decode()
    except UnicodeDecodeError:
        raise Malformed("a note is UTF-8") from None
    head, blank, tail = whole.rpartition("\n\n")
    if not blank or not tail.endswith("\n"):
        raise Malformed("a note is a text, an empty line and signature lines")
    lines = tail[:-1].split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise Malformed("too many signatures")
    return Note(_checked_text(head + "\n"), tuple(_parse_line(line) for line in lines))


def parse_checkpoint(text: str) -> Checkpoint:
    """Read the text of a note as a checkpoint."""
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] or not all(lines[:-1]):
        raise Malformed("a checkpoint is at least three lines, none of them empty")
    origin, size, root, *extensions = lines[:-1]
    if not DECIMAL.fullmatch(size):
        raise Malformed("the size is a decimal number without leading zeros")
    digest = _decode(root)
    if len(digest) != HASH_SIZE:
        raise Malformed("the root is 32 bytes in base64")
    return Checkpoint(origin, int(size), digest, tuple(extensions))


def signatures_by(note: Note, keys: Iterable[VerifierKey]) -> list[tuple[VerifierKey, Signature]]:
    """The lines that known keys made, first one per key; unknown lines are passed over, a known line that does not fit is `Forged`."""
    known = {(key.name, key.key_id): key for key in keys}
    found: dict[tuple[str, bytes], tuple[VerifierKey, Signature]] = {}
    for signature in note.signatures:
        mark = (signature.name, signature.key_id)
        if mark not in known or mark in found:
            continue
        if not known[mark].verifies(note.text, signature):
            raise Forged(f"the signature of {signature.name} does not fit the text")
        found[mark] = (known[mark], signature)
    return list(found.values())


def open_checkpoint(raw: bytes, log: VerifierKey) -> tuple[Checkpoint, Note]:
    """Read a checkpoint the log signed under its own origin; `Forged` if it did not."""
    note = parse_note(raw)
    checkpoint = parse_checkpoint(note.text)
    if not signatures_by(note, [log]) or checkpoint.origin != log.name:
        raise Forged(f"not signed by {log.name}")
    return checkpoint, note


def _parse_line(line: str) -> Signature:
    if not line.startswith(f"{DASH} "):
        raise Malformed("a signature line begins with an em dash and a space")
    name, space, encoded = line[2:].partition(" ")
    blob = _decode(encoded)
    if not space or len(blob) < 5:
        raise Malformed("a signature line names a signer and holds a key id with a signature")
    return Signature(_named(name), blob[:4], blob[4:])


def _named(name: str) -> str:
    if not name or NO_NAME.search(name):
        raise Malformed("a signer's name has no spaces and no plus sign")
    return name


def _checked_text(text: str) -> str:
    if not text.endswith("\n") or any(ord(character) < 0x20 and character != "\n" for character in text):
        raise Malformed("a note's text ends in a line feed and holds no control characters")
    return text


def _encode(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _decode(text: str) -> bytes:
    """Strict: standard alphabet, padded, and the one spelling these bytes have."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Malformed("not base64") from None
    if _encode(data) != text:
        raise Malformed("not the usual spelling of these bytes in base64")
    return data
