"""Advice and giving up: told to the customer, effective only if nobody answers 我要办理 in time.

Why: a wish noted down as "only asked" is the oldest way to keep it out of the figures. So the customer has the last word.
"""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from staff.models import User
from workflow.deadlines import reckon
from workflow.events import Circumstance, ledger_now
from workflow.models import ROUTE_STAGES, Contact, ContactClosing, Limit, Purpose, Stage
from workflow.selectors.rules import Rules
from workflow.services.contacts.outcomes import (
    TOLD_FIRST,
    give_outcome,
    open_contact,
    papers_have_come,
    step_of,
)
from workflow.subjects import ContactSubject
from workflow.transitions import Act, Done, Refused, act

log = logging.getLogger(__name__)

CLOSER = "system:closing"
OBJECTION = "contact_objection"
"""Code of the limit that says how long the customer may object: a row like any other, started by no event."""
UNDER_WAY = frozenset({Stage.DRAFT, *ROUTE_STAGES})


@dataclass(frozen=True, slots=True)
class Closed:
    """What a sweep came to: outcomes that took effect, and the closings that failed."""

    effective: int
    failed: tuple[int, ...]

    def raise_if_failed(self) -> None:
        """Let the failure be seen."""
        if self.failed:
            raise ClosingFailed(", ".join(str(pk) for pk in self.failed))


class ClosingFailed(Exception):
    """Some outcomes could not take effect. Their ids are in the message; nothing personal is."""


def tell_outcome(
    contact: Contact,
    *,
    outcome: str,
    reason: str,
    by: User,
    version: int | None = None,
    key: str | None = None,
) -> Done:
    """Tell the customer that we take it for advice, or for given up. With papers left it can never end so."""
    subject = ContactSubject(contact.case)
    with transaction.atomic():
        data = {"contact": contact.pk, "outcome": outcome}
        with act(subject, "tell_outcome", by=by, key=key, data=data) as a:
            fresh = open_contact(contact, version)
            if sentence := _why_not_told(fresh, outcome):
                raise Refused(sentence)
            if pending_closings().filter(contact=fresh).exists():
                raise Refused(_("The customer has been told already; the answer is awaited."))
            rule = _rule(a)
            a.data |= data
        assert a.event is not None
        told_at = a.event.recorded_at
        ContactClosing.objects.create(
            contact=fresh, outcome=outcome, reason=reason, told_by=by, told_at=told_at, told_number=a.event.number,
            takes_effect_at=_effect(a.situation.rules, rule, told_at),
        )  # fmt: skip
        Contact.objects.filter(pk=fresh.pk).update(version=F("version") + 1)
    return a.done


def object_to_outcome(
    contact: Contact,
    *,
    by: User | None = None,
    key: str | None = None,
    circumstance: Circumstance | None = None,
) -> Done:
    """我要办理: the contact goes back to work, with a new round of its own limit. Whoever holds the receipt's code may say so."""
    with transaction.atomic():
        with act(
            ContactSubject(contact.case), "object_to_outcome", by=by, key=key, data={"contact": contact.pk},
            circumstance=circumstance,
        ) as a:  # fmt: skip
            closing = pending_closings().select_for_update(of=("self",)).filter(contact=contact).first()
            if closing is None:
                raise Refused(_("There is nothing to object to any more."))
            a.data |= {"contact": contact.pk}
        assert a.event is not None
        ContactClosing.objects.filter(pk=closing.pk).update(
            objected_at=a.event.recorded_at, objected_number=a.event.number
        )
        Contact.objects.filter(pk=contact.pk).update(version=F("version") + 1)
    return a.done


def close_due(limit: int = 200) -> Closed:
    """Let outcomes take effect that nobody objected to in time, each in its own transaction.

    Run twice, or not for days, it makes no difference: the due time stands in the row, and the row ends once.
    """
    failed: list[int] = []
    effective = 0
    due = pending_closings().filter(takes_effect_at__lte=ledger_now()).order_by("takes_effect_at")
    for closing in list(due.select_related("contact__case")[:limit]):
        try:
            effective += _close(closing)
        except Exception as failure:  # noqa: BLE001 - one bad row must not stop the others; it is named at the end
            log.error("closing %s failed: %s", closing.pk, type(failure).__name__)
            failed.append(closing.pk)
    return Closed(effective, tuple(failed))


def pending_closings() -> QuerySet[ContactClosing]:
    """Closings that can still be objected to. One whose contact got another outcome meanwhile is moot."""
    return ContactClosing.objects.filter(objected_at=None, effective_at=None, contact__outcome="")


class _Moot(Exception):
    """Between finding the row and locking the case the customer came, or somebody gave another outcome."""


def _close(closing: ContactClosing) -> bool:
    try:
        _take_effect(closing)
    except _Moot:
        return False
    return True


@transaction.atomic
def _take_effect(closing: ContactClosing) -> None:
    contact = closing.contact
    subject = ContactSubject(contact.case)
    data = {"contact": contact.pk, "outcome": closing.outcome}
    with act(subject, "close_contact", by=None, actor=CLOSER, data=data) as a:
        still = pending_closings().filter(pk=closing.pk).exists()
        if not still or _why_not_told(contact, closing.outcome):
            raise _Moot
        give_outcome(contact, closing.outcome, "")
        a.data |= data
        a.step = step_of(subject, closing.outcome)
    assert a.event is not None
    ContactClosing.objects.filter(pk=closing.pk).update(effective_at=a.event.recorded_at)


def _why_not_told(contact: Contact, outcome: str) -> str | None:
    if outcome not in TOLD_FIRST:
        return _("Choose one of the list.")
    if papers_have_come(contact.case):
        return _(
            "Papers were left: this contact can't end so. Accept, request what is missing, or refuse in writing."
        )
    if contact.purpose == Purpose.CONNECTION and contact.case.stage in UNDER_WAY:
        return _(
            "An application is under way on this case: it ends the way applications end, accepted, refused or withdrawn."
        )
    return None


def _rule(a: Act) -> Limit:
    matching = a.situation.matching
    found = [x for x in a.situation.rules.limits_for(matching, timezone.localdate()) if x.code == OBJECTION]
    if not found:
        raise Refused(_("No rule says how long the customer may object; ask an administrator."))
    return found[0]


def _effect(rules: Rules, rule: Limit, told_at: dt.datetime) -> dt.datetime:
    due = reckon(rules.calendar, rule, told_at, (), rules.profile.day_ends_at).due_at
    if due is None:
        raise Refused(_("No rule says how long the customer may object; ask an administrator."))
    return due
