"""What an agent may see and do: opened by the paper, bounded by its days and powers, ended with it."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q
from django.utils import timezone

from applications.models import Party, PartyRole
from workflow.models import CaseAccess

ROLE_OF = {PartyRole.APPLICANT: "applicant", PartyRole.AGENT: "agent"}


def let_see(party: Party) -> None:
    """Open the case to a party who can sign in; an agent's access begins and ends with the authority."""
    if party.user_id is None or party.role not in ROLE_OF:
        return
    if party.role != PartyRole.AGENT:
        CaseAccess.objects.get_or_create(
            case_id=party.application.case_id, user_id=party.user_id, role="applicant", to_at=None
        )
        return
    shut_out(party)
    _is_no_principal(party)
    CaseAccess.objects.create(
        case_id=party.application.case_id, user_id=party.user_id, role="agent", powers=party.powers,
        from_at=_from(party), to_at=end_of(party),
    )  # fmt: skip


def _is_no_principal(agent: Party) -> None:
    """Whoever came first as a contact and then turns out to act for somebody has no rights of their own in the case."""
    principals = Party.objects.filter(application=agent.application_id, role=PartyRole.APPLICANT)
    if not principals.filter(user=agent.user_id).exists():
        CaseAccess.objects.filter(
            case_id=agent.application.case_id, user=agent.user, role="applicant", to_at=None
        ).update(to_at=timezone.now())


def shut_out(party: Party) -> None:
    """End what the party's role had opened; the rows stay as a record of who could see what when."""
    now = timezone.now()
    CaseAccess.objects.filter(
        case_id=party.application.case_id, user=party.user, role=ROLE_OF[PartyRole(party.role)]
    ).filter(Q(to_at=None) | Q(to_at__gt=now)).update(to_at=now)


def end_of(party: Party) -> dt.datetime | None:
    """The moment the authority ends: the end of its last day, or when it was taken back."""
    last = (
        timezone.make_aware(dt.datetime.combine(party.valid_to_date + dt.timedelta(days=1), dt.time()))
        if party.valid_to_date
        else None
    )
    return min(filter(None, (last, party.ended_at)), default=None)


def in_force(party: Party, moment: dt.datetime) -> bool:
    """Whether somebody acts in this role at that moment; only an agent's role can end."""
    if party.role != PartyRole.AGENT:
        return True
    end = end_of(party)
    return _from(party) <= moment and (end is None or moment < end)


def _from(party: Party) -> dt.datetime:
    day = party.valid_from_date
    return timezone.make_aware(dt.datetime.combine(day, dt.time())) if day else party.created_at
