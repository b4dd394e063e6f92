"""The witness as another organisation runs it: a process of its own, asked over HTTP; and what the sequencer makes of its answers."""

import subprocess
import sys
import time
import urllib.error
import urllib.request
from base64 import b64encode
from hashlib import sha256

import pytest

from integrity.ledger import note, tree
from integrity.services.witnessing import Conflict, Unwilling, Witness
from launcher.processes import any_free_port
from tests.integrity.log import Log, found
from tests.repository.source import ROOT

LEAVES = [sha256(bytes([n])).digest() for n in range(40)]
OTHER = [*LEAVES[:5], sha256(b"rewritten").digest(), *LEAVES[6:]]
SIGNER = note.LogSigner("log.example.cn/tongdian", bytes(range(32)))


class Running:
    """A witness process; `start` again goes on from the same folder."""

    def __init__(self, folder, key):
        self.folder, self.log, self.port, self.process = folder, key, any_free_port(), None

    def start(self):
        command = [
            sys.executable,
            str(ROOT / "witness" / "tongdian_witness.py"),
            "run",
            "--name",
            "witness.example.cn/w1",
        ]
        command += ["--state", str(self.folder), "--log", self.log, "--port", str(self.port)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.key = self.process.stdout.readline().strip()
        self.url = f"http://127.0.0.1:{self.port}"
        for _ in range(200):
            try:
                urllib.request.urlopen(self.url, timeout=1)
            except urllib.error.HTTPError:
                return self
            except OSError:
                time.sleep(0.05)
        raise AssertionError("the witness does not answer")

    def kill(self):
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def witness(tmp_path):
    running = Running(tmp_path / "witness", SIGNER.verifier.vkey).start()
    yield running
    running.kill()


def signed(leaves, size, signer=SIGNER):
    return signer.note(note.Checkpoint(signer.verifier.name, size, tree.root_of(leaves[:size])).text).raw


def proving(leaves, size):
    return lambda old: tree.consistency_proof(tree.reader_of(leaves), old, size)


def post(witness, body):
    try:
        with urllib.request.urlopen(
            urllib.request.Request(f"{witness.url}/add-checkpoint", body, method="POST")
        ) as answer:
            return answer.status, answer.headers["Content-Type"], answer.read()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.headers["Content-Type"], answer.read()


def body(old, proof, raw):
    return f"old {old}\n".encode() + b"".join(b64encode(step) + b"\n" for step in proof) + b"\n" + raw


def test_it_cosigns_growth_remembers_through_a_kill_and_refuses_another_history(witness):
    asked = Witness(witness.key, witness.url)
    for old, new in [(0, 7), (7, 7), (7, 20), (20, 33)]:
        line = asked.ask(old, signed(LEAVES, new), proving(LEAVES, new))
        assert asked.key.verifies(note.parse_note(signed(LEAVES, new)).text, line)
        assert line.signed_at > 1_700_000_000
    witness.kill()
    witness.start()
    with pytest.raises(Conflict) as conflict:
        asked.ask(7, signed(LEAVES, 40), proving(LEAVES, 40))
    assert conflict.value.size == 33
    with pytest.raises(Unwilling, match="422"):
        asked.ask(33, signed(OTHER, 40), proving(OTHER, 40))
    assert len(list((witness.folder / "evidence").iterdir())) == 1, (
        "kept: signed by the log's own key, it proves two histories"
    )
    assert asked.ask(33, signed(LEAVES, 40), proving(LEAVES, 40))


def test_what_it_answers_to_requests_that_are_not_right(witness):
    good = signed(LEAVES, 7)
    assert post(witness, body(0, [], good))[0] == 200
    assert post(witness, body(3, [], signed(LEAVES, 9))) == (409, "text/x.tlog.size", b"7\n")
    assert post(witness, body(7, [], signed(OTHER, 7)))[0] == 409, "the same size with another root"
    assert post(witness, body(7, [], signed(LEAVES, 9)))[0] == 422, "no proof"
    assert post(witness, body(8, [], good))[0] == 400
    assert post(witness, body(7, [b"short"], good))[0] == 400
    assert post(witness, b"nothing")[0] == 400
    assert post(witness, body(7, [], good.replace("— ".encode(), b"- ")))[0] == 400
    stranger = note.LogSigner("other.example.cn", bytes(range(1, 33)))
    assert post(witness, body(0, [], signed(LEAVES, 7, stranger)))[0] == 404
    forger = note.LogSigner("log.example.cn/tongdian", bytes(range(1, 33)))
    assert post(witness, body(7, [], signed(LEAVES, 7, forger)))[0] == 403


@pytest.mark.django_db(transaction=True)
def test_the_sequencer_keeps_its_lines_and_it_refuses_a_database_rewritten_with_the_logs_key(
    clones, tmp_path, settings
):
    log = Log(clones, tmp_path / "signed.json")
    log.append(5)
    with log.working() as sequencer:
        key = sequencer.signer.signer.verifier.vkey
    running = Running(tmp_path / "witness", key).start()
    try:
        settings.LEDGER_WITNESSES = ((running.key, running.url),)
        asked = Witness(running.key, running.url)
        with log.working() as sequencer:
            assert not asked.round(sequencer.connection), "nothing is signed yet"
            log.publish()
            assert asked.round(sequencer.connection)
            assert not asked.round(sequencer.connection), "co-signed a moment ago"
            assert found()[0] == []
            log.append(2)
            log.publish()
            assert asked.round(sequencer.connection)
            log.forge(
                "UPDATE integrity_ledgertile SET data = sha256('x') || substr(data, 33) WHERE level = 0"
                " AND index = (SELECT max(index) FROM integrity_ledgertile WHERE level = 0)"
            )
            log.append(2)
            log.path.unlink()  # whoever has the server has the signer's memory too; not the witness's
            log.forge("DELETE FROM integrity_ledgercheckpoint", "DELETE FROM integrity_ledgercosignature")
            log.forge(("UPDATE integrity_ledgertree SET root = %s", [_root(log)]))
            log.publish()
            with pytest.raises(Unwilling, match="422"):
                asked.round(sequencer.connection)
    finally:
        running.kill()


def _root(log):
    tiles = log.run("admin", "SELECT data FROM integrity_ledgertile WHERE level = 0 ORDER BY index")
    data = b"".join(bytes(tile) for (tile,) in tiles)
    return tree.root_of(data[at : at + 32] for at in range(0, len(data), 32))
