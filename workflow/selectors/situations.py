"""Loading a situation: a fixed number of queries, whatever the case has been through."""

from __future__ import annotations

import uuid

from django.utils import timezone

from staff.models import User
from staff.policies import Authority
from staff.selectors import authority
from workflow.models import Case, CaseAccess, Task, TaskHolder
from workflow.selectors.rules import nodes_of, rules
from workflow.situation import Situation, Subject


def situation_of(subject: Subject, user: User | None, stamp: uuid.UUID | None = None) -> Situation:
    """How the case stands before this person; policies are asked on it and on nothing else."""
    case = subject.case
    in_force = rules(stamp)
    now = timezone.now()
    return Situation(
        case=case,
        state=subject.state,
        matching=subject.matching(),
        facts=subject.facts(),
        nodes=nodes_of(case.route_version_id, in_force.stamp),
        tasks=list(Task.objects.filter(case=case).order_by("opened_number", "round")),
        holders=_holders(case),
        rules=in_force,
        actor=user,
        authority=_authority(user),
        case_roles=_case_roles(case, user),
        now=now,
    )


def _authority(user: User | None) -> Authority:
    if user is None or not user.is_authenticated:
        return Authority(user, (), frozenset(), frozenset())  # type: ignore[arg-type]
    return authority(user, timezone.localdate())


def _holders(case: Case) -> dict[uuid.UUID, dict[uuid.UUID, str]]:
    held: dict[uuid.UUID, dict[uuid.UUID, str]] = {}
    rows = TaskHolder.objects.filter(task__case=case, until_at=None).select_related("user")
    for row in rows:
        held.setdefault(row.task_id, {})[row.user_id] = row.user.get_full_name()
    return held


def _case_roles(case: Case, user: User | None) -> frozenset[str]:
    if user is None or not user.is_authenticated or user.kind != "customer":
        return frozenset()
    now = timezone.now()
    rows = CaseAccess.objects.filter(case=case, user=user, from_at__lte=now).exclude(to_at__lte=now)
    return frozenset(rows.values_list("role", flat=True))
