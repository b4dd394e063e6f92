"""Heartbeats: a background process says that it lives, so that a page can say when it does not."""

from __future__ import annotations

from django.utils import timezone

from workflow.models import Heartbeat


def beat(name: str) -> None:
    """Remember that this has just run."""
    Heartbeat.objects.update_or_create(name=name, defaults={"beat_at": timezone.now()})
