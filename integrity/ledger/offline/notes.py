"""Signed notes, checkpoints and verification keys (c2sp.org signed-note, tlog-checkpoint, tlog-cosignature), as a stranger reads them."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from typing import NamedTuple

from integrity.ledger.offline.curve import ed25519
from integrity.ledger.offline.tree import Bad

KINDS = {"log": 0x01, "witness": 0x04}
VKEY = re.compile(r"[^\s+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+")


class Key(NamedTuple):
    """A verification key: its name, the short id that signatures quote, its kind and the 32 bytes."""

    name: str
    ident: bytes
    kind: int
    public: bytes


class Checkpoint(NamedTuple):
    """A head of the log, its signature verified: size and root, and when which witness saw it."""

    origin: str
    size: int
    root: bytes
    seen: dict[str, int]


def decode(text: str) -> bytes:
    """Base64 with one spelling only: whoever changes an unused bit is told so as well."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Bad("unreadable", "base64") from None
    if base64.b64encode(data).decode() != text:
        raise Bad("unreadable", "base64")
    return data


def keys_from(text: str) -> list[Key]:
    """Every verification key that stands in a text: a bare key, a tlog-policy file, a page."""
    found = []
    for word in VKEY.findall(text):
        name, ident, public = word.split("+", 2)
        try:
            data = base64.b64decode(public, validate=True)
        except binascii.Error:
            continue
        right = hashlib.sha256(name.encode() + b"\n" + data).digest()[:4]
        if len(data) == 33 and right.hex() == ident and data[0] in KINDS.values():
            found.append(Key(name, right, data[0], data[1:]))
    return list(dict.fromkeys(found))


def open_note(note: str, keys: list[Key], part: str) -> tuple[str, dict[str, int | None]]:
    """Text of a signed note and who signed it (witnesses with their time). A known key's wrong signature is refused, unknown keys ignored."""
    text, blank, lines = note.rpartition("\n\n")
    if not blank or not lines.endswith("\n"):
        raise Bad("unreadable", part)
    text += "\n"
    signers: dict[str, int | None] = {}
    for line in lines[:-1].split("\n"):
        if not (line.startswith("\u2014 ") and line.count(" ") == 2):
            raise Bad("unreadable", part)
        _dash, name, packed = line.split(" ")
        data = decode(packed)
        key = next((k for k in keys if k.name == name and k.ident == data[:4]), None)
        if key is None:
            continue
        if key.kind == KINDS["witness"]:
            seconds = int.from_bytes(data[4:12], "big")
            message, signature, part_of = f"cosignature/v1\ntime {seconds}\n{text}", data[12:], "witness"
        else:
            seconds, message, signature, part_of = None, text, data[4:], part
        if not ed25519(key.public, message.encode(), signature):
            raise Bad("forged", part_of)
        signers[name] = seconds
    return text, signers


def open_checkpoint(note: str, keys: list[Key], part: str = "checkpoint") -> Checkpoint:
    """A checkpoint that the log itself signed."""
    text, signers = open_note(note, keys, part)
    lines = text.split("\n")
    if len(lines) < 4 or not re.fullmatch(r"0|[1-9][0-9]{0,17}", lines[1]):
        raise Bad("unreadable", part)
    origin, root = lines[0], decode(lines[2])
    if origin not in {key.name for key in keys if key.kind == KINDS["log"]}:
        raise Bad("other_log", origin)
    if origin not in signers:
        raise Bad("forged", part)
    return Checkpoint(origin, int(lines[1]), root, {n: t for n, t in signers.items() if t is not None})
