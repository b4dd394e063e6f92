"""More time that a customer is asked for."""

from __future__ import annotations

from workflow.models import Extension
from workflow.situation import Subject


def open_extension(subject: Subject) -> Extension | None:
    """The extension that waits for the customer's answer, if one does."""
    return (
        Extension.objects.filter(deadline__case=subject.case, answered_at=None)
        .select_related("deadline__limit")
        .order_by("asked_at")
        .first()
    )
