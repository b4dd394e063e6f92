"""Encryption of personal columns: an AES-256-GCM keyring and a blind index.

A copied database file or backup must not give away names and phone numbers, so they are encrypted before they
reach the database. Every token names its key, so a new key can be put in front of the ring while old rows are
still readable. The blind index lets a phone number be found without being readable.
"""

import hashlib
import hmac
import os
from dataclasses import dataclass
from functools import cached_property, lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

VERSION = 1
KEY_BYTES = 32
NONCE_BYTES = 12
# Published with the source, so it protects nothing: demo and test databases only.
DEMO_KEY = b"tongdian-demo-key-not-a-secret!!"
UNSAFE_IDS = ("demo", "test", "default", "example", "changeme")
MIN_DISTINCT_BYTES = 12

Pairs = tuple[tuple[str, bytes], ...]


class DecryptionError(Exception):
    """A token was changed, belongs to another column, or names a key that is not on the ring."""


@dataclass(frozen=True)
class Keyring:
    """The keys in the order of the setting: the first encrypts, all of them decrypt, the last one indexes.

    The index hangs on the oldest key so that adding a key does not orphan what is already indexed.
    """

    keys: dict[str, bytes]

    @property
    def first_id(self) -> str:
        return next(iter(self.keys))

    @cached_property
    def index_key(self) -> bytes:
        oldest = list(self.keys.values())[-1]
        return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"tongdian blind index v1").derive(oldest)

    def encrypt(self, text: str, context: str) -> bytes:
        """The token for `text`, bound to `context` (the column): it can't be moved to another one."""
        header = _header(self.first_id)
        nonce = os.urandom(NONCE_BYTES)
        sealed = AESGCM(self.keys[self.first_id]).encrypt(nonce, text.encode(), header + context.encode())
        return header + nonce + sealed

    def decrypt(self, token: bytes, context: str) -> str:
        """The text in `token`. Raises DecryptionError: a damaged name is never shown as if it were one."""
        key_id, header, rest = _split(token)
        key = self.keys.get(key_id)
        if key is None:
            raise DecryptionError(
                f"TONGDIAN_FIELD_KEYS has no key {key_id!r}; it is needed to read older rows."
            )
        try:
            plain = AESGCM(key).decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], header + context.encode())
        except (InvalidTag, ValueError) as error:
            raise DecryptionError(f"The value in {context} was changed or does not belong there.") from error
        return plain.decode()

    def blind_index(self, text: str, purpose: str) -> str:
        """A keyed fingerprint (64 hex digits) by which equal texts of one purpose are found."""
        return hmac.new(self.index_key, f"{purpose}\0{text}".encode(), hashlib.sha256).hexdigest()


def why_unfit_for_production(pairs: Pairs) -> str | None:
    """Why this keyring must not guard real people's data; nothing if it may."""
    for key_id, key in pairs:
        if key == DEMO_KEY or key_id.lower().startswith(UNSAFE_IDS) or len(set(key)) < MIN_DISTINCT_BYTES:
            return (
                f"TONGDIAN_FIELD_KEYS: key {key_id!r} is a demo or guessable key. Make one with "
                "`openssl rand -base64 32` and keep it apart from the backups."
            )
    return None


def keyring() -> Keyring:
    """The ring of the running settings."""
    return _ring(tuple(settings.FIELD_KEYS))


def encrypt(text: str, context: str) -> bytes:
    """See Keyring.encrypt; with the running settings."""
    return keyring().encrypt(text, context)


def decrypt(token: bytes, context: str) -> str:
    """See Keyring.decrypt; with the running settings."""
    return keyring().decrypt(token, context)


def blind_index(text: str, purpose: str) -> str:
    """See Keyring.blind_index; with the running settings."""
    return keyring().blind_index(text, purpose)


@lru_cache(maxsize=8)
def _ring(pairs: Pairs) -> Keyring:
    if not pairs or len(dict(pairs)) != len(pairs):
        raise ImproperlyConfigured("TONGDIAN_FIELD_KEYS needs at least one key, each with an id of its own.")
    if any(len(key) != KEY_BYTES for _, key in pairs):
        raise ImproperlyConfigured("TONGDIAN_FIELD_KEYS: every key is exactly 32 bytes.")
    return Keyring(dict(pairs))


def _header(key_id: str) -> bytes:
    encoded = key_id.encode()
    return bytes((VERSION, len(encoded))) + encoded


def _split(token: bytes) -> tuple[str, bytes, bytes]:
    if len(token) < 2 or token[0] != VERSION or len(token) < 2 + token[1] + NONCE_BYTES:
        raise DecryptionError("The value is not a token of this keyring.")
    end = 2 + token[1]
    return token[2:end].decode(errors="replace"), token[:end], token[end:]
