"""What beat triggers. Short, idempotent, with nothing but ids: the database knows what is due, the broker only nudges."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from celery import shared_task

from workflow.relay import relay
from workflow.selectors.heartbeats import FAILED, RELAY, SWEEP, TELLING, UNTENDED, WORKER
from workflow.services.clocks import end_overruns, sweep
from workflow.services.contacts import close_due
from workflow.services.heartbeats import beat
from workflow.services.overloads import chase_answers
from workflow.services.reckonings import reckon_again
from workflow.services.tasks import find_untended
from workflow.services.telling import make_digests, watch_horizon

RELAY_SECONDS = 20


@shared_task
def heartbeat() -> None:
    """A worker lives and beat reaches it."""
    beat(WORKER)


@shared_task
def sweep_deadlines() -> None:
    """Fire the rungs that are due. A failure is raised after the others have had their turn."""
    with _seen(SWEEP):
        end_overruns()
        sweep().raise_if_failed()


@shared_task
def tell_people() -> None:
    """Make digests of what waits to be told, chase requests for help that nobody answered, and look how far the calendar reaches."""
    with _seen(TELLING):
        chase_answers()
        watch_horizon()
        make_digests()


@shared_task
def relay_outbox() -> None:
    """Pass on what happened until nothing is left, or for some twenty seconds."""
    with _seen(RELAY):
        until = time.monotonic() + RELAY_SECONDS
        while relay() and time.monotonic() < until:
            pass


@shared_task
def find_untended_tasks() -> None:
    """Offer tasks that nobody who may do them is there to do."""
    with _seen(UNTENDED):
        find_untended().raise_if_failed()


@shared_task
def close_contacts() -> None:
    """Let outcomes take effect that the customer was told of and did not object to in time."""
    close_due().raise_if_failed()


@shared_task
def reckon_deadlines_again() -> None:
    """Reckon clocks again that know only an older calendar; usually there are none."""
    reckon_again()


@contextmanager
def _seen(name: str) -> Iterator[None]:
    """Leave a mark of the last success, or of the last failure, for the pages that say so."""
    try:
        yield
    except Exception:
        beat(name + FAILED)
        raise
    beat(name)
