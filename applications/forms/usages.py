"""What the power is for: asked where it is not clear from the category."""

from __future__ import annotations

from applications.categories import Category

USUAL = {
    "residential": "residential",
    "lv_other": "commercial",
    "pv_natural": "residential",
    "charging_private": "residential",
}
ASKED = frozenset({"new_supply", "temporary"})
"""Business types that begin a use. A supply that is there keeps its own."""


def usual_usage(category: Category) -> str:
    """What it usually is: at high voltage industry, of plants and stations business."""
    if category.supply_class.startswith("hv"):
        return "industrial"
    return USUAL.get(category.supply_class, "commercial")


def asks_usage(category: Category) -> bool:
    """Whether it has to be asked."""
    return category.business_type in ASKED and not category.supply_class.startswith(("pv", "charging"))
