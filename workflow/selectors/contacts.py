"""What became of a case's contacts: closings awaited, hand-ons, the first thing anybody really did."""

from __future__ import annotations

import datetime as dt

from workflow.models import Case, ContactClosing, Event, HandOn

NO_REAL_ACT = (
    "contact.registered", "contact.handed_on", "contact.joined", "contact.told", "contact.objected", "contact.closed",
    "deadline.missed", "deadline.reassessed", "task.offered", "task.assigned", "clock.paused", "clock.resumed",
    "case.delete_attempted", "identity.revealed", "told_to_wait.reported",
)  # fmt: skip
"""Events that only say that somebody came, that it was passed on, or that time went by."""


def hand_ons_of(case: Case) -> list[HandOn]:
    """Every time a contact of the case was passed on, in order."""
    rows = HandOn.objects.filter(contact__case=case).select_related("from_office", "to_office", "by")
    return list(rows.order_by("handed_at"))


def first_real_act_at(case: Case) -> dt.datetime | None:
    """When anybody first did something about it; none while it is only handed about."""
    events = Event.objects.filter(stream=case.stream).exclude(kind__in=NO_REAL_ACT)
    return events.order_by("number").values_list("recorded_at", flat=True).first()


def closings_of(case: Case) -> dict[object, ContactClosing]:
    """The latest closing of each contact of the case, by contact id."""
    rows = ContactClosing.objects.filter(contact__case=case).select_related("told_by").order_by("told_at")
    return {row.contact_id: row for row in rows}
