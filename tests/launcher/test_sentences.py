"""What stands in the way is answered by a sentence, not by a traceback."""

import os
import socket
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from launcher import packages, product
from launcher.packages import RUNTIME
from launcher.speech import Refusal, explained
from tests.repository.source import ROOT


def _tongdian(*arguments, **variables):
    command = [sys.executable, str(ROOT / "tongdian"), *arguments]
    servers = ("DATABASE_URL", "MIGRATE_DATABASE_URL", "ADMIN_DATABASE_URL", "REDIS_URL", "TONGDIAN_ENV")
    environment = {name: value for name, value in os.environ.items() if name not in servers}
    return subprocess.run(
        command, env={**environment, **variables}, cwd="/", capture_output=True, text=True, check=False
    )


@pytest.fixture
def data():
    with tempfile.TemporaryDirectory(prefix="tongdian-launcher-") as folder:
        Path(folder).chmod(0o711)  # as pytest's own folder is not: the database's user must get there
        yield Path(folder)


@pytest.fixture
def elsewhere(data):
    return {"TONGDIAN_DATA_DIR": str(data)}


def test_a_taken_port_names_the_way_out(elsewhere):
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        answer = _tongdian("run", "--port", str(port), **elsewhere)
    assert answer.returncode == 1
    assert f"Port {port} is taken" in answer.stderr
    assert f"--port {port + 1}" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_half_an_environment_is_refused(elsewhere):
    answer = _tongdian("manage", "check", DATABASE_URL="postgresql://a:b@127.0.0.1:1/c", **elsewhere)
    assert answer.returncode == 1
    assert "Give all of DATABASE_URL, MIGRATE_DATABASE_URL and REDIS_URL" in answer.stderr


def test_production_wants_servers_of_its_own(elsewhere):
    answer = _tongdian("manage", "check", TONGDIAN_ENV="production", **elsewhere)
    assert answer.returncode == 1
    assert "The embedded servers are for the demo" in answer.stderr


def test_reset_asks_for_confirmation(elsewhere):
    answer = _tongdian("reset", **elsewhere)
    assert answer.returncode == 1
    assert "./tongdian reset --demo" in answer.stderr


def test_reset_keeps_the_secrets(elsewhere, data):
    (data / "postgres").mkdir()
    (data / "secrets.json").write_text("{}")
    assert _tongdian("reset", "--demo", **elsewhere).returncode == 0
    assert not (data / "postgres").exists()
    assert (data / "secrets.json").exists()


def test_stop_without_a_run_is_no_error(elsewhere):
    answer = _tongdian("stop", **elsewhere)
    assert answer.returncode == 0
    assert "does not run" in answer.stdout


def test_a_full_disk_is_named():
    sentence = str(explained("Installing", "error: No space left on device (os error 28)", Path("/srv")))
    assert sentence.startswith("The disk holding /srv is full.")


def test_other_failures_tell_their_last_lines():
    sentence = str(explained("Migrating", "one\ntwo\nthree", ROOT))
    assert sentence == "Migrating failed:\none\ntwo\nthree"


def test_a_missing_registry_is_told_apart_from_a_broken_package():
    quiet = [sys.executable, "-c", "import sys; sys.exit('error: dns error: failed to lookup')"]
    assert packages._run(quiet, dict(os.environ)) is False
    with pytest.raises(Refusal, match="hash mismatch"):
        packages._run([sys.executable, "-c", "import sys; sys.exit('hash mismatch')"], dict(os.environ))


def test_one_package_can_be_taken_from_the_lock():
    entry = packages._entry(RUNTIME, "uv")
    assert entry.startswith("uv==")
    assert "--hash=sha256:" in entry
    assert entry.count("==") == 1


def test_servers_given_whole_are_used(monkeypatch):
    for name in ("DATABASE_URL", "MIGRATE_DATABASE_URL", "REDIS_URL"):
        monkeypatch.setenv(name, "x")
    assert not product.uses_own_servers()
