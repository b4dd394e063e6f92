"""What a verification says: how far it is, what it found and where, and how it ended."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

#: Every word a finding may have, with its sentence.
WORDS = {
    "missing": _("A number is missing: an event was removed."),
    "header": _("A column says something else than what was sealed."),
    "leaf": _("The seal does not fit the sealed text."),
    "link": _("The event does not hang on the one before it."),
    "payload": _("The contents are not those that were sealed."),
    "end": _("The chain has another end than its head says: the last events were removed or replaced."),
    "unplaced": _("The event has no place in the public log and does not wait for one."),
    "waiting": _("The event has waited for its place in the public log for more than a minute."),
    "orphan": _("The public log holds an entry whose event is gone."),
    "place": _("The public log holds another hash at this place than the event has."),
    "tile": _("A tile of the public log was cut off or changed."),
    "root": _("The public log leads to another root than was signed."),
    "signature": _("A checkpoint is not signed by the log's key, or its text was changed."),
    "cosignature": _("A witness's co-signature does not fit its checkpoint."),
    "memory": _("The log is not the one its signer remembers."),
    "bracket": _("The recorded time lies outside the time between the checkpoints around it."),
    "stage": _("The case's stage or count of events is not what its log says."),
    "contact": _("The contact's times or receipt code are not those of its sealed event."),
    "history": _("A version of a row is not the one that was sealed, or was added or removed past the seal."),
    "version": _("A row says something else than its newest version: it was changed past its history."),
}

#: What is being done, by the word in Progress.
DOINGS = {
    "chains": _("Recomputing chains"),
    "tree": _("Rebuilding the public log"),
    "records": _("Comparing cases with their log"),
    "history": _("Comparing versions with their seals"),
}


@dataclass(frozen=True, slots=True)
class Scope:
    """What to verify: nothing named is everything; a case is its stream; a stretch of time is every stream with an event in it."""

    case: uuid.UUID | None = None
    begin: dt.datetime | None = None
    end: dt.datetime | None = None

    @property
    def is_whole(self) -> bool:
        """Whether all of the log is verified, its tree from the first leaf to the last."""
        return self.case is None and self.begin is None and self.end is None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is: `doing` is a key of DOINGS."""

    doing: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not fit: `what` is a key of WORDS, `row` names the table and the row, `detail` what differs there."""

    what: str
    row: str
    detail: str = ""
    stream: str = ""
    number: int | None = None
    case_id: uuid.UUID | None = None
    case_number: str = ""

    @property
    def sentence(self) -> str:
        """The sentence for people."""
        return str(WORDS[self.what])

    def as_data(self) -> dict[str, Any]:
        """For JSON."""
        return {
            **asdict(self),
            "case_id": str(self.case_id) if self.case_id else None,
            "sentence": self.sentence,
        }


@dataclass(frozen=True, slots=True)
class Report:
    """How it ended. `head` is the newest checkpoint's size and root as verified; `told` of the findings were yielded, the rest only counted."""

    events: int
    streams: int
    leaves: int
    erased: int
    findings: int
    told: int
    head_size: int
    head_root: str
    checkpoints: int
    seconds: float

    @property
    def holds(self) -> bool:
        """Whether everything fits."""
        return self.findings == 0

    def as_data(self) -> dict[str, Any]:
        """For JSON."""
        return {**asdict(self), "holds": self.holds}
