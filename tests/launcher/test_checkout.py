"""Stamps, secrets and locks survive kills and neighbours."""

import base64
import json
import subprocess
import sys

import pytest

from launcher import checkout
from tests.repository.source import ROOT


@pytest.fixture
def data(tmp_path, monkeypatch):
    monkeypatch.setattr(checkout, "DATA", tmp_path)
    return tmp_path


def test_secrets_are_made_once_and_are_the_owners_alone(data):
    first = checkout.kept_secrets()
    assert checkout.kept_secrets() == first
    assert (data / "secrets.json").stat().st_mode & 0o777 == 0o600
    assert len(set(first.values())) == len(first)
    assert len(base64.b64decode(first["field_keys"].removeprefix("k1:"))) == 32


def test_the_logs_and_the_receipts_seeds_are_made_once_apart_from_the_rest(data):
    first = checkout.kept_seeds()
    assert checkout.kept_seeds() == first
    assert (data / "ledger" / "seeds.json").stat().st_mode & 0o777 == 0o600
    assert len({base64.b64decode(seed) for seed in first.values()}) == 2
    assert all(len(base64.b64decode(seed)) == 32 for seed in first.values())


def test_a_stamp_holds_for_one_value(data):
    stamps = checkout.Stamps(data / "stamps.json")
    assert not stamps.holds("tables", "a")
    stamps.set("tables", "a")
    assert stamps.holds("tables", "a")
    assert not stamps.holds("tables", "b")


def test_a_broken_file_of_stamps_means_nothing_was_done(data):
    (data / "stamps.json").write_text('{"tables": "a')
    assert not checkout.Stamps(data / "stamps.json").holds("tables", "a")


HOLDER = """
import sys
from pathlib import Path
from launcher import checkout
checkout.DATA = Path(sys.argv[1])
lock = checkout.Lock("run")
assert lock.take()
lock.note(command="run", url="http://127.0.0.1:8000")
print("held", flush=True)
sys.stdin.read()
"""


def test_a_second_one_learns_who_holds_the_lock_and_a_kill_frees_it(data):
    command = [sys.executable, "-c", HOLDER, str(data)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout.readline() == "held\n"
        lock = checkout.Lock("run")
        assert not lock.take()
        assert lock.holder() == {"pid": other.pid, "command": "run", "url": "http://127.0.0.1:8000"}
        other.kill()
        other.wait()
        assert lock.take()
    lock.release()


def test_a_fingerprint_follows_name_and_content(monkeypatch, tmp_path):
    monkeypatch.setattr(checkout, "ROOT", tmp_path)
    one = tmp_path / "one"
    one.write_text("a")
    first = checkout.fingerprint([one])
    one.write_text("b")
    second = checkout.fingerprint([one])
    one.rename(tmp_path / "two")
    assert len({first, second, checkout.fingerprint([tmp_path / "two"])}) == 3


def test_files_are_replaced_whole(data):
    path = data / "note.json"
    checkout.write_whole(path, json.dumps({"a": 1}))
    checkout.write_whole(path, json.dumps({"a": 2}))
    assert checkout.read_json(path) == {"a": 2}
    assert [entry.name for entry in data.iterdir()] == ["note.json"]
