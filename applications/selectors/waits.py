"""What a case waits for, said to the desk and, in plain words, to the customer. It explains; clocks run on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from applications.models import WaitReason
from staff.formats import near_day
from workflow.models import Task, WaitCause

OURS = frozenset(
    {WaitCause.STAFF, WaitCause.SIGN_OFF, WaitCause.GRID_WORKS, WaitCause.OUTAGE_PLAN, WaitCause.MATERIAL}
)
"""Causes on our own side: no customer and no government can help it."""

HOLDERS: dict[str, Callable[[], str]] = {
    "us": lambda: _("with us"),
    "customer": lambda: _("with the customer"),
    "government": lambda: _("with the government"),
    "third_party": lambda: _("with a third party"),
}

PLAIN: dict[str, Callable[[], str]] = {
    WaitCause.STAFF: lambda: _("Our own people are busy; it is our turn"),
    WaitCause.SIGN_OFF: lambda: _("Other departments of ours have to sign it off; it is our turn"),
    WaitCause.GRID_WORKS: lambda: _("We are building the line that leads to you; it is our turn"),
    WaitCause.OUTAGE_PLAN: lambda: _("You are connected in a planned outage or by live-line work; it is our turn"),
    WaitCause.MATERIAL: lambda: _("We are waiting for material or the meter from our store; it is our turn"),
    WaitCause.CUSTOMER: lambda: _("We are waiting for something from you"),
    WaitCause.GOVERNMENT: lambda: _("We are waiting for a permit of the authorities"),
    WaitCause.THIRD_PARTY: lambda: _("We are waiting for a third party, such as a property manager or a neighbour"),
}  # fmt: skip


def holder_of(cause: str) -> str:
    """Who has to move: us, customer, government or third party."""
    return "us" if cause in OURS else cause


@dataclass(frozen=True, slots=True)
class Wait:
    """One task that waits: for what, with whom, until when as far as is known, since when."""

    task: Task
    cause: str
    since_at: dt.datetime
    expected_date: dt.date | None = None
    words: str = ""

    @property
    def label(self) -> str:
        """The cause as the desk says it."""
        return str(WaitCause(self.cause).label)

    @property
    def holder(self) -> str:
        """Who has to move, in words."""
        return HOLDERS[holder_of(self.cause)]()

    @property
    def plain(self) -> str:
        """What the customer reads. That the time limit runs on is part of it, where it is ours."""
        said = PLAIN[self.cause]()
        if self.expected_date:
            said = _("%(cause)s, expected on %(day)s") % {
                "cause": said,
                "day": near_day(self.expected_date),
            }
        return said


def waits_among(tasks: Iterable[Task]) -> list[Wait]:
    """The open tasks that wait; one query, and none where nothing waits."""
    waiting = [task for task in tasks if task.is_open and task.wait_cause]
    if not waiting:
        return []
    newest: dict[object, WaitReason] = {}
    for reason in WaitReason.objects.filter(task__in=waiting).order_by("recorded_at", "pk"):
        newest[reason.task_id] = reason
    found = []
    for task in waiting:
        row = newest.get(task.pk)
        since = row.recorded_at if row else task.opened_at
        found.append(
            Wait(task, task.wait_cause, since, row.expected_date if row else None, row.words if row else "")
        )
    return found
