"""Field work: appointments, tasks taken along and handed back, the order of a day."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.core import signing
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from staff.models import User
from workflow.events import Circumstance
from workflow.models import Appointment, AppointmentOutcome, DayOrder, TakenAlong, Task, TaskHolder
from workflow.policies import task_waits_for_an_officer, why_not_take
from workflow.situation import Subject
from workflow.transitions import Act, Done, Refused, act

NONCE = signing.Signer(salt="workflow.field.nonce")

Slot = tuple[dt.datetime, dt.datetime]


def nonce_of(taken: TakenAlong) -> str:
    """What the device carries along and shows when it synchronises; only the server can make it."""
    return NONCE.sign(taken.pk.hex)


def taken_by_nonce(nonce: str, user: User) -> TakenAlong | None:
    """The row a nonce was handed out for, to this person; none for anything else."""
    try:
        pk = uuid.UUID(NONCE.unsign(nonce))
    except (signing.BadSignature, ValueError):
        return None
    return TakenAlong.objects.select_related("task__node", "task__case").filter(pk=pk, user=user).first()


def offer_appointment(
    subject: Subject, task: Task, *, slots: Sequence[Slot], by: User, key: str | None = None, circumstance: Circumstance | None = None
) -> Done:  # fmt: skip
    """Offer times for a visit. An appointment that stood is replaced; the log keeps both."""
    said = [[begin.isoformat(), end.isoformat()] for begin, end in slots]
    with transaction.atomic():
        with act(
            subject, "offer_appointment", by=by, key=key, data={"task": task.pk, "slots": said}, circumstance=circumstance
        ) as a:  # fmt: skip
            found = _open_task(a, task)
            if any(begin <= a.situation.now for begin, _end in slots):
                raise Refused(_("A time that has begun can't be offered any more; choose a later one."))
            a.about = found
            a.data["slots"] = said
        assert a.event is not None
        _close(found, AppointmentOutcome.REPLACED, a)
        Appointment.objects.create(
            task=found,
            offered=said,
            offered_at=a.event.recorded_at,
            offered_number=a.event.number,
            offered_by=by,
        )
    return a.done


def agree_appointment(
    subject: Subject, appointment: Appointment, *, slot: Slot, said_by: str, by: User, key: str | None = None,
    circumstance: Circumstance | None = None,
) -> Done:  # fmt: skip
    """Record which time the customer chose, and how they said so. One that was not offered is the customer's own wish and said as such."""
    begin, end = slot
    data = {
        "from": begin.isoformat(),
        "to": end.isoformat(),
        "said_by": said_by,
        "offered": slot in appointment.slots,
    }
    with transaction.atomic():
        with act(subject, "agree_appointment", by=by, key=key, data=data, circumstance=circumstance) as a:
            a.about = _open_task(a, appointment.task)
            standing = _standing(appointment)
            a.data |= data
        assert a.event is not None
        Appointment.objects.filter(pk=standing.pk).update(
            from_at=begin, to_at=end, agreed_at=a.event.recorded_at, agreed_number=a.event.number
        )
    return a.done


def miss_appointment(
    subject: Subject, appointment: Appointment, *, missed_by: str, by: User, key: str | None = None,
    circumstance: Circumstance | None = None,
) -> Done:  # fmt: skip
    """Record that nobody met at the time agreed, and whose doing it was. New times are to be offered."""
    with transaction.atomic():
        with act(
            subject, "miss_appointment", by=by, key=key, data={"by": missed_by}, circumstance=circumstance
        ) as a:
            a.about = _open_task(a, appointment.task)
            standing = _standing(appointment)
            if standing.from_at is None:
                raise Refused(_("No time was agreed yet."))
            if standing.from_at > a.situation.now:
                raise Refused(_("The time agreed has not come yet; offer other times instead."))
            a.data |= {"by": missed_by, "from": standing.from_at.isoformat()}
        _close(standing.task, AppointmentOutcome(missed_by), a)
    return a.done


def take_along(
    subject: Subject, task: Task, *, by: User, device: str = "", key: str | None = None, circumstance: Circumstance | None = None
) -> tuple[Done, TakenAlong]:  # fmt: skip
    """Take a task along to where there is no network: the moment of this record is the earliest time work on it can have been captured.

    A task nobody holds is taken into one's own hands by it.
    """
    with transaction.atomic():
        with act(
            subject, "take_along", by=by, key=key, data={"task": task.pk}, circumstance=circumstance
        ) as a:
            found = _open_task(a, task)
            holds = by.pk in a.situation.holders.get(found.pk, {})
            if not holds and (sentence := why_not_take(a.situation, found)):
                raise Refused(sentence)
            a.about = found
        assert a.event is not None
        moment = a.event.recorded_at
        close_taken(found, moment, TakenAlong.Closing.AGAIN)
        if not holds:
            TaskHolder.objects.create(task=found, user=by, since_at=moment, given_by=by)
            Task.objects.filter(pk=found.pk).update(version=F("version") + 1, taken_at=moment)
        taken = TakenAlong.objects.create(
            task=found, user=by, device=device, nonce_at=moment, nonce_number=a.event.number
        )
    return a.done, taken


def hand_back(
    subject: Subject, task: Task, *, by: User, reason: str, key: str | None = None, circumstance: Circumstance | None = None
) -> Done:  # fmt: skip
    """Give a task back to its office, with the reason: whoever is ill keeps nobody waiting. Its clock runs on; what was taken along is closed."""
    with transaction.atomic():
        with act(
            subject, "hand_back", by=by, key=key, data={"task": task.pk, "reason": reason}, circumstance=circumstance
        ) as a:  # fmt: skip
            found = _open_task(a, task)
            if by.pk not in a.situation.holders.get(found.pk, {}):
                raise Refused(_("This task is not in your hands."))
            a.about = found
            a.data["reason"] = reason
        assert a.event is not None
        moment = a.event.recorded_at
        TaskHolder.objects.filter(task=found, until_at=None).update(until_at=moment)
        close_taken(found, moment, TakenAlong.Closing.HANDED_BACK)
        Task.objects.filter(pk=found.pk).update(version=F("version") + 1, taken_at=None)
    return a.done


def close_taken(task: Task, moment: dt.datetime, because: str) -> None:
    """What was taken along on this task is no more; what comes from it later is kept and shown, not recorded."""
    TakenAlong.objects.filter(task=task, closed_at=None).update(closed_at=moment, closed_because=because)


def arrange_day(user: User, day: dt.date, tasks: Sequence[uuid.UUID]) -> None:
    """Keep the order of a day's visits as its owner set it."""
    DayOrder.objects.update_or_create(user=user, day=day, defaults={"tasks": list(tasks)})


def _open_task(a: Act, task: Task) -> Task:
    """The task as it stands under the lock; an officer still has to do it."""
    found = next((t for t in a.situation.tasks if t.pk == task.pk), None)
    if found is None:
        raise Refused(_("This task does not belong to this case."))
    if sentence := task_waits_for_an_officer(found):
        raise Refused(sentence)
    return found


def _standing(appointment: Appointment) -> Appointment:
    standing = Appointment.objects.filter(pk=appointment.pk, outcome="").first()
    if standing is None:
        raise Refused(_("Other times have been offered meanwhile; reload the page."))
    return standing


def _close(task: Task, outcome: AppointmentOutcome, a: Act) -> None:
    assert a.event is not None
    values: dict[str, Any] = {
        "outcome": outcome,
        "closed_at": a.event.recorded_at,
        "closed_number": a.event.number,
    }
    Appointment.objects.filter(task=task, outcome="").update(**values)
