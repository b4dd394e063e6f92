"""The outcomes that take effect at once: papers requested, referred, not acceptable, and those the application's own way brings."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from staff.models import User
from workflow.models import Case, Contact, Event, Outcome, Stage
from workflow.subjects import ContactSubject
from workflow.transitions import Done, Refused, act

TOLD_FIRST = frozenset({Outcome.ADVICE, Outcome.GIVEN_UP})
"""Outcomes that end a wish by a word of ours: the customer is told first and may say no."""

ENDING = frozenset({Outcome.ADVICE, Outcome.REFERRED, Outcome.GIVEN_UP, Outcome.NOT_ACCEPTABLE})
"""Outcomes after which nothing of the contact is in progress."""


def resolve_contact(
    contact: Contact,
    *,
    outcome: str,
    reason: str,
    by: User,
    clause: str = "",
    papers: Iterable[str] = (),
    version: int | None = None,
    key: str | None = None,
) -> Done:
    """Give a contact its one outcome; the last open contact's end answers the case.

    `clause` belongs to a refusal, `papers` (item codes) to a request. Advice and giving up go by `tell_outcome`.
    """
    subject, asked = ContactSubject(contact.case), sorted(papers)
    data = {"contact": contact.pk, "outcome": outcome, "clause": clause, "papers": asked}
    with act(subject, "resolve_contact", by=by, key=key, data=data) as a:
        fresh = open_contact(contact, version)
        if outcome in TOLD_FIRST:
            raise Refused(
                _("The customer is told first and may object; this outcome takes effect after that.")
            )
        if outcome == Outcome.NOT_ACCEPTABLE and not reason:
            raise Refused(_("A refusal needs its reason; the customer gets it in writing."))
        give_outcome(fresh, outcome, reason, outcome_clause=clause, asked_for=asked)
        a.data |= {"contact": fresh.pk, "outcome": outcome}
        a.data |= {name: value for name, value in (("clause", clause), ("papers", asked)) if value}
        a.step = step_of(subject, outcome)
    return a.done


def settle_contacts(case: Case, outcome: str) -> None:
    """The application's own way gives its contacts their outcome (accepted, papers requested, not acceptable)."""
    case.contacts.filter(outcome__in=["", Outcome.PAPERS]).update(
        outcome=outcome, outcome_at=timezone.now(), version=F("version") + 1
    )


def open_contact(contact: Contact, version: int | None) -> Contact:
    """The contact under the case's lock, still without outcome and as it was shown."""
    fresh = Contact.objects.get(pk=contact.pk)
    if fresh.outcome or (version is not None and fresh.version != version):
        raise Refused(_("This contact has an outcome already."))
    return fresh


def give_outcome(contact: Contact, outcome: str, reason: str, **more: object) -> None:
    """Write it down."""
    Contact.objects.filter(pk=contact.pk).update(
        outcome=outcome, outcome_at=timezone.now(), outcome_reason=reason, version=F("version") + 1, **more
    )


def step_of(subject: ContactSubject, outcome: str) -> str:
    """Once nobody's wish is open any more, the case is answered."""
    others = subject.case.contacts.filter(outcome="")
    return "answer" if subject.state == Stage.CONTACT and outcome in ENDING and not others.exists() else ""


def papers_have_come(case: Case) -> bool:
    """Whether any paper of this wish is with us: left with a contact, or uploaded before the application was accepted."""
    if case.contacts.filter(papers_left=True, outcome__in=["", Outcome.PAPERS]).exists():
        return True
    if case.stage not in (Stage.CONTACT, Stage.DRAFT, Stage.ANSWERED):
        return False
    return Event.objects.filter(stream=case.stream, documents__isnull=False).exists()
