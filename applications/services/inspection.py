"""竣工检验 passed, or sent back with a rectification notice."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from applications.models import Application, Inspection, RectificationNotice
from applications.services.facts import base, ids, split
from staff.models import User
from workflow.transitions import Done, act


def record_inspection(
    application: Application, *, by: User, inspectors: Collection[User], **given: Any
) -> Done:
    """Passed: which items were checked, by whom."""
    how, fields, _confirmed = split(given)
    data = {"passed": True, "items": len(fields["items"]), "inspectors": ids(inspectors)}
    with act(application, "record_inspection", by=by, data=data, **how) as a:
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
    with act(application, "require_rectification", by=by, data=data, **how) as a:
        notice = RectificationNotice.objects.create(**base(a, application), defects=list(defects), **fields)
        notice.inspectors.set(inspectors)
    return a.done
