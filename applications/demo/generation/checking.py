"""What the command looks at when it is done: a sample's chains and clocks, triggers, counts."""

from __future__ import annotations

import random
from collections.abc import Iterator

from django.core.management.base import CommandError
from django.db import connection

from workflow.models import Case, Deadline, Event
from workflow.services.recomputing import drift_of

OFF = "SELECT count(*) FROM pg_trigger WHERE tgenabled <> 'O' AND NOT tgisinternal"
CHAIN = """
SELECT count(*) FROM workflow_event e LEFT JOIN workflow_event b ON b.stream = e.stream AND b.number = e.number - 1
JOIN workflow_eventpayload p ON p.stream = e.stream AND p.number = e.number
WHERE e.stream = ANY(%s) AND (e.header <> workflow_event_header(e) OR e.leaf_hash <> sha256('\\x00'::bytea || e.header)
   OR e.previous_hash <> coalesce(b.leaf_hash, decode(repeat('00', 32), 'hex'))
   OR e.payload_digest <> encode(sha256(p.salt || convert_to(p.body, 'UTF8')), 'hex'))
"""
HEADS = """
SELECT count(*) FROM workflow_case c LEFT JOIN workflow_streamhead h ON h.stream = 'case:' || c.id
LEFT JOIN workflow_event e ON e.stream = h.stream AND e.number = h.number
WHERE 'case:' || c.id = ANY(%s) AND (h.number IS DISTINCT FROM c.event_number OR e.leaf_hash IS DISTINCT FROM h.last_hash)
"""


def check(sample: int, seed: int) -> Iterator[str]:
    """Lines to print; CommandError where something does not hold. The chain is recomputed by the trigger's own function."""
    ids = list(Case.objects.order_by("pk").values_list("pk", flat=True))
    chosen = random.Random(seed).sample(ids, min(sample, len(ids)))
    streams = [f"case:{pk}" for pk in chosen]
    broken, heads, off = _count(CHAIN, [streams]), _count(HEADS, [streams]), _count(OFF, [])
    events = Event.objects.filter(stream__in=streams).count()
    drifted = drift_of(chosen)
    clocks = Deadline.objects.filter(case__in=chosen).count()
    yield f"verified {len(chosen)} cases: {events} events, {broken} broken, {heads} heads wrong"
    yield f"drift: {len(drifted)} of {clocks}; triggers off: {off}"
    yield f"cases: {len(ids)}, events: {Event.objects.count()}, deadlines: {Deadline.objects.count()}"
    if broken or heads or off or drifted:
        raise CommandError("What was generated does not hold; see the line above.")


def _count(query: str, values: list[list[str]]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return int(cursor.fetchone()[0])
