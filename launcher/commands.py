"""What can be typed after `./tongdian`."""

import argparse
import errno
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from launcher import packages, quality
from launcher.checkout import DATA, LOGS, PYTHON, ROOT, Lock, kept_secrets, make_data_directory
from launcher.postgres import data_place
from launcher.processes import dies_with_us
from launcher.product import Stop, base_environment, run, running, servers, stop_on_signals, uses_own_servers
from launcher.servers import Servers
from launcher.speech import Refusal, complain, disk_full, say


def main(arguments: list[str]) -> int:
    """Carry out one command; every expected trouble ends in one sentence."""
    own, rest = (arguments[:1], arguments[1:]) if arguments[:1] in (["manage"], ["psql"]) else (arguments, [])
    options, unknown = _parser().parse_known_args(own)
    if unknown and options.command not in {"test", "bench"}:
        _parser().error(f"unknown: {' '.join(unknown)}")
    options.rest = rest or unknown
    commands: dict[str, Callable[[argparse.Namespace], int]] = {
        "run": lambda given: run(given.port),
        "test": lambda given: quality.test(given.rest, long=given.long),
        "check": lambda _given: quality.check(),
        "bench": lambda given: quality.bench(given.rest),
        "manage": lambda given: manage(given.rest),
        "psql": lambda given: psql(given.rest),
        "reset": lambda given: reset(demo=given.demo),
        "stop": lambda _given: stop(),
    }
    try:
        return commands[options.command](options)
    except Refusal as refusal:
        return complain(refusal)
    except (Stop, KeyboardInterrupt):
        return 130
    except OSError as error:
        if error.errno == errno.ENOSPC:
            return complain(disk_full(DATA))
        if error.errno in {errno.EACCES, errno.EROFS, errno.EPERM}:
            return complain(
                Refusal(f"{error.filename or ROOT} may not be written by this user ({error.strerror}).")
            )
        raise


def _port(text: str) -> int:
    """A port's number."""
    if not text.isdecimal() or not 0 < int(text) < 65536:
        msg = f"{text!r} is no port; it is a number from 1 to 65535"
        raise argparse.ArgumentTypeError(msg)
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./tongdian",
        description="Tongdian 通电, started and tested with one command.",
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    runs = commands.add_parser("run", help="install what is missing, start everything, print the address")
    runs.add_argument("--port", type=_port, default=8000, help="of the web pages (8000)")
    tests = commands.add_parser("test", help="run the tests (further arguments go to pytest)")
    tests.add_argument("--long", action="store_true", help="also what takes hours")
    commands.add_parser("check", help="lint, types, import directions, templates, migrations, messages")
    commands.add_parser("bench", help="run the benchmarks, or those named")
    commands.add_parser("manage", help="run a management command (further arguments are its own)")
    commands.add_parser("psql", help="open the embedded database as superuser (further arguments go to psql)")
    resets = commands.add_parser("reset", help="throw the demo's data away")
    resets.add_argument("--demo", action="store_true", help="yes, the demo's data")
    commands.add_parser("stop", help="stop what runs from this checkout")
    return parser


@contextmanager
def _borrowed_servers() -> Iterator[tuple[dict[str, str], Servers | None]]:
    """The servers of the running product, or some started for this command alone."""
    make_data_directory()
    packages.ensure()
    environment = base_environment(kept_secrets(), "demo")
    if not uses_own_servers():
        yield environment, None
        return
    lock = Lock("run")
    if lock.take():
        lock.note(command="manage")
        try:
            with servers(environment) as started:
                lock.note(command="manage", servers=True)
                yield started
        finally:
            lock.release()
        return
    known = _running_servers(lock)
    yield {**environment, **known.environment()}, known


def _running_servers(lock: Lock) -> Servers:
    """Wait until the one who holds them says that they are up."""
    for _ in range(600):
        if lock.holder().get("servers"):
            return Servers.lasting(DATA, LOGS, kept_secrets(), running=True)
        time.sleep(0.1)
    msg = f"Process {lock.holder().get('pid', '?')} is still starting; try again when its page is there."
    raise Refusal(msg)


def manage(arguments: list[str]) -> int:
    """Django's command line with everything it needs around it."""
    with _borrowed_servers() as (environment, known):
        if (
            arguments[:1] == ["generate_cases"] and known is not None
        ):  # loads past the triggers, of a demo or test database only
            more = {"ADMIN_DATABASE_URL": known.postgres.url("superuser")}
        else:
            more = {}
        return _foreground([str(PYTHON), "manage.py", *arguments], {**environment, **more})


def psql(arguments: list[str]) -> int:
    """A superuser's look into the embedded database."""
    with _borrowed_servers() as (environment, known):
        if known is None:
            msg = "psql opens the embedded database; DATABASE_URL names another. Use your own psql for that."
            raise Refusal(msg)
        url = known.postgres.url("superuser")
        bare, password = _without_password(url)
        command = [str(known.postgres.bin / "psql"), bare, *arguments]
        return _foreground(command, {**environment, "PGPASSWORD": password})


def _without_password(url: str) -> tuple[str, str]:
    """A password belongs into the environment, not into the process list."""
    scheme, rest = url.split("://", 1)
    credentials, place = rest.split("@", 1)
    user, password = credentials.split(":", 1)
    return f"{scheme}://{user}@{place}", password


def _foreground(command: list[str], environment: dict[str, str]) -> int:
    """Run with our terminal; Ctrl-C is the program's affair."""
    process = subprocess.Popen(command, env=environment, cwd=ROOT, preexec_fn=dies_with_us(signal.SIGHUP))
    kept = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return process.wait()
    finally:
        signal.signal(signal.SIGINT, kept)


def reset(*, demo: bool) -> int:
    """Throw the embedded database, broker, uploads and the log's keys and memory away; other secrets stay.

    A key that began a second log under the same name would have told two histories: the new log gets a new one.
    """
    if not demo:
        msg = "This throws all data of the demo away. If you mean it: ./tongdian reset --demo"
        raise Refusal(msg)
    if not uses_own_servers():
        msg = (
            "reset only touches the embedded demo database; DATABASE_URL names another, which stays as it is."
        )
        raise Refusal(msg)
    make_data_directory()
    lock = Lock("run")
    if not lock.take():
        msg = f"Tongdian is running (process {lock.holder().get('pid', '?')}). First: ./tongdian stop"
        raise Refusal(msg)
    try:
        lock.note(command="reset")
        for folder in {DATA, data_place(DATA)}:
            for name in ("postgres", "postgres.new", "valkey", "media", "ledger"):
                shutil.rmtree(folder / name, ignore_errors=True)
            (folder / "postgres-stamps.json").unlink(missing_ok=True)
            for schedule in folder.glob("beat*"):
                schedule.unlink()
            with suppress(OSError):  # gone if it was made for the database alone
                folder.rmdir()
    finally:
        lock.release()
    say("The demo's data is gone. ./tongdian run makes a new one.")
    return 0


def stop() -> int:
    """Stop what runs from this checkout, and wait for it."""
    stop_on_signals()
    holder = running()
    pid = holder.get("pid")
    if not isinstance(pid, int):
        say("Tongdian does not run from this checkout.")
        return 0
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.kill(pid, number)
        for _ in range(450):
            if not running():
                say("Stopped.")
                return 0
            time.sleep(0.1)
    msg = f"Process {pid} does not stop."
    raise Refusal(msg)
