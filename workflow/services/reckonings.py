"""Reckoning running clocks again once a newer calendar is in force: what was marked provisional becomes certain.

A due time is a cache of a pure function, and the row names the calendar it was reckoned with, so whatever is stale
finds itself: no list of cases is kept, and a run that dies half-way is simply gone on with.
"""

from __future__ import annotations

import datetime as dt
import logging
import uuid

from django.db import connection, transaction

from workflow.clocks import Clocks
from workflow.events import name_actor
from workflow.models import Case
from workflow.selectors.calendars import current_calendar

log = logging.getLogger(__name__)

CALENDAR = "system:calendar"


class ReckoningFailed(Exception):
    """Some cases could not be reckoned again. Their ids are in the message; nothing personal is."""


def reckon_again(limit: int = 500) -> int:
    """Reckon the running clocks of up to `limit` cases with the newest calendar, each case in its own transaction.

    A locked case is left for the next time; one that fails is set aside and does not hold up the others.
    """
    version = current_calendar().version
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
                Clocks(Case.objects.get(pk=case_id), stamp).rest(moment)
                done += 1
        except Exception as failure:
            if claimed is None:
                raise
            log.error("calendar: case %s failed: %s", claimed[0], type(failure).__name__)
            failed.append(claimed[0])
    if failed:
        raise ReckoningFailed(", ".join(str(pk) for pk in failed))
    return done


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
