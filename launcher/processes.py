"""Children that die with their parent, and ports.

A child is asked by the kernel to stop when the launcher is gone, however it went (PR_SET_PDEATHSIG),
so that not even `kill -9` of the launcher leaves a server behind.
"""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from launcher.checkout import ROOT

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def dies_with_us(how: int) -> Callable[[], None]:
    """For Popen's `preexec_fn`: have the kernel send `how` to the child when this process is gone."""
    parent = os.getpid()

    def prepare() -> None:
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, how)
        if os.getppid() != parent:  # the parent died before the line above
            os._exit(1)

    return prepare


@dataclass
class Child:
    """A program that is started, watched and stopped by us."""

    name: str
    command: Sequence[str]
    environment: dict[str, str]
    log: Path
    stop_signal: int = signal.SIGTERM
    user: int | None = None
    group: int | None = None
    folder: Path = ROOT
    stdin: str = ""
    piped: bool = False
    nice: int = 0
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        """Start it, in a session of its own, so that Ctrl-C reaches the launcher alone."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                env=self.environment,
                cwd=self.folder,
                stdin=subprocess.PIPE if self.stdin else subprocess.DEVNULL,
                stdout=subprocess.PIPE if self.piped else log,
                stderr=subprocess.STDOUT if self.piped else log,
                start_new_session=True,
                preexec_fn=dies_with_us(self.stop_signal),
                user=self.user,
                group=self.group,
                extra_groups=None if self.user is None else [],
            )
        if self.nice:
            os.setpriority(os.PRIO_PROCESS, self.process.pid, self.nice)
        if self.stdin and self.process.stdin:
            self.process.stdin.write(self.stdin.encode())
            self.process.stdin.close()

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self.process is not None and self.process.poll() is None

    @property
    def output(self) -> IO[bytes]:
        """What a piped child says."""
        assert self.process is not None
        assert self.process.stdout is not None
        return self.process.stdout

    def ask_to_stop(self) -> None:
        """Send its stop signal."""
        if self.process and self.alive:
            self.process.send_signal(self.stop_signal)

    def stop(self, patience: float = 15.0) -> None:
        """Stop it; after `patience` seconds by force, with everything it started."""
        if not self.process:
            return
        self.ask_to_stop()
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def last_words(self) -> str:
        """The end of its log."""
        with suppress(OSError):
            return self.log.read_text(errors="replace")[-3000:]
        return ""


def wait_until(ready: Callable[[], bool], *, seconds: float, pause: float = 0.05) -> bool:
    """Poll; False when the time is up."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if ready():
            return True
        time.sleep(pause)
    return False


def is_free(port: int) -> bool:
    """Whether a server could listen on 127.0.0.1:port."""
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def answers(port: int) -> bool:
    """Whether somebody listens there."""
    with closing(socket.socket()) as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def any_free_port() -> int:
    """A port nobody uses now."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def free_port_from(first: int) -> int:
    """The next free port, `first` included."""
    return next(port for port in range(first, first + 500) if is_free(port))
