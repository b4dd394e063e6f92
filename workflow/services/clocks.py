"""Clocks: the sweep that fires what is due, and the pauses that let a clock stand still."""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from staff.models import User
from staff.selectors import authority
from workflow.clocks import Clocks
from workflow.events import append, is_digest, ledger_now, name_actor
from workflow.models import Case, Pause, PauseReason
from workflow.policies import why_not_second_person
from workflow.rungs import climb, due_now
from workflow.selectors.rules import Rules, rules
from workflow.situation import Subject
from workflow.transitions import Done, Refused, act, lock

log = logging.getLogger(__name__)

SWEEP = "system:sweep"


class SweepFailed(Exception):
    """Some clocks could not be moved. Their ids are in the message; nothing personal is."""


@dataclass(frozen=True, slots=True)
class SweepResult:
    """What a sweep came to: rungs fired, and the deadlines that failed."""

    fired: int
    failed: tuple[uuid.UUID, ...]

    def raise_if_failed(self) -> None:
        """Let the failure be seen: a sweep that swallows it looks like one that works."""
        if self.failed:
            raise SweepFailed(", ".join(str(pk) for pk in self.failed))


BATCH = 1000
"""Clocks climbed in one transaction: their cases are locked meanwhile, for some tens of milliseconds."""


def sweep(limit: int = 10_000) -> SweepResult:
    """Fire what is due, oldest first, in batches; at most `limit` clocks of them.

    Two sweeps at once, or none for three days, make no difference: the rung's unique row is the claim, and a locked case is left for
    the next sweep. A batch that fails is gone through again one by one: what fails is set aside and named, and holds nobody up.
    """
    moment, fired, seen, careful = ledger_now(), 0, 0, 0
    failed: list[uuid.UUID] = []
    while seen < limit:
        claimed: list[uuid.UUID] = []
        size = 1 if careful else min(BATCH, limit - seen)
        try:
            with transaction.atomic():
                claimed, stamp = _claim(moment, failed, size)
                if not claimed:
                    break
                fired += _climb(claimed, stamp, moment)
            seen, careful = seen + len(claimed), max(careful - 1, 0)
        except Exception as failure:
            if not claimed:
                raise
            if len(claimed) > 1:
                careful = len(claimed)
                continue
            log.error("sweep: deadline %s failed: %s", claimed[0], type(failure).__name__)
            failed += claimed
    return SweepResult(fired, tuple(failed))


_CLAIM = """
SELECT d.id, (SELECT stamp FROM workflow_rulesstamp)
FROM workflow_deadline d JOIN workflow_case c ON c.id = d.case_id
WHERE d.next_rung_at <= %s AND NOT d.id = ANY(%s)
ORDER BY d.next_rung_at, d.id LIMIT %s
FOR NO KEY UPDATE OF c SKIP LOCKED
"""


def _claim(
    moment: dt.datetime, failed: list[uuid.UUID], size: int
) -> tuple[list[uuid.UUID], uuid.UUID | None]:
    """The clocks whose rungs have been due longest, their cases locked; cases somebody is working on are left out."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [moment, failed, size])
        rows = cursor.fetchall()
    return [row[0] for row in rows], rows[0][1] if rows else None


def _climb(claimed: list[uuid.UUID], stamp: uuid.UUID | None, moment: dt.datetime) -> int:
    """Fire what is due on clocks of locked cases. Read again: between finding a row and locking its case somebody may have moved it."""
    name_actor(SWEEP)
    return climb(due_now(claimed, moment), rules(stamp), moment)


def pause(
    subject: Subject,
    *,
    reason: str,
    by: User,
    evidence: str = "",
    note: str = "",
    approved_by: User | None = None,
    key: str | None = None,
) -> Done:
    """Let the clocks that allow this reason stand still, from the record on. Waiting alone is no reason; the list is data.

    Raises Refused with a sentence.
    """
    with transaction.atomic():
        data = {
            "reason": reason,
            "evidence": evidence,
            "note": note,
            "approved_by": approved_by.pk if approved_by else None,
        }
        with act(subject, "pause", by=by, key=key, data=data) as a:
            row = PauseReason.objects.filter(code=reason, in_force=True).first()
            if sentence := _why_not_pause(row, a.case, evidence, by, approved_by):
                raise Refused(sentence)
            a.documents += [evidence] if is_digest(evidence) else []
            a.data |= {
                "reason": reason,
                "evidence": evidence or None,
                "approved_by": approved_by.pk if approved_by else None,
            }
        assert a.event is not None
        Pause.objects.create(
            case=a.case, reason_id=reason, note=note, evidence=evidence, began_at=a.event.recorded_at, began_number=a.event.number,
            until_at=_bound(row, a.event.recorded_at, a.situation.rules),
            asked_by=by, approved_by=approved_by,
        )  # fmt: skip
        Clocks(a.case, a.situation.rules.stamp).rest(a.event.recorded_at)
    return a.done


def _bound(reason: PauseReason | None, began_at: dt.datetime, in_force: Rules) -> dt.datetime | None:
    """The closing hour of the last working day the reason allows; none where it sets no bound."""
    if reason is None or reason.max_days is None:
        return None
    last = in_force.calendar.nth_workday(timezone.localdate(began_at), reason.max_days).day
    return timezone.make_aware(dt.datetime.combine(last, in_force.profile.day_ends_at))


def end_overruns(limit: int = 200) -> int:
    """End pauses that have outlived what their reason allows: the clocks run on from the bound, whoever forgot and however late we come.

    Why at the bound and not at the record: a pause that over-runs must not eat days in silence. The event tells the supervisor.
    """
    moment, ended = ledger_now(), 0
    due = Pause.objects.filter(ended_at=None, until_at__lt=moment).order_by("until_at")
    for pk, case_id in list(due.values_list("pk", "case")[:limit]):
        with transaction.atomic():
            stamp = lock(case_id, SWEEP)
            over = Pause.objects.filter(pk=pk, ended_at=None).first()
            if over is None:
                continue
            assert over.until_at is not None
            data = {"reason": over.reason_id, "since": over.began_number, "until": over.until_at}
            event = append(f"case:{case_id}", "clock.overran", data=data)
            Pause.objects.filter(pk=pk).update(ended_at=over.until_at, ended_number=event.number)
            Clocks(Case.objects.get(pk=case_id), stamp).rest(event.recorded_at)
            ended += 1
    return ended


def resume(subject: Subject, *, reason: str, by: User, note: str = "", key: str | None = None) -> Done:
    """End a pause at the record; the clocks run on with the days they had left. Raises Refused with a sentence."""
    with transaction.atomic():
        with act(subject, "resume", by=by, key=key, data={"reason": reason, "note": note}) as a:
            open_pause = Pause.objects.filter(case=a.case, reason=reason, ended_at=None).first()
            if open_pause is None:
                raise Refused(_("No clock of this case stands still for this reason."))
            a.data |= {"reason": reason, "since": open_pause.began_number}
        assert a.event is not None
        Pause.objects.filter(pk=open_pause.pk).update(
            ended_at=a.event.recorded_at, ended_number=a.event.number
        )
        Clocks(a.case, a.situation.rules.stamp).rest(a.event.recorded_at)
    return a.done


def _why_not_pause(
    reason: PauseReason | None, case: Case, evidence: str, by: User, approved_by: User | None
) -> str | None:
    if reason is None:
        return _("Choose a listed reason; for anything else the clock goes on.")
    if reason.needs_evidence and not evidence:
        return _("This reason needs evidence: add the paper or photo that shows it.")
    if reason.needs_second_person:
        second = authority(approved_by, timezone.localdate()) if approved_by else None
        if sentence := why_not_second_person(by, second):
            return sentence
    if Pause.objects.filter(case=case, reason=reason, ended_at=None).exists():
        return _("The clock already stands still for this reason.")
    return None
