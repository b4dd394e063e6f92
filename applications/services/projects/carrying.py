"""Sheets carried out: row by row, each in a transaction of its own, so that a killed worker leaves no row half done and none done twice."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from applications.models import Project, ProjectSheet, RowOutcome, SheetRow
from applications.selectors.terms import PAPER_LANGUAGE
from applications.services.projects.opening import circumstance_of, open_unit, take_over_papers
from applications.services.projects.sheets import OPEN_UNITS, TAKE_OVER, counts_of
from workflow.events import append, name_actor
from workflow.transitions import Refusal, Repeated

log = logging.getLogger(__name__)

CARRIER = "system:projects"
FAMILY = 20_261
"""First key of the advisory locks by which one worker at a time carries out a sheet."""

RowAct = Callable[[ProjectSheet, SheetRow], None]


def under_way() -> list[ProjectSheet]:
    """Sheets sent in and not finished, the oldest first."""
    waiting = ProjectSheet.objects.filter(finished_at=None).exclude(confirmed_at=None)
    return list(waiting.select_related("project__office", "sent_by").order_by("confirmed_at"))


def carry_out(sheet: ProjectSheet, do: RowAct, *, seconds: float) -> bool:
    """Carry rows out for so long; whether the sheet is finished. Returns at once if another worker is at it."""
    ends = time.monotonic() + seconds
    with _alone(sheet) as mine, override(PAPER_LANGUAGE):
        if not mine:
            return False
        for pk in list(sheet.rows.filter(outcome=RowOutcome.WAITING).values_list("pk", flat=True)):
            _row(sheet, pk, do)
            if time.monotonic() > ends:
                break
        return _finish(sheet)


def _row(sheet: ProjectSheet, pk: int, do: RowAct) -> None:
    """One row and what came of it. A refusal undoes the row alone, and is kept as its sentence."""
    why = ""
    try:
        with transaction.atomic():
            row = SheetRow.objects.select_for_update().get(pk=pk)
            if row.outcome != RowOutcome.WAITING:
                return
            _do(sheet, row, do)
            row.outcome, row.cells_text = RowOutcome.DONE, ""
            row.save()
            return
    except Refusal as refusal:
        why = refusal.sentence
    except Exception as failure:  # noqa: BLE001 - one bad row must not stop the others; it is named in the row
        log.error("project sheet %s row %s failed: %s", sheet.pk, pk, type(failure).__name__)
        why = _("This could not be done here; open the case and do it there.")
    SheetRow.objects.filter(pk=pk, outcome=RowOutcome.WAITING).update(
        outcome=RowOutcome.REFUSED, sentence=why[:400]
    )


def _do(sheet: ProjectSheet, row: SheetRow, do: RowAct) -> None:
    if sheet.act == OPEN_UNITS:
        row.application = open_unit(sheet, row)
    elif sheet.act == TAKE_OVER and row.application:
        take_over_papers(
            row.application, sheet.project.papers.all(), by=sheet.sent_by, circumstance=circumstance_of(sheet)
        )
    else:
        try:
            do(sheet, row)
        except Repeated:
            row.sentence = _("This was done already; nothing was done twice.")


def _finish(sheet: ProjectSheet) -> bool:
    """When no row waits any more: say in the project's stream what came of it, once."""
    with transaction.atomic():
        held = ProjectSheet.objects.select_for_update(no_key=True).get(pk=sheet.pk)
        counts = counts_of(held)
        if counts["waiting"] or held.finished_at:
            return held.finished_at is not None
        name_actor(CARRIER)
        data = {"act": held.act, "sheet": held.pk, "done": counts["done"], "refused": counts["refused"]}
        append(Project(pk=held.project_id).stream, "project.sheet_done", data=data)
        ProjectSheet.objects.filter(pk=held.pk).update(finished_at=timezone.now())
    return True


@contextmanager
def _alone(sheet: ProjectSheet) -> Iterator[bool]:
    """A session's advisory lock: gone with the connection if the worker is killed."""
    key = int.from_bytes(sheet.pk.bytes[-4:], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [FAMILY, key])
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [FAMILY, key])
