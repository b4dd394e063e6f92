"""The tree of RFC 9162 and its tiles, as a stranger reads them. Written apart from what writes the log, so that a mistake there shows."""

from __future__ import annotations

import hashlib
from collections.abc import Callable


class Bad(Exception):
    """The check ends here: outcome and part."""

    def __init__(self, outcome: str, part: str) -> None:
        """Keep both."""
        super().__init__(outcome, part)
        self.outcome, self.part = outcome, part


def leaf_hash(data: bytes) -> bytes:
    """Hash of an entry."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of two halves."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_from_path(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """The root that this path leads to from a leaf; Bad if the path has not the length it must have."""
    here, last, root, rest = index, size - 1, leaf, list(path)
    while last:
        if here & 1 or here < last:
            if not rest:
                raise Bad("forged", "path")
            root = node_hash(rest.pop(0), root) if here & 1 else node_hash(root, rest.pop(0))
        here, last = here >> 1, last >> 1
    if rest:
        raise Bad("forged", "path")
    return root


def consistent(old: tuple[int, bytes], new: tuple[int, bytes], proof: list[bytes]) -> bool:
    """Whether the older head is a beginning of the newer one (RFC 9162, 2.1.4.2); heads as (size, root)."""
    (old_size, old_root), (new_size, new_root) = old, new
    if old_size == new_size:
        return old_root == new_root and not proof
    path = ([old_root] if old_size & (old_size - 1) == 0 else []) + proof
    if not path:
        return False
    first, last = old_size - 1, new_size - 1
    while first & 1:
        first, last = first >> 1, last >> 1
    was = now = path[0]
    for item in path[1:]:
        if last == 0:
            return False
        if first & 1 or first == last:
            was, now = node_hash(item, was), node_hash(item, now)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            now = node_hash(now, item)
        first, last = first >> 1, last >> 1
    return last == 0 and was == old_root and now == new_root


class Tiles:
    """A log as it is served today (tlog-tiles). Every hash is drawn from the lowest level that is needed, and each tile fetched once."""

    def __init__(self, fetch: Callable[[str], bytes], size: int) -> None:
        """`fetch` gets a path below the log's address."""
        self.fetch, self.size, self.kept = fetch, size, {}  # type: ignore[var-annotated]

    def tile(self, level: str, shift: int, number: int) -> bytes:
        """One tile, whole or as wide as the log has filled it."""
        if (level, number) not in self.kept:
            width = min(256, (self.size >> shift) - number * 256)
            digits = f"{number:0{-(-len(str(number)) // 3) * 3}d}"
            parts = [digits[i : i + 3] for i in range(0, len(digits), 3)]
            name = "/".join([f"x{part}" for part in parts[:-1]] + parts[-1:])
            self.kept[level, number] = self.fetch(
                f"tile/{level}/{name}" + (f".p/{width}" if width < 256 else "")
            )
        return self.kept[level, number]

    def hash_of(self, height: int, index: int) -> bytes:
        """Root of the whole subtree of 2^height entries with this index."""
        if height % 8:
            return node_hash(self.hash_of(height - 1, 2 * index), self.hash_of(height - 1, 2 * index + 1))
        found = self.tile(str(height // 8), height, index // 256)[index % 256 * 32 :][:32]
        if len(found) != 32:
            raise Bad("changed", "tiles")
        return found

    def root(self, low: int, high: int) -> bytes:
        """Root of the entries low…high-1, where low is a multiple of the next power of two."""
        n = high - low
        half = 1 << (n - 1).bit_length() - 1 if n > 1 else 1
        if n == half or n == 2 * half:
            height = n.bit_length() - 1
            return self.hash_of(height, low >> height)
        return node_hash(self.root(low, low + half), self.root(low + half, high))

    def path(self, index: int, low: int, high: int) -> list[bytes]:
        """The siblings of an entry, its own first."""
        if high - low == 1:
            return []
        middle = low + (1 << (high - low - 1).bit_length() - 1)
        if index < middle:
            return [*self.path(index, low, middle), self.root(middle, high)]
        return [*self.path(index, middle, high), self.root(low, middle)]

    def entry(self, index: int) -> bytes:
        """The bytes of an entry."""
        data = self.tile("entries", 0, index // 256)
        for _skipped in range(index % 256):
            data = data[2 + int.from_bytes(data[:2], "big") :]
        return data[2 : 2 + int.from_bytes(data[:2], "big")]

    def find(self, leaf: bytes) -> int | None:
        """Where a leaf stands, looked for from the newest on."""
        for number in range((self.size - 1) // 256, -1, -1):
            tile = self.tile("0", 0, number)
            for i in range(0, len(tile), 32):
                if tile[i : i + 32] == leaf:
                    return number * 256 + i // 32
        return None
