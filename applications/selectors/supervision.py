"""The 督办 log: who looked into what, what was asked, what was answered."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, F, Q, QuerySet, When

from applications.models import Supervision, SupervisionKind
from staff.policies import Authority

WAITS = Q(kind=SupervisionKind.HURRIED, answered_at=None)


def log_of(me: Authority, *, office: str = "", waiting: bool = False) -> QuerySet[Supervision, Any]:
    """What concerns the offices of this person, the unanswered first, then the latest."""
    found = Supervision.objects.filter(office__in=me.offices)
    if office:
        found = found.filter(office__code=office)
    if waiting:
        found = found.filter(WAITS)
    return found.select_related("case", "office", "by", "answered_by").order_by(
        Case(When(WAITS, then=0), default=1), F("answer_by").asc(nulls_last=True), "-ordered_at"
    )


def unanswered(me: Authority) -> int:
    """How many orders wait for an answer."""
    return Supervision.objects.filter(WAITS, office__in=me.offices).count()
