"""Actions: what can be done to a case, each written once; button, form, API answer, event sentence and test list derive from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from workflow.path import kind_of

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from workflow.situation import Situation

type_policy = Callable[["Situation"], "str | None"]
"""A pure question about a situation: None means yes, a sentence says why not."""


@dataclass(frozen=True, slots=True)
class Action:
    """One act: its word, the event it emits, what it records, where and by whom it may be done.

    `fact`: the fact it records; then an open task listing that fact, or a department's share of it (`fact:finance`), must be there, and the
    door closes it.
    `sends_back`: closes its task as returned and opens the node its route names; `at_fact` names the task it is pressed on. Pressed on no
    task, `reopens` names the fact whose node opens anew.
    `step`: the transition it presses (exits, go_back, reopen, submit); stage steps run by themselves.
    `stages`: where it may be done when it has no task; empty = any stage in progress.
    `power`: what an agent must be authorised for to do it; empty = any agent may.
    """

    name: str
    event: str
    label: str | _StrPromise
    fact: str = ""
    sends_back: bool = False
    at_fact: str = ""
    reopens: str = ""
    step: str = ""
    stages: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    customer: bool = False
    policies: tuple[type_policy, ...] = ()
    power: str = ""
    second_person: bool = False
    pages: dict[str, Any] = field(default_factory=dict, compare=False)

    @property
    def task_fact(self) -> str:
        """The fact whose open task this act works on; empty if it works on the case itself."""
        return self.fact or self.at_fact


_ACTIONS: dict[str, Action] = {}
_OTHER_EVENTS: set[str] = set()
_FACTS: dict[str, Any] = {}


def register(*actions: Action) -> None:
    """Make actions known. A second action of a name or event is a mistake and refused."""
    for action in actions:
        if action.name in _ACTIONS or any(known.event == action.event for known in _ACTIONS.values()):
            raise ValueError(f"Action {action.name} or its event {action.event} is registered twice.")
        _ACTIONS[action.name] = action


def register_events(kinds: Iterable[str]) -> None:
    """Make known the event kinds that no action emits (sweep, triggers, routes, calendars)."""
    _OTHER_EVENTS.update(kinds)


def register_facts(labels: dict[str, Any]) -> None:
    """Make known what each fact is called, for sentences."""
    _FACTS.update(labels)


def fact_label(fact: str) -> str:
    """The fact's word in the reader's language."""
    return str(_FACTS.get(fact) or _FACTS.get(kind_of(fact), fact))


def get(name: str) -> Action:
    """The action of that name; KeyError if there is none."""
    return _ACTIONS[name]


def all_actions() -> tuple[Action, ...]:
    """Every action, in the order registered."""
    return tuple(_ACTIONS.values())


def all_event_kinds() -> frozenset[str]:
    """Every kind of event that can occur: each has a sentence in templates/events/."""
    return frozenset(action.event for action in _ACTIONS.values()) | frozenset(_OTHER_EVENTS)
