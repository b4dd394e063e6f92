#!/usr/bin/env python3
"""tongdian-witness: remembers how large a log was and which root it had, and puts its name under nothing that doesn't continue it.

For an organisation other than the one that runs the log. One file; needs Python 3.9 and the package `cryptography`, nothing of the log's
own software. Speaks C2SP tlog-witness: POST /add-checkpoint.

    python3 tongdian_witness.py key  --name witness.example.cn/w1 --state /var/lib/witness     # makes the key once, prints its public half
    python3 tongdian_witness.py run  --name witness.example.cn/w1 --state /var/lib/witness --log '<the log's key>' --port 8801

What it refused (422) it keeps under state/evidence: signed by the log's own key, it is the proof of two histories.
"""

from __future__ import annotations

import argparse
import base64
import fcntl
import hashlib
import json
import os
import re
import secrets
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519, COSIGNATURE = 1, 4
DASH = "\N{EM DASH}"
LONGEST_BODY = 64 * 1024
MOST_STEPS = 63
DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}")


class Answer(Exception):
    """An answer other than 200."""

    def __init__(self, code: int, text: str, kind: str = "text/plain; charset=utf-8") -> None:
        super().__init__(text)
        self.code, self.text, self.kind = code, text, kind


def key_id(name: str, kind: int, public: bytes) -> bytes:
    """What names a key on a signature line."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


def b64(data: bytes) -> str:
    """Standard base64."""
    return base64.b64encode(data).decode()


def unb64(text: str) -> bytes:
    """Strict base64: one spelling only."""
    data = base64.b64decode(text, validate=True)
    if b64(data) != text:
        raise ValueError("not the usual spelling")
    return data


class LogKey:
    """A log this witness watches."""

    def __init__(self, vkey: str) -> None:
        """Read `name+id+key`."""
        self.name, mark, encoded = vkey.split("+", 2)
        blob = unb64(encoded)
        if blob[0] != ED25519 or len(blob) != 33 or key_id(self.name, ED25519, blob[1:]).hex() != mark:
            raise ValueError("not the key of a log")
        self.id, self.public = (
            key_id(self.name, ED25519, blob[1:]),
            Ed25519PublicKey.from_public_bytes(blob[1:]),
        )

    def signed(self, text: bytes, lines: list[str]) -> bool:
        """Whether a line of this key fits the text; a line of this key that doesn't fit spoils it."""
        mine = []
        for line in lines:
            dash, name, encoded = line.split(" ")
            blob = unb64(encoded)
            if dash != DASH or len(blob) < 5:
                raise ValueError("not a signature line")
            if (name, blob[:4]) == (self.name, self.id):
                mine.append(blob[4:])
        try:
            for signature in mine:
                self.public.verify(signature, text)
        except InvalidSignature:
            return False
        return bool(mine)


def node(left: bytes, right: bytes) -> bytes:
    """An inner node's hash."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def continues(old: int, old_root: bytes, new: int, new_root: bytes, proof: list[bytes]) -> bool:
    """RFC 9162, 2.1.4.2: whether the tree of `new` begins with the tree of `old`."""
    if old == new or old == 0:
        return not proof and (old == 0 or old_root == new_root)
    steps = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not steps:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    first = second = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            first, second = node(step, first), node(step, second)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            second = node(second, step)
        place, last = place >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


class Witness:
    """The key, the logs, and on disk what was seen of each."""

    def __init__(self, name: str, folder: Path, logs: list[LogKey]) -> None:
        """The folder belongs to this witness alone."""
        self.name, self.folder = name, folder
        self.logs = {log.name: log for log in logs}
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.key = Ed25519PrivateKey.from_private_bytes(self._seed())
        self.public = self.key.public_key().public_bytes_raw()
        self.turn = threading.Lock()

    @property
    def vkey(self) -> str:
        """The public half in one line: what the log's operator and every verifier is given."""
        return f"{self.name}+{key_id(self.name, COSIGNATURE, self.public).hex()}+{b64(bytes([COSIGNATURE]) + self.public)}"

    def add_checkpoint(self, body: bytes) -> str:
        """The line under a checkpoint that continues what was seen; an `Answer` otherwise."""
        old, proof, note = _request(body)
        text, lines, origin, size, root = _checkpoint(note)
        log = self.logs.get(origin)
        if log is None:
            raise Answer(404, "this log is not watched here\n")
        try:
            signed = log.signed(text, lines)
        except ValueError:
            raise Answer(400, "a signature line is not written as it must be\n") from None
        if not signed:
            raise Answer(403, "not signed by the log's key\n")
        if old > size:
            raise Answer(400, "the old size is larger than the new one\n")
        with self.turn, (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._advance(origin, old, size, root, proof, body)
            return self._line(text)

    def _advance(
        self, origin: str, old: int, size: int, root: bytes, proof: list[bytes], body: bytes
    ) -> None:
        seen = self._seen(origin)
        if old != seen["size"]:
            raise Answer(409, f"{seen['size']}\n", "text/x.tlog.size")
        seen_root = bytes.fromhex(seen["root"])
        if old == size and old and root != seen_root:
            self._keep_evidence(origin, body)
            raise Answer(409, f"{seen['size']}\n", "text/x.tlog.size")
        if not continues(old, seen_root, size, root, proof):
            self._keep_evidence(origin, body)
            raise Answer(422, f"consistency proof from size {old} to {size} does not verify\n")
        self._write(
            self._path(origin), json.dumps({"origin": origin, "size": size, "root": root.hex()}).encode()
        )

    def _line(self, text: bytes) -> str:
        now = int(time.time())
        signature = self.key.sign(b"cosignature/v1\ntime %d\n" % now + text)
        blob = key_id(self.name, COSIGNATURE, self.public) + now.to_bytes(8, "big") + signature
        return f"{DASH} {self.name} {b64(blob)}\n"

    def _seed(self) -> bytes:
        path = self.folder / "seed"
        if not path.exists():
            self._write(path, b64(secrets.token_bytes(32)).encode())
        return unb64(path.read_text())

    def _seen(self, origin: str) -> dict:
        path = self._path(origin)
        return (
            json.loads(path.read_text())
            if path.exists()
            else {"size": 0, "root": hashlib.sha256(b"").hexdigest()}
        )

    def _path(self, origin: str) -> Path:
        return self.folder / f"{hashlib.sha256(origin.encode()).hexdigest()[:16]}.json"

    def _keep_evidence(self, origin: str, body: bytes) -> None:
        folder = self.folder / "evidence"
        folder.mkdir(exist_ok=True)
        self._write(folder / hashlib.sha256(body).hexdigest()[:32], body)
        print(f"REFUSED: {origin} shows another history; kept in {folder}", file=sys.stderr, flush=True)

    @staticmethod
    def _write(path: Path, data: bytes) -> None:
        """Whole or not at all, and on disk before anybody is answered."""
        scratch = path.with_name(f".{path.name}.new")
        with os.fdopen(os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        scratch.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)


def _request(body: bytes) -> tuple[int, list[bytes], bytes]:
    head, blank, note = body.partition(b"\n\n")
    try:
        first, *steps = head.decode("ascii").split("\n")
        word, _, size = first.partition(" ")
        if not blank or word != "old" or not DECIMAL.fullmatch(size) or len(steps) > MOST_STEPS:
            raise ValueError
        proof = [unb64(step) for step in steps]
        if any(len(step) != 32 for step in proof):
            raise ValueError
    except ValueError:
        raise Answer(
            400, "the request is: old <size>, the proof's hashes, an empty line, the checkpoint\n"
        ) from None
    return int(size), proof, note


def _checkpoint(note: bytes) -> tuple[bytes, list[str], str, int, bytes]:
    head, blank, tail = note.rpartition(b"\n\n")
    try:
        origin, size, root = head.decode().split("\n")[:3]
        if not blank or not tail.endswith(b"\n") or not DECIMAL.fullmatch(size):
            raise ValueError
        digest, lines = unb64(root), tail[:-1].decode().split("\n")
        if len(digest) != 32:
            raise ValueError
    except ValueError:
        raise Answer(400, "not a checkpoint\n") from None
    return head + b"\n", lines, origin, int(size), digest


def handler(witness: Witness) -> type[BaseHTTPRequestHandler]:
    """The HTTP side."""

    class Handler(BaseHTTPRequestHandler):
        timeout = 10

        def do_POST(self) -> None:
            try:
                if self.path.rpartition("/")[2] != "add-checkpoint":
                    raise Answer(404, "POST /add-checkpoint\n")
                length = self.headers.get("Content-Length", "")
                if not length.isdecimal() or int(length) > LONGEST_BODY:
                    raise Answer(400, "a request has a length, and at most 65536 bytes\n")
                self._say(
                    200, witness.add_checkpoint(self.rfile.read(int(length))), "text/plain; charset=utf-8"
                )
            except Answer as answer:
                self._say(answer.code, answer.text, answer.kind)

        def _say(self, code: int, text: str, kind: str) -> None:
            data = text.encode()
            self.send_response(code)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_arguments: object) -> None:
            """Quiet: what matters is said by name."""

    return Handler


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(
        prog="tongdian-witness", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=["key", "run"])
    parser.add_argument("--name", required=True, help="this witness's name, such as witness.example.cn/w1")
    parser.add_argument("--state", required=True, type=Path, help="folder for the key and for what was seen")
    parser.add_argument(
        "--log",
        action="append",
        default=[],
        help="key of a log to watch, as its address /ledger/key shows it",
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8801)
    options = parser.parse_args()
    if re.search(r"[\s+]", options.name):
        parser.error("a name has no spaces and no plus sign")
    try:
        logs = [LogKey(key.strip()) for key in options.log]
    except (ValueError, IndexError):
        parser.error("--log is the log's key, name+id+base64, copied whole")
    witness = Witness(options.name, options.state, logs)
    print(witness.vkey, flush=True)
    if options.what == "run":
        if not logs:
            parser.error("which log? --log '<key>'")
        ThreadingHTTPServer((options.host, options.port), handler(witness)).serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
