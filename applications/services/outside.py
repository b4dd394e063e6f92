"""What another system said of a case is noted beside what we hold: which fields came from there, which times it has."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from applications.models import OutsideField, OutsideTime, StatedMoment
from workflow.models import Case


def note_fields(case: Case, system: str, names: Iterable[str]) -> None:
    """These fields came from there. Saying it again changes nothing: they came when they first came."""
    OutsideField.objects.bulk_create(
        (OutsideField(case=case, system=system, name=name) for name in names), ignore_conflicts=True
    )


def note_times(case: Case, system: str, times: Mapping[str, dt.datetime]) -> None:
    """That system's times. One it has changed is kept beside the one it sent before."""
    OutsideTime.objects.bulk_create(
        (
            OutsideTime(case=case, system=system, about=StatedMoment(about), stated_at=moment)
            for about, moment in times.items()
        ),
        ignore_conflicts=True,
    )
