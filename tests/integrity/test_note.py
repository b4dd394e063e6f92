"""Notes, checkpoints, keys, co-signatures and proof files: written as the formats ask, read strictly, refused after one flipped bit."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrity.ledger import note as notes
from integrity.ledger import proof as proofs
from integrity.ledger import tree
from integrity.ledger.note import Checkpoint, Cosigner, Forged, LogSigner, Malformed, Signature

SEED, OTHER, THIRD = bytes(range(32)), bytes(range(1, 33)), bytes(range(2, 34))
ORIGIN = "ledger.example.cn/tongdian"
LOG, WITNESS = LogSigner(ORIGIN, SEED), Cosigner("witness.example.cn/w1", OTHER)
LEAVES = [tree.leaf_hash(bytes([n])) for n in range(11)]
HEAD = Checkpoint(ORIGIN, 11, tree.root_of(LEAVES))
SIGNED = LOG.note(HEAD.text).signed_also([WITNESS.cosign(HEAD.text, 1_790_000_000)])


def test_a_known_note_of_the_go_team_is_read_and_verified():
    # The example of golang.org/x/mod/sumdb/note.
    text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    line = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    key = notes.parse_vkey("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    note = notes.parse_note(f"{text}\n{line}".encode())
    assert notes.signatures_by(note, [key]) == [(key, note.signatures[0])]
    assert note.raw == f"{text}\n{line}".encode()
    assert key.vkey == "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"


def test_a_checkpoint_is_three_lines_and_comes_back():
    lines = SIGNED.raw.decode().split("\n")
    assert lines[:3] == [ORIGIN, "11", base64.b64encode(HEAD.root).decode()]
    assert lines[3] == ""
    assert lines[4].startswith(f"— {ORIGIN} ")
    checkpoint, note = notes.open_checkpoint(SIGNED.raw, LOG.verifier)
    assert (checkpoint, note) == (HEAD, SIGNED)
    found = notes.signatures_by(note, [WITNESS.verifier, LOG.verifier])
    assert [key.name for key, _ in found] == [ORIGIN, "witness.example.cn/w1"]
    assert found[1][1].signed_at == 1_790_000_000


def test_unknown_signature_lines_are_ignored_and_an_altered_known_line_rejects():
    stranger = LogSigner("stranger.example.cn", THIRD).sign("something else\n")
    sm2 = Signature(ORIGIN, b"\xff\x00\x11\x22", b"DER of another algorithm")
    assert notes.open_checkpoint(SIGNED.signed_also([stranger, sm2]).raw, LOG.verifier)[0] == HEAD
    own = SIGNED.signatures[0]
    altered = Signature(own.name, own.key_id, own.payload[:-1] + bytes([own.payload[-1] ^ 1]))
    for lines in ([altered], [altered, SIGNED.signatures[1]], [stranger]):
        with pytest.raises(Forged):
            notes.open_checkpoint(notes.Note(HEAD.text).signed_also(lines).raw, LOG.verifier)
    with pytest.raises(Forged):
        notes.open_checkpoint(
            LogSigner(ORIGIN, SEED).note(Checkpoint("other", 11, HEAD.root).text).raw, LOG.verifier
        )


def test_keys_come_back_from_their_line_and_a_wrong_id_is_refused():
    for key in (LOG.verifier, WITNESS.verifier):
        assert notes.parse_vkey(key.vkey) == key
        name, hex_id, rest = key.vkey.split("+", 2)
        for text in (
            f"{name}+{'0' * 8}+{rest}",
            f"other+{hex_id}+{rest}",
            f"{name}+{hex_id}+",
            "",
            f"a b+{hex_id}+{rest}",
        ):
            with pytest.raises(Malformed):
                notes.parse_vkey(text)
    assert LOG.verifier.key_id != LogSigner("other.example.cn", SEED).verifier.key_id


@pytest.mark.parametrize(
    "text",
    [
        f"{ORIGIN}\n011\n{base64.b64encode(HEAD.root).decode()}\n",
        f"{ORIGIN}\n-1\n{base64.b64encode(HEAD.root).decode()}\n",
        f"{ORIGIN}\n1١\n{base64.b64encode(HEAD.root).decode()}\n",
        f"{ORIGIN}\n11\n{base64.b64encode(HEAD.root[:31]).decode()}\n",
        f"{ORIGIN}\n11\n{base64.urlsafe_b64encode(b'~' * 32).decode()}\n".replace("+", "-"),
        f"{ORIGIN}\n11\n",
        f"\n11\n{base64.b64encode(HEAD.root).decode()}\n",
        HEAD.text[:-1],
    ],
)
def test_a_checkpoint_written_otherwise_is_refused(text):
    with pytest.raises(Malformed):
        notes.parse_checkpoint(text)


@given(at=st.integers(0, len(SIGNED.raw) * 8 - 1))
@settings(max_examples=300, deadline=None)
def test_one_flipped_bit_anywhere_and_a_line_is_lost(at):
    raw = bytearray(SIGNED.raw)
    raw[at // 8] ^= 1 << (at % 8)
    try:
        note = notes.parse_note(bytes(raw))
        found = notes.signatures_by(note, [LOG.verifier, WITNESS.verifier])
    except (Malformed, Forged):
        return
    assert len(found) < 2, "both still verify although a bit was flipped"


def test_a_proof_file_is_read_back_proves_its_leaf_and_no_other():
    path = tree.inclusion_proof(tree.reader_of(LEAVES), 4, 11)
    raw = proofs.write_proof(4, path, SIGNED.raw, b'{"header":"..."}')
    assert raw.startswith(b"c2sp.org/tlog-proof@v1\nextra ")
    assert raw.endswith(b"\n\n" + SIGNED.raw)
    proof = proofs.read_proof(raw)
    assert (proof.index, list(proof.path), proof.checkpoint, proof.extra) == (
        4,
        path,
        SIGNED.raw,
        b'{"header":"..."}',
    )
    assert proof.proves(LEAVES[4])
    assert not any(proof.proves(leaf) for leaf in LEAVES if leaf != LEAVES[4])
    bare = proofs.write_proof(0, [], LOG.note(Checkpoint(ORIGIN, 1, LEAVES[0]).text).raw)
    assert proofs.read_proof(bare).proves(LEAVES[0])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"@v1", b"@v2"),
        (b"index 4", b"index 04"),
        (b"index 4", b"index 11"),
        (b"index 4\n", b""),
        (b"\n\n", b"\n"),
        (b"index 4", b"index 4\nAAAA"),
    ],
)
def test_a_proof_file_written_otherwise_is_refused(old, new):
    path = tree.inclusion_proof(tree.reader_of(LEAVES), 4, 11)
    raw = proofs.write_proof(4, path, SIGNED.raw)
    with pytest.raises(Malformed):
        proofs.read_proof(raw.replace(old, new, 1))
