"""The tree cut into files that never change (C2SP tlog-tiles): 256 hashes a tile, 256 events an entry bundle. Pure.

Why tiles: any web server or mirror can carry the whole log, a cache may keep all of it for ever, and every proof is a few files.
A stored tile only ever grows to the right, so that an older, narrower one is a beginning of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from integrity.ledger.tree import Reader, range_root, whole_root

HEIGHT = 8
WIDTH = 1 << HEIGHT
HASH = 32
MOST_ENTRY = 0xFFFF
HIGHEST_LEVEL = 63 // HEIGHT
PLACE = re.compile(r"(?P<index>(?:x[0-9]{3}/)*[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?")


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile's place and contents: level 0 holds leaf hashes, the next the roots of whole tiles below."""

    level: int
    index: int
    data: bytes

    @property
    def width(self) -> int:
        """How many hashes it holds so far."""
        return len(self.data) // HASH

    @property
    def is_whole(self) -> bool:
        """Whether it will never grow again."""
        return self.width == WIDTH


#: Contents of a tile, at least as wide as asked for.
Load = Callable[[int, int, int], bytes]


def number_path(index: int) -> str:
    """A number as folders of three digits: 1234067 is x001/x234/067."""
    parts = [f"{index % 1000:03d}"]
    while index >= 1000:
        index //= 1000
        parts.append(f"x{index % 1000:03d}")
    return "/".join(reversed(parts))


def tile_path(level: int | str, index: int, width: int = WIDTH) -> str:
    """Path of a tile, or of an entry bundle where level is `entries`; a narrower one names its width."""
    return f"tile/{level}/{number_path(index)}" + ("" if width == WIDTH else f".p/{width}")


def parse_place(text: str) -> tuple[int, int] | None:
    """The (index, width) that the end of a tile's path names; none if it is not written the one right way."""
    match = PLACE.fullmatch(text)
    if match is None:
        return None
    index = int(re.sub(r"[x/]", "", match["index"]))
    width = int(match["width"] or WIDTH)
    written = number_path(index) + ("" if match["width"] is None else f".p/{width}")
    return (index, width) if written == text and (match["width"] is None or width < WIDTH) else None


def width_at(level: int, index: int, size: int) -> int:
    """How many hashes this tile has in a tree of `size` leaves; 0 if it isn't there yet."""
    return max(0, min(WIDTH, (size >> (HEIGHT * level)) - index * WIDTH))


def reader(load: Load, size: int) -> Reader:
    """Reads subtrees' hashes from the tiles of a tree with `size` leaves; each tile is loaded once."""
    held: dict[tuple[int, int], bytes] = {}

    def read(level: int, index: int) -> bytes:
        row, rest = divmod(level, HEIGHT)
        number, begin = divmod(index << rest, WIDTH)
        if (row, number) not in held:
            held[row, number] = load(row, number, width_at(row, number, size))
        data = held[row, number]
        if len(data) < (begin + (1 << rest)) * HASH:
            raise LookupError(f"{tile_path(row, number)} is cut off")
        return whole_root(split(data[begin * HASH : (begin + (1 << rest)) * HASH]))

    return read


def split(data: bytes) -> list[bytes]:
    """The hashes of a tile."""
    return [data[at : at + HASH] for at in range(0, len(data), HASH)]


class Edge:
    """The right edge of a growing tree: at each level the tile that isn't full yet. All a sequencer needs to remember."""

    def __init__(self, size: int, load: Load) -> None:
        """The edge of a tree of `size` leaves, its open tiles loaded."""
        self.size = size
        self._open: list[bytearray] = []
        for level in range(HIGHEST_LEVEL + 1):
            rest = (size >> (HEIGHT * level)) % WIDTH
            if size >> (HEIGHT * level) == 0:
                break
            index = (size >> (HEIGHT * level)) // WIDTH
            data = load(level, index, rest)[: rest * HASH] if rest else b""
            if len(data) != rest * HASH:
                raise LookupError(f"{tile_path(level, index, rest)} is cut off")
            self._open.append(bytearray(data))

    def extend(self, leaves: Sequence[bytes]) -> list[Tile]:
        """Add leaves' hashes; the tiles that are new or wider now, the lowest level first."""
        begun = self.size
        self.size += len(leaves)
        tiles: list[Tile] = []
        level, coming = 0, list(leaves)
        while coming:
            if level == len(self._open):
                self._open.append(bytearray())
            place = (begun >> (HEIGHT * level)) // WIDTH
            fresh, coming = self._fill(level, place, coming)
            tiles += fresh
            level += 1
        return tiles

    def root(self) -> bytes:
        """Root of the whole tree, from the open tiles alone."""
        return range_root(self._read, 0, self.size)

    def open_tiles(self) -> list[tuple[int, int, bytes]]:
        """(level, index, data) of every tile that isn't full and isn't empty."""
        places = [(self.size >> (HEIGHT * level)) // WIDTH for level in range(len(self._open))]
        return [(level, places[level], bytes(data)) for level, data in enumerate(self._open) if data]

    def _fill(self, level: int, place: int, coming: list[bytes]) -> tuple[list[Tile], list[bytes]]:
        tiles, roots, held = [], [], self._open[level]
        at = 0
        while at < len(coming):
            room = WIDTH - len(held) // HASH
            held += b"".join(coming[at : at + room])
            at += room
            tile = Tile(level, place, bytes(held))
            tiles.append(tile)
            if tile.is_whole:
                roots.append(whole_root(split(tile.data)))
                held.clear()
                place += 1
        return tiles, roots

    def _read(self, level: int, index: int) -> bytes:
        row, rest = divmod(level, HEIGHT)
        begin = (index << rest) % WIDTH
        return whole_root(split(bytes(self._open[row][begin * HASH : (begin + (1 << rest)) * HASH])))


def bundle(entries: Iterable[bytes]) -> bytes:
    """An entry bundle: each entry behind its length in two bytes."""
    parts = []
    for entry in entries:
        if len(entry) > MOST_ENTRY:
            raise ValueError("an entry has at most 65535 bytes")
        parts.append(len(entry).to_bytes(2, "big") + entry)
    return b"".join(parts)


def entries_of(data: bytes) -> list[bytes]:
    """The entries of a bundle."""
    entries, at = [], 0
    while at < len(data):
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        if end > len(data):
            raise ValueError("the bundle is cut off")
        entries.append(data[at + 2 : end])
        at = end
    return entries
