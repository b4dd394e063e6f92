"""Verifying on demand: asked for on a page, carried out behind it, the outcome sealed in the asker's own audit stream."""

from __future__ import annotations

import datetime as dt
import logging
import threading
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from integrity.models import Verification
from integrity.services.verification import Finding, Progress, Report, Scope, verification
from staff.models import User
from workflow.events import append, name_actor
from workflow.models import Case
from workflow.transitions import actor_name

log = logging.getLogger(__name__)
ABANDONED = dt.timedelta(seconds=90)
"""So long without a sign of life, and another worker begins it again."""
TELL_SECONDS = 0.5
MOST_FINDINGS = 1000
"""So many are kept for the page; the report counts all."""


def ask(
    scope: str,
    *,
    by: User,
    case: Case | None = None,
    since_date: dt.date | None = None,
    until_date: dt.date | None = None,
) -> Verification:
    """Put a verification into the row of those to be carried out; beat picks it up within seconds, also after a crash."""
    days: dict[str, Any] = (
        {"since_date": since_date, "until_date": until_date} if scope == Verification.Scope.DAYS else {}
    )
    return Verification.objects.create(scope=scope, case=case, asked_by=by, **days)


def carry_out_next() -> bool:
    """Carry out the oldest that waits, or that a dead worker left; False if there is none."""
    run = _take()
    if run is None:
        return False
    try:
        _verify(run)
    except (DatabaseError, LookupError, ValueError) as wrong:
        log.exception("verification %s could not be carried out", run.pk)
        run.trouble = type(wrong).__name__
        run.ended_at = timezone.now()
        run.save(update_fields=["trouble", "ended_at"])
    return True


def _take() -> Verification | None:
    """Claimed under its row's lock, so that two workers never verify the same."""
    stale = timezone.now() - ABANDONED
    with transaction.atomic():
        waiting = Verification.objects.select_for_update(skip_locked=True).filter(ended_at=None)
        run = waiting.filter(Q(touched_at=None) | Q(touched_at__lt=stale)).order_by("asked_at").first()
        if run is not None:
            run.started_at = run.touched_at = timezone.now()
            run.done = run.total = 0
            run.save(update_fields=["started_at", "touched_at", "done", "total"])
    return run


def _verify(run: Verification) -> None:
    """Everything is read in one snapshot, which writes nothing; progress is told between, the outcome at the end."""
    findings: list[dict[str, Any]] = []
    report: Report | None = None
    with _Teller(run) as teller:
        for step in verification(scope_of(run)):
            match step:
                case Progress():
                    teller.latest = step
                case Finding() if len(findings) < MOST_FINDINGS:
                    findings.append(step.as_data())
                case Report():
                    report = step
    if report is None:
        raise LookupError("the verification ended without a report")
    _close(run, findings, report)


class _Teller:
    """Writes how far it is from a thread with a connection of its own: the verifier's snapshot can't write, and nobody would see it yet."""

    def __init__(self, run: Verification) -> None:
        """Nothing is told before `with`."""
        self.run, self.latest = run, Progress("chains", 0, 0)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._tell, daemon=True)

    def __enter__(self) -> _Teller:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join()

    def _tell(self) -> None:
        while not self._over.wait(TELL_SECONDS):
            now = self.latest
            try:
                Verification.objects.filter(pk=self.run.pk).update(
                    doing=now.doing, done=now.done, total=now.total, touched_at=timezone.now()
                )
            except DatabaseError:
                log.warning("progress of verification %s could not be told", self.run.pk)
        connection.close()


def scope_of(run: Verification) -> Scope:
    """What the run covers, in the verifier's terms: whole days in Beijing."""
    if run.case_id:
        return Scope(case=run.case_id)
    if run.since_date is None or run.until_date is None:
        return Scope()
    midnight = dt.time.min
    return Scope(
        begin=timezone.make_aware(dt.datetime.combine(run.since_date, midnight)),
        end=timezone.make_aware(dt.datetime.combine(run.until_date + dt.timedelta(days=1), midnight)),
    )


def _close(run: Verification, findings: list[dict[str, Any]], report: Report) -> None:
    run.findings, run.summary = findings, report.as_data()
    run.done = run.total = report.events
    run.ended_at = timezone.now()
    with transaction.atomic():
        run.save(update_fields=["findings", "summary", "done", "total", "ended_at"])
        name_actor(actor_name(run.asked_by))
        append(
            f"integrity:{run.asked_by_id}", "audit.log_verified",
            data={"verification": run.pk, "scope": run.scope, "case": run.case_id, "events": report.events, "faults": report.findings,
                  "head": report.head_size, "root": report.head_root},
        )  # fmt: skip
