"""D4, the customer's own word: power was first asked for days before the first contact on record.

Why: at acceptance the verified phone is asked 您最早是哪天提出用电的. An answer earlier than the record is evidence that does not come
from us, and nobody of the staff can change it. Memory errs by a day: the threshold leaves room for that.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from integrity.checks.facts import ECHO, CaseLog, Entry, Finding

CODE = "earlier_echo"
KINDS: frozenset[str] | None = frozenset({ECHO})
VALUES = {"working_days": _("Working days a memory may be wrong by")}


def examine(log: CaseLog, entry: Entry, values: Mapping[str, Any]) -> Finding | None:
    """How much earlier the customer says it was, if it is more than allowed. Contacts the customer claimed are no record of ours."""
    earlier = said_by_customer(entry)
    ours = [contact.earliest_at for contact in log.contacts_before(entry) if not _is_a_claim(contact)]
    if earlier is None or not ours:
        return None
    first = min(ours)
    days = log.working_days(earlier, first)
    if days <= values["working_days"]:
        return None
    return Finding(
        since_at=earlier,
        until_at=first,
        measured=days,
        threshold=values["working_days"],
        unit="working_days",
        working_days=days,
        external_at=earlier,
    )


def said_by_customer(entry: Entry) -> dt.datetime | None:
    """The moment the customer named, if it was an earlier one; a day alone counts from its first minute."""
    if entry.data.get("answer") != "earlier" or not entry.data.get("earlier_at"):
        return None
    moment = dt.datetime.fromisoformat(str(entry.data["earlier_at"]))
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


def _is_a_claim(contact: Entry) -> bool:
    return contact.data.get("claimed_by") == "customer"
