"""Limits as the page shows them: regimes side by side."""

from __future__ import annotations

from django.db.models import Case, QuerySet, Value, When

from workflow.models import Limit, Profile

STANDING = {"in_force": 0, "draft": 1, "superseded": 2}


def limits_shown(supply_class: str = "") -> list[Limit]:
    """Every limit with its clause, those in force first; of one class of supply if asked."""
    rows: QuerySet[Limit] = (
        Limit.objects.select_related("clause")
        .annotate(
            standing=Case(*(When(status=status, then=Value(place)) for status, place in STANDING.items()))
        )
        .order_by("standing", "-effective_from", "code", "pk")
    )
    return [
        row
        for row in rows
        if not supply_class or supply_class in row.conditions.get("supply_class", [supply_class])
    ]


def our_profile() -> Profile | None:
    """Whose limits are ours."""
    return Profile.objects.filter(is_ours=True).first()
