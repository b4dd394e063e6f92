"""Field work: appointments, tasks taken along and handed back, and what comes back from a device."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from applications.models import Application, Capture
from applications.services.seen import Seen
from staff.models import User
from workflow.events import Circumstance
from workflow.models import Appointment, IdempotencyKey, TakenAlong, Task
from workflow.services import field
from workflow.transitions import Done, Refusal, Repeated, act, actor_name

CLOSED, REFUSED = "closed", "refused"
"""Why something was kept instead of recorded: its task is in other hands, or the act is not possible any more."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of something that came from a device: recorded, or kept with the sentence that says why."""

    done: Done | None = None
    capture: Capture | None = None
    sentence: str = ""


def offer_appointment(
    application: Application, *, by: User, task: Task, slots: Sequence[field.Slot], **given: Any
) -> Done:
    """Offer times for a visit."""
    return field.offer_appointment(application, task, slots=slots, by=by, **_how(given))


def agree_appointment(
    application: Application,
    *,
    by: User,
    appointment: Appointment,
    slot: field.Slot,
    said_by: str,
    **given: Any,
) -> Done:
    """Record the time the customer chose."""
    return field.agree_appointment(application, appointment, slot=slot, said_by=said_by, by=by, **_how(given))


def miss_appointment(
    application: Application, *, by: User, appointment: Appointment, missed_by: str, **given: Any
) -> Done:
    """Record that nobody met."""
    return field.miss_appointment(application, appointment, missed_by=missed_by, by=by, **_how(given))


def take_along(application: Application, *, by: User, task: Task, **given: Any) -> Done:
    """Take a task along to where there is no network."""
    how = _how(given)
    device = how["circumstance"].device if how["circumstance"] else ""
    done, _taken = field.take_along(application, task, by=by, device=device or "", **how)
    return done


def hand_back(application: Application, *, by: User, task: Task, reason: str, **given: Any) -> Done:
    """Give a task back to its office."""
    return field.hand_back(application, task, by=by, reason=reason, **_how(given))


def _how(given: Mapping[str, Any]) -> dict[str, Any]:
    return {"key": given.get("key"), "circumstance": given.get("circumstance")}


def bring_in(
    application: Application,
    service: Any,
    taken: TakenAlong,
    *,
    by: User,
    given: Mapping[str, Any],
    body: Mapping[str, Any],
    seen: Seen,
    captured_at: dt.datetime | None,
    circumstance: Circumstance,
) -> Brought:
    """Record what was filled in offline, or keep it where it can't be recorded any more. Sending it twice is harmless.

    `service` the act's, `given` what its form brought, `body` the same as it was typed. The version shown is not asked: that the task is
    still this person's is what the open row says, and a fact recorded meanwhile refuses itself.
    """
    name, key = service.__name__, given.get("key") or ""
    how = replace(circumstance, captured_at=captured_at, nonce_at=taken.nonce_at)
    if taken.closed_at is not None:
        if known := _done_before(application, name, by, key):
            return Brought(done=known)
        return _keep(application, taken, name, by, body, seen, how, key, CLOSED, "")
    claimed = given.get("occurred_at") or _believed(taken, captured_at)
    try:
        done = service(
            application,
            by=by,
            circumstance=how,
            visit=seen,
            **{**given, "version": None, "occurred_at": claimed},
        )
    except Repeated as repeated:
        return Brought(done=repeated.done)
    except Refusal as refusal:
        return _keep(application, taken, name, by, body, seen, how, key, REFUSED, refusal.sentence)
    if not Task.objects.filter(pk=taken.task_id, outcome="").exists():
        field.close_taken(taken.task, timezone.now(), TakenAlong.Closing.DONE)
    return Brought(done=done)


def _believed(taken: TakenAlong, captured_at: dt.datetime | None) -> dt.datetime | None:
    """The device's moment stands for "just now" where it can be true; else nothing is claimed."""
    if captured_at is None or not taken.nonce_at <= captured_at <= timezone.now():
        return None
    return captured_at


def _done_before(application: Application, name: str, by: User, key: str) -> Done | None:
    """The door's memory of this key: the answer got lost on the way, not the work."""
    scope = f"{actor_name(by)}:{name}:{application.case.pk.hex}"
    known = IdempotencyKey.objects.filter(scope=scope, key=key).first() if key else None
    return Done(application.case.pk, known.stream, known.number, repeated=True) if known else None


def _keep(
    application: Application, taken: TakenAlong, name: str, by: User, body: Mapping[str, Any], seen: Seen, how: Circumstance,
    key: str, reason: str, sentence: str,
) -> Brought:  # fmt: skip
    known = Capture.objects.filter(taken=taken, act=name, key=key).first()
    if known is not None:
        return Brought(capture=known, sentence=sentence)
    says = {"act": name, "reason": reason, **seen.says()}
    with transaction.atomic():
        try:
            with act(
                application, "keep_capture", by=by, key=f"kept-{key}"[:40], data={**says, **seen.known_by()}, circumstance=how
            ) as a:  # fmt: skip
                a.data |= says
                a.about = taken.task
                photos = seen.keep(a, application, by)
        except Repeated:
            return Brought(capture=Capture.objects.get(taken=taken, act=name, key=key), sentence=sentence)
        assert a.event is not None
        capture = Capture.objects.create(
            application=application, taken=taken, act=name, key=key, body=json.dumps(body, ensure_ascii=False), reason=reason,
            captured_at=how.captured_at, kept_at=a.event.recorded_at, kept_number=a.event.number, kept_by=by,
        )  # fmt: skip
        capture.photos.set(photos)
    return Brought(capture=capture, sentence=sentence)


def settle_capture(
    application: Application, capture: Capture, *, by: User, used: bool, key: str | None = None, circumstance: Circumstance | None = None
) -> Done:  # fmt: skip
    """Say what became of something kept: recorded after all, or looked at and left. It stays in the file either way."""
    says = {"act": capture.act, "of": capture.kept_number, "used": used}
    with act(application, "settle_capture", by=by, key=key, data=says, circumstance=circumstance) as a:
        a.data |= says
        a.about = capture.taken.task
    assert a.event is not None
    Capture.objects.filter(pk=capture.pk, settled_at=None).update(
        settled_at=a.event.recorded_at, settled_number=a.event.number, settled_by=by
    )
    return a.done
