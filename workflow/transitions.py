"""The one door for change: act() on a case, open_case() for what has none yet."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from staff.models import User
from workflow import actions
from workflow.actions import Action
from workflow.captured import counts_at
from workflow.clocks import Clocks
from workflow.events import Appended, Circumstance, append, canonical
from workflow.models import ENDED, Case, IdempotencyKey, Task
from workflow.policies import why_not
from workflow.progression import Progression
from workflow.selectors.situations import situation_of
from workflow.situation import Situation, Subject

MAY_BE_AHEAD = dt.timedelta(minutes=5)
"""A claimed time may be this far after the server's: clocks differ. Later than that is a slip and refused."""


class Refusal(Exception):
    """An act that was not done. `sentence` says why, in the reader's language; nothing was changed."""

    status = 409

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Refused(Refusal):
    """A policy says no."""


class Stale(Refusal):
    """What was shown has changed since."""


class KeyReused(Refusal):
    """The same idempotency key with another body."""

    status = 422


class Repeated(Exception):
    """The key was answered before: here is the first answer."""

    def __init__(self, done: Done) -> None:
        super().__init__("repeated")
        self.done = done


@dataclass(frozen=True, slots=True)
class Done:
    """What an act came to: the case, the event, and whether this was a repeat of an earlier call."""

    case_id: uuid.UUID
    stream: str
    number: int
    repeated: bool = False


@dataclass
class Act:
    """An act under way, handed to the service's body: it adds to the event what the event is to say.

    `about`: the task an act such as taking or assigning is about, for the event's header. `return_to`: code of the node to return to
    when somebody sends the case back without working on a task. `incomplete`: more of the same has to come before the fact stands (a
    second source, a further meter); the task stays open.
    """

    action: Action
    subject: Subject
    situation: Situation
    occurred_at: dt.datetime | None
    by: User | None
    data: dict[str, Any] = field(default_factory=dict)
    documents: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    step: str = ""
    about: Task | None = None
    return_to: str = ""
    incomplete: bool = False
    event: Appended | None = None

    @property
    def case(self) -> Case:
        """The locked case."""
        return self.subject.case

    @property
    def round(self) -> int:
        """The round of the task worked on; 1 if there is none."""
        return self.situation.task.round if self.situation.task else 1

    @property
    def done(self) -> Done:
        """The answer, once the act is complete."""
        assert self.event is not None
        return Done(self.case.pk, self.event.stream, self.event.number)

    def change(self, **values: Any) -> None:
        """Set fields of the subject, saved when the act completes."""
        for name, value in values.items():
            setattr(self.subject, name, value)
        self.changed += values


@contextmanager
def act(
    subject: Subject,
    name: str,
    *,
    by: User | None,
    occurred_at: dt.datetime | None = None,
    version: int | None = None,
    task: uuid.UUID | None = None,
    key: str | None = None,
    data: Mapping[str, Any] | None = None,
    circumstance: Circumstance | None = None,
    actor: str | None = None,
) -> Iterator[Act]:
    """Do one act: lock, re-read, refuse with a sentence or let the body record its fact, then event, tasks, step and clocks.

    `by` the person; `actor` a name for the machine when nobody acts. `version` that of the task, contact or request shown. `key` makes a
    repeat harmless. `data` is what the form brought: policies see it and the key's fingerprint covers it; the payload is only what the
    body puts there, since forms bring names and addresses and the log must not. `task` names one where several ask for the same fact.
    Raises Refused, Stale, KeyReused (sentences) and Repeated (the first answer).
    """
    action = actions.get(name)
    given = dict(data or {})
    with transaction.atomic():
        stamp = lock(subject.case.pk, actor or actor_name(by))
        subject.reload()
        scope = f"{actor or actor_name(by)}:{name}:{subject.case.pk.hex}"
        fingerprint = recall(scope, key, given)
        situation = situation_of(subject, by, stamp).before(action, given, task)
        if task is not None and situation.task is None:
            raise Stale(_changed_meanwhile())
        _check(situation, occurred_at, version)
        doing = Act(action, subject, situation, occurred_at, by, step=action.step)
        yield doing
        _complete(doing, circumstance or Circumstance())
        if key:
            _remember(scope, key, fingerprint, doing.done)


@contextmanager
def open_case(
    *,
    by: User | None,
    actor: str | None = None,
    key: str | None = None,
    scope: str = "",
    data: Mapping[str, Any] | None = None,
) -> Iterator[Opening]:
    """The door's other leaf, for what has no case yet: the body makes the Case and its first event; the key's unique row holds it."""
    who = actor or actor_name(by)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('tongdian.actor', %s, true), (SELECT stamp FROM workflow_rulesstamp)",
                [who],
            )
            stamp = cursor.fetchone()[1]
        fingerprint = _claim(scope or who, key, data) if key else ""
        opening = Opening(by, stamp)
        yield opening
        if key and opening.done:
            IdempotencyKey.objects.filter(scope=scope or who, key=key, fingerprint=fingerprint).update(
                stream=opening.done.stream, number=opening.done.number
            )


@dataclass
class Opening:
    """A case being opened."""

    by: User | None
    stamp: uuid.UUID
    done: Done | None = None

    def begin(
        self,
        case: Case,
        kind: str,
        *,
        stage: str,
        matching: Mapping[str, Any],
        occurred_at: dt.datetime | None = None,
        circumstance: Circumstance | None = None,
        data: Mapping[str, Any] | None = None,
        documents: list[str] | None = None,
        clocks: bool = True,
    ) -> Appended:
        """Save the case, write its first event and start its clocks. `clocks` false for legacy: imported history makes no promises."""
        case.save(force_insert=True)
        event = append(
            case.stream,
            kind,
            data=data,
            occurred_at=occurred_at,
            circumstance=circumstance,
            states=(None, stage),
            documents=documents,
        )
        case.stage, case.event_number = stage, event.number
        if clocks:
            Clocks(case, self.stamp).follow(
                event, matching, occurred_at, behalf=circumstance.behalf if circumstance else None
            )
        self.done = Done(case.pk, event.stream, event.number)
        return event


def actor_name(by: User | None) -> str:
    """How the log names a person: a pseudonym that is the user's id, never a name."""
    return f"a:{by.pk.hex}" if by is not None and by.pk else "public"


def lock(case_id: uuid.UUID, actor: str) -> uuid.UUID:
    """Take the case's one lock, tell the triggers who acts, and read the rules' stamp: one statement.

    FOR NO KEY UPDATE: rows that merely refer to the case are not held up.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('tongdian.actor', %s, true), (SELECT stamp FROM workflow_rulesstamp)"
            " FROM workflow_case WHERE id = %s FOR NO KEY UPDATE",
            [actor, case_id],
        )
        row = cursor.fetchone()
    if row is None:
        raise Case.DoesNotExist
    stamp: uuid.UUID = row[1]
    return stamp


def _check(situation: Situation, occurred_at: dt.datetime | None, version: int | None) -> None:
    if occurred_at and occurred_at > situation.now + MAY_BE_AHEAD:
        raise Refused(_("The time given lies in the future; enter when it happened."))
    if version is not None and situation.task is not None and situation.task.version != version:
        raise Stale(_changed_meanwhile())
    if sentence := why_not(situation):
        raise Refused(sentence)


def _changed_meanwhile() -> str:
    return _(
        "Somebody has changed this meanwhile. What you typed is kept; look at the new state and send it again."
    )


def _complete(doing: Act, circumstance: Circumstance) -> None:
    """Event, tasks, step, clocks: what the body's fact means for the case."""
    case, subject, situation = doing.case, doing.subject, doing.situation
    # matching is asked again: the body may just have recorded what a condition waits for
    matching = subject.matching()
    way = Progression(
        replace(situation, matching=matching), doing.action, doing.step, doing.by, doing.return_to,
        incomplete=doing.incomplete,
    )  # fmt: skip
    way.plan()
    if way.moved:
        subject.take_step(way.step, way.state)
    behalf = circumstance.behalf or _behalf(situation)
    task = situation.task or doing.about
    event = append(
        case.stream,
        doing.action.event,
        data=doing.data,
        occurred_at=doing.occurred_at,
        circumstance=replace(circumstance, behalf=behalf, station=circumstance.station or way.station),
        states=(situation.state, way.state) if way.moved else None,
        task=(task.node_code, task.round) if task else None,
        documents=doing.documents,
    )
    doing.event = event
    case.stage = way.state if way.moved else case.stage
    opened = way.write(event)
    subject.keep(doing.changed)
    Clocks(case, situation.rules.stamp).follow(
        event,
        matching,
        doing.occurred_at,
        before=situation.matching,
        behalf=behalf,
        opened=opened,
        closed=way.closed,
        ended=way.moved and way.state in ENDED,
        reopened=way.moved and situation.state in ENDED,
        counted_at=_counted(event, circumstance, situation),
    )


def _counted(event: Appended, how: Circumstance, situation: Situation) -> dt.datetime | None:
    """When work captured offline counts; None for everything else, which counts at its record."""
    if how.captured_at is None or situation.task is None:
        return None
    minutes = situation.node(situation.task.node_code).claim_allowance_minutes
    return counts_at(event.recorded_at, how.captured_at, how.nonce_at, dt.timedelta(minutes=minutes))


def _behalf(situation: Situation) -> str | None:
    if situation.actor is None:
        return None
    if situation.actor.kind == "customer":
        return "agent" if situation.case_roles == {"agent"} else "self"
    return "staff" if situation.acts_for_customer() else None


def recall(scope: str, key: str | None, data: Mapping[str, Any]) -> str:
    """The body's fingerprint; raises Repeated or KeyReused when the key is known. Under the case's lock there is no race."""
    if not key:
        return ""
    fingerprint = _fingerprint(data)
    known = IdempotencyKey.objects.filter(scope=scope, key=key).first()
    if known:
        _answer(known, fingerprint)
    return fingerprint


def _answer(known: IdempotencyKey, fingerprint: str) -> None:
    if known.fingerprint != fingerprint:
        raise KeyReused(
            _("This form was already sent with other answers. Reload the page before sending it again.")
        )
    case_id = uuid.UUID(known.stream.removeprefix("case:"))
    raise Repeated(Done(case_id, known.stream, known.number, repeated=True))


def _claim(scope: str, key: str, data: Mapping[str, Any] | None) -> str:
    """Insert the key's row first: a second caller waits here until the first has committed, then reads its answer."""
    fingerprint = _fingerprint(data or {})
    try:
        with transaction.atomic():
            IdempotencyKey.objects.create(scope=scope, key=key, fingerprint=fingerprint)
    except IntegrityError:
        _answer(IdempotencyKey.objects.get(scope=scope, key=key), fingerprint)
    return fingerprint


def _remember(scope: str, key: str, fingerprint: str, done: Done) -> None:
    IdempotencyKey.objects.create(
        scope=scope,
        key=key,
        fingerprint=fingerprint,
        stream=done.stream,
        number=done.number,
        created_at=timezone.now(),
    )


def _fingerprint(data: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical(data).encode()).hexdigest()


def task_version(task: Task | None) -> int | None:
    """The version a form carries along."""
    return task.version if task else None
