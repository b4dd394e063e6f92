"""Tasks in hands: taking, assigning, and offering what nobody present can do."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from staff.models import Absence, User
from staff.selectors import authority
from workflow.events import append
from workflow.models import Case, TakenAlong, Task, TaskHolder, TaskOutcome
from workflow.policies import why_not_be_given, why_not_take
from workflow.selectors.untended import COUNTY, Untended, untended
from workflow.situation import Subject
from workflow.transitions import Act, Done, Refused, Stale, act, lock

log = logging.getLogger(__name__)

FINDER = "system:untended"


class OfferFailed(Exception):
    """Some tasks could not be offered. Their ids are in the message."""


@dataclass(frozen=True, slots=True)
class Offered:
    """What a search came to: tasks given back to their office, tasks given to the county's pool, and those that failed."""

    to_office: tuple[UUID, ...]
    to_county: tuple[UUID, ...]
    failed: tuple[UUID, ...]

    def raise_if_failed(self) -> None:
        """Let the failure be seen."""
        if self.failed:
            raise OfferFailed(", ".join(str(pk) for pk in self.failed))


def take(
    subject: Subject, task: Task, *, by: User, version: int | None = None, key: str | None = None
) -> Done:
    """Take a task nobody holds into one's own hands. Raises Refused or Stale with a sentence."""
    with transaction.atomic():
        with act(subject, "take", by=by, key=key, data={"task": task.pk}) as a:
            found = _find(a, task, version)
            if by.pk in a.situation.holders.get(found.pk, {}):
                raise Refused(_("You hold this task already."))
            if sentence := why_not_take(a.situation, found):
                raise Refused(sentence)
            a.about = found
        assert a.event is not None
        TaskHolder.objects.create(task=found, user=by, since_at=a.event.recorded_at, given_by=by)
        _renew(found, taken_at=a.event.recorded_at)
    return a.done


def assign(
    subject: Subject,
    task: Task,
    *,
    to: User,
    by: User,
    reason: str = "",
    version: int | None = None,
    key: str | None = None,
) -> Done:
    """Put a task into somebody's hands, whether or not it was in another's: one act, and the task keeps its clock.

    Taking it out of other hands needs a reason. Raises Refused or Stale with a sentence.
    """
    with transaction.atomic():
        with act(
            subject, "assign", by=by, key=key, data={"task": task.pk, "to": to.pk, "reason": reason}
        ) as a:
            found = _find(a, task, version)
            before = sorted(a.situation.holders.get(found.pk, {}), key=str)
            if sentence := _why_not_assign(a, found, to, before, reason):
                raise Refused(sentence)
            a.about = found
            a.data |= {"to": to.pk, "from": before, "reason": reason or None}
        assert a.event is not None
        _let_go(found, a.event.recorded_at)
        TaskHolder.objects.create(
            task=found, user=to, since_at=a.event.recorded_at, given_by=by, reason=reason
        )
        _renew(found)
    return a.done


def find_untended(on: dt.date | None = None) -> Offered:
    """Find tasks without anybody who may do them, or past their time and untouched, and offer them: in their office first, then in the county.

    Why: a rule that asks for certificates can itself make a case late; the oldest must not starve because one person is on leave.
    Each in its own transaction; one that fails does not hold up the others.
    """
    offered: dict[str, list[UUID]] = {"office": [], "county": [], "failed": []}
    for found in untended(on or timezone.localdate()):
        try:
            if _offer(found):
                offered[found.offer_to].append(found.task.pk)
        except Exception as failure:  # noqa: BLE001 - one bad row must not stop the others; it is named at the end
            log.error("untended: task %s failed: %s", found.task.pk, type(failure).__name__)
            offered["failed"].append(found.task.pk)
    return Offered(tuple(offered["office"]), tuple(offered["county"]), tuple(offered["failed"]))


@transaction.atomic
def _offer(found: Untended) -> bool:
    """Say so in the case's own log, and let the hands go that can't do it. False if somebody was quicker."""
    lock(found.task.case_id, FINDER)
    task = Task.objects.get(pk=found.task.pk)
    if task.outcome != TaskOutcome.OPEN or task.version != found.task.version:
        return False
    case = Case.objects.only("id").get(pk=task.case_id)
    data: dict[str, Any] = {
        "to": found.offer_to,
        "from": sorted(found.holders, key=str),
        "competence": task.competence,
    }
    if found.among:
        data |= {"why": "missed", "among": list(found.among), "level": 0, "node": task.node_code}
    event = append(case.stream, "task.offered", data=data, task=(task.node_code, task.round))
    _let_go(task, event.recorded_at)
    if found.offer_to == COUNTY:
        Task.objects.filter(pk=task.pk).update(offered_to_county_at=event.recorded_at)
    _renew(task)
    return True


def note_wait(task: Task, cause: str) -> None:
    """Say on a task why it waits, under the case's lock. It explains: no clock, holder or version changes by it."""
    Task.objects.filter(pk=task.pk).update(wait_cause=cause)


def _find(a: Act, task: Task, version: int | None) -> Task:
    """The task as it stands under the lock."""
    found = next((t for t in a.situation.tasks if t.pk == task.pk), None)
    if found is None:
        raise Refused(_("This task does not belong to this case."))
    if version is not None and found.version != version:
        raise Stale(
            _(
                "Somebody has changed this meanwhile. What you typed is kept; look at the new state and send it again."
            )
        )
    return found


def _why_not_assign(a: Act, task: Task, to: User, before: list[UUID], reason: str) -> str | None:
    today = timezone.localdate()
    if before and not reason:
        return _("Say why the task goes into other hands.")
    if to.pk in before:
        return _("This person holds the task already.")
    if Absence.objects.on(today).filter(user=to).exists():
        return _("This person is away today; choose somebody who is there.")
    return why_not_be_given(replace(a.situation, actor=to, authority=authority(to, today)), task)


def _let_go(task: Task, moment: dt.datetime) -> None:
    """Rows of holders end, they are never deleted; what they took along ends with them."""
    TaskHolder.objects.filter(task=task, until_at=None).update(until_at=moment)
    TakenAlong.objects.filter(task=task, closed_at=None).update(
        closed_at=moment, closed_because=TakenAlong.Closing.OTHER_HANDS
    )


def _renew(task: Task, taken_at: dt.datetime | None = None) -> None:
    """A form shown before is stale now."""
    Task.objects.filter(pk=task.pk).update(
        version=F("version") + 1, **({"taken_at": Coalesce("taken_at", taken_at)} if taken_at else {})
    )
