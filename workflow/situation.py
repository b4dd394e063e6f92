"""Situation: all a policy may look at, loaded once. Policies that query fail a test."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

from staff.policies import Authority
from workflow.actions import Action
from workflow.path import DONE, OPEN

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

    def before(self, action: Action, data: Mapping[str, Any] | None = None) -> Situation:
        """The same, looked at for one action: the task it would work on is found."""
        return replace(self, action=action, task=self.open_task(action.task_fact), data=data or {})

    def open_task(self, fact: str) -> Task | None:
        """The open task whose node lists the fact."""
        if not fact:
            return None
        return next((t for t in self.tasks if t.is_open and fact in self.node(t.node_code).facts), None)

    def done_task(self, fact: str) -> Task | None:
        """The latest task in which the fact was recorded and still stands."""
        found = [t for t in self.tasks if t.current and fact in t.facts]
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
        """Ids of everybody who ever recorded that fact on this case, in any round."""
        return {t.facts[fact]["by"] for t in self.tasks if fact in t.facts}

    def acts_for_customer(self) -> bool:
        """Whether the task is the customer's own doing."""
        return self.task is not None and self.task.doer == "customer"
