"""Auditors are audited: that a story was opened, or verified, is itself an event."""

from __future__ import annotations

from django.db import transaction

from integrity.ledger.chain import Verdict
from integrity.selectors.stories import verdict
from staff.models import User
from workflow.events import append, name_actor
from workflow.models import Case
from workflow.transitions import actor_name


def note_reading(case: Case, *, by: User) -> None:
    """Seal that this person opened the case's story, names and all, into their own audit stream."""
    with transaction.atomic():
        name_actor(actor_name(by))
        append(_stream(by), "audit.case_read", data={"case": case.pk})


def verify_case(case: Case, *, by: User) -> Verdict:
    """Recompute the case's chain and seal the result."""
    found = verdict(case.stream)
    with transaction.atomic():
        name_actor(actor_name(by))
        append(
            _stream(by), "audit.case_verified",
            data={"case": case.pk, "events": found.total, "faults": [f"{fault.what}:{fault.number}" for fault in found.faults]},
        )  # fmt: skip
    return found


def _stream(by: User) -> str:
    return f"integrity:{by.pk}"
