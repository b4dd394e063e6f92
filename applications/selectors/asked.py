"""Papers that were asked for: until when each is wanted, what is said about it, how its clock stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.utils import timezone

from applications.models import Application, DocumentRequest, PaperFault, RequestedPaper
from staff.presentation import Countdown
from workflow.deadlines import Due, reckon
from workflow.models import Deadline, Limit
from workflow.presentation import countdown
from workflow.selectors.rules import rules

LIMIT = "paper_supply"
"""Code of the limits for supplying a paper. Their conditions may name a paper: `paper = ["identity"]`."""


def asked_again(cases: Iterable[UUID]) -> set[UUID]:
    """Of these cases those in which papers were asked for a second time; one query."""
    again = DocumentRequest.objects.filter(application__case__in=list(cases), round__gte=2)
    return set(again.values_list("application__case", flat=True))


def paper_due(application: Application, item_code: str, asked_at: dt.datetime) -> tuple[Limit | None, Due]:
    """The limit that holds for this paper, and when it runs out; nothing where no limit is in force."""
    in_force = rules()
    matching = application.matching() | {"paper": item_code}
    limits = in_force.limits_for(matching, timezone.localdate(asked_at))
    limit = next((found for found in limits if found.code == LIMIT), None)
    if limit is None:
        return None, Due(None)
    return limit, reckon(in_force.calendar, limit, asked_at, (), in_force.profile.day_ends_at)


def told(fault: PaperFault | None, words: str) -> str:
    """What is wrong and how to put it right, in the reader's language: fault, own words, remedy."""
    said = [fault.name if fault else "", words.strip(), fault.remedy if fault else ""]
    return "；".join(part for part in said if part)


def clock_of(paper: RequestedPaper, now: dt.datetime) -> Countdown | None:
    """The paper's own clock in the words of every clock; none where no limit holds."""
    if paper.limit is None:
        return None
    clock = Deadline(
        case=paper.request.application.case,
        limit=paper.limit,
        node_code=paper.item_code,
        started_at=paper.request.asked_at,
        stopped_at=paper.answered_at,
        due_at=paper.due_at,
        provisional=paper.provisional,
    )
    return countdown(clock, (), rules(), now)
