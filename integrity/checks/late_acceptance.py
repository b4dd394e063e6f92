"""D9, thread of one case: papers were there, or asked for, and acceptance came days later.

Why: 先收资料、后起单 is how a time limit is kept without keeping it. Days in the customer's own hands (papers asked for and not yet
supplied, advice given, an application being filled in by the customer) are not ours; what counts is the longest single stretch in our
hands, since each has its own limit. A visit whose contact, application and acceptance stand in one form shares one request: such keying
is not hurried, and says so, but a contact claimed days earlier in that form is as late as it says.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from integrity.checks.facts import ACCEPTED, CONTACT, CaseLog, Entry, Finding

CODE = "late_acceptance"
KINDS: frozenset[str] | None = frozenset({ACCEPTED})
VALUES = {"working_days": _("Working days allowed in one stretch")}

PAPERS_OUTCOME = "papers_requested"
OPENS_WAIT = {
    "documents.requested": frozenset({"documents.supplied"}),
    "contact.resolved": frozenset({CONTACT, "application.started", "document.received"}),
    "application.started": frozenset({"application.submitted"}),
}
"""What hands the case to the customer, and what brings it back."""

Span = tuple[dt.datetime, dt.datetime]


def examine(log: CaseLog, entry: Entry, values: Mapping[str, Any]) -> Finding | None:
    """The longest stretch in our hands from first contact to acceptance, if it is longer than allowed."""
    contacts = list(log.contacts_before(entry))
    if not contacts or not _papers_were_there(log, entry, contacts):
        return None
    first = min(contacts, key=lambda contact: contact.earliest_at)
    spans = list(_in_our_hands(log, entry, first))
    longest = max(log.working_days(*span) for span in spans)
    if longest <= values["working_days"]:
        return None
    return Finding(
        since_at=first.earliest_at,
        until_at=entry.recorded_at,
        measured=longest,
        threshold=values["working_days"],
        unit="working_days",
        working_days=log.working_days(first.earliest_at, entry.recorded_at),
        external_at=first.earliest_at if first.by_customer else None,
        details={
            "first_contact": {
                "stream": first.stream,
                "number": first.number,
                "basis": _basis(first),
            },
            "one_visit": _shares_request(first, entry),
        },
    )


def _papers_were_there(log: CaseLog, entry: Entry, contacts: list[Entry]) -> bool:
    if any(contact.data.get("papers_left") for contact in contacts):
        return True
    return any(
        e.kind == "documents.requested"
        or (e.kind == "contact.resolved" and e.data.get("outcome") == PAPERS_OUTCOME)
        for e in log.before(entry)
    )


def _in_our_hands(log: CaseLog, entry: Entry, first: Entry) -> Iterator[Span]:
    """What is left of the time from first contact to acceptance without the customer's own days."""
    since = first.earliest_at
    for begin, end in _with_the_customer(log, entry):
        if end <= since:
            continue
        yield since, max(begin, since)
        since = end
    yield since, entry.recorded_at


def _with_the_customer(log: CaseLog, entry: Entry) -> list[Span]:
    spans = []
    events = log.before(entry)
    for place, opening in enumerate(events):
        if not _hands_over(opening):
            continue
        back = OPENS_WAIT[opening.kind]
        closing = next((e for e in events[place + 1 :] if e.kind in back and _is_theirs(opening, e)), None)
        if closing:
            spans.append((opening.recorded_at, closing.recorded_at))
    return sorted(spans)


def _hands_over(entry: Entry) -> bool:
    """An application is in the customer's hands only if the customer is who fills it in."""
    return entry.kind in OPENS_WAIT and (entry.kind != "application.started" or entry.by_customer)


def _is_theirs(opening: Entry, closing: Entry) -> bool:
    return opening.kind != "application.started" or closing.by_customer


def _basis(first: Entry) -> str:
    """Whose word the moment of the first contact is: the customer's, the officer's, or the database's."""
    if first.occurred_at is None or first.occurred_at >= first.recorded_at:
        return "recorded"
    return "customer" if first.by_customer else "claimed"


def _shares_request(first: Entry, entry: Entry) -> bool:
    request = entry.data.get("request")
    return bool(request) and first.data.get("request") == request
