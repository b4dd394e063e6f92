"""Rename and transfer: the former holder agrees, the meter is read and the bill settled."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from applications.models import Application, ChangeConsent, Handover, PartyRole
from applications.services.facts import base, recording, said, split
from staff.models import User
from workflow.transitions import Done, Refused


def record_change_consent(
    application: Application, *, by: User, method: str, identified: bool, **given: Any
) -> Done:
    """双方同意: the former holder, identified, agrees; the new one is who applied."""
    how, _fields, _confirmed = split(given)
    with recording(application, "record_change_consent", by, how, {"method": method}) as a:
        former = application.parties.filter(role=PartyRole.FORMER).first()
        if former is None or not identified:
            raise Refused(_("Both parties have to be identified: look at the former holder's paper first."))
        ChangeConsent.objects.create(**base(a, application), party=former, method=method)
        a.data |= {"party": str(former.pk)}
    return a.done


def record_handover(application: Application, *, by: User, **given: Any) -> Done:
    """交接: the reading up to which the former holder pays; nothing may be owed any more."""
    how, fields, _confirmed = split(given)
    data = said(fields, "reading", "read_date", "settled")
    with recording(application, "record_handover", by, how, data, **fields) as a:
        if not fields["settled"]:
            raise Refused(
                _("Settle the former holder's bill first; the new holder does not take over what is owed.")
            )
        Handover.objects.create(**base(a, application), **fields)
    return a.done
