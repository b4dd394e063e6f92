"""The people of a case: added, authorised, verified; what third parties agree to; whose the premises are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import (
    Application,
    Consent,
    Document,
    Party,
    PartyRole,
    TitleQuestion,
    Verification,
)
from applications.services.authority import ROLE_OF, in_force, let_see, shut_out
from applications.services.facts import base, recording, split
from staff.models import User
from workflow.models import Case, CaseAccess, Stage
from workflow.services.contacts import person_data
from workflow.transitions import Done, Refused


@transaction.atomic
def add_party(
    application: Application, *, by: User, role: str, name: str, kind: str = "person", phone: str = "", id_number: str = "", **given: Any
) -> Done:  # fmt: skip
    """Somebody more belongs to the case: owner, user, payer, contact person, property manager, co-owners, former holder."""
    how, _fields, _confirmed = split(given)
    with recording(
        application, "add_party", by, how, {"role": role}, kind=kind, called=name, phone=phone
    ) as a:
        person = person_data(
            name=name, phone=phone, id_kind="ric" if kind == "person" else "uscc", id_number=id_number
        )
        party = Party.objects.create(application=application, role=role, kind=kind, person=person)
        a.data["party"] = str(party.pk)
    return a.done


@transaction.atomic
def record_authority(
    application: Application, *, by: User, paper: Document, powers: Sequence[str], valid_from_date: dt.date,
    valid_to_date: dt.date | None = None, agent: Party | None = None, name: str = "", phone: str = "", **given: Any
) -> Done:  # fmt: skip
    """An agent's authority as its paper says: what for, from when to when. For a new agent, or for one named before without a paper."""
    how, _fields, _confirmed = split(given)
    says = {
        "powers": sorted(powers), "from": valid_from_date.isoformat(), "to": valid_to_date.isoformat() if valid_to_date else None,
    }  # fmt: skip
    with recording(
        application, "record_authority", by, how, says, agent=agent, paper=paper, called=name, phone=phone
    ) as a:
        party = agent or _new_agent(application, name, phone)
        party.powers, party.authorisation = sorted(powers), paper
        party.valid_from_date, party.valid_to_date, party.ended_at = valid_from_date, valid_to_date, None
        party.save()
        let_see(party)
        a.data["party"] = str(party.pk)
        if paper.sha256:
            a.documents.append(f"sha-256:{paper.sha256}")
    return a.done


@transaction.atomic
def end_authority(application: Application, *, by: User, agent: Party, **given: Any) -> Done:
    """The principal takes the authority back, or the counter does for them: from now on the agent sees and does nothing."""
    how, _fields, _confirmed = split(given)
    with recording(application, "end_authority", by, how, {"party": str(agent.pk)}) as a:
        party = application.parties.get(pk=agent.pk)
        if not in_force(party, timezone.now()):
            raise Refused(_("This authority has ended already."))
        party.ended_at = timezone.now()
        party.save(update_fields=["ended_at"])
        shut_out(party)
    return a.done


@transaction.atomic
def verify_phone(
    application: Application, *, by: User, party: Party, method: str = Verification.COUNTER, **given: Any
) -> Done:
    """Whose phone it is was looked into: at the counter with the ID, or by the person's own sign-in with a code."""
    how, _fields, _confirmed = split(given)
    with recording(
        application, "verify_phone", by, how, {"party": str(party.pk), "how": str(method)}, party=party
    ) as a:
        found = application.parties.select_related("person").get(pk=party.pk)
        if not found.person.phone:
            raise Refused(_("No phone is known of this person; add it first."))
        found.phone_verified_at, found.phone_verified_how = timezone.now(), method
        found.phone_verified_by = by
        found.user = found.user or User.objects.customer_by_phone(found.person.phone)
        found.save()
        if found.user_id and not _sees(found):
            let_see(found)
    return a.done


def claim_parties(user: User) -> int:
    """Cases that name this customer's phone, written down before the phone ever signed in; answers how many are theirs now.

    Signing in by a code proves the phone, so the customer themself verifies it.
    """
    waiting = waiting_for(user)
    for party in waiting.parties:
        with transaction.atomic():
            party.user = user
            party.save(update_fields=["user"])
            let_see(party)
            verify_phone(party.application, by=user, party=party, method=Verification.CODE)
    for case in waiting.cases:
        CaseAccess.objects.get_or_create(case=case, user=user, role="applicant", to_at=None)
    return len(waiting)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What names a phone and is not in its owner's list yet: parties of applications, and contacts without one."""

    parties: list[Party]
    cases: list[Case]

    def __len__(self) -> int:
        return len(self.parties) + len(self.cases)


def waiting_for(user: User) -> Waiting:
    """Applicants and agents with this phone whom nobody has linked to the account yet, and what a hall registered for it."""
    if not user.is_customer or not user.phone_index:
        return Waiting([], [])
    named = Party.objects.filter(user=None, role__in=list(ROLE_OF), person__phone_index=user.phone_index)
    parties = [
        party
        for party in named.select_related("application__case__office", "person")
        if in_force(party, timezone.now())
    ]
    cases = Case.objects.filter(
        contacts__person__phone_index=user.phone_index,
        stage__in=[Stage.CONTACT, Stage.ANSWERED],
        application=None,
    ).exclude(accesses__user=user)
    return Waiting(parties, list(cases.distinct()))


@transaction.atomic
def record_consent(
    application: Application, *, by: User, kind: str, name: str, paper: Document, given_date: dt.date, phone: str = "", **given: Any
) -> Done:  # fmt: skip
    """A third party agrees, on a paper that lies on the case."""
    how, _fields, _confirmed = split(given)
    with recording(application, "record_consent", by, how, {"kind": kind}, called=name, paper=paper, given_date=given_date) as a:  # fmt: skip
        party = Party.objects.create(
            application=application, role=kind, kind="person" if kind != PartyRole.PROPERTY else "organisation",
            person=person_data(name=name, phone=phone),
        )  # fmt: skip
        Consent.objects.create(
            **base(a, application), party=party, kind=kind, paper=paper, given_date=given_date
        )
        a.data["party"] = str(party.pk)
        if paper.sha256:
            a.documents.append(f"sha-256:{paper.sha256}")
    return a.done


@transaction.atomic
def question_title(
    application: Application, *, by: User, decider: str, until_date: dt.date, note: str = "", **given: Any
) -> Done:
    """产权待明: who decides whose the premises are, and until when that is waited for. No clock stops for it."""
    how, _fields, _confirmed = split(given)
    says = {"decider": decider, "until": until_date.isoformat()}
    with recording(application, "question_title", by, how, says) as a:
        TitleQuestion.objects.create(
            application=application, decider=decider, until_date=until_date, note=note, asked_by=by
        )
    return a.done


@transaction.atomic
def settle_title(application: Application, *, by: User, result: str, **given: Any) -> Done:
    """It was decided."""
    how, _fields, _confirmed = split(given)
    with recording(application, "settle_title", by, how, {"result": result}) as a:
        question = application.title_questions.get(settled_at=None)
        question.result, question.settled_by, question.settled_at = result, by, timezone.now()
        question.save(update_fields=["result", "settled_by", "settled_at"])
    return a.done


@transaction.atomic
def reveal_identity(application: Application, *, by: User, party: Party, reason: str, **given: Any) -> Done:
    """Somebody looked at a whole ID number: who, of whom, what for; the number itself enters nothing."""
    how, _fields, _confirmed = split(given)
    with recording(application, "reveal_identity", by, how, {"party": str(party.pk), "reason": reason}) as a:
        application.parties.get(pk=party.pk)
    return a.done


def _new_agent(application: Application, name: str, phone: str) -> Party:
    return Party(
        application=application, role=PartyRole.AGENT, person=person_data(name=name, phone=phone),
        user=User.objects.customer_by_phone(phone) if phone else None,
    )  # fmt: skip


def _sees(party: Party) -> bool:
    rows = CaseAccess.objects.filter(case_id=party.application.case_id, user=party.user, to_at=None)
    return rows.exists() or party.role not in ROLE_OF
