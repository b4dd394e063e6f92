"""How a case stands between two moves, and everything that must hold then: the oracle of the state machine's property test."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db import connection

from applications.models import Application, DocumentRequest
from workflow.models import (
    ENDED,
    ROUTE_STAGES,
    Case,
    Contact,
    Deadline,
    DeadlineRung,
    Event,
    Pause,
    Stage,
    Task,
)
from workflow.path import holding
from workflow.situation import Situation

PRESSED: dict[str, tuple[set[str], set[str]]] = {
    "application.started": ({Stage.CONTACT, Stage.ANSWERED}, {Stage.DRAFT}),
    "application.submitted": ({Stage.DRAFT}, {Stage.INTAKE}),
    "application.refused": ({Stage.DRAFT, Stage.INTAKE}, {Stage.REFUSED}),
    "case.voided": ({Stage.DRAFT, Stage.INTAKE}, {Stage.VOID}),
    "case.withdrawn": ({Stage.DRAFT, *ROUTE_STAGES}, {Stage.WITHDRAWN}),
    "case.terminated": (set(ROUTE_STAGES), {Stage.TERMINATED}),
    "case.reopened": ({Stage.REFUSED, Stage.WITHDRAWN, Stage.TERMINATED}, {Stage.DRAFT, *ROUTE_STAGES}),
    "contact.resolved": ({Stage.CONTACT}, {Stage.ANSWERED}),
    "contact.closed": ({Stage.CONTACT}, {Stage.ANSWERED}),
    "contact.registered": ({Stage.ANSWERED}, {Stage.CONTACT}),
    "contact.linked": ({Stage.CONTACT, Stage.ANSWERED}, {Stage.JOINED}),
}
"""Where a step that somebody presses may lead, by its event; facts go forward along the route, what sends back goes backwards."""

SENT_BACK = {
    "scheme.returned", "scheme.objected", "scheme.revised", "design.returned", "rectification.required", "case.went_back",
}  # fmt: skip
MOVES_DUE = {
    "clock.paused",
    "clock.resumed",
    "case.reopened",
    "contact.registered",
    "documents.requested",
    "documents.supplied",
    "contact.joined",
}
"""After these, and after what makes a limit's condition known, a running clock may have another end."""
RUNS_ON = {"case.reopened", "application.started", "contact.registered"}
"""What takes an ended case up again: its clocks run on from their old start."""
MAKES_KNOWN = {"application.started", "application.accepted", "survey.recorded", "scheme.drafted"}


@dataclass(frozen=True)
class Stance:
    """Everything of one case that an act may change."""

    stage: str
    state: str | None
    events: tuple[tuple[Any, ...], ...]
    tasks: tuple[tuple[Any, ...], ...]
    deadlines: dict[uuid.UUID, tuple[Any, ...]]
    rungs: tuple[tuple[Any, ...], ...]
    contacts: tuple[tuple[Any, ...], ...]
    facts: tuple[tuple[Any, ...], ...]

    @property
    def last(self) -> str:
        return str(self.events[-1][1])


def stance(case: Case) -> Stance:
    """Read it all again."""
    events = Event.objects.filter(stream=case.stream).order_by("number")
    deadlines = Deadline.objects.filter(case=case).values_list(
        "pk", "started_at", "due_at", "stopped_at", "limit__code", "round", "node_code"
    )
    application = Application.objects.filter(case=case).first()
    return Stance(
        Case.objects.values_list("stage", flat=True).get(pk=case.pk),
        application.state if application else None,
        tuple(events.values_list("number", "kind", "state_from", "state_to")),
        tuple(
            Task.objects.filter(case=case)
            .order_by("pk")
            .values_list("node_code", "round", "outcome", "current", "version", "facts")
        ),
        {row[0]: row[1:] for row in deadlines},
        tuple(
            DeadlineRung.objects.filter(deadline__case=case).order_by("pk").values_list("deadline", "rung")
        ),
        tuple(Contact.objects.filter(case=case).order_by("pk").values_list("pk", "outcome", "purpose")),
        _facts(application, case),
    )


def _facts(application: Application | None, case: Case) -> tuple[tuple[Any, ...], ...]:
    """How many rows of facts, papers, requests and pauses there are, in one query."""
    rows = [(Pause, "case_id", case.pk)]
    if application:
        rows += [
            (r.related_model, f"{r.field.name}_id", application.pk)
            for r in Application._meta.related_objects
            if r.one_to_many
        ]
    counts = ", ".join(
        f"(SELECT count(*) FROM {model._meta.db_table} WHERE {column} = %s)" for model, column, _pk in rows
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counts}", [pk for _model, _column, pk in rows])
        return (cursor.fetchone(),)


def check(before: Stance | None, now: Stance, situation: Situation) -> None:
    """All that holds between two moves."""
    _one_state(now)
    _chain_is_whole(now)
    _steps_are_legal(now, len(before.events) if before else 0)
    _tasks_are_unique(now)
    _nothing_needed_is_undone(now, situation)
    _no_contact_is_forgotten(now)
    if before:
        _clocks_stay(before, now)
    _the_database_agrees()


def _one_state(now: Stance) -> None:
    assert now.state in (None, now.stage)
    told = [to for _n, _kind, _from, to in now.events if to]
    assert told[-1] == now.stage


def _chain_is_whole(now: Stance) -> None:
    assert [row[0] for row in now.events] == list(range(1, len(now.events) + 1))
    at = None
    for _number, kind, before, after in now.events:
        if after is not None:
            assert before == at, (kind, before, at)
            at = after


def _steps_are_legal(now: Stance, known: int) -> None:
    for _number, kind, before, after in now.events[known:]:
        if after is None or before is None:
            continue
        if kind in PRESSED:
            sources, targets = PRESSED[kind]
            assert before in sources, (kind, before)
            assert after in targets, (kind, after)
        else:
            assert before in ROUTE_STAGES, (kind, before)
            forward = [*ROUTE_STAGES, Stage.ARCHIVED].index(after) - ROUTE_STAGES.index(before)
            assert (forward < 0) if kind in SENT_BACK else (forward > 0), (kind, before, after)


def _tasks_are_unique(now: Stance) -> None:
    assert max(Counter((node, number) for node, number, *_rest in now.tasks).values(), default=1) == 1
    open_ = Counter(node for node, _round, outcome, *_rest in now.tasks if outcome == "")
    assert max(open_.values(), default=1) == 1, open_
    if now.stage in ENDED:
        assert not open_


def _nothing_needed_is_undone(now: Stance, s: Situation) -> None:
    """Of what the stages behind needed, all is done in its latest round, with every fact its node lists."""
    if now.stage not in ROUTE_STAGES and now.stage != Stage.ARCHIVED:
        return
    reach = ROUTE_STAGES.index(now.stage) if now.stage in ROUTE_STAGES else len(ROUTE_STAGES)
    standing = {
        node: facts
        for node, _round, outcome, current, _version, facts in now.tasks
        if current and outcome == "done"
    }
    for node in holding(s.nodes, s.matching):
        if ROUTE_STAGES.index(node.needed_for) < reach:
            assert node.code in standing, (now.stage, node.code)
            assert set(node.facts) <= set(standing[node.code]), (node.code, standing[node.code])  # type: ignore[attr-defined]


def _no_contact_is_forgotten(now: Stance) -> None:
    """Whoever wanted power was told what became of it. A question may be answered after the case has ended."""
    if now.stage in ENDED:
        assert all(outcome for _pk, outcome, purpose in now.contacts if purpose == "connection"), now.last


def _clocks_stay(before: Stance, now: Stance) -> None:
    """Deadlines never vanish; none moves without an event, and never for a reason that nobody can read."""
    new = {row[1] for row in now.events[len(before.events) :]}
    assert set(before.deadlines) <= set(now.deadlines)
    assert set(before.rungs) <= set(now.rungs)
    for pk, (started, due, stopped, *what) in before.deadlines.items():
        started_now, due_now, stopped_now, *_what = now.deadlines[pk]
        if not new:
            assert (started, due, stopped) == (started_now, due_now, stopped_now), what
        if started and due != due_now:
            assert new & (MOVES_DUE | MAKES_KNOWN), (new, what)
        if stopped and stopped != stopped_now:
            assert new & RUNS_ON, (new, what)


def _the_database_agrees() -> None:
    """Deferred constraints speak now, not at a commit that never comes."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def a_sentence(text: str) -> bool:
    """What a reader gets instead of what they wanted: whole and ended."""
    return len(text) > 5 and text.rstrip()[-1] in "。！？."


def waits_for_papers(application: Application) -> bool:
    return DocumentRequest.objects.filter(application=application, answered_at=None).exists()


LATER = dt.timedelta(minutes=7)
"""How long everything takes."""
