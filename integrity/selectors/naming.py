"""What the codes and ids in payloads are called, for the sentences of events. For auditors: people by name, customers masked."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from applications.models import ChecklistItem
from integrity.selectors.stories import Chapter
from staff.formats import mask_name
from staff.models import Office, User
from workflow.models import Case, Limit, Node, PauseReason


def names_for(case: Case, chapters: Iterable[Chapter]) -> dict[str, str]:
    """Words for every id and code these payloads may hold; seven queries."""
    texts = {text for chapter in chapters for text in _texts(chapter.data)}
    ids = {found for text in texts if (found := _as_uuid(text))}
    names = {str(user.pk): called(user) for user in User.objects.filter(pk__in=ids)}
    names |= {str(other.pk): str(other) for other in Case.objects.filter(pk__in=ids)}
    papers = ChecklistItem.objects.filter(code__in=texts).order_by("version")
    names |= {paper.code: paper.name for paper in papers}
    names |= {reason.code: reason.name for reason in PauseReason.objects.filter(code__in=texts)}
    names |= {office.code: office.name for office in Office.objects.filter(code__in=texts)}
    names |= {limit.code: limit.name for limit in Limit.objects.filter(code__in=texts).order_by("version")}
    names |= {node.code: node.name for node in Node.objects.filter(version=case.route_version_id)}
    return names


def called(user: User) -> str:
    """An officer's name; a customer's masked, since auditing needs none."""
    return mask_name(user.get_full_name()) if user.is_customer else str(user.get_full_name())


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def _as_uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if len(text) in (32, 36) else None
    except ValueError:
        return None
