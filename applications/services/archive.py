"""归档."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from applications.models import Application, ArchiveRecord
from applications.services.facts import base, recording, said, split
from staff.models import User
from workflow.transitions import Done


def archive(
    application: Application, *, by: User, present: Sequence[str], missing: Sequence[str] = (), **given: Any
) -> Done:
    """The file is put away: its number, where it lies, what is in it and what is missing."""
    how, fields, _confirmed = split(given)
    data = said(fields, "number") | {
        "present": sorted(present),
        "missing": sorted(missing),
        "complete": not missing,
    }
    with recording(application, "archive", by, how, data, **fields) as a:
        ArchiveRecord.objects.create(
            **base(a, application), present=sorted(present), missing=sorted(missing), **fields
        )
    return a.done
