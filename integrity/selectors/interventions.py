"""What the discipline office reads: interventions, reports of having been told to wait, tip-offs, who has declared."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from integrity.models import Intervention, NilDeclaration, TipOff
from staff.models import Office, Post, User
from staff.policies import Role
from workflow.models import Case, Event, EventPayload
from workflow.services.contacts import TOLD_TO_WAIT


@dataclass(frozen=True, slots=True)
class ToldToWait:
    """A customer's report, with the case it is about."""

    case: Case | None
    whom: str
    said: str
    on: str
    recorded_at: dt.datetime


def disciplined_offices(user: User) -> frozenset[int]:
    """Offices below the user's posts in the discipline office, and no others: an auditor's post opens nothing here."""
    if not user.is_active or not user.is_officer:
        return frozenset()
    posts = Post.objects.in_force(timezone.localdate()).filter(user=user, role=Role.DISCIPLINE)
    found: set[int] = set()
    for post in posts.select_related("office"):
        found.update(Office.objects.subtree(post.office).values_list("pk", flat=True))
    return frozenset(found)


def interventions_of(user: User) -> QuerySet[Intervention]:
    """What was registered in those offices."""
    found = Intervention.objects.filter(office__in=disciplined_offices(user))
    return found.select_related("registrant", "office", "case")


def tip_offs() -> QuerySet[TipOff]:
    """Hints name nobody and no office: every discipline officer reads them."""
    return TipOff.objects.select_related("answered_by")


def told_to_wait(user: User, limit: int = 100) -> list[ToldToWait]:
    """What customers reported about whoever handles their cases; newest first. Three queries."""
    events = list(Event.objects.filter(kind=TOLD_TO_WAIT).order_by("-recorded_at")[:limit])
    streams = [event.stream for event in events]
    bodies = {(p.stream, p.number): p.data for p in EventPayload.objects.filter(stream__in=streams)}
    ids = {event.stream.removeprefix("integrity:") for event in events}
    cases = {
        str(case.pk): case
        for case in Case.objects.filter(
            pk__in=[uuid.UUID(pk) for pk in ids], office__in=disciplined_offices(user)
        )
    }
    rows = []
    for event in events:
        case = cases.get(event.stream.removeprefix("integrity:"))
        if case is not None:
            data = bodies.get((event.stream, event.number), {})
            rows.append(
                ToldToWait(
                    case, data.get("whom", ""), data.get("said", ""), data.get("on") or "", event.recorded_at
                )
            )
    return rows


def silent_officers(user: User, year: int, quarter: int) -> QuerySet[User]:
    """Officers of those offices who have neither registered anything in that quarter nor declared that there was nothing."""
    first = dt.date(year, 3 * quarter - 2, 1)
    last = dt.date(year + quarter // 4, 3 * quarter % 12 + 1, 1)
    begins, ends = (timezone.make_aware(dt.datetime.combine(day, dt.time())) for day in (first, last))
    posts = Post.objects.in_force(timezone.localdate()).filter(office__in=disciplined_offices(user))
    mine = Intervention.objects.filter(
        registrant=OuterRef("pk"), registered_at__gte=begins, registered_at__lt=ends
    )
    declared = NilDeclaration.objects.filter(user=OuterRef("pk"), year=year, quarter=quarter)
    officers = User.objects.filter(kind=User.Kind.OFFICER, is_active=True, pk__in=posts.values("user"))
    return officers.filter(~Exists(mine), ~Exists(declared)).order_by("username")


def declared_by(user: User) -> set[tuple[int, int]]:
    """The quarters this officer has declared."""
    return set(NilDeclaration.objects.filter(user=user).values_list("year", "quarter"))
