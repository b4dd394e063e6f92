"""Extensions: more time on one clock, asked for once and in force only if the customer agrees; the original date is kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from staff.models import User
from workflow.clocks import Clocks
from workflow.events import Circumstance, ledger_now
from workflow.models import Deadline, Extension, LimitKind
from workflow.selectors.extensions import open_extension
from workflow.situation import Subject
from workflow.transitions import Done, Refused, act

MOST_DAYS = 60


def ask_extension(
    subject: Subject,
    *,
    deadline: Deadline,
    days: int,
    reason: str,
    by: User,
    evidence: str = "",
    appointment: bool = False,
    offered: Sequence[dt.datetime] = (),
    key: str | None = None,
) -> Done:
    """Ask the customer for more time on one clock. Nothing moves until they agree. Raises Refused with a sentence.

    `appointment`: the customer chose a date beyond the limit; that counts only if a slot inside it was offered, and `offered` says which.
    """
    with transaction.atomic():
        data = {"deadline": deadline.pk, "days": days, "reason": reason, "offered": list(offered)}
        with act(subject, "ask_extension", by=by, key=key, data=data) as a:
            clock = Deadline.objects.select_related("limit").filter(pk=deadline.pk, case=a.case).first()
            if sentence := _why_not_ask(clock, days, reason, appointment, offered):
                raise Refused(sentence)
            assert clock is not None
            a.data |= _named(clock) | {"days": days, "due": clock.due_at, "offered": list(offered)}
        assert a.event is not None
        assert clock is not None
        assert clock.due_at is not None
        Extension.objects.create(
            deadline=clock, days=days, original_due_at=clock.due_at, reason=reason, evidence=evidence, asked_by=by,
            offered=[slot.isoformat() for slot in offered], asked_at=a.event.recorded_at, asked_number=a.event.number,
        )  # fmt: skip
    return a.done


def answer_extension(
    subject: Subject,
    *,
    agreed: bool,
    by: User,
    key: str | None = None,
    circumstance: Circumstance | None = None,
) -> Done:
    """The customer's answer. Agreed, the clock runs so many days longer, unless it has run out meanwhile. Raises Refused."""
    with transaction.atomic():
        name = "agree_extension" if agreed else "decline_extension"
        with act(subject, name, by=by, key=key, data={"agreed": agreed}, circumstance=circumstance) as a:
            asked = open_extension(subject)
            if asked is None:
                raise Refused(_("No extension is waiting for an answer."))
            clock = asked.deadline
            if agreed and (not clock.running or clock.due_at is None or clock.due_at < ledger_now()):
                raise Refused(_("The time has run out already; it can't be extended any more."))
            a.data |= _named(clock) | {"days": asked.days, "original": asked.original_due_at}
        assert a.event is not None
        Extension.objects.filter(pk=asked.pk).update(
            answered_at=a.event.recorded_at, answered_number=a.event.number, agreed=agreed
        )
        if agreed:
            Deadline.objects.filter(pk=clock.pk).update(extra_days=asked.days)
            Clocks(a.case, a.situation.rules.stamp).move(a.event.recorded_at, "extension", asked.reason)
    return a.done


def _why_not_ask(
    clock: Deadline | None, days: int, reason: str, appointment: bool, offered: Sequence[dt.datetime]
) -> str | None:
    if clock is None or not clock.running or clock.due_at is None:
        return _("This clock is not running.")
    if clock.limit.kind == LimitKind.INTERNAL:
        return _("Only what the customer was promised can be extended with the customer's agreement.")
    if Extension.objects.filter(deadline=clock).exists():
        return _("An extension of this clock was asked for already; it is asked for once.")
    if clock.due_at < ledger_now():
        return _("The time has run out already; it can't be extended any more.")
    if not 1 <= days <= MOST_DAYS:
        return _("Between 1 and %(most)d working days can be asked for.") % {"most": MOST_DAYS}
    if not reason.strip():
        return _("Say why more time is needed; the customer reads it.")
    if appointment and not any(slot <= clock.due_at for slot in offered):
        return _(
            "An appointment beyond the limit counts as an extension only if a slot inside the limit was offered; enter the slots offered."
        )
    return None


def _named(clock: Deadline) -> dict[str, object]:
    return {
        "limit": clock.limit.code,
        "kind": clock.limit.kind,
        "node": clock.node_code,
        "round": clock.round,
    }
