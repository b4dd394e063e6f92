"""The log's signature, and its memory of what it signed: a file outside the database, which a changed database can't talk out of it."""

from __future__ import annotations

import base64
import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from integrity.ledger.note import Checkpoint, LogSigner, Malformed, Note, open_checkpoint
from integrity.ledger.tree import is_consistent

#: What shows that the first of two sizes is a beginning of the second.
Prove = Callable[[int, int], list[bytes]]


class Refused(Exception):
    """The signer won't sign: the sentence says what doesn't fit."""


@dataclass(frozen=True, slots=True)
class Signed:
    """What was signed last."""

    size: int
    root: bytes
    note: bytes


def last_signed(path: Path) -> Signed | None:
    """The signer's memory; none before the first signature. A broken file is no reason to begin anew: `Refused`."""
    try:
        found = json.loads(path.read_text())
        note = base64.b64decode(found["note"])
        return Signed(int(found["size"]), bytes.fromhex(found["root"]), note)
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        raise Refused(
            f"The signer's memory {path} can't be read. Bring it back from a copy before going on."
        ) from None


class StatefulSigner:
    """Signs a checkpoint only if it continues what it signed before.

    The memory is on disk before a signature leaves the house: a kill between the two costs a signature nobody saw, never a fork.
    """

    def __init__(self, signer: LogSigner, path: Path) -> None:
        """The key, and where the memory is kept."""
        self.signer, self.path = signer, path

    def insist_on(self, size: int, root: bytes, known: int) -> None:
        """Refuse a tree that is smaller than the last one signed, or another of the same size. `known` is the database's last checkpoint."""
        self._refuse_if_unfit(last_signed(self.path), size, root, known)

    def sign(self, checkpoint: Checkpoint, prove: Prove, *, known: int = 0) -> Note:
        """The signed checkpoint; `Refused` if it isn't the old tree with more behind it."""
        with self._alone():
            last = last_signed(self.path)
            self._refuse_if_unfit(last, checkpoint.size, checkpoint.root, known)
            if last and not self._continues(last, checkpoint, prove):
                raise Refused(
                    f"The tree of {checkpoint.size} does not begin with the tree of {last.size} that was signed: history was changed."
                )
            note = self.signer.note(checkpoint.text)
            self._remember(Signed(checkpoint.size, checkpoint.root, note.raw))
            return note

    def adopt(self, note: bytes) -> Signed:
        """Take a checkpoint of our own for what was signed last, where the memory was lost; the person who asks for it answers for it."""
        with self._alone():
            if last_signed(self.path) is not None:
                raise Refused("The signer remembers what it signed; there is nothing to adopt.")
            try:
                head, _ = open_checkpoint(note, self.signer.verifier)
            except (Malformed, ValueError) as wrong:
                raise Refused(f"The newest checkpoint is not ours: {wrong}.") from None
            signed = Signed(head.size, head.root, note)
            self._remember(signed)
            return signed

    def _refuse_if_unfit(self, last: Signed | None, size: int, root: bytes, known: int) -> None:
        if last is None:
            if known:
                raise Refused(
                    f"The signer's memory {self.path} is gone, but checkpoints were signed. Bring it back from a copy; "
                    "if there is none, `sequencer --adopt` takes the newest checkpoint for it."
                )
        elif size < last.size:
            raise Refused(
                f"The tree holds {size}, but {last.size} were signed: the database is older than the log. Bring back what is missing."
            )
        elif size == last.size and root != last.root:
            raise Refused(
                f"The tree of {size} has another root than the one that was signed: history was changed."
            )

    @staticmethod
    def _continues(last: Signed, new: Checkpoint, prove: Prove) -> bool:
        try:
            proof = prove(last.size, new.size)
        except LookupError:
            return False
        return is_consistent(last.size, last.root, new.size, new.root, proof)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One signature at a time, also between processes; the lock dies with its holder."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self.path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _remember(self, signed: Signed) -> None:
        text = json.dumps(
            {"size": signed.size, "root": signed.root.hex(), "note": base64.b64encode(signed.note).decode()}
        )
        scratch = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        with os.fdopen(os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        scratch.replace(self.path)
        folder = os.open(self.path.parent, os.O_RDONLY)
        os.fsync(folder)  # without it the new name may be lost with the power
        os.close(folder)
