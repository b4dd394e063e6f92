"""The kinds of application there are: business type × class of supply, in customers' words, and what each asks for beyond the usual.

A rough kind (a tile, what somebody says at the door) has a code without a dot; it holds one or more categories.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from applications.models import BusinessType, SupplyClass

PERSON, ORGANISATION, EITHER = "person", "organisation", "either"


@dataclass(frozen=True, slots=True)
class Category:
    """One category. `applicant`: who may apply; `sections`: forms it adds (applications.forms.sections); `sized`: a capacity is asked for."""

    code: str
    rough: str
    name: str | Promise
    hint: str | Promise
    applicant: str = EITHER
    sections: tuple[str, ...] = ()
    sized: bool = True

    @property
    def business_type(self) -> str:
        """First part of the code."""
        return self.code.partition(".")[0]

    @property
    def supply_class(self) -> str:
        """Second part of the code."""
        return self.code.partition(".")[2]

    @property
    def unit(self) -> str:
        """What the capacity is given in, as far as the class tells."""
        if self.supply_class.startswith("pv"):
            return "kWp"
        return "kVA" if self.supply_class.startswith("hv") else "kW"


@dataclass(frozen=True, slots=True)
class Rough:
    """A tile: what customers call it."""

    code: str
    name: str | Promise
    note: str | Promise = ""


ROUGH: tuple[Rough, ...] = (
    Rough("home", _("Home")),
    Rough("shop", _("Shop, small business")),
    Rough("factory", _("Factory, large customer"), _("high voltage")),
    Rough("rooftop_pv", _("Rooftop solar"), _("people, firms")),
    Rough("charging", _("Charging point"), _("own car, station")),
    Rough("temporary", _("Temporary supply"), _("sites, fields, fairs")),
    Rough("alteration", _("More capacity, changes"), _("with a customer number")),
)

ACCOUNT = ("account",)
CATEGORIES: tuple[Category, ...] = (
    Category("new_supply.residential", "home", _("Home"), _("A house or flat, 220 or 380 volts"), PERSON),
    Category("new_supply.lv_other", "shop", _("Shop or small business"), _("Low voltage, in the name of a business or body")),
    Category("new_supply.hv_single", "factory", _("Factory, large customer (high voltage)"), _("High voltage, one source"), ORGANISATION),
    Category("new_supply.hv_dual", "factory", _("High voltage, dual source"), _("A second source for important loads"), ORGANISATION),
    Category("new_supply.hv_multi", "factory", _("High voltage, several sources"), _("More than two sources"), ORGANISATION),
    Category("new_supply.pv_natural", "rooftop_pv", _("Solar plant of a household"),
             _("On your own roof, in your own name"), PERSON, ("pv",)),
    Category("new_supply.pv_other", "rooftop_pv", _("Solar plant of a firm"), _("In the name of a firm or body"), ORGANISATION, ("pv",)),
    Category("new_supply.charging_private", "charging", _("Charging point for one's own car"),
             _("In your own or leased parking space"), PERSON, ("charging",)),
    Category("new_supply.charging_station", "charging", _("Public charging station"),
             _("Run by a firm, open to everybody"), ORGANISATION, ("charging",)),
    Category("new_supply.charging_estate", "charging", _("Charging points of an estate"),
             _("Built for the estate by its manager or an operator"), ORGANISATION, ("charging",)),
    Category("temporary.lv_other", "temporary", _("Temporary supply, low voltage"),
             _("Small sites, fields, fairs"), EITHER, ("temporary",)),
    Category("temporary.hv_single", "temporary", _("Temporary supply, high voltage"),
             _("Large building sites"), ORGANISATION, ("temporary",)),
    Category("capacity_increase.residential", "alteration", _("More capacity: home"), _("A larger meter at home"), PERSON, ACCOUNT),
    Category("capacity_increase.lv_other", "alteration", _("More capacity: shop or small business"), _("Low voltage"), EITHER, ACCOUNT),
    Category("capacity_increase.hv_single", "alteration", _("More capacity: high voltage"), _("One source"), ORGANISATION, ACCOUNT),
    Category("capacity_increase.hv_dual", "alteration", _("More capacity: high voltage, dual source"),
             _("Two sources"), ORGANISATION, ACCOUNT),
    Category("capacity_decrease.lv_other", "alteration", _("Less capacity: low voltage"),
             _("The meter is changed or set"), EITHER, ACCOUNT),
    Category("capacity_decrease.hv_single", "alteration", _("Less capacity: high voltage"),
             _("A transformer is taken out of service"), ORGANISATION, ACCOUNT),
    Category("rename.residential", "alteration", _("Another name: home"),
             _("Same holder, other name"), PERSON, ("account", "former"), sized=False),
    Category("rename.lv_other", "alteration", _("Another name: low voltage"),
             _("Same holder, other name"), EITHER, ("account", "former"), sized=False),
    Category("rename.hv_single", "alteration", _("Another name: high voltage"),
             _("Same holder, other name"), ORGANISATION, ("account", "former"), sized=False),
    Category("transfer.residential", "alteration", _("Another holder: home"),
             _("The premises were bought, inherited, given"), PERSON, ("account", "former"), sized=False),
    Category("transfer.lv_other", "alteration", _("Another holder: low voltage"),
             _("The premises changed hands"), EITHER, ("account", "former"), sized=False),
    Category("transfer.hv_single", "alteration", _("Another holder: high voltage"),
             _("The premises changed hands"), ORGANISATION, ("account", "former"), sized=False),
    Category("meter_move.residential", "alteration", _("Moving the meter: home"),
             _("To another place of the same premises"), PERSON, ("account", "move"), sized=False),
    Category("meter_move.lv_other", "alteration", _("Moving the meter: low voltage"),
             _("To another place of the same premises"), EITHER, ("account", "move"), sized=False),
    Category("meter_move.hv_single", "alteration", _("Moving the meter: high voltage"),
             _("To another place of the same premises"), ORGANISATION, ("account", "move"), sized=False),
    Category("voltage_change.lv_other", "alteration", _("Voltage: change to low voltage"),
             _("Supplied at high voltage today"), EITHER, ("account", "voltage")),
    Category("voltage_change.hv_single", "alteration", _("Voltage: change to high voltage"),
             _("Another voltage than today"), ORGANISATION, ("account", "voltage")),
)  # fmt: skip

BY_CODE: dict[str, Category] = {category.code: category for category in CATEGORIES}
ROUGH_BY_CODE: dict[str, Rough] = {rough.code: rough for rough in ROUGH}


def category_of(code: str) -> Category | None:
    """The category of that code, if there is one."""
    return BY_CODE.get(code)


def of_rough(rough: str) -> tuple[Category, ...]:
    """The categories under a tile."""
    return tuple(category for category in CATEGORIES if category.rough == rough)


def called(code: str) -> str:
    """What a category, or a rough kind, is called."""
    if category := BY_CODE.get(code):
        return str(category.name)
    rough = ROUGH_BY_CODE.get(code)
    return str(rough.name) if rough else _now("Not sure yet")


def grouped(
    categories: Iterable[Category] = CATEGORIES,
) -> list[tuple[str | Promise, list[tuple[str, str | Promise]]]]:
    """Categories as choices under their rough kinds."""
    chosen = list(categories)
    groups = [(rough.name, [(c.code, c.name) for c in chosen if c.rough == rough.code]) for rough in ROUGH]
    return [(name, rows) for name, rows in groups if rows]


def application_category(business_type: str, supply_class: str) -> Category | None:
    """The category of a business type and class; the pairs that nobody can apply for have none."""
    return BY_CODE.get(f"{BusinessType(business_type)}.{SupplyClass(supply_class)}")
