"""Joining two cases that are one need: earliest contact and both chains are kept, the joined number leads on."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from staff.models import User
from workflow.clocks import Clocks
from workflow.events import append
from workflow.models import ENDED, Case, Contact, Outcome, Stage
from workflow.situation import Subject
from workflow.subjects import ContactSubject
from workflow.transitions import Act, Done, Refused, act

WITHOUT_APPLICATION = frozenset({Stage.CONTACT, Stage.ANSWERED})


def link_contact(
    case: Case,
    survivor: Case,
    *,
    reason: str,
    by: User,
    key: str | None = None,
    subject: Subject | None = None,
    into: Subject | None = None,
) -> Done:
    """Join a case to another: the survivor takes the earlier first contact, the number of the other keeps leading there.

    Both cases are locked in id order. `subject` and `into` are their applications where they have one; whoever calls says which survives.
    """
    with transaction.atomic():
        list(Case.objects.select_for_update(no_key=True).filter(pk__in=[case.pk, survivor.pk]).order_by("pk"))
        joining, staying = subject or ContactSubject(case), into or ContactSubject(survivor)
        staying.reload()
        with act(joining, "link_contact", by=by, key=key, data={"into": survivor.pk}) as a:
            if sentence := _why_not(joining, staying):
                raise Refused(sentence)
            a.data |= {"into": survivor.pk, "reason_given": bool(reason)}
            Case.objects.filter(pk=case.pk).update(joined_to=survivor)
            _end_contacts(joining.case, reason)
        _take_over(a, joining.case, staying)
    return a.done


def _why_not(joining: Subject, staying: Subject) -> str | None:
    if staying.case.stage in ENDED or staying.case.pk == joining.case.pk:
        return _("Choose an open case to join this one to.")
    if isinstance(joining, ContactSubject) and joining.state not in WITHOUT_APPLICATION:
        return _("This case has an application: it is joined together with it, from its own page.")
    return None


def _end_contacts(case: Case, reason: str) -> None:
    Contact.objects.filter(case=case, outcome="").update(
        outcome=Outcome.JOINED,
        outcome_at=timezone.now(),
        outcome_reason=reason[:200],
        version=F("version") + 1,
    )


def _take_over(a: Act, case: Case, staying: Subject) -> None:
    """Say so on the survivor's own chain; its wait counts from the earlier of the two first contacts."""
    survivor, first = staying.case, case.first_contact_at
    event = append(survivor.stream, "contact.joined", data={"from": case.pk, "first_contact_at": first})
    Clocks(survivor, a.situation.rules.stamp).follow(event, staying.matching(), first)
    if first and (survivor.first_contact_at is None or first < survivor.first_contact_at):
        Case.objects.filter(pk=survivor.pk).update(
            first_contact_at=first, first_contact_channel=case.first_contact_channel
        )
