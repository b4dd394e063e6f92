"""Limits: a change is a new version; the one before is retired, so that what ran on it can be reckoned again."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet

from staff.models import User
from workflow.events import name_actor
from workflow.models import Limit
from workflow.transitions import actor_name

IN_FORCE, SUPERSEDED = "in_force", "superseded"


def add_version(limit: Limit, *, by: User, today: dt.date) -> Limit:
    """Save `limit`, edited in memory, as the next version of its rule.

    A version in force retires the one before on the eve of its own first day. Both changes enter the history,
    which the database seals.
    """
    with transaction.atomic():
        name_actor(actor_name(by))
        before = Limit.objects.select_for_update(no_key=True).get(pk=limit.pk)
        limit.pk, limit.version = None, versions_of(before).latest("version").version + 1
        limit._state.adding = True
        _keep(limit, by)
        if limit.status == IN_FORCE and before.status == IN_FORCE:
            before.effective_to = limit.effective_from - dt.timedelta(days=1)
            before.status = IN_FORCE if before.effective_to >= today else SUPERSEDED
            _keep(before, by)
    return limit


def versions_of(limit: Limit) -> QuerySet[Limit]:
    """Every version of the same rule."""
    return Limit.objects.filter(
        code=limit.code,
        regime=limit.regime,
        utility=limit.utility,
        region=limit.region,
        conditions=limit.conditions,
    )


def is_newest(limit: Limit) -> bool:
    """Whether no later version follows."""
    return not versions_of(limit).filter(version__gt=limit.version).exists()


def _keep(limit: Limit, by: User) -> None:
    limit._history_user = by  # type: ignore[attr-defined]  # read by simple_history
    limit.save()
