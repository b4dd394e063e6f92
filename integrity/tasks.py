"""What beat triggers here: verifications that wait for a worker."""

from __future__ import annotations

from celery import shared_task

from integrity.services.verifications import carry_out_next


@shared_task
def carry_out_verifications() -> None:
    """Carry out one; the next tick takes the next."""
    carry_out_next()
