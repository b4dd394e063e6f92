"""The virtual environment and the locked packages in it."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from launcher.checkout import PYTHON, ROOT, VENV, Lock, Stamps, fingerprint, make_data_directory
from launcher.speech import Refusal, disk_full, explained, say, step

try:
    import venv
except ImportError:  # some systems ship Python in parts
    venv = None  # type: ignore[assignment]

RUNTIME = ROOT / "requirements.lock"
DEVELOPMENT = ROOT / "requirements-dev.lock"
NEEDED_BYTES = 1_200_000_000
HALF_DONE = VENV / "tongdian-installing"

NO_REGISTRY = (
    "The packages could not be fetched: no package registry answers. "
    "Check the network (or pip's index setting) and run this again; what is there already is kept."
)
NETWORK_SIGNS = (
    "error sending request", "dns error", "failed to lookup", "Name or service not known", "NewConnectionError",
    "Temporary failure in name resolution", "Could not find a version", "Failed to fetch", "No matching distribution",
    "Connection refused", "Network is unreachable", "ProxyError", "SSLError", "timed out",
)  # fmt: skip


def ensure(lock: Path = RUNTIME) -> None:
    """Make the venv and install `lock` into it, unless that was done. Safe side by side and after a kill."""
    stamps = Stamps(VENV / "tongdian-stamps.json")
    wanted = fingerprint([lock])
    if PYTHON.exists() and stamps.holds(lock.name, wanted):
        return
    make_data_directory()
    guard = Lock("install")
    if not guard.take():
        say(f"Waiting for process {guard.holder().get('pid', '?')}, which is installing packages.")
        guard.take(wait=True)
    try:
        if not (PYTHON.exists() and stamps.holds(lock.name, wanted)):
            _create()
            with step(f"Installing packages ({lock.name})"):
                _install(lock)
            stamps.set(lock.name, wanted)
    finally:
        guard.release()


def site_packages() -> Path:
    """Where the venv's packages lie."""
    return next(VENV.glob("lib/python3*/site-packages"))


def _create() -> None:
    """An environment without pip of its own: that needs `ensurepip`, which Debian ships apart."""
    if shutil.disk_usage(ROOT).free < NEEDED_BYTES and not PYTHON.exists():
        raise disk_full(ROOT)
    if (
        PYTHON.exists()
        and subprocess.run([PYTHON, "-c", ""], check=False, capture_output=True).returncode == 0
    ):
        return
    if venv is None:
        msg = "This Python has no venv module. On Debian: apt-get install libpython3-stdlib python3-venv."
        raise Refusal(msg)
    with step("Making the virtual environment"):
        venv.EnvBuilder(clear=VENV.exists(), symlinks=True, with_pip=False).create(VENV)


def _install(lock: Path) -> None:
    again = HALF_DONE.exists()
    HALF_DONE.touch()
    if not (_uv_install(lock, again=again) or _pip_install(lock, again=again)):
        raise Refusal(NO_REGISTRY)
    HALF_DONE.unlink()


def _uv_install(lock: Path, *, again: bool) -> bool:
    """Install with uv, itself installed from the lock; False if it can't be had (pip may still do)."""
    uv = VENV / "bin" / "uv"
    if again or not uv.exists():
        with tempfile.TemporaryDirectory() as folder:
            alone = Path(folder) / "uv.lock"
            alone.write_text(_entry(lock, "uv"))
            if not _pip(["--retries=1", "-r", str(alone)], again=again):
                return False
    command = [uv, "pip", "install", "--python", PYTHON, "--require-hashes", "-r", lock]
    environment = {**os.environ, "UV_PYTHON_DOWNLOADS": "never", "UV_NO_PROGRESS": "1"}
    return _run([*map(str, command), *(["--reinstall"] if again else [])], environment)


def _pip_install(lock: Path, *, again: bool) -> bool:
    return _pip(["--retries=2", "-r", str(lock)], again=again)


def _pip(arguments: list[str], *, again: bool) -> bool:
    """Any pip of this machine, working on our environment."""
    options = ["--python", str(PYTHON), "--quiet", "--disable-pip-version-check", "--no-input"]
    forced = ["--force-reinstall"] if again else []
    return _run([*_any_pip(), *options, "install", "--require-hashes", *forced, *arguments], dict(os.environ))


def _any_pip() -> list[str]:
    base = str(Path(sys.base_prefix) / "bin" / f"python3.{sys.version_info.minor}")
    for python in (sys.executable, base, "/usr/bin/python3"):
        with contextlib.suppress(OSError):
            if (
                subprocess.run(
                    [python, "-m", "pip", "--version"], check=False, capture_output=True
                ).returncode
                == 0
            ):
                return [python, "-m", "pip"]
    for name in ("pip3", "pip"):
        if found := shutil.which(name):
            return [found]
    msg = "No pip on this machine. On Debian: apt-get install python3-pip."
    raise Refusal(msg)


def _run(command: list[str], environment: dict[str, str]) -> bool:
    """True if it worked, False if the network seems the cause, else a refusal."""
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True, cwd=ROOT)
    if done.returncode == 0:
        return True
    output = done.stdout + done.stderr
    if any(sign in output for sign in NETWORK_SIGNS) and "No space left" not in output:
        return False
    raise explained("Installing packages", output, VENV)


def _entry(lock: Path, name: str) -> str:
    """The lines of one package in a lock file."""
    lines = lock.read_text().splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith(f"{name}=="))
    rest = next((n for n in range(first + 1, len(lines)) if not lines[n].startswith(" ")), len(lines))
    return "\n".join(lines[first:rest]) + "\n"
