"""The whole public log rebuilt from the events: every leaf, every tile, every checkpoint's root and signature, the signer's own memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from integrity.ledger.note import Malformed, VerifierKey, open_checkpoint
from integrity.ledger.tiles import HASH, WIDTH, Edge, split, tile_path
from integrity.ledger.tree import CompactRange, whole_root
from integrity.selectors.snapshots import fetched, rows_of
from integrity.services.signing import Signed
from integrity.services.verification.words import Finding

#: Seconds that clocks may differ, and an event may wait for its commit.
TOLERANCE = 60.0
LEAVES = """
SELECT l.index, l.stream, l.number, e.leaf_hash, extract(epoch FROM e.recorded_at)::float8
FROM integrity_ledgerleaf l LEFT JOIN workflow_event e ON e.stream = l.stream AND e.number = l.number ORDER BY l.index
"""
BOTTOM = "SELECT index, data FROM integrity_ledgertile WHERE level = 0 ORDER BY index"
TILE = "SELECT data FROM integrity_ledgertile WHERE level = %s AND index = %s"
CHECKPOINTS = """
SELECT c.size, c.root, c.note, c.drained, extract(epoch FROM coalesce(
    (SELECT min(s.cosigned_at) FROM integrity_ledgercosignature s WHERE s.checkpoint_id = c.size), c.signed_at))::float8
FROM integrity_ledgercheckpoint c ORDER BY c.size
"""


class Leaf(NamedTuple):
    """A place of the log and the event that stands there; no hash and no time if the event is gone."""

    place: int
    stream: str
    number: int
    hash: memoryview | None
    recorded: float | None


class Head(NamedTuple):
    """A checkpoint: `known_at` is the first witness's clock, or ours where no witness saw it."""

    size: int
    root: memoryview
    note: memoryview
    drained: bool
    known_at: float


class Tree:
    """One walk over the leaves in their order, with tiles and checkpoints walking along."""

    def __init__(self, key: VerifierKey | None, memory: Signed | None, *, lower_bounds: bool) -> None:
        """`memory` is what the signer remembers, where this process may read it; `lower_bounds` off where a demo shifted its time."""
        self.key, self.memory, self.lower_bounds = key, memory, lower_bounds
        self.whole, self.upper = CompactRange(), Edge(0, lambda *_: b"")
        self.size = self.checkpoints = 0
        self._tail: list[bytes] = []
        self._heads = self._each(CHECKPOINTS, Head)
        self._head: Head | None = next(self._heads, None)
        self._after = 0.0

    def check(self) -> Iterator[Finding | int]:
        """Findings, and from time to time how many leaves were checked."""
        tiles = self._each(BOTTOM, tuple)
        group: list[Leaf] = []
        for leaf in self._each(LEAVES, Leaf):
            while leaf.place > self.size + len(group):
                place = self.size + len(group)
                yield Finding("place", f"integrity_ledgerleaf ({place})", "removed")
                group.append(Leaf(place, "", 0, None, None))
                if len(group) == WIDTH:
                    yield from self._group(group, next(tiles, None))
                    group = []
            group.append(leaf)
            if len(group) == WIDTH:
                yield from self._group(group, next(tiles, None))
                group = []
                yield self.size
        if group:
            yield from self._group(group, next(tiles, None))
        yield from self._end()
        yield self.size

    def root(self) -> bytes:
        """Root of all leaves walked so far."""
        return self._root_with(self._tail)

    def _group(self, leaves: list[Leaf], tile: Any) -> Iterator[Finding]:
        """Up to 256 leaves and their tile. The tile's hashes build the tree, so that one changed event does not hide a changed tree."""
        index, data = self.size // WIDTH, bytes(tile[1]) if tile and tile[0] == self.size // WIDTH else b""
        if len(data) != len(leaves) * HASH:
            yield Finding(
                "tile", f"integrity_ledgertile (0, {index})", tile_path(0, index, len(data) // HASH or WIDTH)
            )
        hashes = split(data)[: len(leaves)]
        hashes += [bytes(leaf.hash or bytes(HASH)) for leaf in leaves[len(hashes) :]]
        for leaf, held in zip(leaves, hashes, strict=True):
            if leaf.hash is None and leaf.stream:
                yield at(leaf, "orphan")
            elif leaf.hash is not None and bytes(leaf.hash) != held:
                yield at(leaf, "place")
        yield from self._heads_within(leaves, hashes)
        self.size += len(leaves)
        if len(hashes) < WIDTH:
            self._tail = hashes
            return
        root = whole_root(hashes)
        self.whole.append_whole(root, 8)
        for above in self.upper.extend([root]):
            if above.is_whole:
                yield from self._upper(above.level + 1, above.index, above.data)

    def _heads_within(self, leaves: list[Leaf], hashes: list[bytes]) -> Iterator[Finding]:
        """The checkpoints whose size lies in this group, and each leaf's time between the ones around it."""
        begin = 0
        while self._head is not None and self._head.size <= self.size + len(leaves):
            head, end = self._head, self._head.size - self.size
            yield from self._times(leaves[begin:end], head.known_at)
            yield from self._signed(head, self._root_with(hashes[:end]))
            if head.drained:
                self._after = head.known_at
            self._head, begin = next(self._heads, None), end
        yield from self._times(leaves[begin:], self._head.known_at if self._head else None)
        signed = self.memory
        if signed and self.size < signed.size <= self.size + len(leaves):
            if self._root_with(hashes[: signed.size - self.size]) == signed.root:
                return
            yield Finding("memory", f"integrity_ledgertree, first {signed.size}", "another root")

    def _times(self, leaves: list[Leaf], until: float | None) -> Iterator[Finding]:
        low = self._after - TOLERANCE if self.lower_bounds else 0.0
        high = until + TOLERANCE if until is not None else float("inf")
        for leaf in leaves:
            if leaf.recorded is not None and not low <= leaf.recorded <= high:
                yield at(leaf, "bracket", "earlier" if leaf.recorded < low else "later")

    def _signed(self, head: Head, root: bytes) -> Iterator[Finding]:
        self.checkpoints += 1
        where = f"integrity_ledgercheckpoint ({head.size})"
        try:
            if self.key is not None:
                said, _note = open_checkpoint(bytes(head.note), self.key)
                if (said.size, said.root) != (head.size, bytes(head.root)):
                    yield Finding("signature", where, "columns")
        except (Malformed, ValueError) as wrong:
            yield Finding("signature", where, str(wrong))
        if root != bytes(head.root):
            yield Finding("root", where)

    def _upper(self, level: int, index: int, data: bytes) -> Iterator[Finding]:
        row = rows_of(TILE, [level, index])
        if not row or bytes(row[0][0]) != data:
            yield Finding(
                "tile", f"integrity_ledgertile ({level}, {index})", tile_path(level, index, len(data) // HASH)
            )

    def _end(self) -> Iterator[Finding]:
        for level, index, data in self._open_tiles():
            yield from self._upper(level, index, data)
        size, root = rows_of("SELECT size, root FROM integrity_ledgertree")[0]
        if size != self.size or (size and bytes(root) != self.root()):
            yield Finding("root", "integrity_ledgertree (1)", f"{size}, leaves {self.size}")
        for head in filter(None, [self._head, *self._heads]):
            yield Finding(
                "root", f"integrity_ledgercheckpoint ({head.size})", f"only {self.size} leaves are there"
            )
        if self.memory and self.memory.size > self.size:
            yield Finding(
                "memory", "integrity_ledgertree (1)", f"{self.memory.size} were signed, {self.size} are there"
            )

    def _open_tiles(self) -> Iterator[tuple[int, int, bytes]]:
        """The upper tiles that aren't full yet."""
        for level, index, data in self.upper.open_tiles():
            yield level + 1, index, data

    def _root_with(self, hashes: list[bytes]) -> bytes:
        tree = CompactRange(self.whole.size, self.whole.hashes)
        for held in hashes:
            tree.append(held)
        return tree.root()

    @staticmethod
    def _each(query: str, make: Any) -> Iterator[Any]:
        build = make._make if hasattr(make, "_make") else make
        for rows in fetched(query):
            for row in rows:
                yield build(row)


def at(leaf: Leaf, what: str, detail: str = "") -> Finding:
    """A finding about this place."""
    row = f"integrity_ledgerleaf ({leaf.place}) → workflow_event ({leaf.stream}, {leaf.number})"
    return Finding(what, row, detail, leaf.stream, leaf.number)
