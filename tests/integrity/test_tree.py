"""The tree, its tiles and proofs against the definitions of RFC 9162 written out as they stand there, and published vectors."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrity.ledger import tiles, tree

H = hashlib.sha256
LEAVES = [H(b"\x00" + str(n).encode()).digest() for n in range(301)]

# Inputs and roots of the Certificate Transparency project's own tests.
VECTOR_LEAVES = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]
VECTOR_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def k_of(n):
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def mth(d):
    """2.1.1, on leaf hashes."""
    if not d:
        return H(b"").digest()
    return d[0] if len(d) == 1 else H(b"\x01" + mth(d[: k_of(len(d))]) + mth(d[k_of(len(d)) :])).digest()


def path(m, d):
    """2.1.3.1."""
    if len(d) == 1:
        return []
    k = k_of(len(d))
    return [*path(m, d[:k]), mth(d[k:])] if m < k else [*path(m - k, d[k:]), mth(d[:k])]


def subproof(m, d, whole):
    """2.1.4.1."""
    if m == len(d):
        return [] if whole else [mth(d)]
    k = k_of(len(d))
    if m <= k:
        return [*subproof(m, d[:k], whole), mth(d[k:])]
    return [*subproof(m - k, d[k:], False), mth(d[:k])]


def test_published_vectors_of_rfc_6962():
    leaves = [tree.leaf_hash(bytes.fromhex(text)) for text in VECTOR_LEAVES]
    assert tree.EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert [tree.root_of(leaves[: n + 1]).hex() for n in range(8)] == VECTOR_ROOTS


def test_roots_of_0_to_300_leaves_equal_the_definition_however_the_tree_grew():
    compact, edge = tree.CompactRange(), tiles.Edge(0, lambda *_: b"")
    for n in range(301):
        expected = mth(LEAVES[:n])
        assert tree.root_of(LEAVES[:n]) == compact.root() == edge.root() == expected
        assert tree.range_root(tree.reader_of(LEAVES), 0, n) == expected
        compact.append(LEAVES[n])
        edge.extend(LEAVES[n : n + 1])


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 64, 129, 255, 256, 257, 300])
def test_paths_equal_the_definition_and_prove(size):
    read, root = tree.reader_of(LEAVES), mth(LEAVES[:size])
    for index in range(0, size, 1 if size < 100 else 17):
        proof = tree.inclusion_proof(read, index, size)
        assert proof == path(index, LEAVES[:size])
        assert tree.includes(LEAVES[index], index, size, proof, root)
        assert not tree.includes(LEAVES[index + 1], index, size, proof, root)
        assert not tree.includes(LEAVES[index], index, size, [*proof, root], root)
        assert not proof or not tree.includes(LEAVES[index], index, size, proof[:-1], root)


@pytest.mark.parametrize("new", [1, 2, 5, 8, 13, 64, 100, 256, 300])
def test_consistency_proofs_equal_the_definition_and_prove(new):
    read, root = tree.reader_of(LEAVES), mth(LEAVES[:new])
    for old in range(new + 1):
        proof, before = tree.consistency_proof(read, old, new), mth(LEAVES[:old])
        assert proof == ([] if old in (0, new) else subproof(old, LEAVES[:new], True))
        assert tree.is_consistent(old, before, new, root, proof)
        assert not tree.is_consistent(old, H(before).digest(), new, root, proof)
        if old:
            assert not tree.is_consistent(old, before, new, H(root).digest(), proof)


@given(
    size=st.integers(1, 2000),
    steps=st.lists(st.integers(1, 700), min_size=1, max_size=8),
    place=st.floats(0, 1, exclude_max=True),
    bit=st.integers(0, 255),
)
@settings(max_examples=40, deadline=None)
def test_whatever_the_batches_tiles_prove_every_leaf_and_one_flipped_bit_proves_nothing(
    size, steps, place, bit
):
    leaves = [H(n.to_bytes(4, "big")).digest() for n in range(size)]
    stored = {}

    def load(level, index, width):
        return stored[level, index][: width * 32]

    edge, at, turn = tiles.Edge(0, load), 0, 0
    while at < size:
        step = steps[turn % len(steps)]
        for tile in edge.extend(leaves[at : at + step]):
            assert tile.data.startswith(stored.get((tile.level, tile.index), b"")), (
                "a tile grows to the right"
            )
            stored[tile.level, tile.index] = tile.data
        at, turn = min(size, at + step), turn + 1
        assert tiles.Edge(edge.size, load).root() == edge.root(), "the edge is read back from the tiles"
    root, index = mth(leaves), int(place * size)
    proof = tree.inclusion_proof(tiles.reader(load, size), index, size)
    assert edge.root() == root
    assert proof == path(index, leaves)
    assert tree.includes(leaves[index], index, size, proof, root)
    flipped = (int.from_bytes(leaves[index], "big") ^ (1 << bit)).to_bytes(32, "big")
    assert not tree.includes(flipped, index, size, proof, root)
    older = index + 1
    between = tree.consistency_proof(tiles.reader(load, size), older, size)
    assert tree.is_consistent(older, mth(leaves[:older]), size, root, between)


def test_paths_of_tiles_are_written_one_way_only():
    assert tiles.tile_path(0, 1_234_067) == "tile/0/x001/x234/067"
    assert tiles.tile_path(1, 0, 5) == "tile/1/000.p/5"
    assert tiles.tile_path("entries", 999, 256) == "tile/entries/999"
    for text, place in [("000", (0, 256)), ("x001/x234/067.p/8", (1_234_067, 8)), ("x001/000", (1000, 256))]:
        assert tiles.parse_place(text) == place
    for text in [
        "0",
        "00",
        "x000/001",
        "000.p/0",
        "000.p/256",
        "000.p/08",
        "001/002",
        "x001/x2/003",
        "٠٠٠",
        "000/",
        "",
    ]:
        assert tiles.parse_place(text) is None, text


def test_a_bundle_gives_its_entries_back_and_a_cut_one_does_not():
    entries = [b"", b"a", b"x" * 65535]
    assert tiles.entries_of(tiles.bundle(entries)) == entries
    with pytest.raises(ValueError, match="65535"):
        tiles.bundle([b"x" * 65536])
    with pytest.raises(ValueError, match="cut off"):
        tiles.entries_of(tiles.bundle([b"abc"])[:-1])
