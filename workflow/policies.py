"""Policies of every act: each reads as a true statement, answers None or the sentence that says why not."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from staff.policies import WORKING_ROLES, Authority, Role
from workflow.actions import fact_label, type_policy
from workflow.deadlines import applies
from workflow.path import asks_for, kind_of
from workflow.situation import Situation
from workflow.stages import ENDED, Stage

if TYPE_CHECKING:
    from staff.models import User
    from workflow.models import Task

COUNTY_DIGITS = 6
"""How many digits of an office's code name its county."""

COUNTER_ROLES = frozenset({"intake", "planner"})
"""Posts that may record at the counter what the customer did there on paper."""


def case_is_in_progress(s: Situation) -> str | None:
    """Nothing is done to a case that has ended, but for re-opening it."""
    if s.state in ENDED:
        return _("This case has ended (%(stage)s).") % {"stage": Stage(s.state).label}
    return None


def stage_allows_it(s: Situation) -> str | None:
    """Acts without a task name the stages they belong to."""
    if s.action and s.action.stages and s.state not in s.action.stages:
        return _("Not possible at this stage (%(stage)s).") % {
            "stage": Stage(s.state).label if s.state else "–"
        }
    return None


def task_is_open(s: Situation) -> str | None:
    """An act that records a fact works on the open task that asks for it."""
    if not s.action or not s.action.task_fact or s.task:
        return None
    done = s.done_task(s.action.task_fact)
    if done and done.closed_at:
        when = date_format(localtime(done.closed_at), "m-d H:i")
        return _("Already done on %(when)s.") % {"when": when}
    if not any(asks_for(node.facts, s.action.task_fact) for node in s.nodes):
        return _("This case's route does not ask for this.")
    waiting = [s.node(t.node_code) for t in s.tasks if t.is_open and t.current]
    if waiting:
        return _("Not yet: first %(node)s has to be done.") % {"node": waiting[0].name}
    return _("Its turn has not come yet.")


def node_was_reached(s: Situation) -> str | None:
    """A case is returned to a node it has been through or is at, never sent ahead. Asked once a node is named."""
    code = s.data.get("node")
    if code is None or any(task.node_code == code and task.current for task in s.tasks):
        return None
    return _("Choose a node this case has already reached.")


def fact_is_not_recorded_yet(s: Situation) -> str | None:
    """Within one round a fact is recorded once; what was recorded is corrected, not overwritten."""
    if s.task and s.fact and s.fact in s.task.facts:
        return _("Already recorded in this round; a mistake is corrected, not overwritten.")
    return None


def runs_by_itself(s: Situation) -> str | None:
    """Nobody presses it: the sweep does, when the time for objecting has passed."""
    return (
        None if s.actor is None else _("This takes effect by itself once the time for objecting has passed.")
    )


def is_party_or_counter(s: Situation) -> str | None:
    """The customer's own doings are the customer's; the counter may record them on paper, on the customer's behalf."""
    if s.case_roles or s.authority.acts_as(COUNTER_ROLES, s.case.office_id):
        return None
    return _("Only the customer, or the counter on the customer's behalf, can do this.")


def authority_covers_it(s: Situation) -> str | None:
    """An agent does what the principal's paper says; where it is silent on scope, whatever the principal may."""
    if s.powers is None or s.action is None or not s.action.power or s.action.power in s.powers:
        return None
    return _("Your authority does not cover this; the applicant can do it, or extend the authority.")


def holds_the_post(s: Situation) -> str | None:
    """The node names the post that does it; a task offered to the county's pool is open to whoever works in the county."""
    task = s.task
    if task is None or not task.role or (task.offered_to_county_at and _works_in_the_county(s)):
        return None
    if s.authority.acts_as({task.role}, task.office_id) or (_holds(s) and s.authority.has_role(task.role)):
        return None
    return _("This is done by: %(role)s of the office responsible.") % {"role": Role(task.role).label}


def holds_the_nodes_certificate(s: Situation) -> str | None:
    """Who acts without a valid certificate makes a mistake somebody pays for; history can be judged by its dates."""
    task = s.task
    if task is None or not task.competence or task.competence in s.authority.competences:
        return None
    return _("You have no valid certificate for %(competence)s.") % {
        "competence": s.rules.competence_name(task.competence)
    }


def nobody_else_holds_it(s: Situation) -> str | None:
    """A task in somebody's hands is theirs until it is re-assigned."""
    if s.task is None or s.actor is None:
        return None
    holders = s.holders.get(s.task.pk, {})
    if not holders or s.actor.pk in holders:
        return None
    return _("%(name)s is working on this; ask for it to be re-assigned.") % {
        "name": next(iter(holders.values()))
    }


def is_a_separate_person(s: Situation) -> str | None:
    """Two facts a rule keeps apart do not come from one person. A matrix of data by category, so that no station is deadlocked."""
    return _separated(s, s.fact) if s.fact else None


def holds_one_of_the_roles(s: Situation) -> str | None:
    """Acts on the case itself name the posts that may do them."""
    if s.action is None or s.task is not None or not (s.action.roles or s.action.customer):
        return None
    if s.action.customer and s.case_roles:
        return None
    if s.authority.acts_as(s.action.roles, s.case.office_id):
        return None
    return _("This is done by: %(roles)s.") % {
        "roles": "、".join(str(Role(role).label) for role in sorted(s.action.roles))
    }


OFFICER_TASK = (holds_the_post, nobody_else_holds_it, holds_the_nodes_certificate, is_a_separate_person)


def why_not(s: Situation) -> str | None:
    """Why the action can't be done by this person now; None if it can. The same sentence in page, form and API."""
    action = s.action
    if action is None:
        return None
    general: tuple[type_policy, ...] = (stage_allows_it, task_is_open, fact_is_not_recorded_yet)
    if action.step != "reopen" and not action.stages:
        general = (case_is_in_progress, *general)
    who: tuple[type_policy, ...]
    if s.task is not None:
        who = (is_party_or_counter,) if s.acts_for_customer() else OFFICER_TASK
    else:
        who = (holds_one_of_the_roles,)
    for policy in (*general, *who, authority_covers_it, *action.policies):
        if sentence := policy(s):
            return sentence
    return None


def why_not_second_person(by: User, second: Authority | None) -> str | None:
    """Why this is no second person: nobody, the same one, or somebody without a post that deals with cases (at any station)."""
    if second is None:
        return _("A second person has to approve this; choose who did.")
    if second.user.pk == by.pk:
        return _("Nobody approves their own request; choose somebody else.")
    if not second.has_role(*WORKING_ROLES, Role.SUPERVISOR):
        return _("The second person has to be an officer who deals with cases.")
    return None


def shares_out_or_holds_it(s: Situation) -> str | None:
    """Work is shared out by those whose post it is; what is in one's own hands one may hand over oneself, as before a leave."""
    if s.authority.acts_as({Role.SUPERVISOR, Role.APPROVER, Role.INTAKE}, s.case.office_id):
        return None
    task = s.data.get("task")
    hands = [s.holders.get(task, {})] if task else list(s.holders.values())
    if s.actor is not None and any(s.actor.pk in held for held in hands):
        return None
    return _("This is done by whoever shares out the office's work, or by the person in whose hands it is.")


def why_not_take(s: Situation, task: Task) -> str | None:
    """Why the situation's person may not take that task; None if they may."""
    there = replace(s, task=task)
    return (
        task_waits_for_an_officer(task)
        or holds_the_post(there)
        or nobody_else_holds_it(there)
        or holds_the_nodes_certificate(there)
        or _separated_from(there, task)
    )


def one_is_for_them_to_take(s: Situation) -> str | None:
    """Asked for the button, while no task is chosen: among what is open there is one this person may take."""
    if s.data.get("task"):
        return None
    reasons = [why_not_take(s, task) for task in s.tasks if task.is_open and task.current]
    return None if None in reasons or not reasons else reasons[0]


def why_not_be_given(s: Situation, task: Task) -> str | None:
    """Why that task may not be assigned to the situation's person. Somebody of another station of the county may have it too."""
    there = replace(s, task=task)
    if (
        task.role
        and not (task.offered_to_county_at and _works_in_the_county(there))
        and not _has_the_post_in_the_county(there)
    ):
        return _("This person holds no post as %(role)s in this county.") % {"role": Role(task.role).label}
    if holds_the_nodes_certificate(there):
        return _("This person has no valid certificate for %(competence)s.") % {
            "competence": s.rules.competence_name(task.competence)
        }
    if _separated_from(there, task):
        return _(
            "Separation of duties: this person did something on this case that keeps them from this task."
        )
    return task_waits_for_an_officer(task)


def task_waits_for_an_officer(task: Task) -> str | None:
    """Only what an officer still has to do is taken and assigned."""
    if not task.is_open:
        return _("This task is closed already.")
    if task.doer != "officer":
        return _("This is not for us to do: the customer or the government does it.")
    return None


def _works_in_the_county(s: Situation) -> bool:
    """Offices of a county share the first six digits. Without a certificate to show, at least the post is needed."""
    if s.task is None:
        return False
    roles = WORKING_ROLES if s.task.competence else {s.task.role}
    return _posted_in_the_county(s, roles)


def _has_the_post_in_the_county(s: Situation) -> bool:
    return s.task is not None and _posted_in_the_county(s, {s.task.role})


def _posted_in_the_county(s: Situation, roles: Collection[str]) -> bool:
    county = s.case.office.code[:COUNTY_DIGITS]
    return any(
        post.role in roles and post.office_code[:COUNTY_DIGITS] == county for post in s.authority.posts
    )


def _separated_from(s: Situation, task: Task) -> str | None:
    return next(filter(None, (_separated(s, fact) for fact in s.node(task.node_code).facts)), None)


def _separated(s: Situation, fact: str) -> str | None:
    if s.actor is None:
        return None
    for rule in s.rules.separations:
        mine = {fact, kind_of(fact)} & {rule.fact, rule.other_fact}
        if not mine or not applies(rule.conditions, s.matching):
            continue
        other = rule.other_fact if rule.fact in mine else rule.fact
        if str(s.actor.pk) in s.recorded_by(other):
            return _(
                "Separation of duties: you already did %(other)s on this case, somebody else has to do this."
            ) % {"other": fact_label(other)}
    return None


def _holds(s: Situation) -> bool:
    return s.task is not None and s.actor is not None and s.actor.pk in s.holders.get(s.task.pk, {})
