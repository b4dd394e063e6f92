"""Asking witnesses for their co-signatures (C2SP tlog-witness) and, hourly, a time-stamping authority for its token (RFC 3161).

Each in a thread of its own with a connection of its own: an absent witness keeps nobody waiting, the log goes on without.
"""

from __future__ import annotations

import base64
import logging
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from integrity.ledger.note import (
    Forged,
    Malformed,
    Signature,
    VerifierKey,
    parse_note,
    parse_vkey,
    signatures_by,
)
from integrity.ledger.tiles import reader
from integrity.ledger.tree import consistency_proof
from integrity.services.sequencing import tile_loader

logger = logging.getLogger(__name__)

PATIENCE = 5.0
#: A checkpoint is co-signed again after this many seconds without a new one: what comes next is then known to be later.
REFRESH = 300
LONGEST_ANSWER = 16_384
NEWEST = "SELECT size, note FROM integrity_ledgercheckpoint ORDER BY size DESC LIMIT 1"
SEEN = """
SELECT checkpoint_id, max(cosigned_at) FROM integrity_ledgercosignature WHERE witness = %s
GROUP BY checkpoint_id ORDER BY checkpoint_id DESC LIMIT 1
"""
KEEP = """
INSERT INTO integrity_ledgercosignature (checkpoint_id, witness, line, cosigned_at) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING
"""


class Unwilling(Exception):
    """The witness did not co-sign; the sentence says why."""


class Conflict(Exception):
    """The witness has seen another size than we thought."""

    def __init__(self, size: int) -> None:
        """The size it has seen."""
        super().__init__(size)
        self.size = size


class Witness:
    """One witness: its key, its address, what it last said."""

    def __init__(self, key: str, url: str) -> None:
        """`key` as the witness prints it."""
        self.key: VerifierKey = parse_vkey(key)
        self.url = url
        self.refusal = ""

    def round(self, connection: Any) -> bool:
        """Have the newest checkpoint co-signed if it isn't, or not lately; whether there is a new line."""
        with connection, connection.cursor() as cursor:
            cursor.execute(NEWEST)
            newest = cursor.fetchone()
            cursor.execute(SEEN, [self.key.name])
            seen_size, seen_at = cursor.fetchone() or (0, None)
            if newest is None:
                return False
            size, note = newest[0], bytes(newest[1])
            if seen_size == size and seen_at and (datetime.now(UTC) - seen_at).total_seconds() < REFRESH:
                return False
            prove = _prover(cursor, size)
            try:
                line = self.ask(seen_size, note, prove)
            except Conflict as conflict:
                if conflict.size > size:
                    raise Unwilling(
                        f"{self.key.name} has seen {conflict.size} entries, the log shows {size}: the database is older than the log"
                    ) from None
                line = self.ask(conflict.size, note, prove)
            when = datetime.fromtimestamp(line.signed_at, UTC)
            cursor.execute(KEEP, [size, self.key.name, line.line, when])
        return True

    def ask(self, old: int, note: bytes, prove: Callable[[int], list[bytes]]) -> Signature:
        """Its line under this checkpoint; `Conflict` if it knows another size, `Unwilling` if it won't."""
        body = f"old {old}\n" + "".join(base64.b64encode(step).decode() + "\n" for step in prove(old)) + "\n"
        address = f"{self.url}/add-checkpoint"  # http or https: config/env.py takes no other
        request = urllib.request.Request(address, body.encode() + note, method="POST")  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
                lines = answer.read(LONGEST_ANSWER)
        except urllib.error.HTTPError as answer:
            said = answer.read(LONGEST_ANSWER).decode(errors="replace").strip()
            if answer.code == 409 and said.isascii() and said.isdecimal() and int(said) != old:
                raise Conflict(int(said)) from None
            raise Unwilling(f"{self.key.name} answered {answer.code}: {said[:160]}") from None
        except OSError as failed:
            raise Unwilling(f"{self.key.name} can't be reached ({type(failed).__name__})") from None
        return self._own_line(note, lines)

    def _own_line(self, note: bytes, lines: bytes) -> Signature:
        text = parse_note(note).text
        try:
            found = signatures_by(parse_note(text.encode() + b"\n" + lines), [self.key])
        except (Malformed, Forged) as wrong:
            raise Unwilling(f"{self.key.name} sent a line that does not fit: {wrong}") from None
        if not found:
            raise Unwilling(f"{self.key.name} sent no line of its own")
        return found[0][1]


class Rounds(threading.Thread):
    """Asks again and again until told to stop; a failure is said once, and asked about ever more rarely."""

    def __init__(self, who: Any, connect: Callable[[], Any], pause: float = 1.0) -> None:
        """`who` has a `round(connection)` and a `refusal`."""
        super().__init__(daemon=True, name=type(who).__name__)
        self.who, self.connect, self.pause = who, connect, pause
        self.stopping = threading.Event()

    def run(self) -> None:
        """Until stopped."""
        connection, wait = None, self.pause
        while not self.stopping.wait(wait):
            try:
                connection = connection or self.connect()
                self.who.round(connection)
            except Exception as failed:  # noqa: BLE001  one who fails must not take the log along
                wait = min(60.0, wait * 2)
                self._tell(str(failed) if isinstance(failed, Unwilling) else type(failed).__name__)
                if connection is not None and connection.closed:
                    connection = None
            else:
                wait = self.pause
                self._tell("")
        if connection is not None:
            connection.close()

    def _tell(self, refusal: str) -> None:
        if refusal and refusal != self.who.refusal:
            logger.warning("%s", refusal)
        self.who.refusal = refusal


def _prover(cursor: Any, size: int) -> Callable[[int], list[bytes]]:
    read = reader(tile_loader(cursor), size)
    return lambda old: consistency_proof(read, old, size)
