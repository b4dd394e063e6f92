"""Some events' places in the public log, each proven against the newest checkpoint: what a case or a stretch of time asks for."""

from __future__ import annotations

from collections.abc import Iterator

from integrity.ledger.note import Checkpoint
from integrity.ledger.tiles import HASH, reader
from integrity.ledger.tree import includes, inclusion_proof
from integrity.selectors.snapshots import fetched, rows_of
from integrity.services.verification.tree import TOLERANCE, Leaf, at
from integrity.services.verification.words import Finding

PLACES = """
SELECT l.index, l.stream, l.number, e.leaf_hash, extract(epoch FROM e.recorded_at)::float8,
    extract(epoch FROM (SELECT coalesce((SELECT min(s.cosigned_at) FROM integrity_ledgercosignature s WHERE s.checkpoint_id = c.size), c.signed_at)
        FROM integrity_ledgercheckpoint c WHERE c.drained AND c.size <= l.index ORDER BY c.size DESC LIMIT 1))::float8,
    extract(epoch FROM (SELECT coalesce((SELECT min(s.cosigned_at) FROM integrity_ledgercosignature s WHERE s.checkpoint_id = c.size), c.signed_at)
        FROM integrity_ledgercheckpoint c WHERE c.size > l.index ORDER BY c.size LIMIT 1))::float8
FROM integrity_ledgerleaf l LEFT JOIN workflow_event e ON e.stream = l.stream AND e.number = l.number
WHERE l.stream = ANY(%s) ORDER BY l.index
"""
UNPLACED = """
SELECT e.stream, e.number FROM workflow_event e
WHERE NOT EXISTS (SELECT FROM integrity_ledgerleaf l WHERE l.stream = e.stream AND l.number = e.number)
  AND NOT EXISTS (SELECT FROM workflow_ledgerqueue q WHERE q.stream = e.stream AND q.number = e.number) {}
"""
WAITING = """
SELECT q.stream, q.number, q.queued_at < clock_timestamp() - %s * interval '1 second', e.leaf_hash IS DISTINCT FROM q.leaf_hash
FROM workflow_ledgerqueue q LEFT JOIN workflow_event e ON e.stream = q.stream AND e.number = q.number
WHERE (q.queued_at < clock_timestamp() - %s * interval '1 second' OR e.leaf_hash IS DISTINCT FROM q.leaf_hash) {} ORDER BY q.qid
"""


def load_tile(level: int, index: int, width: int) -> bytes:
    """A tile as wide as asked for, or as it is."""
    row = rows_of(
        "SELECT substr(data, 1, %s) FROM integrity_ledgertile WHERE level = %s AND index = %s",
        [width * HASH, level, index],
    )
    return bytes(row[0][0]) if row else b""


def check_places(
    streams: list[str], head: Checkpoint | None, *, lower_bounds: bool
) -> Iterator[Finding | int]:
    """Each event of these streams: its hash at its place, the path from there to the checkpoint, its time between those around it."""
    read, count = reader(load_tile, head.size if head else 0), 0
    for rows in fetched(PLACES, [streams]):
        for *values, after, until in rows:
            leaf = Leaf._make(values)
            count += 1
            if leaf.hash is None or leaf.recorded is None:
                yield at(leaf, "orphan")
                continue
            if head and leaf.place < head.size:
                yield from _proven(leaf, read, head)
            low = after - TOLERANCE if lower_bounds and after is not None else 0.0
            high = until + TOLERANCE if until is not None else float("inf")
            if not low <= leaf.recorded <= high:
                yield at(leaf, "bracket", "earlier" if leaf.recorded < low else "later")
        yield count


def check_waiting(streams: list[str] | None) -> Iterator[Finding]:
    """Events without a place: those that wait too long, those that don't even wait, and those queued with another hash than they have."""
    only, values = ("", []) if streams is None else ("AND {}.stream = ANY(%s)", [streams])
    for stream, number in rows_of(UNPLACED.format(only.format("e")), values):
        yield _event("unplaced", stream, number)
    for stream, number, late, other in rows_of(
        WAITING.format(only.format("q")), [TOLERANCE, TOLERANCE, *values]
    ):
        if late:
            yield _event("waiting", stream, number)
        if other:
            yield Finding(
                "place",
                f"workflow_ledgerqueue ({stream}, {number})",
                "queued with another hash",
                stream,
                number,
            )


def _proven(leaf: Leaf, read: object, head: Checkpoint) -> Iterator[Finding]:
    try:
        proof = inclusion_proof(read, leaf.place, head.size)  # type: ignore[arg-type]
    except LookupError as cut:
        yield Finding("tile", "integrity_ledgertile", str(cut), leaf.stream, leaf.number)
        return
    if not includes(bytes(leaf.hash or b""), leaf.place, head.size, proof, head.root):
        yield at(leaf, "place")


def _event(what: str, stream: str, number: int) -> Finding:
    return Finding(what, f"workflow_event ({stream}, {number})", "", stream, number)
