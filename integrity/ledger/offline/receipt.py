"""Checking a receipt: by what stands in it, and against the log as it is today. The public page and the script one keeps run this."""

from __future__ import annotations

import base64
import calendar
import hashlib
import json
import re
import time
import urllib.error
from collections.abc import Callable
from typing import Any, NamedTuple

from integrity.ledger.offline.notes import KINDS, Checkpoint, Key, decode, open_checkpoint, open_note
from integrity.ledger.offline.tree import Bad, Tiles, consistent, leaf_hash, root_from_path

PROOF, PROMISE = "c2sp.org/tlog-proof@v1", "tongdian-receipt/1"
OVERDUE_SECONDS = EPSILON = 60


class Result(NamedTuple):
    """What was found: an outcome (the words of `says.py`), the part that does not hold, and what is known for certain."""

    outcome: str
    part: str = ""
    facts: dict[str, Any] = {}


def seconds_of(moment: str) -> int:
    """A moment of a header in seconds since 1970."""
    return calendar.timegm(time.strptime(moment[:19], "%Y-%m-%dT%H:%M:%S"))


def check(text: str, keys: list[Key], now: float, fetch: Callable[[str], bytes] | None = None) -> Result:
    """Check a receipt by what stands in it, and with `fetch` against the log as it is now."""
    facts: dict[str, Any] = {
        "witnesses": {},
        "known_witnesses": sum(key.kind == KINDS["witness"] for key in keys),
    }
    try:
        first = text.partition("\n")[0]
        if first == PROMISE:
            return _check_promise(text, keys, now, fetch, facts)
        if first != PROOF:
            raise Bad("unreadable", "file")
        head = _check_proof(text, keys, facts)
        if fetch is not None:
            _check_today(fetch, keys, head, facts)
        return Result(_clock(facts), "", facts)
    except Bad as bad:
        return Result(bad.outcome, bad.part, facts)
    except (urllib.error.URLError, OSError):
        return Result("unreachable", "", facts)
    except (ValueError, KeyError, TypeError, AttributeError):
        return Result("unreadable", "file", facts)


def _clock(facts: dict[str, Any]) -> str:
    """The entry's time against what witnesses saw: not before the head without it, not after the head with it."""
    moment, before, seen = seconds_of(facts["at"]), facts.get("before_seen") or {}, facts["witnesses"]
    early = bool(before) and moment < min(before.values()) - EPSILON
    late = bool(seen) and moment > min(seen.values()) + EPSILON
    return "clock" if early or late else "included"


def _check_promise(
    text: str, keys: list[Key], now: float, fetch: Callable[[str], bytes] | None, facts: dict[str, Any]
) -> Result:
    facts.update(open_promise(text, keys))
    facts["age"] = int(now - seconds_of(facts["at"]))
    if fetch is not None:
        newest = open_checkpoint(fetch("checkpoint").decode(), keys)
        tiles = Tiles(fetch, newest.size)
        index = tiles.find(facts["leaf"]) if newest.size else None
        if index is not None:
            path = tiles.path(index, 0, newest.size)
            if root_from_path(facts["leaf"], index, newest.size, path) != newest.root:
                raise Bad("changed", "tiles")
            facts.update(index=index, size=newest.size, newest=newest.size, witnesses=newest.seen)
            _said(fetch, facts)
            return Result("included", "", facts)
    return Result("overdue" if facts["age"] > OVERDUE_SECONDS else "promised", "", facts)


def open_promise(text: str, keys: list[Key]) -> dict[str, Any]:
    """What the promise says, its signature verified."""
    body, signers = open_note(text, keys, "promise")
    version, origin, entry, leaf, rest = body.split("\n")
    if origin not in {key.name for key in keys if key.kind == KINDS["log"]}:
        raise Bad("other_log", origin)
    if version != PROMISE or rest or f"{origin}/receipt" not in signers:
        raise Bad("forged", "promise")
    case, number, moment = entry.split(" ")
    return {"origin": origin, "case": case, "number": int(number), "at": moment, "leaf": decode(leaf)}


def _check_proof(text: str, keys: list[Key], facts: dict[str, Any]) -> Checkpoint:
    top, blank, note = text.partition("\n\n")
    lines = top.split("\n")
    if (
        not blank
        or len(lines) < 3
        or not lines[1].startswith("extra ")
        or not re.fullmatch(r"index (0|[1-9]\d{0,17})", lines[2])
    ):
        raise Bad("unreadable", "file")
    packed = decode(lines[1][6:])
    extra = json.loads(packed)
    if json.dumps(extra, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode() != packed:
        raise Bad("unreadable", "extra")
    if not set(extra) <= {"before", "between", "header", "payload", "promise", "salt"}:
        raise Bad("unreadable", "extra")
    header, index = extra["header"].encode(), int(lines[2][6:])
    said = json.loads(header)
    leaf, path = leaf_hash(header), [decode(line) for line in lines[3:]]
    head = open_checkpoint(note, keys)
    facts.update(origin=head.origin, case=said["stream"].partition(":")[2], number=said["n"], at=said["at"], claimed=said["claimed"],
                 kind=said["kind"], station=said["station"], leaf=leaf, index=index, size=head.size, witnesses=head.seen, header=header)  # fmt: skip
    _check_contents(extra, said, facts)
    if extra.get("promise"):
        promised = open_promise(extra["promise"], keys)
        if any(promised[name] != facts[name] for name in ("origin", "case", "number", "at", "leaf")):
            raise Bad("forged", "promise")
    if index >= head.size or root_from_path(leaf, index, head.size, path) != head.root:
        raise Bad("forged", "entry")
    _check_before(extra, index, head, keys, facts)
    return head


def _check_contents(extra: dict[str, Any], said: dict[str, Any], facts: dict[str, Any]) -> None:
    """The contents, where they were given: their salted digest stands in the entry."""
    if extra.get("payload") is None:
        if extra.get("salt"):
            raise Bad("forged", "payload")
        return
    body = json.dumps(extra["payload"], sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    salt = extra["salt"]
    if salt != salt.lower() or hashlib.sha256(bytes.fromhex(salt) + body).hexdigest() != said["payload"]:
        raise Bad("forged", "payload")
    facts["payload"] = extra["payload"]


def _check_before(
    extra: dict[str, Any], index: int, head: Checkpoint, keys: list[Key], facts: dict[str, Any]
) -> None:
    """The lower end of the time bracket: a head without the entry, of which the head with it is a continuation."""
    if not extra.get("before"):
        if extra.get("between"):
            raise Bad("forged", "bracket")
        return
    before = open_checkpoint(extra["before"], keys, "bracket")
    between = [decode(item) for item in extra["between"]]
    if (
        before.origin != head.origin
        or not 0 < before.size <= index
        or not consistent((before.size, before.root), (head.size, head.root), between)
    ):
        raise Bad("forged", "bracket")
    facts.update(before_size=before.size, before_seen=before.seen)


def _check_today(
    fetch: Callable[[str], bytes], keys: list[Key], head: Checkpoint, facts: dict[str, Any]
) -> None:
    newest = open_checkpoint(fetch("checkpoint").decode(), keys)
    if newest.origin != head.origin:
        raise Bad("other_log", newest.origin)
    facts["newest"] = newest.size
    if newest.size < head.size:
        raise Bad("changed", "shorter")
    tiles = Tiles(fetch, newest.size)
    if tiles.root(0, newest.size) != newest.root:
        raise Bad("changed", "tiles")
    if tiles.root(0, head.size) != head.root:
        raise Bad("changed", "history")
    if tiles.hash_of(0, facts["index"]) != facts["leaf"] or tiles.entry(facts["index"]) != facts["header"]:
        raise Bad("changed", "entry")
    _said(fetch, facts)


def _said(fetch: Callable[[str], bytes], facts: dict[str, Any]) -> None:
    """What the company's own table says about the entry today, if the log serves that (a mirror does not)."""
    code = base64.b32encode(facts["leaf"]).decode()[:26]
    try:
        said = json.loads(fetch(f"records/{code}"))
    except (urllib.error.URLError, ValueError):
        return
    facts["record"] = said
    if not said.get("known") or said.get("changed"):
        raise Bad("changed", "record")
