"""What can be done to a case now, by this person: every action with yes, or with the sentence that says why not."""

from __future__ import annotations

from dataclasses import dataclass

from workflow import actions
from workflow.actions import Action
from workflow.models import ENDED, ROUTE_STAGES, Stage, Task
from workflow.path import kind_of
from workflow.policies import why_not
from workflow.situation import Situation

AT_INTAKE = (
    "record_echo",
    "take",
    "assign",
    "request_documents",
    "pause",
    "resume",
    "correct",
    "refuse",
    "void",
)
ON_THE_WAY = (
    "renew_temporary",
    "take",
    "assign",
    "request_documents",
    "pause",
    "resume",
    "ask_extension",
    "correct",
    "withdraw",
    "extend_validity",
    "terminate",
    "return_to_node",
    "check_capacity",
    "queue_for_capacity",
    "release_capacity",
    "request_access_design",
    "receive_access_design",
    "revise_scheme",
    "grant_priority",
    "add_works",
    "report_works",
    "state_wait",
    "issue_meters",
    "refund_payment",
)
AFTERWARDS = ("reopen", "refund_payment")


IF_AT_ALL = frozenset({"choose_option"})
"""Sent back by these only where there is something to it: no button that is off."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One action: on which task, and why not (None: it can be done)."""

    action: Action
    task: Task | None
    why_not: str | None

    @property
    def allowed(self) -> bool:
        """Whether it can be done now by this person."""
        return self.why_not is None


def offers(situation: Situation, doer: str = "officer") -> list[Offer]:
    """Actions on the open tasks of that doer, the sending back after the doing; one act a fact, the allowed one first."""
    found: list[Offer] = []
    for task in situation.tasks:
        if not task.is_open or task.doer != doer:
            continue
        for fact in situation.node(task.node_code).facts:
            if fact not in task.facts:
                found += _of_fact(situation, task, fact)
    return found


def _of_fact(situation: Situation, task: Task, fact: str) -> list[Offer]:
    kind = kind_of(fact)
    doing = [_offer(situation, a, task) for a in actions.all_actions() if a.fact == kind]
    doing = [offer for offer in doing if offer.allowed] or doing[:1]
    back = [_offer(situation, a, task) for a in actions.all_actions() if a.at_fact == kind]
    back = [offer for offer in back if offer.allowed or offer.action.name not in IF_AT_ALL]
    return doing + back


def case_offers(situation: Situation) -> list[Offer]:
    """Acts on the case itself that make sense at its stage."""
    if situation.state in (Stage.DRAFT, Stage.INTAKE):
        names: tuple[str, ...] = (*AT_INTAKE, "withdraw")
    elif situation.state in ROUTE_STAGES:
        names = ON_THE_WAY
    elif situation.state in ENDED:
        names = AFTERWARDS
    else:
        names = ()
    pointless = _pointless(situation)
    return [_offer(situation, actions.get(name), None) for name in names if name not in pointless]


def _pointless(situation: Situation) -> set[str]:
    """Acts that have nothing to work on: no button for them."""
    ours = [task for task in situation.tasks if task.is_open and task.doer == "officer"]
    return {
        *(() if any(task.taken_at is None for task in ours) else ("take",)),
        *(() if ours else ("assign",)),
        *(() if situation.facts.get("resting") else ("resume",)),
        *(() if situation.matching.get("business_type") == "temporary" else ("renew_temporary",)),
        *(() if situation.facts.get("works_open") else ("report_works",)),
    }


def _offer(situation: Situation, action: Action, task: Task | None) -> Offer:
    # the second person is named in the form: here it is asked only whether this person may ask
    given = {"approved_by": "named in the form"} if action.second_person else {}
    return Offer(action, task, why_not(situation.before(action, given, task.pk if task else None)))
