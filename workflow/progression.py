"""What an act means for a case's tasks and stage: planned in memory, then written after the event."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from staff.models import Office, User
from workflow.actions import Action
from workflow.events import Appended
from workflow.models import ENDED, ROUTE_STAGES, Node, Stage, Task, TaskHolder, TaskOutcome
from workflow.path import (
    DONE,
    OPEN,
    asks_for,
    behind,
    first_stage,
    holding,
    kind_of,
    may_leave,
    next_stage,
    to_open,
)
from workflow.situation import Situation


@dataclass
class Progression:
    """One act's consequences. `plan()` decides, `write()` saves; between them stands the event, whose number the rows carry."""

    situation: Situation
    action: Action
    step: str
    by: User | None
    return_to: str = ""
    incomplete: bool = False
    state: str = ""
    moved: bool = False
    closed: list[Task] = field(default_factory=list)
    _changed: dict[str, Task] = field(default_factory=dict)
    _opening: list[tuple[Node, int]] = field(default_factory=list)
    _taken: bool = False

    def __post_init__(self) -> None:
        self.state = self.situation.state

    @property
    def station(self) -> str | None:
        """Code of the office the act was done for."""
        return self.situation.case.office.code

    def plan(self) -> None:
        """Decide which tasks close and open and where the case goes."""
        s = self.situation
        if s.task is not None:
            self._work_on(s.task)
        if self.action.sends_back and (target := self._target()):
            self._send_back(target)
        elif self.step:
            self._press_step()
        elif self.state in ROUTE_STAGES and s.facts.get("has_route"):
            # a contact's act on a case under way knows too little of it to judge which nodes apply
            self._advance()
        if self.state in ENDED:
            self._end_tasks()
        self.moved = self.state != s.state

    def _nodes(self) -> list[Node]:
        return holding(self.situation.nodes, self.situation.matching)  # type: ignore[return-value]

    def _standing(self) -> dict[str, str]:
        standing = self.situation.standing()
        standing |= {node.code: OPEN for node, _round in self._opening}
        return standing

    def _work_on(self, task: Task) -> None:
        """Put the fact on the task; it is done when every fact its node lists stands."""
        self._touch(task)
        held = bool(self.situation.holders.get(task.pk))
        self._taken = (task.taken_at is None or not held) and self.by is not None and task.doer == "officer"
        if not self.action.fact:  # pressed on the task without recording anything, such as sending back
            return
        if self.incomplete:  # one source or meter of several: the fact stands with the last
            return
        task.facts = {**task.facts, self.situation.fact: {"by": str(self.by.pk) if self.by else "", "n": 0}}
        if set(self.situation.node(task.node_code).facts) <= set(task.facts):
            self._close(task, TaskOutcome.DONE)

    def _advance(self) -> None:
        """Open what has its turn; leave the stage, and the next ones, for as long as all they need is done."""
        nodes = self._nodes()
        while self.state in ROUTE_STAGES:
            self._open(to_open(nodes, self._standing(), self.state))
            here = [n for n in nodes if n.opens_with == self.state]
            standing = self._standing()
            if any(standing.get(n.code) is None for n in here) or not may_leave(nodes, standing, self.state):
                return
            self.state = next_stage(nodes, self.state, standing)
            self.step = "advance"

    def _target(self) -> Node | None:
        """The node work goes back to: named by whoever sends it back, else by the route's data."""
        task = self.situation.task
        if self.return_to:
            return self.situation.node(self.return_to)
        if self.action.reopens:
            return next((n for n in self._nodes() if asks_for(n.facts, self.action.reopens)), None)
        return (
            self.situation.node(self.situation.node(task.node_code).returns_to or task.node_code)
            if task
            else None
        )

    def _send_back(self, target: Node) -> None:
        """Close the task as returned; open the target for another round, and what lies behind it when reached."""
        task = self.situation.task
        if task is not None:
            self._close(task, TaskOutcome.RETURNED)
            task.current = False
        stale = behind(self.situation.nodes, target) | {target.code}
        under_way = any(t.node_code == target.code and t.is_open for t in self.situation.tasks)
        goes_back = ROUTE_STAGES.index(target.opens_with) < ROUTE_STAGES.index(self.state)
        for other in self.situation.tasks:
            if other.node_code not in stale or not other.current or other is task:
                continue
            if not other.is_open:
                self._touch(other).current = False
            elif (
                goes_back
                or (task is None and other.node_code != target.code)
                or self._same_question(task, other)
            ):
                self._close(other, TaskOutcome.SUPERSEDED)
                other.current = False
        if goes_back:
            self.state, self.step = target.opens_with, "go_back"
        if goes_back or not under_way:  # two tasks beside each other may both send back to it
            self._open([target])

    def _same_question(self, task: Task | None, other: Task) -> bool:
        """Whether `other` asks another department for the same: what it looks at has gone back, so it is asked anew as well."""
        if task is None:
            return False
        mine, theirs = self.situation.node(task.node_code), self.situation.node(other.node_code)
        beside = bool(mine.parallel_group) and mine.parallel_group == theirs.parallel_group
        return beside and set(map(kind_of, mine.facts)) == set(map(kind_of, theirs.facts))

    def _press_step(self) -> None:
        """A step somebody pressed: submission opens the route, exits end the case, re-opening goes on where it stopped."""
        if self.step == "submit":
            self.state = first_stage(self._nodes())
            self._advance_after_submission()
        elif self.step == "reopen":
            self._reopen()
        elif self.step in STEP_TARGETS:
            self.state = STEP_TARGETS[self.step]

    def _reopen(self) -> None:
        """Go on where the case ended: the tasks its end closed open for another round, at the stage the last of them belongs to."""
        current = [t for t in self.situation.tasks if t.current]
        stages = [ROUTE_STAGES.index(self.situation.node(t.node_code).opens_with) for t in current]
        self.state = self.situation.facts.get("ended_from") or (
            ROUTE_STAGES[max(stages)] if stages else Stage.DRAFT
        )
        for task in current:
            if task.outcome == TaskOutcome.ENDED:
                self._touch(task).current = False
                self._open([self.situation.node(task.node_code)])

    def _advance_after_submission(self) -> None:
        step = self.step
        self._open(to_open(self._nodes(), self._standing(), self.state))
        self.step = step

    def _end_tasks(self) -> None:
        for task in self.situation.tasks:
            if task.is_open:
                self._close(task, TaskOutcome.ENDED)

    def _open(self, nodes: Iterable[Any]) -> None:
        for node in nodes:
            rounds = [t.round for t in self.situation.tasks if t.node_code == node.code]
            self._opening.append((node, max(rounds, default=0) + 1))

    def _touch(self, task: Task) -> Task:
        self._changed[str(task.pk)] = task
        return task

    def _close(self, task: Task, outcome: str) -> None:
        self._touch(task)
        task.outcome = outcome
        task.done_by = self.by
        self.closed.append(task)

    def write(self, event: Appended) -> list[Task]:
        """Save the tasks that changed and those that open; at most four statements, however many there are."""
        if self.situation.task is not None and self.situation.fact in self.situation.task.facts:
            self.situation.task.facts[self.situation.fact]["n"] = event.number
        for task in self.closed:
            task.closed_at, task.closed_number = event.recorded_at, event.number
        self._take(event.recorded_at)
        changed = list(self._changed.values())
        for task in changed:
            task.version += 1
        if changed:
            Task.objects.bulk_update(
                changed,
                [
                    "facts",
                    "outcome",
                    "done_by",
                    "closed_at",
                    "closed_number",
                    "current",
                    "taken_at",
                    "version",
                ],
            )
        opened = [self._task(node, number, event) for node, number in self._opening]
        if opened:
            Task.objects.bulk_create(opened)
        return opened

    def _take(self, moment: dt.datetime) -> None:
        """Whoever acts on a task nobody holds has taken it; whoever was assigned it holds it already."""
        task = self.situation.task
        if not self._taken or task is None or self.by is None:
            return
        task.taken_at = task.taken_at or moment
        if self.by.pk not in self.situation.holders.get(task.pk, {}):
            TaskHolder.objects.create(task=task, user=self.by, since_at=moment, given_by=self.by)

    def _task(self, node: Node, number: int, event: Appended) -> Task:
        case = self.situation.case
        office: Office = case.office
        return Task(
            case=case,
            node=node,
            node_code=node.code,
            round=number,
            office_id=office.parent_id if node.at_county and office.parent_id else office.pk,
            doer=node.doer,
            role=node.role,
            competence=node.competence,
            opened_at=event.recorded_at,
            opened_number=event.number,
            # above every earlier round's: a form shown in an earlier round must be stale in this one
            version=max((t.version for t in self.situation.tasks if t.node_code == node.code), default=0) + 1,
        )


STEP_TARGETS: dict[str, str] = {
    "refuse": Stage.REFUSED,
    "withdraw": Stage.WITHDRAWN,
    "terminate": Stage.TERMINATED,
    "void": Stage.VOID,
    "answer": Stage.ANSWERED,
    "join": Stage.JOINED,
    "start": Stage.DRAFT,
    "return_to_contact": Stage.CONTACT,
}
"""Steps with one target whatever the route."""

__all__ = ["DONE", "Progression"]
