"""Why a task waits: said by whoever knows, for everybody who asks. It never stops a clock."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from applications.models import Application, WaitReason
from applications.services.facts import base, recording, said, split
from staff.models import User
from workflow.models import Task
from workflow.services.tasks import note_wait
from workflow.transitions import Act, Done, Refused


def state_wait(application: Application, *, by: User, about: Task, cause: str = "", **given: Any) -> Done:
    """An open task waits for this; an empty cause says that it waits for nothing any more."""
    how, fields, _confirmed = split(given)
    data = {"node": about.node_code, "cause": cause} | said(fields, "expected_date")
    with recording(application, "state_wait", by, how, data, **fields) as a:
        task = next((t for t in a.situation.tasks if t.pk == about.pk and t.is_open), None)
        if task is None:
            raise Refused(_("This task is closed already."))
        if not cause and not task.wait_cause:
            raise Refused(_("No reason for waiting is stated for this task; there is nothing to take back."))
        a.about = task
        explain(a, application, task, cause, **fields)
    return a.done


def explain(
    a: Act,
    application: Application,
    task: Task,
    cause: str,
    *,
    expected_date: dt.date | None = None,
    words: str = "",
) -> None:
    """Keep the reason as a row, and on the task for whoever lists tasks."""
    WaitReason.objects.create(
        **base(a, application), task=task, cause=cause, expected_date=expected_date, words=words
    )
    note_wait(task, cause)
