"""ContactSubject: a case that has no application yet, as the door sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workflow.models import Case


def category_matching(category: str) -> dict[str, Any]:
    """Matching values of a category code such as `new_supply.lv_other`; empty while it is not known."""
    business_type, _dot, supply_class = category.partition(".")
    return {"business_type": business_type, "supply_class": supply_class} if supply_class else {}


class ContactSubject:
    """Subject of acts on contacts. Its state is the case's stage: nothing else holds it."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.state: str = case.stage

    def reload(self) -> None:
        """Read the case again under its lock."""
        self.case = Case.objects.select_related("office").get(pk=self.case.pk)
        self.state = self.case.stage

    def matching(self) -> dict[str, Any]:
        """As far as the latest contact says."""
        category = self.case.contacts.order_by("-number").values_list("category", flat=True).first()
        return category_matching(category or "")

    def facts(self) -> Mapping[str, Any]:
        """Nothing beyond the case."""
        return {}

    def take_step(self, step: str, target: str) -> None:
        """Follow the event; the trigger writes the stage."""
        self.state = target

    def keep(self, changed: Sequence[str]) -> None:
        """Save the case's own fields named."""
        values = {name: vars(self).get(name, getattr(self.case, name)) for name in changed}
        if values:
            Case.objects.filter(pk=self.case.pk).update(**values)
