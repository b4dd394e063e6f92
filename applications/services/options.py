"""Two ways of using power compared: what was drafted, and another voltage, capacity or tariff; each with what a year would cost."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from applications.models import Scheme, SchemeOption
from applications.selectors.prices import estimate
from workflow.transitions import Refused


def compared_options(scheme: Scheme, compared: Mapping[str, Any]) -> list[SchemeOption]:
    """The options of an unsaved version: none, or two. The yearly cost of the version is its own option's estimate unless it was typed."""
    kwh = compared.get("yearly_kwh")
    if kwh is None or not scheme.pricing:
        return []
    own = _option(scheme, 1, scheme.voltage, scheme.pricing, scheme.capacity, kwh)
    if scheme.yearly_cost is None:
        scheme.yearly_cost = own.yearly_cost
    if not compared.get("other_pricing"):
        return []
    voltage = compared.get("other_voltage") or scheme.voltage
    capacity = compared.get("other_capacity") or scheme.capacity
    return [own, _option(scheme, 2, voltage, compared["other_pricing"], capacity, kwh)]


def _option(
    scheme: Scheme, number: int, voltage: str, pricing: str, capacity: Decimal, kwh: Decimal
) -> SchemeOption:
    found = estimate(voltage, pricing, capacity, kwh)
    if found is None:
        raise Refused(no_parameters(voltage))
    row = found.parameter
    return SchemeOption(
        scheme=scheme, number=number, voltage=voltage, capacity=capacity, pricing=pricing, yearly_kwh=kwh, yearly_cost=found.yearly_cost,
        energy_price=row.energy_price, capacity_price=row.capacity_price, source=row.source, grade=row.grade,
    )  # fmt: skip


def no_parameters(voltage: str) -> str:
    """The sentence where nothing can be reckoned."""
    return _(
        "There are no parameters to reckon the yearly cost at %(voltage)s kV with this tariff; choose another, or leave the comparison out."
    ) % {"voltage": voltage}
