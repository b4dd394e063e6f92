"""An act that came too late: what was typed stays, what stands now is beside it, and the choice is sent again."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from applications.forms import FORMS
from applications.forms.act import ActForm
from applications.models import Application
from applications.selectors.conflict import Conflict, conflict_of, resolved
from staff.access import reader
from workflow.actions import Action
from workflow.models import Task


def sent(request: HttpRequest, action: Action, application: Application, task: Task | None) -> Any:
    """What was sent; where a conflict was shown, with the other's values where those were chosen."""
    if request.method != "POST" or not any(name.startswith("use-") for name in request.POST):
        return request.POST or None
    shown = FORMS[action.name](
        request.POST, application=application, user=reader(request).user,
        version=task.version if task else None, task=task.pk if task else None,
    )  # fmt: skip
    return resolved(request.POST, application, action, shown)


def conflict(application: Application, action: Action, form: ActForm, task: Task | None) -> Conflict | None:
    """The two beside each other, if somebody was quicker; the form is then about what stands now, so that it can be sent again."""
    if not form.came_late:
        return None
    found = conflict_of(application, action, form)
    again = form.data.copy()  # type: ignore[attr-defined]
    again[form.add_prefix("version")] = "" if task is None else str(task.version)
    form.data = again
    return found
