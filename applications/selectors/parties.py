"""The people of a case as its page shows them: masked, with what they may do, since when a phone is known to be theirs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from applications.models import Application, Consent, Party, PartyRole, Power, TitleQuestion
from applications.selectors.offers import Offer
from staff.formats import mask_id, mask_phone
from workflow import actions
from workflow.policies import why_not
from workflow.situation import Situation

ACTS = (
    "add_party",
    "record_authority",
    "end_authority",
    "verify_phone",
    "record_consent",
    "question_title",
    "settle_title",
)
"""Acts about parties that the card offers, in its order."""


@dataclass(frozen=True, slots=True)
class PartyRow:
    """One party, as far as anybody may see without a reason."""

    party: Party
    consents: list[Consent]
    now: dt.datetime

    @property
    def phone(self) -> str:
        """138∗∗∗∗0101."""
        return mask_phone(self.party.person.phone) if self.party.person.phone else ""

    @property
    def id_number(self) -> str:
        """110∗∗∗∗∗∗∗∗∗∗∗002X."""
        return mask_id(self.party.person.id_number) if self.party.person.id_number else ""

    @property
    def powers(self) -> list[str]:
        """What an agent may do, in words; empty = no bounds."""
        return [str(Power(power).label) for power in self.party.powers if power in Power.values]

    @property
    def is_agent(self) -> bool:
        """Whether somebody acts for the applicant."""
        return self.party.role == PartyRole.AGENT

    @property
    def standing(self) -> str:
        """Of an agent's authority: `ended`, `soon` within a week, `unproved` without its paper, else `good`."""
        today, last = timezone.localdate(self.now), self.party.valid_to_date
        if self.party.ended_at or (last and last < today):
            return "ended"
        if self.party.authorisation_id is None:
            return "unproved"
        return "soon" if last and (last - today).days < 7 else "good"


@dataclass
class PartiesCard:
    """Everything the card shows."""

    rows: list[PartyRow] = field(default_factory=list)
    title: TitleQuestion | None = None
    offers: list[Offer] = field(default_factory=list)
    reveal: Offer | None = None


def parties_card(application: Application, situation: Situation) -> PartiesCard:
    """Load the card; three queries."""
    consents: dict[int, list[Consent]] = {}
    for consent in application.consents.select_related("paper"):
        consents.setdefault(consent.party_id, []).append(consent)
    people = application.parties.select_related(
        "person", "phone_verified_by", "authorisation", "user"
    ).order_by("created_at", "pk")
    rows = [PartyRow(party, consents.get(party.pk, []), situation.now) for party in people]
    first = {PartyRole.APPLICANT: 0, PartyRole.AGENT: 1}
    rows.sort(key=lambda row: first.get(PartyRole(row.party.role), 2))
    offers = [_offer(situation, name) for name in ACTS]
    return PartiesCard(
        rows=rows,
        title=application.title_questions.filter(settled_at=None).select_related("asked_by").first(),
        offers=[offer for offer in offers if offer.allowed and _makes_sense(offer, rows)],
        reveal=_offer(situation, "reveal_identity"),
    )


def agents_in_force(application: Application) -> QuerySet[Party]:
    """Agents who may act today."""
    today = timezone.localdate()
    agents = application.parties.filter(role=PartyRole.AGENT, ended_at=None).select_related("person")
    return agents.filter(Q(valid_to_date=None) | Q(valid_to_date__gte=today))


def unclear_titles(cases: Iterable[UUID]) -> set[UUID]:
    """Of these cases those whose premises are in question; one query."""
    open_ = TitleQuestion.objects.filter(application__case__in=list(cases), settled_at=None)
    return set(open_.values_list("application__case", flat=True))


def _makes_sense(offer: Offer, rows: list[PartyRow]) -> bool:
    if offer.action.name == "end_authority":
        return any(row.is_agent and row.standing != "ended" for row in rows)
    return offer.action.name != "verify_phone" or any(row.phone for row in rows)


def _offer(situation: Situation, name: str) -> Offer:
    action = actions.get(name)
    return Offer(action, None, why_not(situation.before(action)))
