"""Situation: all a policy may look at, loaded once. Policies that query fail a test."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

from staff.policies import Authority
from workflow.actions import Action
from workflow.path import DONE, OPEN, asks_for, kind_of

if TYPE_CHECKING:
    from staff.models import User
    from workflow.models import Case, Node, Task
    from workflow.selectors.rules import Rules


class Subject(Protocol):
    """What the door needs of the thing a case is about, without knowing what it is."""

    case: Case
    state: str

    def reload(self) -> None:
        """Read it again, under the case's lock."""

    def matching(self) -> dict[str, Any]:
        """Values limits and nodes are matched by."""

    def facts(self) -> Mapping[str, Any]:
        """What policies may want to know beyond tasks; at most three queries."""

    def take_step(self, step: str, target: str) -> None:
        """Move its state by the transition of that name (`advance` for a stage's own step), in memory."""

    def keep(self, changed: Sequence[str]) -> None:
        """Save its state, if it has moved, and the fields named."""


@dataclass(frozen=True)
class Situation:
    """One person before one case: who, with which posts and certificates, and how the case stands."""

    case: Case
    state: str
    matching: Mapping[str, Any]
    facts: Mapping[str, Any]
    nodes: Sequence[Node]
    tasks: Sequence[Task]
    holders: Mapping[uuid.UUID, Mapping[uuid.UUID, str]]
    rules: Rules
    actor: User | None
    authority: Authority
    case_roles: frozenset[str]
    now: dt.datetime
    action: Action | None = None
    task: Task | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    powers: frozenset[str] | None = None
    """What an agent was authorised for; None where nothing is held back."""

    def before(
        self, action: Action, data: Mapping[str, Any] | None = None, task: uuid.UUID | None = None
    ) -> Situation:
        """The same, looked at for one action: the task it would work on is found, or is the one named."""
        return replace(self, action=action, task=self.open_task(action.task_fact, task), data=data or {})

    def open_task(self, fact: str, named: uuid.UUID | None = None) -> Task | None:
        """The open task whose node lists the fact. Where several departments are asked the same: the one named, else this person's."""
        if not fact:
            return None
        found = [t for t in self.tasks if t.is_open and asks_for(self.node(t.node_code).facts, fact)]
        if named is not None:
            return next((t for t in found if t.pk == named), None)
        return next((t for t in found if self._is_theirs(t)), found[0] if found else None)

    def _is_theirs(self, task: Task) -> bool:
        holders = self.holders.get(task.pk, {})
        if holders:
            return self.actor is not None and self.actor.pk in holders
        certified = not task.competence or task.competence in self.authority.competences
        return certified and (not task.role or self.authority.acts_as({task.role}, task.office_id))

    @property
    def fact(self) -> str:
        """What the act records, by the name its task's node has for it; empty for acts that record nothing."""
        wanted = self.action.fact if self.action else ""
        if not wanted or self.task is None:
            return wanted
        names = self.node(self.task.node_code).facts
        return next((name for name in names if kind_of(name) == wanted), wanted)

    def done_task(self, fact: str) -> Task | None:
        """The latest task in which the fact was recorded and still stands."""
        found = [t for t in self.tasks if t.current and asks_for(t.facts, fact)]
        return max(found, key=lambda t: t.round, default=None)

    def node(self, code: str) -> Node:
        """The node of that code on the pinned route."""
        return next(node for node in self.nodes if node.code == code)

    def standing(self) -> dict[str, str]:
        """Open or done, by node code; nodes not reached, or made stale by rework, are absent."""
        return {
            t.node_code: OPEN if t.is_open else DONE
            for t in self.tasks
            if t.current and t.outcome in ("", "done")
        }

    def recorded_by(self, fact: str) -> set[str]:
        """Ids of everybody who ever recorded that fact, or a share of it, on this case, in any round."""
        return {
            said["by"] for t in self.tasks for name, said in t.facts.items() if fact in (name, kind_of(name))
        }

    def acts_for_customer(self) -> bool:
        """Whether the task is the customer's own doing."""
        return self.task is not None and self.task.doer == "customer"
