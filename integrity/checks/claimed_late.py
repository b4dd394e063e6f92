"""D3: an event claimed to have happened longer before its record than its node allows.

Why: who keeps paper first and keys it in later has a queue of his own that nobody sees. What was done without network is judged
from the moment the device captured it, if that lies between the server's nonce and the synchronisation and within the allowance.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from integrity.checks.facts import CaseLog, Entry, Finding

CODE = "claimed_late"
KINDS: frozenset[str] | None = None
VALUES = {"minutes_without_node": _("Minutes allowed where no node says otherwise")}

MINUTE = dt.timedelta(minutes=1)


def examine(log: CaseLog, entry: Entry, values: Mapping[str, Any]) -> Finding | None:
    """The gap between claim and record, if it is longer than allowed. What the customer claims is no late entry of ours."""
    if entry.occurred_at is None or entry.by_customer or _is_exempt(entry.kind, values["exempt_kinds"]):
        return None
    allowance = entry.allowance if entry.allowance is not None else MINUTE * values["minutes_without_node"]
    reference = _reference(entry, allowance)
    if reference - entry.occurred_at <= allowance:
        return None
    return Finding(
        since_at=entry.occurred_at,
        until_at=entry.recorded_at,
        measured=(reference - entry.occurred_at) // MINUTE,
        threshold=allowance // MINUTE,
        unit="minutes",
        working_days=log.working_days(entry.occurred_at, entry.recorded_at),
        details={
            "captured": entry.captured_at.isoformat() if entry.captured_at else None,
            "of_node": entry.allowance is not None,
        },
    )


def _reference(entry: Entry, allowance: dt.timedelta) -> dt.datetime:
    """The moment up to which a claim is judged: the device's, where it can be believed, else the database's."""
    captured, nonce = entry.captured_at, entry.nonce_at
    assert entry.occurred_at is not None
    if captured is None or nonce is None:
        return entry.recorded_at
    believable = nonce <= captured <= entry.recorded_at and nonce <= entry.occurred_at
    return captured if believable and entry.recorded_at - captured <= allowance else entry.recorded_at


def _is_exempt(kind: str, exempt: list[str]) -> bool:
    """Kinds whose claim is old by nature; a trailing dot exempts a family (`legacy.`)."""
    return any(kind == name or (name.endswith(".") and kind.startswith(name)) for name in exempt)
