"""Is the log alive, anchored, and in time: what auditors look at before they verify anything."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import connection
from django.utils import timezone

from integrity.models import LedgerCheckpoint, LedgerCosignature, LedgerToken, LedgerTree
from integrity.selectors.heads import newest, witness_names
from workflow.models import LedgerQueue

LAG_ALARM = dt.timedelta(seconds=60)
SILENCE_ALARM = dt.timedelta(seconds=60)
CLOCK_ALARM = dt.timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Anchoring:
    """The newest head, the newest that outsiders saw, what waits, and the clocks."""

    head: LedgerCheckpoint | None
    anchored: LedgerCheckpoint | None
    seen: Mapping[str, dt.datetime]
    known_witnesses: tuple[str, ...]
    stamped_at: dt.datetime | None
    waiting: int
    lag: dt.timedelta
    silent: dt.timedelta | None
    clock_gap: dt.timedelta
    refusal: str
    alarms: list[str] = field(default_factory=list)


def anchoring() -> Anchoring:
    """Read everything; a handful of statements, whatever the log's size."""
    tree = LedgerTree.objects.first()
    seen = LedgerCosignature.objects.order_by("-checkpoint_id").first()
    oldest = LedgerQueue.objects.order_by("qid").values_list("queued_at", flat=True).first()
    server = _server_time()
    token = LedgerToken.objects.order_by("-stamped_at").first()
    found = Anchoring(
        head=newest(),
        anchored=seen.checkpoint if seen else None,
        seen=_seen_by(seen.checkpoint) if seen else {},
        known_witnesses=tuple(witness_names()),
        stamped_at=token.stamped_at if token else None,
        waiting=LedgerQueue.objects.count(),
        lag=max(server - oldest, dt.timedelta(0)) if oldest else dt.timedelta(0),
        silent=max(server - tree.beat_at, dt.timedelta(0)) if tree and tree.beat_at else None,
        clock_gap=abs(timezone.now() - server),
        refusal=tree.refusal if tree else "",
    )
    found.alarms.extend(_alarms(found))
    return found


def days_head(day: dt.date) -> LedgerCheckpoint | None:
    """The head that stands for a day: the last one signed before it began, so that it is the same all day; the newest on the first day."""
    begins = timezone.make_aware(dt.datetime.combine(day, dt.time.min))
    return LedgerCheckpoint.objects.filter(signed_at__lt=begins).order_by("-size").first() or newest()


def _alarms(found: Anchoring) -> list[str]:
    """Names of what is wrong."""
    wrong = {
        "refusal": bool(found.refusal),
        "silent": found.silent is None or found.silent > SILENCE_ALARM,
        "lag": found.lag > LAG_ALARM,
        "clock": found.clock_gap > CLOCK_ALARM,
        "unseen": bool(found.known_witnesses) and not found.seen,
    }
    return [name for name, is_wrong in wrong.items() if is_wrong]


def _seen_by(head: LedgerCheckpoint) -> dict[str, dt.datetime]:
    return {seen.witness: seen.cosigned_at for seen in head.cosignatures.all()}


def _server_time() -> dt.datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: dt.datetime = cursor.fetchone()[0]
    return moment
