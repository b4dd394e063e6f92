"""What a year of power would cost, as an estimate: parameters of a small table, never a tariff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from applications.models import PriceParameter, SchemeOption
from applications.selectors.terms import figure

CENT = Decimal("0.01")
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Estimate:
    """The cost of a year, and what it was reckoned with."""

    yearly_cost: Decimal
    parameter: PriceParameter


def estimate(voltage: str, pricing: str, capacity: Decimal, yearly_kwh: Decimal) -> Estimate | None:
    """Energy at its price, and where the tariff has two parts the capacity at its own; None where the table has no parameters."""
    row = PriceParameter.objects.filter(voltage=voltage, pricing=pricing, in_force=True).first()
    if row is None:
        return None
    cost = yearly_kwh * row.energy_price + capacity * row.capacity_price * MONTHS
    return Estimate(cost.quantize(CENT, ROUND_HALF_UP), row)


@dataclass(frozen=True, slots=True)
class Column:
    """One option as it is read beside the other."""

    option: SchemeOption
    energy_price: str
    capacity_price: str
    cheapest: bool


def side_by_side(options: Sequence[SchemeOption]) -> list[Column]:
    """The options of a version in columns, the one that costs less marked."""
    least = min((option.yearly_cost for option in options), default=None)
    most = max((option.yearly_cost for option in options), default=None)
    return [
        Column(
            option,
            figure(option.energy_price),
            figure(option.capacity_price) if option.capacity_price else "",
            cheapest=option.yearly_cost == least != most,
        )
        for option in options
    ]
