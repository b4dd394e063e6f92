"""What customers call the kinds of supply that have a checklist."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications.checklists import categories


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of application in the customer's words."""

    code: str
    name: str | Promise
    hint: str | Promise

    @property
    def business_type(self) -> str:
        """First part of the code."""
        return self.code.split(".")[0]

    @property
    def supply_class(self) -> str:
        """Second part of the code."""
        return self.code.split(".")[1]


KNOWN: dict[str, Category] = {
    category.code: category
    for category in (
        Category("new_supply.residential", _("Home"), _("A house or flat, 220 or 380 volts")),
        Category(
            "new_supply.lv_other",
            _("Shop, small business"),
            _("Low voltage, in the name of a business or body"),
        ),
        Category("new_supply.hv_single", _("Factory, large user"), _("High voltage, one source")),
    )
}


def shown_categories() -> list[Category]:
    """The kinds that have a list of papers, smallest customers first."""
    listed = set(categories())
    return [category for code, category in KNOWN.items() if code in listed]
