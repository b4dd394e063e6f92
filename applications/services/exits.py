"""Ways a case leaves its route, each with its written notice, and back onto it: refused, withdrawn, terminated, void, taken up again, sent back."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.leaving import why_not_this_way
from applications.models import Application, Exit, ExitReason
from applications.selectors.ways_out import rule_of
from applications.services.facts import base, recording, said, split
from applications.services.second_person import confirm
from staff.models import User
from workflow import actions
from workflow.models import Clause, Outcome
from workflow.services.contacts import settle_contacts
from workflow.transitions import Act, Done, Refused


@transaction.atomic
def refuse(application: Application, *, by: User, reason: str, clause: str | Clause, **given: Any) -> Done:
    """不予受理: the reason in words and the clause it rests on, in a written notice. Neither the words nor a name enter the log."""
    rests_on = clause if isinstance(clause, Clause) else Clause.objects.get(pk=clause)
    fields = {"reason": ExitReason.NOT_ACCEPTED, "note": reason, "clause": rests_on}
    done = _leave(
        application, "refuse", by, given | fields, {"clause": rests_on.pk, "has_reason": bool(reason)}
    )
    settle_contacts(application.case, Outcome.NOT_ACCEPTABLE)
    return done


@transaction.atomic
def withdraw(application: Application, *, by: User, **given: Any) -> Done:
    """The customer gives it up. A contact without outcome gets one: it was given up by the customer."""
    done = _leave(application, "withdraw", by, given)
    settle_contacts(application.case, Outcome.GIVEN_UP)
    return done


@transaction.atomic
def terminate(application: Application, *, by: User, **given: Any) -> Done:
    """The utility ends it, for a reason of the closed list and with what its rule asks for. A contact without outcome could not be met."""
    done = _leave(application, "terminate", by, given)
    settle_contacts(application.case, Outcome.NOT_ACCEPTABLE)
    return done


def void(
    application: Application, *, by: User, approved_by: User, approver_password: str, **given: Any
) -> Done:
    """误建作废: a second person confirms with their own password; nobody approves their own request."""
    confirm(application, by, approved_by, approver_password, actions.get("void").roles)
    with transaction.atomic():
        done = _leave(
            application, "void", by, given, {"approved_by": str(approved_by.pk)}, approved_by=approved_by
        )
        settle_contacts(application.case, Outcome.NOT_ACCEPTABLE)
    return done


def reopen(application: Application, *, by: User, **given: Any) -> Done:
    """Taken up again where it stopped; chain and time since first contact run through."""
    return _leave(application, "reopen", by, given)


def return_to_node(application: Application, *, by: User, node: str, **given: Any) -> Done:
    """A supervisor sends the case back to a node; what lies behind it is opened anew when reached."""
    return _leave(application, "return_to_node", by, given, {"node": node}, to_node=node)


def _leave(
    application: Application,
    name: str,
    by: User,
    given: dict[str, Any],
    more: dict[str, Any] | None = None,
    **columns: Any,
) -> Done:
    how, fields, _confirmed = split(given)
    data = said(fields, "reason", "review_date", "grid_project", "clause") | (more or {})
    if fields.get("attempts"):
        data["attempts"] = len(fields["attempts"])
    with recording(application, name, by, how, data, **fields) as a:
        a.return_to = columns.get("to_node", "")
        _check(a, name, fields)
        Exit.objects.create(**base(a, application), action=name, **fields, **columns)
        a.return_to = columns.get("to_node", "")
    return a.done


def _check(a: Act, name: str, fields: dict[str, Any]) -> None:
    """What the rule of this way out asks for; a reason that no rule in force knows is on no list."""
    if "reason" not in fields:
        return
    rule = rule_of(name, fields["reason"])
    if rule is None or not rule.in_force:
        raise Refused(_("This is not on the list; choose one that is."))
    s = a.situation
    done = {fact for task in s.tasks if task.current for fact in task.facts}
    today = timezone.localdate(s.now)
    for _field, sentence in why_not_this_way(rule, fields, s.facts.get("valid_until"), today, done):
        raise Refused(sentence)
