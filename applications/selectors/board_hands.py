"""Whose hands a task could go into: certified, in the post asked for, and there today, with what they hold already."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Prefetch, Q

from applications.selectors.board import Watch
from staff.models import Office, Post, User
from staff.selectors import qualified
from workflow.models import Doer, Task, TaskHolder, TaskOutcome


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may do a task: from which office, with how many tasks in hand."""

    user: User
    offices: tuple[Office, ...]
    load: int
    own_office: bool

    @property
    def office(self) -> str:
        """Name of the office they come from."""
        return self.offices[0].name if self.offices else ""


def tasks_to_assign(watch: Watch, asked: Collection[UUID]) -> list[Task]:
    """Those of the tasks asked for that are within, open and ours to do; two queries."""
    hands = TaskHolder.objects.filter(until_at=None).select_related("user")
    return list(
        Task.objects.filter(watch.within("case"), pk__in=asked, outcome=TaskOutcome.OPEN, doer=Doer.OFFICER)
        .select_related("node", "case", "office__parent", "case__office")
        .prefetch_related(Prefetch("holders", hands, to_attr="held"))
        .order_by("opened_at", "pk")
    )


def candidates(tasks: Iterable[Task], on: dt.date) -> dict[UUID, list[Candidate]]:
    """By task, who of the county could have it, the task's own office first and the least loaded first.

    One query a kind of work, and two for offices and loads. Whoever holds a task already is left out of its list.
    """
    tasks = list(tasks)
    fit: dict[tuple[str, str, int], list[User]] = {}
    for task in tasks:
        if _kind(task) not in fit:
            fit[_kind(task)] = qualified(task.competence, _county(task.office), on, role=task.role or None)
    everybody = {user.pk for users in fit.values() for user in users}
    offices, loads = _offices(everybody, on), _loads(everybody)
    return {task.pk: _listed(task, fit[_kind(task)], offices, loads) for task in tasks}


def _listed(
    task: Task, users: Iterable[User], offices: dict[UUID, dict[str, list[Office]]], loads: dict[UUID, int]
) -> list[Candidate]:
    held = {holder.user_id for holder in task.held}  # type: ignore[attr-defined]
    found = []
    for user in users:
        if user.pk not in held:
            there = tuple(
                offices[user.pk][task.role] or [o for posted in offices[user.pk].values() for o in posted]
            )
            found.append(
                Candidate(user, there, loads.get(user.pk, 0), any(o.pk == task.office_id for o in there))
            )
    return sorted(
        found, key=lambda candidate: (not candidate.own_office, candidate.load, candidate.user.username)
    )


def _kind(task: Task) -> tuple[str, str, int]:
    return task.competence, task.role, _county(task.office).pk


def _county(office: Office) -> Office:
    """The office above the station: colleagues of another station of the county may help."""
    return office.parent or office


def _offices(users: Collection[UUID], on: dt.date) -> dict[UUID, dict[str, list[Office]]]:
    """By user and role, the offices of their posts."""
    found: dict[UUID, dict[str, list[Office]]] = defaultdict(lambda: defaultdict(list))
    for post in (
        Post.objects.in_force(on).filter(user__in=users).select_related("office").order_by("office__code")
    ):
        found[post.user_id][post.role].append(post.office)
    return found


def _loads(users: Collection[UUID]) -> dict[UUID, int]:
    """How many open tasks each has in hand."""
    rows = User.objects.filter(pk__in=users).annotate(
        load=Count(
            "held_tasks", filter=Q(held_tasks__until_at=None, held_tasks__task__outcome=TaskOutcome.OPEN)
        )
    )
    return dict(rows.values_list("pk", "load"))
