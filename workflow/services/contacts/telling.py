"""有人让我再等等: what a customer reports about whoever handles the case."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from staff.models import User
from workflow.events import Circumstance, append
from workflow.models import Case, Event, IdempotencyKey
from workflow.services.contacts.registering import receipt_code
from workflow.transitions import actor_name, lock

TOLD_TO_WAIT = "told_to_wait.reported"


def report_told_to_wait(
    case: Case,
    *,
    whom: str,
    said: str,
    on_date: dt.date | None,
    by: User,
    key: str,
    circumstance: Circumstance | None = None,
) -> str:
    """有人让我再等等: sealed where the case's handlers can't see it, and no clock shows that it came. Answers with its code of proof.

    `whom` and `said` are words of closed lists, so nothing personal enters the log. The key makes a repeat harmless.
    """
    data = {"case": case.pk, "whom": whom, "said": said, "on": on_date}
    scope = f"{actor_name(by)}:told_to_wait:{case.pk.hex}"
    with transaction.atomic():
        lock(case.pk, actor_name(by))
        known = IdempotencyKey.objects.filter(scope=scope, key=key).first()
        if known is not None:
            leaf = Event.objects.values_list("leaf_hash", flat=True).get(
                stream=known.stream, number=known.number
            )
            return receipt_code(bytes(leaf).hex())
        event = append(f"integrity:{case.pk}", TOLD_TO_WAIT, data=data, circumstance=circumstance)
        IdempotencyKey.objects.create(
            scope=scope, key=key, fingerprint="", stream=event.stream, number=event.number
        )
    return receipt_code(event.leaf)
