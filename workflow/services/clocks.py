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
from workflow.events import is_digest, ledger_now, name_actor
from workflow.models import Case, Deadline, Pause, PauseReason
from workflow.policies import why_not_second_person
from workflow.situation import Subject
from workflow.transitions import Done, Refused, act

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


def sweep(limit: int = 200) -> SweepResult:
    """Fire what is due, oldest first, each rung in its own transaction; at most `limit` of them.

    Two sweeps at once, or none for three days, make no difference: the rung's unique row is the claim, and a locked case is left for
    the next sweep. One that fails is set aside and named, and does not hold up the others.
    """
    moment, fired = ledger_now(), 0
    failed: list[uuid.UUID] = []
    while fired < limit:
        claimed, climbed = None, 0
        try:
            with transaction.atomic():
                claimed = _claim(moment, failed)
                if claimed is None:
                    break
                climbed = _climb(*claimed, moment)
        except Exception as failure:
            if claimed is None:
                raise
            log.error("sweep: deadline %s failed: %s", claimed[0], type(failure).__name__)
            failed.append(claimed[0])
        fired += climbed
    return SweepResult(fired, tuple(failed))


_CLAIM = """
SELECT d.id, d.case_id, (SELECT stamp FROM workflow_rulesstamp)
FROM workflow_deadline d JOIN workflow_case c ON c.id = d.case_id
WHERE d.next_rung_at <= %s AND NOT d.id = ANY(%s)
ORDER BY d.next_rung_at, d.id LIMIT 1
FOR NO KEY UPDATE OF c SKIP LOCKED
"""


def _claim(moment: dt.datetime, failed: list[uuid.UUID]) -> tuple[uuid.UUID, uuid.UUID, uuid.UUID] | None:
    """The clock whose rung has been due longest, its case locked; cases somebody is working on are left out."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [moment, failed])
        row: tuple[uuid.UUID, uuid.UUID, uuid.UUID] | None = cursor.fetchone()
    return row


def _climb(deadline_id: uuid.UUID, case_id: uuid.UUID, stamp: uuid.UUID, moment: dt.datetime) -> int:
    """Fire one rung of a locked case. Read again: between finding the row and locking the case somebody may have moved the clock."""
    name_actor(SWEEP)
    deadline = Deadline.objects.select_related("limit").get(pk=deadline_id)
    if deadline.next_rung_at is None or deadline.next_rung_at > moment:
        return 0
    Clocks(Case.objects.get(pk=case_id), stamp).climb(deadline, moment)
    return 1


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
            asked_by=by, approved_by=approved_by,
        )  # fmt: skip
        Clocks(a.case, a.situation.rules.stamp).rest(a.event.recorded_at)
    return a.done


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
