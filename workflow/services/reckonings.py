"""Reckoning running clocks again once a newer calendar is in force: what was marked provisional becomes certain.

A due time is a cache of a pure function, and the row names the calendar it was reckoned with, so whatever is stale
finds itself: no list of cases is kept, and a run that dies half-way is simply gone on with.
"""

from __future__ import annotations

import datetime as dt
import logging
import uuid

from django.db import connection, transaction

from staff.models import User
from workflow.clocks import Clocks
from workflow.events import ledger_now, name_actor
from workflow.models import Case, Deadline, Event, EventPayload, Limit
from workflow.selectors.calendars import current_calendar
from workflow.services.calendars import PUBLISHED
from workflow.transitions import actor_name, lock

log = logging.getLogger(__name__)

CALENDAR = "system:calendar"


class ReckoningFailed(Exception):
    """Some cases could not be reckoned again. Their ids are in the message; nothing personal is."""


def reckon_again(limit: int = 500) -> int:
    """Reckon the running clocks of up to `limit` cases with the newest calendar, each case in its own transaction.

    A locked case is left for the next time; one that fails is set aside and does not hold up the others.
    """
    version = current_calendar().version
    reason = _reason()
    done = 0
    failed: list[uuid.UUID] = []
    while done < limit:
        claimed = None
        try:
            with transaction.atomic():
                claimed = _claim(version, failed)
                if claimed is None:
                    break
                case_id, stamp, moment = claimed
                name_actor(CALENDAR)
                Clocks(Case.objects.get(pk=case_id), stamp).move(moment, "calendar", reason)
                done += 1
        except Exception as failure:
            if claimed is None:
                raise
            log.error("calendar: case %s failed: %s", claimed[0], type(failure).__name__)
            failed.append(claimed[0])
    if failed:
        raise ReckoningFailed(", ".join(str(pk) for pk in failed))
    return done


def _reason() -> str:
    """Why the newest version of the calendar was made, in the words of whoever made it."""
    newest = Event.objects.filter(kind=PUBLISHED).order_by("-recorded_at").first()
    payload = (
        EventPayload.objects.filter(stream=newest.stream, number=newest.number).first() if newest else None
    )
    said = payload.data if payload else {}
    return str(said.get("reason") or said.get("source") or "")


def move_to_version(before: Limit, after: Limit, *, by: User, reason: str, limit: int = 10_000) -> int:
    """Let clocks that run on one version of a limit run on its next, each with an event saying why; how many due times moved.

    Whoever calls has shown what moves. A promise to a customer is never lengthened backwards: that is refused where it is asked for.
    """
    moved = 0
    cases = Deadline.objects.filter(limit=before, stopped_at=None).values_list("case", flat=True).distinct()
    for case_id in list(cases[:limit]):
        with transaction.atomic():
            stamp = lock(case_id, actor_name(by))
            Deadline.objects.filter(case=case_id, limit=before, stopped_at=None).update(limit=after)
            moved += Clocks(Case.objects.get(pk=case_id), stamp).move(ledger_now(), "limit", reason)
    return moved


_CLAIM = """
SELECT c.id, (SELECT stamp FROM workflow_rulesstamp), ledger_now()
FROM workflow_case c
WHERE NOT c.id = ANY(%s) AND EXISTS (
    SELECT FROM workflow_deadline d
    WHERE d.case_id = c.id AND d.stopped_at IS NULL AND d.started_at IS NOT NULL AND d.calendar_version < %s
)
LIMIT 1
FOR NO KEY UPDATE OF c SKIP LOCKED
"""


def _claim(version: int, failed: list[uuid.UUID]) -> tuple[uuid.UUID, uuid.UUID, dt.datetime] | None:
    """A case with a clock that knows only an older calendar, locked."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [failed, version])
        row: tuple[uuid.UUID, uuid.UUID, dt.datetime] | None = cursor.fetchone()
    return row
