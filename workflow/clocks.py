"""Clocks of one case, moved by its events: the incremental form of workflow.deadlines."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils import timezone

from workflow.deadlines import MISSED, Rest, ladder, next_rung, reckon, slot_of
from workflow.events import Appended, append
from workflow.models import Case, Deadline, DeadlineRung, Limit, Pause, Task
from workflow.selectors.rules import rules


class Clocks:
    """The deadlines of a locked case. Loaded in one query (two where rests matter), written in two, however many there are."""

    def __init__(self, case: Case, stamp: uuid.UUID) -> None:
        self.case = case
        self.rules = rules(stamp)
        self._new: list[Deadline] = []
        self._changed: dict[uuid.UUID, Deadline] = {}
        self._rests: list[Rest] | None = None

    def follow(
        self,
        events: Sequence[Appended],
        matching: Mapping[str, Any],
        occurred_at: dt.datetime | None,
        *,
        opened: Iterable[Task] = (),
        closed: Iterable[Task] = (),
        ended: bool = False,
    ) -> None:
        """Start and stop what these events start and stop; node clocks run between the records that opened and closed a task."""
        limits = self.rules.limits_for(matching, timezone.localdate(events[0].recorded_at))
        mine = list(Deadline.objects.filter(case=self.case).select_related("limit"))
        for event in events:
            claimed = min(occurred_at, event.recorded_at) if occurred_at else event.recorded_at
            for limit in limits:
                self._start(mine, limit, event, claimed)
            for deadline in mine:
                if deadline.running and (ended or self._stops(deadline, event)):
                    self._stop(deadline, event)
            self._nodes(mine, limits, event, opened, closed)
        self._save()

    def rest(self) -> None:
        """A pause began or ended: reckon every running clock again."""
        for deadline in Deadline.objects.filter(case=self.case, stopped_at=None).select_related("limit").prefetch_related("rungs"):
            if deadline.started_at:
                self._reckon(deadline)
        self._save()

    def _start(self, mine: list[Deadline], limit: Limit, event: Appended, claimed: dt.datetime) -> None:
        slot = slot_of(limit.start_kinds, event.kind)
        if slot is None or limit.scope == "node":
            return
        deadline = _latest(mine, limit)
        if deadline is None or (limit.per_round and deadline.stopped_at):
            number = deadline.round + 1 if deadline else 1
            deadline = Deadline(case=self.case, limit=limit, round=number)
            mine.append(deadline)
            self._new.append(deadline)
        if deadline.started_at:
            return
        known = deadline.starts.get(slot)
        deadline.starts[slot] = min(known, claimed.isoformat()) if known else claimed.isoformat()
        if len(deadline.starts) == len(limit.start_kinds):
            deadline.started_at = max(dt.datetime.fromisoformat(value) for value in deadline.starts.values())
            deadline.started_number = event.number
            self._reckon(deadline)
        self._touch(deadline)

    def _stops(self, deadline: Deadline, event: Appended) -> bool:
        limit = deadline.limit
        if event.kind not in limit.stop_kinds or event.number == deadline.started_number:
            return False
        return not limit.stop_each or bool(event.data.get("last", True))

    def _stop(self, deadline: Deadline, event: Appended) -> None:
        deadline.stopped_at, deadline.stopped_number, deadline.stop_reason = event.recorded_at, event.number, event.kind
        if deadline.due_at and event.recorded_at > deadline.due_at:
            fire(self.case, deadline, MISSED, deadline.due_at, event.recorded_at)
        deadline.next_rung, deadline.next_rung_at = "", None
        self._touch(deadline)

    def _nodes(
        self, mine: list[Deadline], limits: list[Limit], event: Appended, opened: Iterable[Task], closed: Iterable[Task]
    ) -> None:
        by_node = {limit.node: limit for limit in limits if limit.scope == "node"}
        for task in closed:
            for deadline in mine:
                if deadline.task_id == task.pk and deadline.running:
                    self._stop(deadline, event)
        for task in opened:
            if limit := by_node.get(task.node_code):
                deadline = Deadline(
                    case=self.case, limit=limit, node_code=task.node_code, round=task.round, task=task,
                    started_at=event.recorded_at, started_number=event.number,
                )  # fmt: skip
                self._reckon(deadline)
                self._new.append(deadline)

    def _reckon(self, deadline: Deadline) -> None:
        assert deadline.started_at is not None
        day_ends_at = self.rules.profile.day_ends_at
        due = reckon(self.rules.calendar, deadline.limit, deadline.started_at, self._rested(), day_ends_at)
        deadline.due_at, deadline.provisional = due.due_at, due.provisional
        deadline.calendar_version = self.rules.calendar.version
        deadline.next_rung, deadline.next_rung_at = "", None
        if due.due_at:
            fired = [] if deadline._state.adding else [row.rung for row in deadline.rungs.all()]
            if rung := next_rung(ladder(self.rules.calendar, due.due_at, day_ends_at), fired):
                deadline.next_rung, deadline.next_rung_at = rung.code, rung.due_at
        self._touch(deadline)

    def _rested(self) -> list[Rest]:
        if self._rests is None:
            rows = Pause.objects.filter(case=self.case).values_list("reason_id", "began_at", "ended_at")
            self._rests = [Rest(*row) for row in rows]
        return self._rests

    def _touch(self, deadline: Deadline) -> None:
        if not deadline._state.adding:
            self._changed[deadline.pk] = deadline

    def _save(self) -> None:
        if self._new:
            Deadline.objects.bulk_create(self._new)
        if self._changed:
            Deadline.objects.bulk_update(
                self._changed.values(),
                [
                    "starts", "started_at", "started_number", "stopped_at", "stopped_number", "stop_reason", "due_at", "provisional",
                    "calendar_version", "next_rung", "next_rung_at",
                ],
            )  # fmt: skip


def _latest(deadlines: Iterable[Deadline], limit: Limit) -> Deadline | None:
    """The newest round of a limit on the case. Compared by code and kind: a newer version of a rule does not start a second clock."""
    same = [d for d in deadlines if (d.limit.code, d.limit.kind) == (limit.code, limit.kind) and not d.node_code]
    return max(same, key=lambda d: d.round, default=None)


def fire(case: Case, deadline: Deadline, rung: str, due_at: dt.datetime, moment: dt.datetime) -> bool:
    """Fire a rung once: the unique row is the claim. A miss is an event of the case; whoever comes second does nothing."""
    row = DeadlineRung(deadline=deadline, rung=rung, due_at=due_at, fired_at=moment)
    if rung == MISSED:
        if DeadlineRung.objects.filter(deadline=deadline, rung=rung).exists():
            return False
        event = append(
            case.stream,
            "deadline.missed",
            data={"limit": deadline.limit.code, "kind": deadline.limit.kind, "node": deadline.node_code, "round": deadline.round,
                  "due": due_at},
        )  # fmt: skip
        row.number = event.number
    return bool(DeadlineRung.objects.bulk_create([row], ignore_conflicts=True))
