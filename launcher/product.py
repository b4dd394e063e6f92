"""`run`: the whole product, watched until somebody stops it."""

import hashlib
import os
import select
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from launcher import packages
from launcher.checkout import (
    APPS,
    DATA,
    LOGS,
    PYTHON,
    ROOT,
    Lock,
    Stamps,
    fingerprint,
    kept_secrets,
    kept_seeds,
    make_data_directory,
)
from launcher.processes import Child, is_free, wait_until
from launcher.servers import Servers
from launcher.speech import Refusal, explained, say, step

FIRST_CASES = 60
RESTARTS_A_MINUTE = 5
DOINGS = {
    "messages": "Compiling messages",
    "tables": "Migrating the database",
    "mark": "Marking the database as a demo",
    "seeds": "Loading limits, routes and calendars",
    "static": "Collecting static files",
    "first": f"Walking the first {FIRST_CASES} cases",
}
MIGRATION_PARTS = ("migrations", "sql", "seeds")


class Stop(Exception):
    """Somebody wants us to stop."""


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise Stop


def stop_on_signals() -> None:
    """Turn Ctrl-C, kill and a closed terminal into an orderly end."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)


def base_environment(secrets: dict[str, str], kind: str) -> dict[str, str]:
    """Everything config/env.py wants but the servers; what the caller's environment names, wins."""
    return {
        **os.environ,
        "TONGDIAN_ENV": os.environ.get("TONGDIAN_ENV", kind),
        "TONGDIAN_SECRET_KEY": os.environ.get("TONGDIAN_SECRET_KEY", secrets["secret_key"]),
        "TONGDIAN_FIELD_KEYS": os.environ.get("TONGDIAN_FIELD_KEYS", secrets["field_keys"]),
        **seeds(),
        "TONGDIAN_DATA_DIR": str(DATA),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
    }


def seeds() -> dict[str, str]:
    """The log's and the receipts' keys, kept apart from the other secrets; what the caller's environment names, wins."""
    return {name: os.environ.get(name, kept) for name, kept in kept_seeds().items()}


def uses_own_servers() -> bool:
    """Whether the embedded servers are wanted; false when the environment names others."""
    given = [name for name in ("DATABASE_URL", "MIGRATE_DATABASE_URL", "REDIS_URL") if os.environ.get(name)]
    if given and len(given) < 3:
        msg = (
            f"Only {' and '.join(given)} is set. Give all of DATABASE_URL, MIGRATE_DATABASE_URL and REDIS_URL "
            "for servers of your own, or none for the embedded ones."
        )
        raise Refusal(msg)
    if not given and os.environ.get("TONGDIAN_ENV") == "production":
        msg = "The embedded servers are for the demo. For production give DATABASE_URL, MIGRATE_DATABASE_URL and REDIS_URL."
        raise Refusal(msg)
    return not given


@contextmanager
def servers(environment: dict[str, str]) -> Iterator[tuple[dict[str, str], Servers | None]]:
    """The environment with servers in it: those it names, else the embedded ones, stopped afterwards."""
    if not uses_own_servers():
        yield environment, None
        return
    own = Servers.lasting(DATA, LOGS, kept_secrets())
    try:
        with step("Starting PostgreSQL and Valkey"):
            own.start()
        yield {**environment, **own.environment()}, own
    finally:
        own.stop()


class Product:
    """The processes of one running Tongdian and how they are made ready."""

    def __init__(self, environment: dict[str, str], port: int, own: Servers | None) -> None:
        """Nothing is started yet."""
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.environment = {"TONGDIAN_BASE_URL": self.url, **environment}
        self.is_demo = self.environment["TONGDIAN_ENV"] == "demo"
        self.own = own
        self.files = Stamps(DATA / "files.json")
        self.database = own.postgres.stamps if own else Stamps(DATA / f"database-{_short(environment)}.json")
        self.children: list[Child] = []
        self.starts: list[float] = []
        self.filler: Child | None = None

    def prepare(self) -> None:
        """Tables, mark, catalogues, static files and the first cases; each skipped while nothing changed."""
        lock = ROOT / "requirements.lock"
        catalogues = fingerprint([*ROOT.glob("**/LC_MESSAGES/*.po")])
        tables = fingerprint([lock, *(ROOT / app / part for app in APPS for part in MIGRATION_PARTS)])
        static = fingerprint([lock, ROOT / "static"])
        self._once(self.files, "messages", catalogues, ["update_messages", "--compile"])
        self._once(self.database, "tables", tables, ["migrate", "--verbosity=0"])
        if self.is_demo:
            self._once(self.database, "mark", "demo", ["mark_database", "demo"])
        self._once(self.database, "seeds", tables, ["load_seeds"])
        self._once(self.files, "static", static, ["collectstatic", "--noinput", "--verbosity=0"])
        if self.is_demo:
            self._once(self.database, "first", "demo", ["seed_demo", "--first", str(FIRST_CASES)])

    def start(self) -> None:
        """Web, worker, beat and sequencer; returns when the first page is there."""
        python = str(PYTHON)
        gunicorn = [
            python, "-m", "gunicorn", "config.wsgi:application", "--bind", f"127.0.0.1:{self.port}",
            "--workers", "2", "--threads", "4", "--preload", "--no-control-socket", "--graceful-timeout", "5",
        ]  # fmt: skip
        celery = [python, "-m", "celery", "-A", "config"]
        worker = [*celery, "worker", "--concurrency", "2", "--loglevel", "INFO",
                  "--without-gossip", "--without-mingle"]  # fmt: skip
        beat = [*celery, "beat", "--loglevel", "INFO", "--pidfile=", "--schedule", str(DATA / "beat")]
        commands = [("web", gunicorn), ("worker", worker), ("beat", beat)]
        # Without a role of its own (servers of somebody else's) it can't run here: docs/ledger.md says where.
        if self.environment.get("SEQUENCER_DATABASE_URL"):
            commands.append(("sequencer", [python, "manage.py", "sequencer"]))
        else:
            say("SEQUENCER_DATABASE_URL is not set: the public log does not grow here (docs/ledger.md).")
        for name, command in commands:
            log = LOGS / f"{name}.log"
            log.unlink(missing_ok=True)
            child = Child(name, command, self.environment, log)
            child.start()
            self.children.append(child)
        web = self.children[0]
        if not wait_until(lambda: self._answers() or not web.alive, seconds=60, pause=0.1) or not web.alive:
            raise explained("The web server", web.last_words(), DATA)

    def fill(self) -> None:
        """Walk the rest of the demo's cases behind the first page, slowly enough not to be felt."""
        if self.is_demo and not self.database.holds("rest", "demo"):
            command = [str(PYTHON), "manage.py", "seed_demo", "--rest"]
            self.filler = Child("demo", command, self.environment, LOGS / "demo.log", piped=True, nice=10)
            self.filler.start()

    def watch(self) -> None:
        """Pass on the filler's count; start again what fell over, and give up when it keeps falling."""
        while True:
            self._pass_on()
            if self.own:
                self.own.revive()
            for child in self.children:
                if not child.alive:
                    self._start_again(child)

    def stop(self) -> None:
        """All of them, at the same time."""
        everyone = [*self.children, *([self.filler] if self.filler else [])]
        for child in everyone:
            child.ask_to_stop()
        for child in everyone:
            child.stop(12)

    def _once(self, stamps: Stamps, name: str, value: str, command: list[str]) -> None:
        if stamps.holds(name, value):
            return
        with step(DOINGS[name]):
            manage(command, self.environment)
        stamps.set(name, value)

    def _answers(self) -> bool:
        try:
            urllib.request.urlopen(f"{self.url}/healthz", timeout=5).close()
        except urllib.error.HTTPError as answer:
            return answer.code < 500
        except OSError:
            return False
        return True

    def _pass_on(self) -> None:
        if self.filler is None or self.filler.process is None:
            time.sleep(0.5)
            return
        if not select.select([self.filler.output], [], [], 0.5)[0]:
            return
        heard = os.read(self.filler.output.fileno(), 4096)
        for line in heard.decode(errors="replace").replace("\r", "\n").splitlines():
            if line.strip():
                say(f"  demo: {line.strip()}")
        if not heard:
            if self.filler.process.wait() == 0:
                self.database.set("rest", "demo")
            self.filler = None

    def _start_again(self, child: Child) -> None:
        now = time.monotonic()
        self.starts = [*(moment for moment in self.starts if moment > now - 60), now]
        if len(self.starts) > RESTARTS_A_MINUTE:
            raise explained(f"{child.name} keeps stopping and", child.last_words(), DATA)
        say(f"{child.name} stopped; starting it again (see {child.log}).")
        time.sleep(1)
        child.start()


def _short(environment: dict[str, str]) -> str:
    """A name for the database of this environment that gives no password away."""
    return hashlib.sha256(environment["DATABASE_URL"].encode()).hexdigest()[:12]


def manage(arguments: list[str], environment: dict[str, str]) -> None:
    """Run a management command to its end, quietly; its output is told if it fails."""
    log = LOGS / "manage.log"
    log.unlink(missing_ok=True)
    child = Child(arguments[0], [str(PYTHON), "manage.py", *arguments], environment, log)
    child.start()
    assert child.process is not None
    try:
        if child.process.wait():
            raise explained(f"manage.py {' '.join(arguments)}", child.last_words(), DATA)
    finally:
        child.stop(5)


def run(port: int) -> int:
    """Everything from nothing to the product, until Ctrl-C."""
    begun = time.monotonic()
    stop_on_signals()
    make_data_directory()
    lock = Lock("run")
    previous = lock.holder()
    if not _take(lock, previous):
        return 0
    lock.note(command="run")
    try:
        _insist_on(port, patience=5.0 if previous.get("url") else 0.5)
        packages.ensure()
        with servers(base_environment(kept_secrets(), "demo")) as (environment, own):
            lock.note(command="run", servers=True)
            product = Product(environment, port, own)
            try:
                product.prepare()
                with step("Starting web, worker, beat and sequencer"):
                    product.start()
                lock.note(command="run", servers=True, url=product.url)
                say(
                    f"\nTongdian is ready after {time.monotonic() - begun:.0f} s: {product.url}\n(Ctrl-C stops it.)"
                )
                product.fill()
                product.watch()
            finally:
                product.stop()
    except Stop:
        say("\nStopped.")
    finally:
        lock.release()
    return 0


def _take(lock: Lock, previous: dict[str, object]) -> bool:
    """Take the lock; wait for a passing command; say where a running product is."""
    if lock.take():
        return True
    holder = lock.holder() or previous
    if holder.get("command") != "run":
        say(
            f"Waiting for ./tongdian {holder.get('command', '')} (process {holder.get('pid', '?')}) to finish."
        )
        return lock.take(wait=True)
    where = f"runs already: {holder['url']}" if holder.get("url") else "is just being started"
    say(f"Tongdian {where} (process {holder.get('pid', '?')}). ./tongdian stop ends it.")
    return False


def _insist_on(port: int, *, patience: float) -> None:
    if port < 1024 and os.geteuid() != 0:
        msg = f"Port {port} is for root alone. Choose one from 1024 up: ./tongdian run --port 8000"
        raise Refusal(msg)
    if not wait_until(lambda: is_free(port), seconds=patience):
        msg = f"Port {port} is taken by another program. Choose another: ./tongdian run --port {port + 1}"
        raise Refusal(msg)


def running() -> dict[str, object]:
    """The note of a running product; empty if none runs here."""
    make_data_directory()
    lock = Lock("run")
    if lock.take():
        lock.release()
        return {}
    return lock.holder()
