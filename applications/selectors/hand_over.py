"""Work to be handed over: what lies in somebody's hands, who may hand over for whom."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from staff.models import Absence, User
from staff.policies import WORKING_ROLES, Authority
from workflow.acts import WATCHERS
from workflow.models import Case, Doer, Task, TaskHolder, TaskOutcome


def tasks_of(me: Authority, person: User) -> list[Task]:
    """Open tasks in that person's hands, as far as the reader may see their cases; the oldest first."""
    mine = TaskHolder.objects.filter(user=person, until_at=None)
    return list(_open(me).filter(pk__in=mine.values("task")))


def tasks_on(me: Authority, cases: Collection[UUID], tasks: Collection[UUID]) -> list[Task]:
    """Open tasks of these cases, or these tasks."""
    return list(_open(me).filter(Q(case__in=cases) | Q(pk__in=tasks)))


def colleagues(me: Authority) -> list[User]:
    """Whose work the reader may hand over beside their own: of those who share out work, everybody's of their offices."""
    offices = {post.office_id for post in me.posts if post.role in WATCHERS}
    if not offices:
        return []
    posted = User.objects.filter(
        kind=User.Kind.OFFICER, is_active=True, posts__office__in=me.offices, posts__role__in=WORKING_ROLES
    )
    return list(posted.exclude(pk=me.user.pk).distinct().order_by("username"))


def absence_of(person: User) -> Absence | None:
    """The leave that is on or comes next."""
    return Absence.objects.ahead(timezone.localdate()).filter(user=person).order_by("from_date").first()


def _open(me: Authority) -> QuerySet[Task]:
    hands = TaskHolder.objects.filter(until_at=None).select_related("user")
    seen = Case.objects.visible_to(me.user, me).values("pk")
    return (
        Task.objects.filter(outcome=TaskOutcome.OPEN, doer=Doer.OFFICER, case__in=seen)
        .select_related("node", "case", "office__parent", "case__office")
        .prefetch_related(Prefetch("holders", hands, to_attr="held"))
        .order_by("opened_at", "pk")
    )
