"""Corrections: nothing is edited backwards. A wrong entry is corrected by a new one, with reason, paper and second person."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from staff.models import User
from staff.selectors import authority
from workflow.clocks import Clocks
from workflow.deadlines import slot_of
from workflow.events import append, canonical
from workflow.models import Deadline, Event, EventPayload
from workflow.policies import why_not_second_person
from workflow.situation import Subject
from workflow.transitions import MAY_BE_AHEAD, Act, Done, Refused, act, actor_name

CLAIMED_TIME = "occurred_at"
"""The one field of a header that is claimed by a person and can therefore be wrong."""

TYPING_ERROR = dt.timedelta(minutes=30)
"""So long one may mend one's own slip of the pen alone. Never a time."""


def correct(
    subject: Subject,
    *,
    of_number: int,
    field: str,
    value: Any,
    reason: str,
    by: User,
    document: str = "",
    approved_by: User | None = None,
    key: str | None = None,
) -> Done:
    """Record that entry `of_number` is wrong in `field`, and what is right; the original stays for everyone to see.

    `value` must be no personal data: names and addresses are corrected where they live. `document` is the digest of the paper that shows
    it. A corrected time that a clock hung on lets the clock be judged anew. Raises Refused with a sentence.
    """
    data = {
        "of": of_number,
        "field": field,
        "is": value,
        "reason": reason,
        "approved_by": approved_by.pk if approved_by else None,
    }
    with transaction.atomic():
        with act(subject, "correct", by=by, key=key, data=data | {"document": document}) as a:
            event = Event.objects.filter(stream=a.case.stream, number=of_number).first()
            if event is None:
                raise Refused(_("There is no such entry on this case."))
            was = _as_recorded(event, field)
            if sentence := _why_not(a, event, field, was, value, reason, document, approved_by):
                raise Refused(sentence)
            a.data |= data | {"was": was}
            a.documents += [document] if document else []
        if field == CLAIMED_TIME:
            assert isinstance(value, dt.datetime)
            _reassess(a, event, was, value)
    return a.done


def _as_recorded(event: Event, field: str) -> Any:
    if field == CLAIMED_TIME:
        return event.occurred_at
    payload = EventPayload.objects.filter(stream=event.stream, number=event.number).first()
    if payload is None or field not in payload.data:
        raise Refused(_("This entry has no such field, or it has been erased."))
    return payload.data[field]


def _why_not(
    a: Act,
    event: Event,
    field: str,
    was: Any,
    value: Any,
    reason: str,
    document: str,
    approved_by: User | None,
) -> str | None:
    if event.kind == "correction.recorded":
        return _("A correction is corrected by correcting the original entry once more.")
    if not reason.strip():
        return _("Say why the entry is wrong.")
    if canonical(was) == canonical(value):
        return _("That is what the entry says already.")
    if field == CLAIMED_TIME:
        if not isinstance(value, dt.datetime):
            return _("Enter the day and time when it happened.")
        if value > event.recorded_at + MAY_BE_AHEAD:
            return _("It can't have happened after it was recorded.")
    if _is_own_typing_error(a, event, field, was):
        return None
    if not document:
        return _("Add the paper that shows what is right.")
    second = authority(approved_by, timezone.localdate()) if approved_by else None
    assert a.by is not None
    return why_not_second_person(a.by, second)


def _is_own_typing_error(a: Act, event: Event, field: str, was: Any) -> bool:
    """A slip of one's own pen, noticed at once, and no time: the one correction that needs nobody else."""
    is_time = (
        field == CLAIMED_TIME
        or field.endswith(("_at", "_date"))
        or (isinstance(was, str) and parse_datetime(was) is not None)
    )
    return (
        not is_time
        and event.actor == actor_name(a.by)
        and a.situation.now - event.recorded_at <= TYPING_ERROR
    )


def _reassess(a: Act, event: Event, was: dt.datetime | None, value: dt.datetime) -> None:
    """Judge anew the clocks that this event started or stopped. A breach already recorded stays; the event says what changed."""
    assert a.event is not None
    clocks = Clocks(a.case, a.situation.rules.stamp)
    for deadline in Deadline.objects.filter(case=a.case, node_code="").select_related("limit"):
        before = (deadline.started_at, deadline.stopped_at)
        _move_start(deadline, event, was, value)
        if deadline.stopped_number == event.number:
            deadline.stopped_at = min(value, event.recorded_at)
        if before == (deadline.started_at, deadline.stopped_at):
            continue
        clocks.reassess(deadline)
        limit = deadline.limit
        append(
            a.case.stream,
            "deadline.reassessed",
            data={"of": a.event.number, "limit": limit.code, "kind": limit.kind, "round": deadline.round, "due": deadline.due_at,
                  "started": deadline.started_at, "stopped": deadline.stopped_at},
        )  # fmt: skip


def _move_start(deadline: Deadline, event: Event, was: dt.datetime | None, value: dt.datetime) -> None:
    """If the clock counts from what this event claimed, let it count from what is right."""
    slot = slot_of(deadline.limit.start_kinds, event.kind)
    counted = min(was, event.recorded_at) if was else event.recorded_at
    known = deadline.starts.get(slot) if slot else None
    if slot is None or known is None or dt.datetime.fromisoformat(known) != counted:
        return
    deadline.starts[slot] = min(value, event.recorded_at).isoformat()
    if deadline.started_at:
        deadline.started_at = max(dt.datetime.fromisoformat(text) for text in deadline.starts.values())
