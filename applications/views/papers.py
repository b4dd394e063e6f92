"""Papers as a customer sees them: what is wanted, what has come, what has to come again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

from applications.checklists import checklist, conditions_of
from applications.models import Application, ChecklistItem, Document, DocumentStatus
from applications.uploads import IDENTITY

FILLED_IN = "application_form"
"""The item that an online form is itself: nothing has to be handed in for it."""

USUAL = {"title_proof": "yes"}
"""Assumed for a list shown before anything is known."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One item with the files that stand for it now. `came` are those since it was asked for again."""

    item: ChecklistItem
    files: tuple[Document, ...]
    reason: str = ""

    @property
    def code(self) -> str:
        """The item's code."""
        return self.item.code

    @property
    def hint(self) -> str:
        """Original, copy, stamp, in the reader's language."""
        return self.item.form_en if (get_language() or "").startswith("en") else self.item.form_zh

    @property
    def there(self) -> bool:
        """Whether something usable has come."""
        return any(file.status != DocumentStatus.RETURNED for file in self.files)

    @property
    def identity(self) -> bool:
        """Whether it shows who somebody is."""
        return self.item.code in IDENTITY or self.item.code.endswith("identity")


def wanted(category: str, answers: Mapping[str, Any], application: Application | None) -> list[Paper]:
    """Every item of the list for these answers, with its files; without the form that is filled in here."""
    found = checklist(category, answers, timezone.localdate())
    items = [item for item in found.items if item.code != FILLED_IN] if found else []
    files = standing(application) if application else {}
    return [Paper(item, tuple(files.get(item.code, ()))) for item in items]


def wanted_by(application: Application) -> list[Paper]:
    """The same for an application."""
    return wanted(application.category, conditions_of(application), application)


def standing(application: Application) -> dict[str, list[Document]]:
    """Files not replaced, by item."""
    by_item: dict[str, list[Document]] = defaultdict(list)
    for document in application.documents.filter(replaced=False).order_by("received_at"):
        by_item[document.item_code].append(document)
    return by_item


def names(papers: Iterable[Paper]) -> list[str]:
    """What they are called."""
    return [paper.item.name for paper in papers]
