"""The environment, read once and typed.

Why a module of its own: every value that differs between machines is named here, and a missing or
malformed one stops the start with a sentence instead of a traceback deep inside a library.
"""

import base64
import binascii
import hashlib
import ipaddress
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NoReturn, cast
from urllib.parse import urlsplit

import environ

BASE_DIR = Path(__file__).resolve().parent.parent

Kind = Literal["demo", "test", "production"]
KINDS: tuple[Kind, ...] = ("demo", "test", "production")


@dataclass(frozen=True)
class Ledger:
    """What the public log needs: its name, its keys, and who else watches it.

    The log's seed is the sequencer's alone; the other processes sign receipts with another one and know the log by its public key.
    """

    origin: str
    seed: bytes
    receipt_seed: bytes
    key: str
    sequencer_url: str
    state_path: Path
    witnesses: tuple[tuple[str, str], ...]
    quorum: int
    timestamp_url: str


@dataclass(frozen=True)
class Environment:
    """What this process was told by whoever started it."""

    kind: Kind
    debug: bool
    secret_key: str
    field_keys: tuple[tuple[str, bytes], ...]
    base_url: str
    allowed_hosts: tuple[str, ...]
    database: dict[str, object]
    redis_url: str
    data_dir: Path
    code_gateway: str
    client_address_header: str
    staff_networks: tuple[str, ...]
    kiosk_networks: tuple[str, ...]
    webhook_hosts: tuple[str, ...]
    ledger: Ledger
    erasure_url: str


def _stop(sentence: str) -> NoReturn:
    sys.exit(f"Tongdian cannot start: {sentence}")


def _required(env: environ.Env, name: str, meaning: str) -> str:
    value = str(env.str(name, default=""))
    if not value:
        _stop(f"{name} is not set ({meaning}). `./tongdian run` sets it; see docs/operations.md.")
    return value


def _kind(env: environ.Env) -> Kind:
    value = env.str("TONGDIAN_ENV", default="production")
    if value not in KINDS:
        _stop(f"TONGDIAN_ENV is {value!r}; it is one of {', '.join(KINDS)}.")
    return cast("Kind", value)


def _field_keys(text: str) -> tuple[tuple[str, bytes], ...]:
    """Read `id:base64,id:base64`; the first encrypts, all of them decrypt."""
    keys = []
    for entry in text.split(","):
        key_id, _, encoded = entry.strip().partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            key = b""
        if not key_id or len(key) != 32:
            _stop("TONGDIAN_FIELD_KEYS is a comma list of id:key, each key 32 bytes in base64.")
        keys.append((key_id, key))
    return tuple(keys)


def _database(env: environ.Env) -> dict[str, object]:
    url = _required(env, "DATABASE_URL", "where PostgreSQL is, as the role tongdian_app")
    if urlsplit(url).scheme not in {"postgres", "postgresql"}:
        _stop("DATABASE_URL must begin with postgresql://; Tongdian runs on PostgreSQL alone.")
    return dict(env.db_url_config(url))


def _networks(env: environ.Env, name: str) -> tuple[str, ...]:
    """Networks such as `10.20.0.0/16,fd00::/8`; empty where none is named."""
    networks = tuple(text.strip() for text in env.list(name, default=[]) if text.strip())
    for text in networks:
        try:
            ipaddress.ip_network(text)
        except ValueError:
            _stop(f"{name} holds {text!r}; it is a comma list of networks such as 10.20.0.0/16.")
    return networks


def _seed(env: environ.Env, name: str, kind: Kind, secret_key: str) -> bytes:
    """An Ed25519 seed, 32 bytes in base64; outside production one that follows from the secret key, so that nobody need think of it."""
    text = env.str(name, default="")
    if not text:
        return b"" if kind == "production" else hashlib.sha256(f"{name}\n{secret_key}".encode()).digest()
    try:
        seed = base64.b64decode(text, validate=True)
    except binascii.Error:
        seed = b""
    # Four values or fewer in 32 bytes are no seed: somebody typed zeros, or left what an example said.
    if len(seed) != 32 or len(set(seed)) < 5:
        _stop(f"{name} is 32 random bytes in base64; see docker/example.env for how to make them.")
    return seed


def _witnesses(env: environ.Env) -> tuple[tuple[str, str], ...]:
    """Read `vkey=https://address,…`: whose co-signatures are asked for, and where."""
    found = []
    for entry in env.list("TONGDIAN_LEDGER_WITNESSES", default=[]):
        mark = entry.find("=http")
        if mark < 1 or entry[:mark].count("+") < 2:
            _stop(
                "TONGDIAN_LEDGER_WITNESSES is a comma list of key=address, the key as the witness prints it."
            )
        found.append((entry[:mark].strip(), entry[mark + 1 :].strip().rstrip("/")))
    return tuple(found)


def _ledger(env: environ.Env, kind: Kind, base_url: str, secret_key: str, data_dir: Path) -> Ledger:
    """The log as this process knows it."""
    origin = env.str("TONGDIAN_LEDGER_ORIGIN", default="") or f"{urlsplit(base_url).hostname}/tongdian"
    if not re.fullmatch(r"[^\s+]+", origin):
        _stop(
            "TONGDIAN_LEDGER_ORIGIN is the log's name, such as ledger.example.cn/tongdian: no spaces, no plus sign."
        )
    receipt_seed = _seed(env, "TONGDIAN_RECEIPT_SEED", kind, secret_key)
    if not receipt_seed:
        _stop("TONGDIAN_RECEIPT_SEED is not set (signs the receipts customers get). See docker/example.env.")
    witnesses = _witnesses(env)
    return Ledger(
        origin=origin,
        seed=_seed(env, "TONGDIAN_LEDGER_SEED", kind, secret_key),
        receipt_seed=receipt_seed,
        key=env.str("TONGDIAN_LEDGER_KEY", default=""),
        sequencer_url=env.str("SEQUENCER_DATABASE_URL", default=""),
        state_path=Path(env.str("TONGDIAN_LEDGER_STATE", default=str(data_dir / "ledger" / "signed.json"))),
        witnesses=witnesses,
        quorum=env.int("TONGDIAN_LEDGER_QUORUM", default=len(witnesses) // 2 + 1 if witnesses else 0),
        timestamp_url=env.str("TONGDIAN_TIMESTAMP_URL", default=""),
    )


def read() -> Environment:
    """Read os.environ; exits with a sentence when something is missing or wrong."""
    env = environ.Env()
    kind = _kind(env)
    base_url = env.str("TONGDIAN_BASE_URL", default="http://127.0.0.1:8000").rstrip("/")
    # 127.0.0.1 also in production: that is where health is asked for.
    hosts = [urlsplit(base_url).hostname or "", *env.list("TONGDIAN_ALLOWED_HOSTS", default=[]), "127.0.0.1"]
    if kind != "production":
        hosts += ["localhost", "testserver"]
    secret_key = _required(env, "TONGDIAN_SECRET_KEY", "signs sessions and links")
    data_dir = Path(env.str("TONGDIAN_DATA_DIR", default=str(BASE_DIR / ".tongdian")))
    return Environment(
        kind=kind,
        debug=kind != "production" and env.bool("TONGDIAN_DEBUG", default=False),
        secret_key=secret_key,
        field_keys=_field_keys(_required(env, "TONGDIAN_FIELD_KEYS", "encrypts personal data")),
        base_url=base_url,
        allowed_hosts=tuple(dict.fromkeys(host for host in hosts if host)),
        database=_database(env),
        redis_url=_required(env, "REDIS_URL", "where the Celery broker is"),
        data_dir=data_dir,
        code_gateway=env.str("TONGDIAN_CODE_GATEWAY", default=""),
        client_address_header=env.str("TONGDIAN_CLIENT_ADDRESS_HEADER", default=""),
        staff_networks=_networks(env, "TONGDIAN_STAFF_NETWORKS"),
        kiosk_networks=_networks(env, "TONGDIAN_KIOSK_NETWORKS"),
        webhook_hosts=tuple(h.strip() for h in env.list("TONGDIAN_WEBHOOK_HOSTS", default=[]) if h.strip()),
        ledger=_ledger(env, kind, base_url, secret_key, data_dir),
        erasure_url=env.str("ERASURE_DATABASE_URL", default=""),
    )
