"""The tree over all events: hashes, proofs and their verification as RFC 9162 (and RFC 6962, the same tree) has them. Pure.

A proof asks for hashes of whole subtrees through a `Reader`, so that the same code works on a list, on tiles, or over the network.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence

EMPTY_ROOT = hashlib.sha256(b"").digest()

#: Hash of the whole subtree with 2**level leaves that begins at leaf index·2**level.
Reader = Callable[[int, int], bytes]


def leaf_hash(data: bytes) -> bytes:
    """SHA-256(0, data): no leaf can be taken for a node."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(1, left, right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def whole_root(hashes: Sequence[bytes]) -> bytes:
    """Root of a subtree whose number of hashes is a power of two."""
    level = list(hashes)
    sha256 = hashlib.sha256
    while len(level) > 1:
        level = [sha256(b"\x01" + level[i] + level[i + 1]).digest() for i in range(0, len(level), 2)]
    return level[0]


class CompactRange:
    """A tree that grows by leaves and remembers only the roots of its whole subtrees: one per bit of its size."""

    def __init__(self, size: int = 0, hashes: Iterable[bytes] = ()) -> None:
        """An empty tree, or one whose whole subtrees (largest first) are known."""
        self.size = size
        self.hashes = list(hashes)
        if len(self.hashes) != size.bit_count():
            raise ValueError("one hash for each bit of the size")

    def append(self, leaf: bytes) -> None:
        """Add a leaf's hash."""
        size, hashes = self.size, self.hashes
        while size & 1:
            leaf = node_hash(hashes.pop(), leaf)
            size >>= 1
        hashes.append(leaf)
        self.size += 1

    def append_whole(self, root: bytes, level: int) -> None:
        """Add a whole subtree of 2**level leaves; the size so far is a multiple of it."""
        if self.size & ((1 << level) - 1):
            raise ValueError("a subtree begins at a multiple of its own size")
        size = self.size >> level
        while size & 1:
            root = node_hash(self.hashes.pop(), root)
            size >>= 1
        self.hashes.append(root)
        self.size += 1 << level

    def root(self) -> bytes:
        """Root of all leaves so far."""
        if not self.hashes:
            return EMPTY_ROOT
        root = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            root = node_hash(left, root)
        return root


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Root of these leaves' hashes."""
    tree = CompactRange()
    for leaf in leaves:
        tree.append(leaf)
    return tree.root()


def reader_of(leaves: Sequence[bytes]) -> Reader:
    """A reader over leaves held in memory: for tests and small trees."""

    def read(level: int, index: int) -> bytes:
        return whole_root(leaves[index << level : (index + 1) << level])

    return read


def whole_subtrees(begin: int, end: int) -> list[tuple[int, int]]:
    """The largest whole subtrees (level, index) that cover leaves begin … end, from left to right."""
    parts = []
    while begin < end:
        level = (end - begin).bit_length() - 1
        if begin:
            level = min(level, (begin & -begin).bit_length() - 1)
        parts.append((level, begin >> level))
        begin += 1 << level
    return parts


def range_root(read: Reader, begin: int, end: int) -> bytes:
    """Root of the leaves begin … end, where the range is one that proofs ask for (its left parts shrink)."""
    hashes = [read(level, index) for level, index in whole_subtrees(begin, end)]
    if not hashes:
        return EMPTY_ROOT
    root = hashes[-1]
    for left in reversed(hashes[:-1]):
        root = node_hash(left, root)
    return root


def inclusion_proof(read: Reader, index: int, size: int) -> list[bytes]:
    """The path from a leaf to the root of the first `size` leaves: the leaf's sibling first (RFC 9162, 2.1.3.1)."""
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not among the first {size}")
    path = []
    begin, end = 0, size
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if index < middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((begin, middle))
            begin = middle
    return [range_root(read, *part) for part in reversed(path)]


def consistency_proof(read: Reader, old: int, new: int) -> list[bytes]:
    """What shows that the first `old` leaves are a beginning of the first `new` ones (RFC 9162, 2.1.4.1)."""
    if not 0 <= old <= new:
        raise ValueError(f"{old} leaves are not a beginning of {new}")
    if old in (0, new):
        return []
    parts = []
    begin, end, whole = 0, new, True
    while old != end:
        middle = begin + _split(end - begin)
        if old <= middle:
            parts.append((middle, end))
            end = middle
        else:
            parts.append((begin, middle))
            begin, whole = middle, False
    if not whole:
        parts.append((begin, end))
    return [range_root(read, *part) for part in reversed(parts)]


def root_from_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """The root this path leads to; none if the path has another length than the tree asks for (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return None
    at, last, root = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return None
        if at & 1 or at == last:
            root = node_hash(step, root)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            root = node_hash(root, step)
        at, last = at >> 1, last >> 1
    return root if last == 0 else None


def includes(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the path proves that this leaf stands at this place under this root."""
    return root_from_inclusion(leaf, index, size, proof) == root


def is_consistent(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that the new tree begins with the old one (RFC 9162, 2.1.4.2)."""
    if not 0 <= old <= new:
        return False
    if old == new or old == 0:
        return not proof and (old_root == new_root if old == new else old_root == EMPTY_ROOT)
    steps = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not steps:
        return False
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    first = second = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            first, second = node_hash(step, first), node_hash(step, second)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            second = node_hash(second, step)
        at, last = at >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


def _split(count: int) -> int:
    """The largest power of two below `count`."""
    return 1 << ((count - 1).bit_length() - 1)
