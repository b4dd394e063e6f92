"""What a category adds to a case, in lines of label and value: for the desk's page and the customer's."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from applications.models import Application, BusinessType
from applications.selectors.terms import figure
from staff.formats import long_day

Line = tuple[str, str]

SHOWN: dict[str, tuple[str, ...]] = {
    "pv": ("export", "roof", "filer", "filing_no"),
    "charging": ("piles", "pile_kw", "current", "space", "space_no", "estate_consent", "protection"),
    "temporary": ("purpose", "from_date", "until_date"),
    "change": ("account_no", "previous_capacity", "previous_voltage", "reason", "wish"),
}
PLANTS = frozenset({"pv", "charging"})


def row_name(application: Application) -> str:
    """Which typed row the category has; empty for a plain new supply."""
    family = application.supply_class.partition("_")[0]
    if application.business_type == BusinessType.TEMPORARY:
        return "temporary"
    if application.business_type != BusinessType.NEW_SUPPLY:
        return "change"
    return family if family in PLANTS else ""


def particular_lines(application: Application) -> list[Line]:
    """The answers to the category's own questions; what was left empty is left out."""
    name = row_name(application)
    row = getattr(application, name, None) if name else None
    if row is None:
        return []
    lines = [
        (str(row._meta.get_field(field).verbose_name), _word(application, row, field))
        for field in SHOWN[name]
    ]
    return [(label, value) for label, value in lines if value]


def _word(application: Application, row: Model, field: str) -> str:
    value: Any = getattr(row, field)
    if value in (None, ""):
        return ""
    if field == "previous_capacity":
        return f"{figure(value)} {application.capacity_unit}"
    if field == "previous_voltage":
        return f"{value} kV"
    if field == "pile_kw":
        return f"{figure(value)} kW"
    if field.endswith("_date"):
        return long_day(value)
    shown = getattr(row, f"get_{field}_display", None)
    return str(shown() if shown else value)


def three_zero_lines(application: Application) -> list[Line]:
    """三零 as it was decided at acceptance: the answer, the rule, and the reason where it departs from the rule."""
    accepted = application.acceptances.select_related("three_zero_rule").order_by("-recorded_at").first()
    if accepted is None or (accepted.three_zero_rule is None and not accepted.three_zero):
        return []
    rule = accepted.three_zero_rule
    lines = [(_("Three-zero service"), _("Yes") if accepted.three_zero else _("No"))]
    if rule:
        said = _("%(rule)s (%(source)s, %(grade)s)") % {
            "rule": rule.name,
            "source": rule.source,
            "grade": rule.get_grade_display(),
        }
        lines.append((_("Rule in force"), said))
    if accepted.three_zero != accepted.three_zero_by_rule and application.three_zero_basis:
        lines.append((_("Why it departs from the rule"), application.three_zero_basis))
    return lines
