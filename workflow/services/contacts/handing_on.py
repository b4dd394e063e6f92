"""Handing a contact on to another office: how often and when stays with it, and its clock runs on."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from staff.models import Office, User
from workflow.models import Case, Contact, HandOn
from workflow.services.contacts.outcomes import open_contact
from workflow.subjects import ContactSubject
from workflow.transitions import Done, Refused, act


def hand_on_contact(
    contact: Contact,
    *,
    to_office: Office,
    reason: str,
    by: User,
    version: int | None = None,
    key: str | None = None,
) -> Done:
    """Pass it on with everything else nobody has answered yet on its case; the receiving office sees it at once.

    Only while there is no application: afterwards it is tasks that go into other hands. Raises Refused.
    """
    subject = ContactSubject(contact.case)
    with transaction.atomic():
        data = {"contact": contact.pk, "to": to_office.code}
        with act(subject, "hand_on_contact", by=by, key=key, data=data) as a:
            fresh = open_contact(contact, version)
            if to_office.pk == fresh.office_id:
                raise Refused(_("The contact is with this office already; choose another."))
            nth = fresh.hand_ons.count() + 1
            a.data |= {**data, "from": fresh.office.code, "nth": nth}
        assert a.event is not None
        HandOn.objects.create(
            contact=fresh, nth=nth, from_office=fresh.office, to_office=to_office, reason=reason, by=by,
            handed_at=a.event.recorded_at, number=a.event.number,
        )  # fmt: skip
        subject.case.contacts.filter(outcome="").update(
            office=to_office, owner=None, version=F("version") + 1
        )
        Case.objects.filter(pk=subject.case.pk).update(office=to_office)
    return a.done
