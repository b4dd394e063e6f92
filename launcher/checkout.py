"""One checkout's places and memory: where things lie, its secrets, what was done already, who runs here."""

import base64
import fcntl
import hashlib
import json
import os
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
DATA = Path(os.environ.get("TONGDIAN_DATA_DIR") or ROOT / ".tongdian")
LOGS = DATA / "logs"
APPS = ("staff", "workflow", "applications", "publicity", "integrity")
ROLES = ("app", "migrate", "sequencer", "erasure", "readonly")


def make_data_directory() -> None:
    """Create it; root's is passable (not readable) so that the database's user can reach its own part."""
    LOGS.mkdir(parents=True, exist_ok=True)
    DATA.chmod(0o711 if os.geteuid() == 0 else 0o700)
    LOGS.chmod(0o700)


def write_whole(path: Path, text: str) -> None:
    """Write so that a kill leaves the old file or the new one; only the owner may read it."""
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    scratch.replace(path)


def read_json(path: Path) -> dict[str, Any]:
    """The file's object; empty if there is none or it is broken."""
    try:
        found = json.loads(path.read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def fingerprint(paths: Iterable[Path]) -> str:
    """A short hash of the files' names and contents; folders are walked."""
    digest = hashlib.sha256()
    for top in paths:
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def new_secrets() -> dict[str, str]:
    """Passwords and keys, each of its own."""
    names = ["superuser", *ROLES, "broker", "secret_key"]
    field_key = base64.b64encode(secrets.token_bytes(32)).decode()
    return {**{name: secrets.token_urlsafe(32) for name in names}, "field_keys": f"k1:{field_key}"}


def kept_secrets() -> dict[str, str]:
    """This checkout's secrets, made at the first call (file mode 0600)."""
    path = DATA / "secrets.json"
    found = read_json(path)
    if not found:
        found = new_secrets()
        write_whole(path, json.dumps(found, indent=1))
    return found


def kept_seeds() -> dict[str, str]:
    """The keys that sign the log and the receipts, made at the first call (file mode 0600); never in the database."""
    path = DATA / "ledger" / "seeds.json"
    found = read_json(path)
    if not found:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        names = ("TONGDIAN_LEDGER_SEED", "TONGDIAN_RECEIPT_SEED")
        found = {name: base64.b64encode(secrets.token_bytes(32)).decode() for name in names}
        write_whole(path, json.dumps(found, indent=1))
    return found


class Stamps:
    """Remembers which work was done on what, so that the next start skips it."""

    def __init__(self, path: Path) -> None:
        """Stamps live beside what they speak of and vanish with it."""
        self.path = path

    def holds(self, name: str, value: str) -> bool:
        """Whether `name` was done on exactly this."""
        return read_json(self.path).get(name) == value

    def value(self, name: str) -> str:
        """What was kept under `name`; empty if nothing."""
        return str(read_json(self.path).get(name, ""))

    def set(self, name: str, value: str) -> None:
        """Say that it was."""
        write_whole(self.path, json.dumps({**read_json(self.path), name: value}, indent=1))


class Lock:
    """A lock that dies with its holder, and a note about the holder for whoever finds it taken."""

    def __init__(self, name: str) -> None:
        """A file in the data directory."""
        self.path = DATA / f"{name}.lock"
        self.file: IO[str] | None = None

    def take(self, *, wait: bool = False) -> bool:
        """Take it; False if somebody else holds it (and `wait` is off)."""
        file = os.fdopen(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600), "r+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            file.close()
            return False
        self.file = file
        self.note()
        return True

    def note(self, **facts: Any) -> None:
        """Leave word of who holds the lock and how far it is."""
        assert self.file is not None, "a note is the holder's"
        self.file.seek(0)
        self.file.truncate()
        self.file.write(json.dumps({"pid": os.getpid(), **facts}))
        self.file.flush()

    def holder(self) -> dict[str, Any]:
        """The holder's note."""
        return read_json(self.path)

    def release(self) -> None:
        """Give it back."""
        if self.file:
            self.file.truncate(0)
            self.file.close()
            self.file = None
