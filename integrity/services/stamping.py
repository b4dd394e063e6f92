"""A time-stamping authority's token over the newest checkpoint, hourly (RFC 3161): a clock that is neither ours nor a witness's.

The response is kept as it came. Here only its status, nonce and digest are looked at; `openssl ts -verify` verifies it with the
authority's certificate, which is the reader's to choose: docs/ledger.md.
"""

from __future__ import annotations

import hashlib
import secrets
import urllib.request
from typing import Any

from integrity.services.witnessing import PATIENCE, Unwilling

EVERY_SECONDS = 3600
LONGEST_ANSWER = 64 * 1024
SHA256 = bytes.fromhex("300d06096086480165030402010500")
DUE = """
SELECT c.size, c.note FROM integrity_ledgercheckpoint c
WHERE NOT EXISTS (SELECT FROM integrity_ledgertoken t WHERE t.stamped_at > clock_timestamp() - %s * interval '1 second'
                  OR t.checkpoint_id = c.size)
ORDER BY c.size DESC LIMIT 1
"""
KEEP = "INSERT INTO integrity_ledgertoken (checkpoint_id, authority, token, stamped_at) VALUES (%s, %s, %s, clock_timestamp())"


class Authority:
    """One time-stamping authority at its address."""

    def __init__(self, url: str) -> None:
        """`url` as the authority gives it."""
        self.url, self.refusal = url, ""

    def round(self, connection: Any) -> bool:
        """Have the newest checkpoint stamped if an hour has passed; whether there is a new token."""
        with connection, connection.cursor() as cursor:
            cursor.execute(DUE, [EVERY_SECONDS])
            row = cursor.fetchone()
            if row is None:
                return False
            token = self.stamp(bytes(row[1]))
            cursor.execute(KEEP, [row[0], self.url[:200], token])
        return True

    def stamp(self, data: bytes) -> bytes:
        """The authority's response for these bytes; `Unwilling` if it is not one for our request."""
        digest, nonce = hashlib.sha256(data).digest(), secrets.token_bytes(8)
        headers = {"Content-Type": "application/timestamp-query"}
        request = urllib.request.Request(self.url, asked(digest, nonce), headers)  # noqa: S310 - http or https, from the operator
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
                response = answer.read(LONGEST_ANSWER)
        except OSError as failed:
            raise Unwilling(f"{self.url} can't be reached ({type(failed).__name__})") from None
        if not granted(response) or _octets(digest) not in response or _integer(nonce) not in response:
            raise Unwilling(f"{self.url} sent no token for what was asked")
        return response


def asked(digest: bytes, nonce: bytes) -> bytes:
    """TimeStampReq: version 1, SHA-256 imprint, nonce, the certificate wanted along."""
    imprint = _wrapped(0x30, SHA256 + _octets(digest))
    return _wrapped(0x30, b"\x02\x01\x01" + imprint + _integer(nonce) + b"\x01\x01\xff")


def granted(response: bytes) -> bool:
    """Whether a TimeStampResp begins with the status granted, or granted with modifications."""
    try:
        status = _inside(_inside(response))
    except (IndexError, ValueError):
        return False
    return status[:3] in (b"\x02\x01\x00", b"\x02\x01\x01")


def _inside(data: bytes) -> bytes:
    if data[0] != 0x30:
        raise ValueError("not a sequence")
    begin = 2 if data[1] < 0x80 else 2 + (data[1] & 0x7F)
    return data[begin:]


def _octets(data: bytes) -> bytes:
    return _wrapped(0x04, data)


def _integer(data: bytes) -> bytes:
    """Positive and without leading zeros, as DER wants it."""
    bare = data.lstrip(b"\x00") or b"\x00"
    return _wrapped(0x02, b"\x00" + bare if bare[0] & 0x80 else bare)


def _wrapped(tag: int, content: bytes) -> bytes:
    """Tag, short length, content: nothing asked is longer than 127 bytes."""
    return bytes([tag, len(content)]) + content
