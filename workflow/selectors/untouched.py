"""Which tasks are past their time and have been left lying: nothing recorded, no wait explained, not taken along, no new hands since."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Max

from workflow.models import DeadlineRung, Event, TakenAlong, Task, TaskHolder

OFFERED = "task.offered"


@dataclass(frozen=True, slots=True)
class Overdue:
    """A task whose clock ran out and that nobody touched since the last rung; `again`: it has been offered before."""

    again: bool


def overdue_among(tasks: Iterable[Task]) -> Mapping[UUID, Overdue]:
    """Those of the tasks, one offer a rung: what is offered, or taken over, has until the next rung of its ladder.

    One query while nothing is overdue, at most four. What explains itself (a wait with its cause, work taken along) is left alone.
    """
    fired = _last_rungs()
    late = {task.pk: task for task in tasks if not task.facts and not task.wait_cause and _rung(task, fired)}
    if not late:
        return {}
    since = _in_hands_since(late)
    offered = _offers(late.values())
    away = set(TakenAlong.objects.filter(task__in=late, closed_at=None).values_list("task", flat=True))
    found = {}
    for pk, task in late.items():
        moment, before = _rung(task, fired), offered.get((task.case.stream, task.node_code, task.round))
        touched = max((when for when in (since.get(pk), before) if when), default=None)
        if pk not in away and moment and (touched is None or touched < moment):
            found[pk] = Overdue(again=before is not None)
    return found


_Fired = Mapping[UUID, list[tuple[UUID | None, str, dt.datetime]]]


def _last_rungs() -> _Fired:
    """By case: task, stage and moment of the last rung at or after the breach, of each running clock of ours."""
    rows = DeadlineRung.objects.filter(
        deadline__stopped_at=None, deadline__limit__holder="utility", due_at__gte=F("deadline__due_at")
    ).exclude(deadline__limit__scope="process")
    keys = ("deadline__case", "deadline__task", "deadline__limit__stage")
    found: dict[UUID, list[tuple[UUID | None, str, dt.datetime]]] = defaultdict(list)
    for case, *fired in rows.values_list(*keys).annotate(last=Max("fired_at")).order_by():
        found[case].append(tuple(fired))
    return found


def _rung(task: Task, fired: _Fired) -> dt.datetime | None:
    """The last rung that concerns a task: of its own clock, or of its stage's if it was open by then."""
    mine = [
        moment
        for clock_of, stage, moment in fired.get(task.case_id, ())
        if clock_of == task.pk
        or (clock_of is None and stage == task.node.opens_with and moment > task.opened_at)
    ]
    return max(mine, default=None)


def _in_hands_since(tasks: Iterable[UUID]) -> dict[UUID, dt.datetime]:
    rows = TaskHolder.objects.filter(task__in=list(tasks), until_at=None)
    return dict(rows.values_list("task").annotate(last=Max("since_at")).order_by())


def _offers(tasks: Iterable[Task]) -> dict[tuple[str, str, int], dt.datetime]:
    """When each was offered last."""
    streams = {task.case.stream for task in tasks}
    rows = Event.objects.filter(stream__in=streams, kind=OFFERED)
    keys = ("stream", "task_node", "task_round")
    return {
        (stream, node, round_): moment
        for stream, node, round_, moment in rows.values_list(*keys)
        .annotate(last=Max("recorded_at"))
        .order_by()
    }
