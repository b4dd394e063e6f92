"""Giving events their places in the public log: a batch is one transaction, a signature another.

Safe to kill anywhere: a batch is there or not, with its leaves, tiles and size; the queue gives back what was not. Safe to run twice: the
tree's row is locked, whoever comes second waits and finds the queue shorter.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from psycopg2.extras import execute_values  # type: ignore[import-untyped]

from integrity.ledger.note import Checkpoint
from integrity.ledger.tiles import HASH, Edge, Tile, reader
from integrity.ledger.tree import EMPTY_ROOT, consistency_proof
from integrity.services.signing import Refused, StatefulSigner

BATCH = 5000
#: A checkpoint with nothing older than this in the queue bounds from below the time of whatever comes after it.
DRAINED_SECONDS = 5

TREE = "SELECT size, root, origin, key FROM integrity_ledgertree WHERE id = 1 FOR UPDATE"
KNOWN = "SELECT coalesce(max(size), 0) FROM integrity_ledgercheckpoint"
TAKE = """
WITH taken AS (
    DELETE FROM workflow_ledgerqueue WHERE qid IN (SELECT qid FROM workflow_ledgerqueue ORDER BY qid LIMIT %(limit)s)
    RETURNING qid, stream, number, leaf_hash
), placed AS (
    SELECT %(size)s + row_number() OVER (ORDER BY qid) - 1 AS index, stream, number, leaf_hash FROM taken
), leaves AS (
    INSERT INTO integrity_ledgerleaf (index, stream, number) SELECT index, stream, number FROM placed
)
SELECT leaf_hash FROM placed ORDER BY index
"""
PUT = """
INSERT INTO integrity_ledgertile (level, index, data) VALUES %s
ON CONFLICT (level, index) DO UPDATE SET data = EXCLUDED.data
"""
GROW = "UPDATE integrity_ledgertree SET size = %s, root = %s, grown_at = clock_timestamp(), beat_at = clock_timestamp() WHERE id = 1"
DRAINED = """
SELECT coalesce((SELECT queued_at FROM workflow_ledgerqueue ORDER BY qid LIMIT 1) > clock_timestamp() - %s * interval '1 second', true)
"""
SIGNED = """
INSERT INTO integrity_ledgercheckpoint (size, root, note, signed_at, drained) VALUES (%s, %s, %s, clock_timestamp(), %s)
ON CONFLICT (size) DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class _State:
    size: int
    root: bytes
    known: int


class Sequencer:
    """One connection as the sequencer's role, the signer, and the tree's right edge remembered between batches."""

    def __init__(self, connection: Any, signer: StatefulSigner, batch: int = BATCH) -> None:
        """Nothing is read yet."""
        self.connection, self.signer, self.batch = connection, signer, batch
        self._edge: Edge | None = None

    def integrate(self) -> int:
        """Take a batch from the queue, the oldest first; how many events got a place."""
        with self._tree() as (cursor, state):
            self.signer.insist_on(state.size, state.root, state.known)
            edge = self._edge_at(cursor, state)
            cursor.execute(TAKE, {"limit": self.batch, "size": state.size})
            leaves = [bytes(row[0]) for row in cursor.fetchall()]
            if leaves:
                self._put(cursor, edge.extend(leaves))
                cursor.execute(GROW, [edge.size, edge.root()])
            else:
                cursor.execute("UPDATE integrity_ledgertree SET beat_at = clock_timestamp() WHERE id = 1")
        return len(leaves)

    def sign(self) -> int:
        """Sign the tree as it stands if it grew since the last checkpoint; its size, 0 if there was nothing to sign."""
        with self._tree() as (cursor, state):
            if state.size == state.known:
                return 0
            cursor.execute(DRAINED, [DRAINED_SECONDS])
            drained = cursor.fetchone()[0]
            read = reader(tile_loader(cursor), state.size)
            note = self.signer.sign(
                Checkpoint(self.signer.signer.verifier.name, state.size, state.root),
                lambda old, new: consistency_proof(read, old, new),
                known=state.known,
            )
            cursor.execute(SIGNED, [state.size, state.root, note.raw, drained])
        return state.size

    def adopt(self) -> int:
        """Take the newest checkpoint for the signer's lost memory."""
        with self._tree() as (cursor, _state):
            cursor.execute("SELECT note FROM integrity_ledgercheckpoint ORDER BY size DESC LIMIT 1")
            row = cursor.fetchone()
            if row is None:
                raise Refused("Nothing was signed yet: there is nothing to adopt.")
            return self.signer.adopt(bytes(row[0])).size

    def tell(self, refusal: str) -> None:
        """Let the pages know why the log stands still; empty: it goes on."""
        with self.connection, self.connection.cursor() as cursor:
            cursor.execute(
                "UPDATE integrity_ledgertree SET refusal = %s WHERE id = 1 AND refusal <> %s",
                [refusal[:400]] * 2,
            )

    @contextmanager
    def _tree(self) -> Iterator[tuple[Any, _State]]:
        """A transaction that holds the tree's row. What was remembered is forgotten if it fails."""
        try:
            with self.connection, self.connection.cursor() as cursor:
                cursor.execute(TREE)
                size, root, origin, key = cursor.fetchone()
                self._insist_on_name(cursor, origin, key)
                cursor.execute(KNOWN)
                yield cursor, _State(size, bytes(root) if size else EMPTY_ROOT, cursor.fetchone()[0])
        except BaseException:
            self._edge = None
            raise

    def _insist_on_name(self, cursor: Any, origin: str, key: str) -> None:
        verifier = self.signer.signer.verifier
        if not origin:
            cursor.execute(
                "UPDATE integrity_ledgertree SET origin = %s, key = %s WHERE id = 1",
                [verifier.name, verifier.vkey],
            )
        elif origin != verifier.name:
            raise Refused(
                f"The log is called {origin}; TONGDIAN_LEDGER_ORIGIN says {verifier.name}. A log's name never changes."
            )
        elif key != verifier.vkey:
            raise Refused(
                "TONGDIAN_LEDGER_SEED is not the seed this log was begun with. Bring the right one back."
            )

    def _edge_at(self, cursor: Any, state: _State) -> Edge:
        """The right edge, from memory if it still is the tree's; read from its tiles otherwise, and held against the tree's root."""
        if self._edge is None or self._edge.size != state.size or self._edge.root() != state.root:
            try:
                self._edge = Edge(state.size, tile_loader(cursor))
                root = self._edge.root()
            except LookupError as missing:
                raise Refused(f"A tile of the log was damaged: {missing}.") from None
            if root != state.root:
                raise Refused("The log's tiles don't lead to its root: one of them was changed.")
        return self._edge

    @staticmethod
    def _put(cursor: Any, tiles: list[Tile]) -> None:
        execute_values(cursor, PUT, [(tile.level, tile.index, tile.data) for tile in tiles])


def tile_loader(cursor: Any) -> Any:
    """Reads tiles as the role behind this cursor."""

    def load(level: int, index: int, width: int) -> bytes:
        cursor.execute(
            "SELECT substr(data, 1, %s) FROM integrity_ledgertile WHERE level = %s AND index = %s",
            [width * HASH, level, index],
        )
        row = cursor.fetchone()
        return bytes(row[0]) if row else b""

    return load
