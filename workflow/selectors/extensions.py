"""More time that a customer is asked for."""

from __future__ import annotations

import datetime as dt

from workflow.deadlines import Rest, reckon
from workflow.models import Extension, Pause
from workflow.selectors.rules import rules
from workflow.situation import Subject


def open_extension(subject: Subject) -> Extension | None:
    """The extension that waits for the customer's answer, if one does."""
    return (
        Extension.objects.filter(deadline__case=subject.case, answered_at=None)
        .select_related("deadline__limit")
        .order_by("asked_at")
        .first()
    )


def until_if_agreed(asked: Extension) -> dt.datetime | None:
    """The date the customer would agree to, as the clock stands now; nothing while it is paused."""
    clock, in_force = asked.deadline, rules()
    rests = [
        Rest(row.reason_id, row.began_at, row.ended_at) for row in Pause.objects.filter(case=clock.case_id)
    ]
    if clock.started_at is None:
        return None
    return reckon(
        in_force.calendar, clock.limit, clock.started_at, rests, in_force.profile.day_ends_at, asked.days
    ).due_at
