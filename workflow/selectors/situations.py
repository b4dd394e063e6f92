"""Loading a situation: a fixed number of queries, whatever the case has been through."""

from __future__ import annotations

import uuid

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.utils import timezone

from staff.models import User
from staff.policies import Authority
from staff.selectors import authority
from workflow.models import Case, CaseAccess, Task, TaskHolder
from workflow.selectors.rules import nodes_of, rules
from workflow.situation import Situation, Subject


def situation_of(
    subject: Subject, user: User | None, stamp: uuid.UUID | None = None, known: Authority | None = None
) -> Situation:
    """How the case stands before this person; policies are asked on it and on nothing else.

    `known` is the user's authority where a page has asked for it already; the door always asks afresh.
    """
    case = subject.case
    in_force = rules(stamp)
    now = timezone.now()
    tasks = _tasks(case)
    case_roles, powers = _standing_with(case, user)
    return Situation(
        case=case,
        state=subject.state,
        matching=subject.matching(),
        facts=subject.facts(),
        nodes=nodes_of(case.route_version_id, in_force.stamp),
        tasks=tasks,
        holders=_holders(tasks, user),
        rules=in_force,
        actor=user,
        authority=known or _authority(user),
        case_roles=case_roles,
        now=now,
        powers=powers,
    )


def _authority(user: User | None) -> Authority:
    if user is None or not user.is_authenticated:
        return Authority(user, (), frozenset(), frozenset())  # type: ignore[arg-type]
    return authority(user, timezone.localdate())


def _tasks(case: Case) -> list[Task]:
    """The case's tasks with the ids of whoever holds them, in one query."""
    held = TaskHolder.objects.filter(task=OuterRef("pk"), until_at=None).order_by("since_at").values("user")
    return list(
        Task.objects.filter(case=case)
        .annotate(held_by=ArraySubquery(held))
        .select_related("node")
        .order_by("opened_number", "round")
    )


def _holders(tasks: list[Task], user: User | None) -> dict[uuid.UUID, dict[uuid.UUID, str]]:
    """Who holds which task, by name; names are fetched (one query) only if somebody else holds one."""
    ids = {holder for task in tasks for holder in _held_by(task)}
    me = user.pk if user else None
    others = ids - {me}
    names = {u.pk: u.get_full_name() for u in User.objects.filter(pk__in=others)} if others else {}
    if user is not None:
        names[user.pk] = user.get_full_name()
    return {task.pk: {holder: names[holder] for holder in _held_by(task)} for task in tasks if _held_by(task)}


def _held_by(task: Task) -> list[uuid.UUID]:
    """Ids of the holders, as `_tasks` annotated them."""
    return getattr(task, "held_by", [])


def _standing_with(case: Case, user: User | None) -> tuple[frozenset[str], frozenset[str] | None]:
    """What the customer is to this case today, and what an agent may do. What has ended, or not begun, counts for nothing."""
    if user is None or not user.is_authenticated or user.kind != "customer":
        return frozenset(), None
    now = timezone.now()
    rows = CaseAccess.objects.filter(case=case, user=user, from_at__lte=now).exclude(to_at__lte=now)
    held = list(rows.values_list("role", "powers"))
    roles = frozenset(role for role, _powers in held)
    if roles != {"agent"} or any(not powers for _role, powers in held):
        return roles, None
    return roles, frozenset(power for _role, powers in held for power in powers)
