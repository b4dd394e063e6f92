"""Nothing outlives the launcher, and a port is what it says."""

import os
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from launcher import processes
from launcher.processes import Child, wait_until
from tests.repository.source import ROOT

PARENT = """
import os, sys, time
from pathlib import Path
from launcher.processes import Child
child = Child("sleeper", ["sleep", "600"], dict(os.environ), Path(sys.argv[1]))
child.start()
print(child.process.pid, flush=True)
time.sleep(600)
"""


def _runs(pid):
    status = Path(f"/proc/{pid}/stat")
    try:
        return status.read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
    except FileNotFoundError:
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's death signal is Linux's")
def test_a_killed_launcher_leaves_no_child(tmp_path):
    command = [sys.executable, "-c", PARENT, str(tmp_path / "log")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        child = int(parent.stdout.readline())
        assert _runs(child)
        parent.kill()
        parent.wait()
    assert wait_until(lambda: not _runs(child), seconds=10)


def test_a_child_that_ignores_its_signal_is_stopped_all_the_same(tmp_path):
    deaf = "trap '' TERM; echo ready; while true; do sleep 1; done"
    child = Child("deaf", ["sh", "-c", deaf], dict(os.environ), tmp_path / "log")
    child.start()
    assert wait_until(lambda: "ready" in child.last_words(), seconds=10)
    child.stop(patience=0.2)
    assert not child.alive


def test_a_listener_makes_a_port_taken():
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        assert not processes.is_free(port)
        assert processes.free_port_from(port) > port
    assert processes.is_free(port)
