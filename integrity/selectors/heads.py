"""The log's head as it stands, its keys, and reading it as a stranger would: by the paths of its public address."""

from __future__ import annotations

import json
import urllib.error

from django.conf import settings

from integrity.ledger.note import LogSigner, parse_vkey
from integrity.ledger.receipt import KEY_SUFFIX
from integrity.ledger.tiles import HASH, bundle, parse_place
from integrity.models import LedgerCheckpoint, LedgerLeaf, LedgerTile, LedgerTree
from integrity.selectors.records import record_now
from workflow.models import Event


def newest() -> LedgerCheckpoint | None:
    """The log's newest head; None before the first."""
    return LedgerCheckpoint.objects.order_by("-size").first()


def receipt_signer() -> LogSigner:
    """The key that signs promises: another one than the log's, which the web server never has."""
    return LogSigner(settings.LEDGER_ORIGIN + KEY_SUFFIX, settings.RECEIPT_SEED)


def witness_names() -> list[str]:
    """Who is asked to co-sign."""
    return [parse_vkey(key).name for key, _url in settings.LEDGER_WITNESSES]


def log_key() -> str:
    """The log's public key: as this process was told, else as the log's first head left it."""
    return settings.LEDGER_KEY or LedgerTree.objects.values_list("key", flat=True).first() or ""


def keys_text() -> str:
    """Every key needed for verifying, as a C2SP tlog-policy; the receipts' key in a comment, since the format knows none."""
    log = log_key()
    names = [f"w{n}" for n, _witness in enumerate(settings.LEDGER_WITNESSES, 1)]
    lines = [
        f"log {log}" if log else "# the log has no head yet",
        f"# receipts {receipt_signer().verifier.vkey}",
    ]
    lines += [
        f"witness {name} {key}" for name, (key, _url) in zip(names, settings.LEDGER_WITNESSES, strict=True)
    ]
    if names:
        lines += [f"group witnesses {settings.LEDGER_QUORUM} {' '.join(names)}", "quorum witnesses"]
    return "\n".join([*lines, *([] if names else ["quorum none"])]) + "\n"


def load_tile(level: int, index: int, width: int) -> bytes:
    """A tile's hashes, as wide as asked for."""
    data = LedgerTile.objects.filter(level=level, index=index).values_list("data", flat=True).first() or b""
    return bytes(data)[: width * HASH]


def served(path: str) -> bytes:
    """What the log's public address answers for a path, read here: the page and the script people keep look at the same bytes."""
    if path == "checkpoint" and (head := newest()):
        lines = "".join(seen.line for seen in head.cosignatures.all())
        return bytes(head.note) + lines.encode()
    if path.startswith("records/"):
        return json.dumps(record_now(path.removeprefix("records/"))).encode()
    kind, _slash, place = path.removeprefix("tile/").partition("/")
    found = parse_place(place)
    if found is None:
        raise urllib.error.URLError("no such path")
    index, width = found
    return _entries(index, width) if kind == "entries" else load_tile(int(kind), index, width)


def _entries(index: int, width: int) -> bytes:
    """The sealed texts of these places. An event that is gone leaves an empty entry, which fits no hash."""
    places = LedgerLeaf.objects.filter(index__gte=index * 256, index__lt=index * 256 + width).order_by(
        "index"
    )
    marks = [(leaf.stream, leaf.number) for leaf in places]
    found = Event.objects.filter(pk__in=marks) if marks else Event.objects.none()
    headers = {(event.stream, event.number): bytes(event.header) for event in found}
    return bundle(headers.get(mark, b"") for mark in marks)
