"""Other cases that may be the same need: the same phone, or the same place."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from applications.models import Application
from staff.models import User
from staff.policies import Authority
from workflow.models import ENDED, Case, PersonData, Stage

MOST = 12
ARCHIVED_LONG_AGO = ENDED - {Stage.ANSWERED}


@dataclass(frozen=True, slots=True)
class Likely:
    """A case that may be the same, and why."""

    case: Case
    same_phone: bool
    same_place: bool
    application: Application | None


def likely_duplicates(case: Case, user: User, known: Authority | None = None) -> list[Likely]:
    """Cases the user may see, still open, of the same phone or at the same place; the oldest first. Four queries."""
    people = _people_of(case)
    phones = {person.phone_index for person in people if person.phone_index}
    places = {person.address_index for person in people if person.address_index}
    if not phones and not places:
        return []
    by_phone, by_place = _with("phone_index", phones), _with("address_index", places)
    found = (
        Case.objects.visible_to(user, known).exclude(pk=case.pk).exclude(stage__in=ARCHIVED_LONG_AGO).exclude(stage="")
        .filter(by_phone | by_place).select_related("application__premises", "office").distinct().order_by("opened_at")[:MOST]
    )  # fmt: skip
    cases = list(found)
    phoned = set(Case.objects.filter(by_phone, pk__in=[c.pk for c in cases]).values_list("pk", flat=True))
    placed = set(Case.objects.filter(by_place, pk__in=[c.pk for c in cases]).values_list("pk", flat=True))
    return [Likely(c, c.pk in phoned, c.pk in placed, getattr(c, "application", None)) for c in cases]


def _people_of(case: Case) -> list[PersonData]:
    of_case = Q(contacts__case=case) | Q(parties__application__case=case)
    return list(PersonData.objects.filter(of_case).distinct())


def _with(column: str, values: set[str]) -> Q:
    if not values:
        return Q(pk__in=[])
    return Q(**{f"contacts__person__{column}__in": values}) | Q(
        **{f"application__parties__person__{column}__in": values}
    )
