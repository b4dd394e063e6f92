"""What customers call the kinds of supply that have a checklist."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise

from applications.categories import CATEGORIES, ROUGH_BY_CODE
from applications.checklists import categories


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of application in the customer's words."""

    code: str
    name: str | Promise
    hint: str | Promise
    tile: str | Promise = ""

    @property
    def business_type(self) -> str:
        """First part of the code."""
        return self.code.split(".")[0]

    @property
    def supply_class(self) -> str:
        """Second part of the code."""
        return self.code.split(".")[1]


KNOWN: dict[str, Category] = {
    category.code: Category(category.code, category.name, category.hint, ROUGH_BY_CODE[category.rough].name)
    for category in CATEGORIES
}


def shown_categories() -> list[Category]:
    """The kinds that have a list of papers, smallest customers first."""
    listed = set(categories())
    return [category for code, category in KNOWN.items() if code in listed]
