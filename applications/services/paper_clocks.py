"""Papers asked for that did not come in time: said once, to the customer and to whoever has to call them. No clock of ours moves."""

from __future__ import annotations

import uuid
from collections import defaultdict

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast

from applications.models import RequestedPaper
from workflow.events import append, ledger_now
from workflow.models import ENDED, IdempotencyKey
from workflow.services.clocks import SWEEP
from workflow.transitions import lock

OVERDUE = "paper.overdue"
"""Event kind, and the scope of the keys that are the claim: one a paper, so that each is said once."""


def find_overdue_papers(limit: int = 500) -> int:
    """Find papers whose time has run out and say so, one event a case; how many papers that were."""
    said = IdempotencyKey.objects.filter(scope=OVERDUE, key=Cast(OuterRef("pk"), CharField()))
    due = (
        RequestedPaper.objects.filter(answered_at=None, due_at__lt=ledger_now())
        .exclude(request__application__case__stage__in=ENDED)
        .exclude(Exists(said))
        .order_by("due_at", "pk")
    )
    by_case: dict[uuid.UUID, list[int]] = defaultdict(list)
    for pk, case_id in due.values_list("pk", "request__application__case")[:limit]:
        by_case[case_id].append(pk)
    return sum(_say(case_id, papers) for case_id, papers in by_case.items())


@transaction.atomic
def _say(case_id: uuid.UUID, papers: list[int]) -> int:
    """Under the case's lock: read again, claim each, one event for all."""
    lock(case_id, SWEEP)
    known = set(
        IdempotencyKey.objects.filter(scope=OVERDUE, key__in=[str(pk) for pk in papers]).values_list(
            "key", flat=True
        )
    )
    late = [
        paper
        for paper in RequestedPaper.objects.filter(pk__in=papers, answered_at=None).order_by("due_at", "pk")
        if str(paper.pk) not in known and paper.due_at is not None
    ]
    if not late:
        return 0
    data = {"papers": [paper.item_code for paper in late], "due": late[0].due_at, "level": 0}
    event = append(f"case:{case_id}", OVERDUE, data=data)
    IdempotencyKey.objects.bulk_create(
        IdempotencyKey(scope=OVERDUE, key=str(paper.pk), stream=event.stream, number=event.number)
        for paper in late
    )
    return len(late)
