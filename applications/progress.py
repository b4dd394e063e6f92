"""How far a case is: the wire for the desk and the customer, from route, tasks and clocks already loaded. No queries.

The one place of redaction for customers: what is not in these answers is not shown to them.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from staff.formats import ASTERISK
from staff.presentation import Milestone
from workflow.models import ENDED, ROUTE_STAGES, Deadline, Stage, Task
from workflow.path import NodeLike, holding

SHOWN_TO_CUSTOMERS = frozenset(ROUTE_STAGES) - {Stage.INTAKE, Stage.ARCHIVING}
"""First contact and 受理 stand above as dates; 归档 is ours. At most six milestones remain."""

CUSTOMER_ACTS = (
    "agree_scheme", "object_to_scheme", "choose_option", "sign_contract", "submit_design", "request_mid_inspection", "notify_completion",
    "request_reinspection", "record_filing", "withdraw", "end_authority", "agree_extension", "decline_extension",
)  # fmt: skip
"""What only the customer can do, and does with a form of its own; anything else is not there for them."""


def stages_of(nodes: Iterable[NodeLike], matching: Mapping[str, Any]) -> list[str]:
    """The stages this case passes, as far as is known."""
    passed = {node.opens_with for node in holding(nodes, matching)}
    return [stage for stage in ROUTE_STAGES if stage in passed]


NO_NAMES: Mapping[str, str] = {}


def stage_name(stage: str, names: Mapping[str, str] = NO_NAMES) -> str:
    """The stage's word as the field uses it; `names` are those of the case's category (applications.selectors.labels)."""
    return names.get(stage) or str(Stage(stage).label)


def mini(
    stages: Sequence[str], state: str, late: bool = False, names: Mapping[str, str] = NO_NAMES
) -> list[Milestone]:
    """The wire in miniature for a row of a list."""
    return [Milestone(stage_name(stage, names), _state(stages, stage, state, late)) for stage in stages]


def wire(
    stages: Sequence[str],
    state: str,
    tasks: Iterable[Task],
    deadlines: Iterable[Deadline],
    now: dt.datetime,
    used: Mapping[str, int],
    names: Mapping[str, str] = NO_NAMES,
    ended_from: str = "",
) -> list[Milestone]:
    """The wire of one case: when each stage was done, where the spark is, and how much of its limit is used.

    `used` maps the case's running limit codes to the share used, 0 to 100; the stage shows the largest of its own.
    Of a case that left its route from `ended_from`: how far it came, and nothing in progress.
    """
    if left := _left_from(state, ended_from):
        come = wire(stages, left, tasks, deadlines, now, used, names)
        return [stop if stop.state == "done" else replace(stop, state="todo", share=0) for stop in come]
    done_at = _left_at(tasks)
    overdue = any(d.running and d.due_at and d.due_at < now for d in deadlines)
    share = max(used.values(), default=0)
    return [
        Milestone(
            stage_name(stage, names),
            _state(stages, stage, state, overdue),
            when=done_at.get(stage) if _before(stage, state) else None,
            share=share if stage == state else 0,
        )
        for stage in stages
    ]


def _left_at(tasks: Iterable[Task]) -> dict[str, dt.datetime]:
    left: dict[str, dt.datetime] = {}
    for task in tasks:
        stage = task.node.needed_for if task.node.opens_with == task.node.needed_for else task.node.opens_with
        if task.current and task.outcome == "done" and task.closed_at:
            left[stage] = max(task.closed_at, left.get(stage, task.closed_at))
    return left


def _left_from(state: str, ended_from: str) -> str:
    """Where a case left its route; nothing for one that is on it or came to its end, though it was taken up again before."""
    return ended_from if state in ENDED - {Stage.ARCHIVED} and ended_from in ROUTE_STAGES else ""


def _before(stage: str, state: str) -> bool:
    if state == Stage.ARCHIVED:
        return True
    return state in ROUTE_STAGES and ROUTE_STAGES.index(stage) < ROUTE_STAGES.index(state)


def _state(stages: Sequence[str], stage: str, state: str, late: bool) -> Any:
    if _before(stage, state):
        return "done"
    if stage == state:
        return "late" if late else "now"
    if state not in ROUTE_STAGES and state not in ENDED and stages and stage == stages[0]:
        return "now"
    return "todo"


def doing(
    state: str,
    *,
    customer_turn: str = "",
    request_open: bool = False,
    accepted: bool = False,
    business_type: str = "",
) -> str:
    """One sentence: where it is and who holds it. `customer_turn` is the fact that waits for the customer, if one does."""
    if request_open:
        return _("We are waiting for papers from you")
    if customer_turn:
        return _CUSTOMER_TURN.get(customer_turn, lambda: _("It is your turn"))()
    if accepted and state == Stage.INTAKE:  # a merged route has more to do before that stage is left
        return _("Accepted; the supply company is preparing the next step")
    own = _OF_BUSINESS.get(business_type, {})
    return (own.get(state) or _AT_STAGE.get(state, lambda: stage_name(state)))()


TO_MEND = "rectification"
"""What waits for the customer after an inspection sent the works back: no fact of its own, but another thing to do."""

_CUSTOMER_TURN = {
    TO_MEND: lambda: _("Please mend what the inspection found, then ask for another"),
    "agreement": lambda: _("Please look at your supply scheme and answer"),
    "signature": lambda: _("Please sign the supply contract"),
    "design": lambda: _("Please hand in your design papers"),
    "mid_request": lambda: _("Tell us when the mid-construction inspection can be made"),
    "completion": lambda: _("Your works are under way; tell us when they are complete"),
    "payment": lambda: _("Please pay the charges"),
}

_AT_STAGE: Mapping[str, Callable[[], str]] = {
    Stage.CONTACT: lambda: _("Registered; the office will get in touch"),
    Stage.DRAFT: lambda: _("Your application is not sent yet"),
    Stage.INTAKE: lambda: _("The supply company is checking your papers"),
    Stage.SURVEY: lambda: _("The supply company is arranging the site survey"),
    Stage.SCHEME: lambda: _("The supply company is drawing up the supply scheme"),
    Stage.CONTRACT: lambda: _("The supply company is preparing the contract"),
    Stage.WORKS: lambda: _("Works are under way"),
    Stage.INSPECTION: lambda: _("The supply company is inspecting your works"),
    Stage.CONNECTION: lambda: _("The supply company is fitting the meter"),
    Stage.ARCHIVING: lambda: _("Power is on"),
    Stage.ARCHIVED: lambda: _("Power is on"),
    Stage.ANSWERED: lambda: _("Your question has been answered"),
    Stage.JOINED: lambda: _("Continued under another number"),
    Stage.REFUSED: lambda: _("Not accepted; the reason was sent to you in writing"),
    Stage.WITHDRAWN: lambda: _("Withdrawn"),
    Stage.TERMINATED: lambda: _("Ended; the reason was sent to you in writing"),
    Stage.VOID: lambda: _("Opened by mistake and made void"),
    Stage.LEGACY_OPEN: lambda: _("Handled in another system"),
}


_CHANGED: Mapping[str, Callable[[], str]] = {
    Stage.ARCHIVING: lambda: _("Signed; the account is being changed"),
    Stage.ARCHIVED: lambda: _("The account is changed"),
}
_OF_BUSINESS: Mapping[str, Mapping[str, Callable[[], str]]] = {
    "rename": _CHANGED,
    "transfer": _CHANGED,
    "temporary": {
        Stage.ARCHIVING: lambda: _("Power is on; it is taken down when the time is over"),
        Stage.ARCHIVED: lambda: _("Taken down and settled"),
    },
    "meter_move": {
        Stage.CONNECTION: lambda: _("The supply company is moving the meter"),
        Stage.ARCHIVING: lambda: _("The meter is moved and power is on"),
        Stage.ARCHIVED: lambda: _("The meter is moved and power is on"),
    },
}
"""Where a kind of business ends otherwise than with the lights on for good."""


def customer_wire(
    stages: Sequence[str],
    state: str,
    tasks: Iterable[Task],
    deadlines: Iterable[Deadline],
    now: dt.datetime,
    ended_from: str = "",
    accepted_at: dt.datetime | None = None,
    names: Mapping[str, str] = NO_NAMES,
) -> list[Milestone]:
    """受理 and at most six milestones. Of a case that left its route: how far it came, and nothing in progress.

    受理 is done when it was recorded, whatever else a merged route puts into that stage.
    """
    shown = [stage for stage in stages if stage == Stage.INTAKE or stage in SHOWN_TO_CUSTOMERS]
    found = wire(shown, state, list(tasks), deadlines, now, {}, names, ended_from)
    here = _left_from(state, ended_from) or state
    if accepted_at and here == Stage.INTAKE and len(found) > 1:
        found[:2] = [
            replace(found[0], state="done", when=accepted_at),
            replace(found[1], state=found[0].state),
        ]
    return [replace(stop, state="todo") if here != state and stop.state != "done" else stop for stop in found]


_DIGITS = re.compile(r"[0-9０-９]+|[〇零一二三四五六七八九十百]+(?=[号室单栋幢楼层])")


def masked_place(place: str) -> str:
    """An address as whoever holds a code may read it: the street, not the house."""
    return _DIGITS.sub(ASTERISK, place)
