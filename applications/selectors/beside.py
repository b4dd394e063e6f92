"""A case in short: what stands beside the list while the next one is looked for."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404
from django.utils import timezone

from applications.models import DocumentRequest
from applications.selectors.desk import application_of, chosen
from staff.policies import Authority
from workflow.models import Case
from workflow.presentation import DeadlineRow, deadline_rows
from workflow.selectors.timeline import Entry, names_for, timeline

LATEST = 4


@dataclass(frozen=True, slots=True)
class Beside:
    """The case with its row, its clocks, its latest entries and what is still asked for."""

    case: Case
    clocks: list[DeadlineRow]
    entries: list[Entry]
    names: dict[str, str]
    papers: int
    asked_for: int


def beside_of(me: Authority, pk: UUID) -> Beside:
    """The case if the reader may see it, else it does not exist."""
    cases = chosen(me, [pk])
    if not cases:
        raise Http404
    case = cases[0]
    application, entries = application_of(case), timeline(case, LATEST)
    asked = (
        DocumentRequest.objects.filter(application=application, answered_at=None).first()
        if application
        else None
    )
    return Beside(
        case, [row for row in deadline_rows(case, timezone.now()) if row.deadline.running], entries, names_for(case, entries),
        application.documents.filter(replaced=False).count() if application else 0, len(asked.items) if asked else 0,
    )  # fmt: skip
