"""Ways a case leaves its route, and back onto it: withdrawn, terminated, void, taken up again, sent back by a supervisor."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from applications.models import Application, Exit
from applications.services.facts import base, recording, said, split
from applications.services.second_person import confirm
from staff.models import User
from workflow import actions
from workflow.models import Outcome
from workflow.services.contacts import settle_contacts
from workflow.transitions import Done


@transaction.atomic
def withdraw(application: Application, *, by: User, **given: Any) -> Done:
    """The customer gives it up. A contact without outcome gets one: it was given up by the customer."""
    done = _leave(application, "withdraw", by, given)
    settle_contacts(application.case, Outcome.GIVEN_UP)
    return done


@transaction.atomic
def terminate(application: Application, *, by: User, **given: Any) -> Done:
    """The utility ends it, for a reason of the closed list, with a written notice. A contact without outcome could not be met."""
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
    data = said(fields, "reason", "review_date", "grid_project") | (more or {})
    if fields.get("attempts"):
        data["attempts"] = len(fields["attempts"])
    with recording(application, name, by, how, data, **fields) as a:
        a.return_to = columns.get("to_node", "")
        Exit.objects.create(**base(a, application), action=name, **fields, **columns)
        a.return_to = columns.get("to_node", "")
    return a.done
