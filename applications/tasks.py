"""What beat triggers here: it asks the database what is due, with nothing but ids."""

from __future__ import annotations

from celery import shared_task

from applications.services.validity import find_lapsed


@shared_task
def find_lapsed_schemes() -> None:
    """Record schemes whose validity has run out."""
    find_lapsed()
