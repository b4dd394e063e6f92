"""如实申报超载: a station says in time that there is more work than hands; help is asked for, and the answer has a clock of its own."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from staff.models import Office, User
from staff.policies import Role
from staff.selectors import authority, qualified
from workflow.events import append, ledger_now, name_actor
from workflow.models import Deadline, Overload, Task, TaskOutcome
from workflow.selectors.rules import rules
from workflow.services.clocks import SWEEP
from workflow.transitions import Refused, actor_name

ANSWER_DAYS = 1
LONGEST_DAYS = 30


@dataclass(frozen=True, slots=True)
class Load:
    """How much there is to do, with how many hands, and what runs out."""

    queue: int
    hands: int
    forecast: int


def load_of(office: Office, stage: str, until: dt.datetime) -> Load:
    """What the station's own rows say: nobody types these numbers."""
    tasks = Task.objects.filter(office=office, outcome=TaskOutcome.OPEN, doer="officer")
    tasks = tasks.filter(node__opens_with=stage) if stage else tasks
    competences = {code for code in tasks.values_list("competence", flat=True) if code}
    today = timezone.localdate()
    hands = {user.pk for code in competences for user in qualified(code, office, today)}
    running = Deadline.objects.filter(case__office=office, stopped_at=None, due_at__lte=until)
    running = running.filter(limit__stage=stage) if stage else running
    return Load(tasks.count(), len(hands), running.filter(due_at__gt=ledger_now()).count())


def declare_overload(*, office: Office, days: int, reason: str, by: User, stage: str = "") -> Overload:
    """Declare it from now on for so many working days; sealed at once. What has been missed already is not covered. Raises Refused."""
    if not authority(by, timezone.localdate()).acts_as({Role.SUPERVISOR}, office.pk):
        raise Refused(_("An overload is declared by the supervisor of the station."))
    if not reason.strip():
        raise Refused(_("Say what the work is and why the hands do not suffice."))
    if not 1 <= days <= LONGEST_DAYS:
        raise Refused(_("An overload is declared for 1 to %(most)d working days.") % {"most": LONGEST_DAYS})
    with transaction.atomic():
        Office.objects.select_for_update(no_key=True).get(pk=office.pk)
        name_actor(actor_name(by))
        now = ledger_now()
        if Overload.objects.filter(office=office, stage=stage, to_at__gt=now).exists():
            raise Refused(_("An overload is declared already; it holds until its last day."))
        until = _closing(now, days)
        load = load_of(office, stage, until)
        data = {
            "stage": stage,
            "days": days,
            "queue": load.queue,
            "hands": load.hands,
            "forecast": load.forecast,
            "until": until,
        }
        event = append(stream_of(office), "overload.declared", data=data)
        return Overload.objects.create(
            office=office, stage=stage, queue=load.queue, hands=load.hands, forecast=load.forecast, reason=reason,
            from_at=event.recorded_at, to_at=until, declared_by=by, number=event.number,
            answer_due_at=_closing(event.recorded_at, ANSWER_DAYS),
        )  # fmt: skip


def answer_overload(overload: Overload, *, answer: str, words: str, by: User) -> Overload:
    """The superior says whether help comes. Once; in writing; not by whoever declared it. Raises Refused."""
    above = overload.office.parent_id or overload.office_id
    if by.pk == overload.declared_by_id or not authority(by, timezone.localdate()).acts_as(
        {Role.SUPERVISOR}, above
    ):
        raise Refused(_("The request is answered by the superior office, not by whoever made it."))
    if not answer or not words.strip():
        raise Refused(_("Say what help comes, or why none can."))
    with transaction.atomic():
        held = Overload.objects.select_for_update(no_key=True).get(pk=overload.pk)
        if held.answered_at:
            raise Refused(_("This request has been answered already."))
        name_actor(actor_name(by))
        event = append(
            stream_of(held.office), "overload.answered", data={"of": held.number, "answer": answer}
        )
        held.answer, held.answer_words, held.answered_by, held.answered_at = (
            answer,
            words,
            by,
            event.recorded_at,
        )
        held.save(update_fields=["answer", "answer_words", "answered_by", "answered_at"])
    return held


def chase_answers() -> int:
    """Requests for help left without an answer beyond their time go one level up, once each."""
    chased = 0
    due = Overload.objects.filter(answered_at=None, chased_at=None, answer_due_at__lt=ledger_now())
    for pk in list(due.values_list("pk", flat=True)):
        with transaction.atomic():
            held = Overload.objects.select_for_update(no_key=True, skip_locked=True).filter(
                pk=pk, answered_at=None, chased_at=None
            ).select_related("office").first()  # fmt: skip
            if held is None:
                continue
            name_actor(SWEEP)
            data = {"of": held.number, "due": held.answer_due_at}
            event = append(stream_of(held.office), "overload.unanswered", data=data)
            Overload.objects.filter(pk=pk).update(chased_at=event.recorded_at)
            chased += 1
    return chased


def stream_of(office: Office) -> str:
    """Where what an office says about itself is sealed."""
    return f"office:{office.code}"


def _closing(since: dt.datetime, days: int) -> dt.datetime:
    in_force = rules()
    last = in_force.calendar.nth_workday(timezone.localdate(since), days).day
    return timezone.make_aware(dt.datetime.combine(last, in_force.profile.day_ends_at))
