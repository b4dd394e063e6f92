"""A small log held in memory, made with the writer's modules and served as tiles: what the offline verifier is tried on."""

import json
import urllib.error

from integrity.ledger.note import Checkpoint, Cosigner, LogSigner
from integrity.ledger.receipt import Entry, Place, promise, proof
from integrity.ledger.tiles import bundle, split, tile_path, whole_root, width_at
from integrity.ledger.tree import consistency_proof, inclusion_proof, leaf_hash, reader_of, root_of

ORIGIN = "ledger.example.cn/tongdian/2026"
LOG = LogSigner(ORIGIN, b"l" * 32)
RECEIPT = LogSigner(f"{ORIGIN}/receipt", b"r" * 32)
WITNESSES = [Cosigner(f"witness.example.cn/{n}", bytes([n]) * 32) for n in (1, 2, 3)]
KEYS = "\n".join(key.verifier.vkey for key in (LOG, RECEIPT, *WITNESSES))
AT = "2026-11-17T03:49:35.866202Z"
AT_SECONDS = 1794887375


def header(n=1, recorded=AT, case="0193a0b0-0000-7000-8000-000000000001", digest="0" * 64):
    """Sealed text of an event, as the trigger writes it."""
    fields = dict.fromkeys(
        ["behalf", "captured", "claimed", "dev", "doc", "nonce", "station", "task", "via", "state"]
    )
    fields |= {
        "actor": "a:1", "at": recorded, "kind": "contact.registered", "n": n, "payload": digest, "prev": "0" * 64, "stream": f"case:{case}",
        "v": "tongdian-event/1",
    }  # fmt: skip
    return json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()


class PaperLog:
    """Entries, and everything a reader may ask for."""

    def __init__(self, entries, signer=LOG, records=None):
        self.entries, self.signer, self.records = list(entries), signer, records or {}
        self.leaves = [leaf_hash(entry) for entry in self.entries]

    def checkpoint(self, size=None, seen=(), witnesses=None):
        """A signed head, seen by witnesses at these seconds."""
        size = len(self.leaves) if size is None else size
        text = Checkpoint(self.signer.verifier.name, size, root_of(self.leaves[:size])).text
        note = self.signer.note(text)
        lines = [w.cosign(text, s) for w, s in zip(witnesses or WITNESSES, seen, strict=False)]
        return note.signed_also(lines).raw

    def place(
        self,
        index,
        size=None,
        before=None,
        seen=(AT_SECONDS + 2, AT_SECONDS + 3),
        seen_before=(AT_SECONDS - 3,),
    ):
        size = size or len(self.leaves)
        read = reader_of(self.leaves)
        return Place(
            index,
            inclusion_proof(read, index, size),
            self.checkpoint(size, seen),
            self.checkpoint(before, seen_before) if before else None,
            consistency_proof(read, before, size) if before else (),
        )

    def receipt(self, index, *, salt=None, body=None, **place):
        """The customer's file."""
        entry = Entry(self.entries[index], salt, body)
        return proof(entry, self.place(index, **place), promise(entry, self.signer.verifier.name, RECEIPT))

    def fetch(self, path):
        """What the server answers."""
        if path == "checkpoint":
            return self.checkpoint()
        if path.startswith("records/"):
            if path[8:] in self.records:
                return json.dumps(self.records[path[8:]]).encode()
            raise urllib.error.URLError("a mirror has no records")
        return self.tiles()[path]

    def tiles(self):
        """Every tile and bundle of today."""
        size, found = len(self.leaves), {}
        level, row = 0, self.leaves
        while row:
            for index in range(-(-len(row) // 256)):
                part = row[index * 256 : index * 256 + 256]
                assert len(part) == width_at(level, index, size)
                found[tile_path(level, index, len(part))] = b"".join(part)
                if level == 0:
                    whole = self.entries[index * 256 : index * 256 + 256]
                    found[tile_path("entries", index, len(part))] = bundle(whole)
            row = [whole_root(split(b"".join(row[i : i + 256]))) for i in range(0, len(row) - 255, 256)]
            level += 1
        return found
