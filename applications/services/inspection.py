"""竣工检验 passed, or sent back with a rectification notice."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from applications.models import Application, Inspection, RectificationNotice
from applications.services.facts import base, ids, recording, split
from staff.models import User
from workflow.transitions import Done


def record_inspection(
    application: Application, *, by: User, inspectors: Collection[User], **given: Any
) -> Done:
    """Passed: which items were checked, by whom."""
    how, fields, _confirmed = split(given)
    data = {"passed": True, "items": len(fields["items"]), "inspectors": ids(inspectors)}
    with recording(application, "record_inspection", by, how, data, **fields) as a:
        inspection = Inspection.objects.create(**base(a, application), **fields)
        inspection.inspectors.set(inspectors)
    return a.done


def require_rectification(
    application: Application, *, by: User, inspectors: Collection[User], defects: Sequence[str], **given: Any
) -> Done:
    """Not passed: every defect at once, numbered, with a day by which; the customer's task opens anew."""
    how, fields, _confirmed = split(given)
    due = fields["due_date"].isoformat()
    data = {"passed": False, "defects": len(defects), "due": due, "inspectors": ids(inspectors)}
    with recording(application, "require_rectification", by, how, data, **fields, defects=defects) as a:
        notice = RectificationNotice.objects.create(**base(a, application), defects=list(defects), **fields)
        notice.inspectors.set(inspectors)
    return a.done
