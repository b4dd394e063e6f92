"""Loading a case's log as detectors read it: a fixed number of queries, whatever the case has been through."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable

from integrity.checks.facts import CONTACT, CaseLog, Entry
from workflow.models import Case, Event, EventPayload, Task
from workflow.selectors.calendars import current_calendar

PREFIX = "case:"


def case_log(case: Case, *, until: int | None = None) -> CaseLog:
    """A case's log, up to an event if one is named, so that a repeated look sees what the first one saw; six queries."""
    own = Event.objects.filter(stream=case.stream).order_by("number")
    if until is not None:
        own = own.filter(number__lte=until)
    others = [f"{PREFIX}{pk}" for pk in Case.objects.filter(joined_to=case).values_list("pk", flat=True)]
    contacts = (
        Event.objects.filter(stream__in=others, kind=CONTACT).order_by("stream", "number") if others else ()
    )
    allowances = _allowances(case)
    return CaseLog(
        entries=tuple(_entries(list(own), allowances)),
        calendar=current_calendar(),
        joined=tuple(_entries(list(contacts), {})),
    )


def case_id_of(stream: str) -> uuid.UUID | None:
    """The case a stream belongs to; none for every other stream."""
    return uuid.UUID(stream.removeprefix(PREFIX)) if stream.startswith(PREFIX) else None


def _allowances(case: Case) -> dict[tuple[str, int], dt.timedelta]:
    rows = Task.objects.filter(case=case).values_list("node_code", "round", "node__claim_allowance_minutes")
    return {(code, number): dt.timedelta(minutes=minutes) for code, number, minutes in rows}


def _entries(events: list[Event], allowances: dict[tuple[str, int], dt.timedelta]) -> Iterable[Entry]:
    streams = {event.stream for event in events}
    payloads = (
        {(p.stream, p.number): p.data for p in EventPayload.objects.filter(stream__in=streams)}
        if events
        else {}
    )
    for e in events:
        node = (e.task_node or "", e.task_round or 0)
        yield Entry(
            stream=e.stream, number=e.number, kind=e.kind, actor=e.actor, recorded_at=e.recorded_at, occurred_at=e.occurred_at,
            captured_at=e.captured_at, nonce_at=e.nonce_at, behalf=e.behalf, state_to=e.state_to,
            data=payloads.get((e.stream, e.number), {}), allowance=allowances.get(node),
        )  # fmt: skip
