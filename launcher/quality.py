"""`test`, `check` and `bench`: on servers of their own, made for the run and thrown away after it."""

import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from launcher import packages
from launcher.checkout import PYTHON, ROOT, new_secrets
from launcher.processes import dies_with_us
from launcher.product import Stop, base_environment, stop_on_signals
from launcher.servers import Servers
from launcher.speech import Refusal, say, step

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NO_BROWSER = (
    "No Chromium here: the journeys in a real browser are skipped. "
    "To run them: sudo apt-get install chromium (or set TONGDIAN_CHROMIUM to one)."
)
OWN_SERVERS = ("DATABASE_URL", "MIGRATE_DATABASE_URL", "ADMIN_DATABASE_URL", "REDIS_URL")
PREFIX = "tongdian-run-"
CHECKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("lint", ("-m", "ruff", "check", ".")),
    ("format", ("-m", "ruff", "format", "--check", ".")),
    ("types", ("-m", "mypy")),
    (
        "import directions",
        ("-c", "from importlinter.cli import lint_imports_command as run; run(['--no-cache', '--no-logo'])"),
    ),
    ("templates", ("-m", "djlint", "--lint", "templates")),
    ("Django", ("manage.py", "check", "--fail-level", "WARNING")),
    ("migrations", ("manage.py", "makemigrations", "--check", "--dry-run")),
    ("messages", ("manage.py", "update_messages", "--check")),
    ("repository", ("-m", "pytest", "-q", "tests/repository")),
)


@contextmanager
def scratch_environment() -> Iterator[dict[str, str]]:
    """Servers and an environment for one run; those of DATABASE_URL and ADMIN_DATABASE_URL if given."""
    given = {name for name in OWN_SERVERS if os.environ.get(name)}
    if given and len(given) < len(OWN_SERVERS):
        msg = (
            "Tests on servers of your own need DATABASE_URL, MIGRATE_DATABASE_URL, ADMIN_DATABASE_URL (may create "
            f"databases) and REDIS_URL; only {', '.join(sorted(given))} is set."
        )
        raise Refusal(msg)
    secrets = new_secrets()
    _sweep()
    with tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True) as folder:
        place = Path(folder)
        mine = (place / "in-use").open("w")  # held until the folder is gone
        fcntl.flock(mine, fcntl.LOCK_EX)
        environment = {
            **base_environment(secrets, "test"),
            "TONGDIAN_ENV": "test",
            "TONGDIAN_DATA_DIR": str(place / "data"),
        }
        if given:
            yield environment
            return
        servers = Servers.fleeting(place, secrets)
        try:
            with step("Starting PostgreSQL and Valkey for this run"):
                servers.start()
            admin = servers.postgres.url("superuser", "postgres")
            yield {**environment, **servers.environment(), "ADMIN_DATABASE_URL": admin}
        finally:
            servers.stop()
            if servers.postgres.folder != place:
                shutil.rmtree(servers.postgres.folder, ignore_errors=True)


def _sweep() -> None:
    """Remove what killed runs left: their folders, whose lock nobody holds."""
    for mark in Path(tempfile.gettempdir()).glob(f"{PREFIX}*/in-use"):
        with suppress(OSError), mark.open("r+") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(mark.parent, ignore_errors=True)


def test(arguments: list[str], *, long: bool) -> int:
    """The tests, on two processes; what takes hours only when asked for."""
    stop_on_signals()
    packages.ensure(packages.DEVELOPMENT)
    browser = _browser()
    spread = (
        [] if any(argument.startswith("-n") for argument in arguments) else ["-n", "2", "--dist", "worksteal"]
    )
    marks = ["-m", "long or not long"] if long else []
    with scratch_environment() as environment, tempfile.TemporaryDirectory() as folder:
        extra = {"FONTCONFIG_FILE": str(_fonts(Path(folder))), "TONGDIAN_CHROMIUM": browser}
        return _run(["-m", "pytest", *spread, *marks, *arguments], {**environment, **extra})


def check() -> int:
    """Everything that reads the code without running the product; all of it, then the verdict."""
    stop_on_signals()
    packages.ensure(packages.DEVELOPMENT)
    failed = []
    with scratch_environment() as environment:
        for name, command in CHECKS:
            say(f"\n— {name}")
            if _run(list(command), environment):
                failed.append(name)
    say(f"\nNot in order: {', '.join(failed)}." if failed else "\nAll in order.")
    return 1 if failed else 0


def bench(names: list[str]) -> int:
    """Each benchmark in turn, on a migrated database of its own kind."""
    stop_on_signals()
    packages.ensure(packages.DEVELOPMENT)
    found = sorted((ROOT / "benchmarks").glob("[!_]*.py"))
    wanted = [path for path in found if not names or path.stem in names]
    if not wanted:
        known = ", ".join(path.stem for path in found) or "none yet"
        msg = f"No such benchmark. There is: {known}."
        raise Refusal(msg)
    with scratch_environment() as environment:
        for command in (["migrate", "--verbosity=0"], ["mark_database", "test"], ["load_seeds"]):
            _run(["manage.py", *command], environment)
        return max(_run([str(path)], environment) for path in wanted)


def _run(arguments: list[str], environment: dict[str, str]) -> int:
    """Run Python with its output to the terminal; a stop is passed on and waited for."""
    command = [str(PYTHON), *arguments]
    process = subprocess.Popen(command, env=environment, cwd=ROOT, preexec_fn=dies_with_us(signal.SIGTERM))
    try:
        return process.wait()
    except Stop:
        process.terminate()
        process.wait(30)
        raise


def _browser() -> str:
    """Chromium's path, installed from Debian if root may; empty if there is none."""
    found = os.environ.get("TONGDIAN_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), "")
    if not found and os.geteuid() == 0 and shutil.which("apt-get"):
        with step("Installing Chromium from Debian"):
            _apt_install_chromium()
        found = shutil.which("chromium") or ""
    if not found:
        say(NO_BROWSER)
    return found


def _apt_install_chromium() -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-q"],
        ["apt-get", "install", "-qy", "--no-install-recommends", "chromium"],
    ):
        subprocess.run(command, env=environment, check=False, capture_output=True)


def _fonts(folder: Path) -> Path:
    """A font configuration with a Chinese font from a wheel beside the system's own fonts."""
    wheel = packages.site_packages() / "pylopdf_fonts_zh_cn"
    path = folder / "fonts.conf"
    path.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>'
        f"<dir>{wheel}</dir><cachedir>{folder}/cache</cachedir></fontconfig>"
    )
    return path
