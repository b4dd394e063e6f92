"""Whether work in the background keeps up."""

from __future__ import annotations

import datetime as dt

from workflow.models import Delivery, Heartbeat

WORKER, SWEEP, RELAY, UNTENDED, TELLING = (
    "worker", "sweep_deadlines", "relay_outbox", "find_untended_tasks", "tell_people",
)  # fmt: skip
FAILED = ".failed"
"""Added to a name: when it last failed."""

SILENCE = {
    WORKER: dt.timedelta(seconds=90),
    RELAY: dt.timedelta(seconds=90),
    SWEEP: dt.timedelta(minutes=3),
}
"""How long each may be silent. Longer than its schedule, so that a restart is no alarm."""


def background_is_late(now: dt.datetime) -> bool:
    """Whether something that should have run by now has not, or last failed; one query."""
    beats = dict(Heartbeat.objects.values_list("name", "beat_at"))
    never = dt.datetime.min.replace(tzinfo=dt.UTC)
    return any(
        now - beats.get(name, never) > silence or beats.get(name + FAILED, never) > beats.get(name, never)
        for name, silence in SILENCE.items()
    )


def buried_deliveries() -> int:
    """Messages given up after five tries: a number for the board, since nobody else will tell."""
    return Delivery.objects.filter(dead_at__isnull=False).count()
