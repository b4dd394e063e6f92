"""What a category adds to an application: kept in its typed row, refused where it cannot be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from applications.categories import BY_CODE, Category
from applications.models import (
    Application,
    BusinessType,
    ChangeParticulars,
    ChargingParticulars,
    PvParticulars,
    TemporaryParticulars,
    TemporaryTerm,
)
from applications.selectors.facts import months_after
from applications.selectors.terms import figure
from staff.formats import long_day
from workflow.transitions import Refused

ROWS: dict[str, type[Any]] = {
    "pv": PvParticulars,
    "charging": ChargingParticulars,
    "temporary": TemporaryParticulars,
    "change": ChangeParticulars,
}
ROW_OF_SECTION = {
    "pv": "pv", "charging": "charging", "temporary": "temporary", "account": "change", "former": "change", "move": "change",
    "voltage": "change",
}  # fmt: skip
KEEPS_CAPACITY = frozenset({BusinessType.RENAME, BusinessType.TRANSFER, BusinessType.METER_MOVE})


@dataclass(frozen=True, slots=True)
class FormerHolder:
    """The other party of a rename or transfer. All of it is personal data."""

    name: str
    id_number: str
    id_kind: str = "ric"
    kind: str = "person"
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Details:
    """What a category's own questions were answered with, by typed row; and the former holder, if there is one."""

    pv: Mapping[str, Any] = field(default_factory=dict)
    charging: Mapping[str, Any] = field(default_factory=dict)
    temporary: Mapping[str, Any] = field(default_factory=dict)
    change: Mapping[str, Any] = field(default_factory=dict)
    former: FormerHolder | None = None
    voltage: str = ""

    def rows(self) -> dict[str, Mapping[str, Any]]:
        """The rows there is something for."""
        return {name: getattr(self, name) for name in ROWS if getattr(self, name)}


def keep_details(application: Application, details: Details) -> None:
    """Write the typed rows; those written before the application was sent are replaced."""
    for name, values in details.rows().items():
        ROWS[name].objects.update_or_create(application=application, defaults=dict(values))


def why_not_so(category: str, capacity: Decimal | None, details: Details) -> str | None:
    """Why these answers cannot make an application of that category; None if they can."""
    known = BY_CODE.get(category)
    if known is None:
        return _("There is no such kind of application; choose one of the list.")
    given = details.rows()
    if any(ROW_OF_SECTION[section] not in given for section in known.sections):
        return _("Answer the questions that belong to this kind of application first.")
    if "former" in known.sections and details.former is None:
        return _("Name the former holder and their number: both parties have to be identified.")
    return (
        _why_not_change(known, capacity, details)
        or _why_not_temporary(details)
        or _why_not_charging(capacity, details)
    )


def _why_not_change(category: Category, capacity: Decimal | None, details: Details) -> str | None:
    if not details.change:
        return None
    before = details.change.get("previous_capacity")
    if category.business_type in KEEPS_CAPACITY and capacity is not None and capacity != before:
        return _(
            "Name, holder or place of the meter change here, the capacity does not. Apply for another capacity separately."
        )
    if before is None or capacity is None:
        return None
    if category.business_type == BusinessType.CAPACITY_INCREASE and capacity <= before:
        return _("An increase has to come to more than today's %(today)s.") % {"today": figure(before)}
    if category.business_type == BusinessType.CAPACITY_DECREASE and capacity >= before:
        return _("A decrease has to come to less than today's %(today)s.") % {"today": figure(before)}
    return None


def _why_not_temporary(details: Details) -> str | None:
    if not details.temporary:
        return None
    return why_not_until(details.temporary["from_date"], details.temporary["until_date"], "term")


def _why_not_charging(capacity: Decimal | None, details: Details) -> str | None:
    pile = details.charging.get("pile_kw")
    if pile is None or capacity is None or capacity >= pile:
        return None
    return _("A single pile has %(pile)s kW already; the capacity can't be less.") % {"pile": figure(pile)}


def why_not_until(start: dt.date, until: dt.date, code: str) -> str | None:
    """Why a temporary supply, or its renewal, may not run from one day until another: the table of terms says how long."""
    if until <= start:
        return _("It has to end after it begins.")
    term = term_of(code)
    last = months_after(start, term.months) if term else None
    if last is not None and until > last:
        return _("A temporary supply may run until %(day)s at most (%(name)s). If it is needed longer, renew it before it ends.") % {
            "day": long_day(last), "name": term.name if term else "",
        }  # fmt: skip
    return None


def term_of(code: str) -> TemporaryTerm | None:
    """How long, by the table; nothing where it does not say."""
    return TemporaryTerm.objects.filter(code=code, in_force=True).order_by("-region").first()


def refuse_unless_so(category: str, capacity: Decimal | None, details: Details) -> None:
    """Raises Refused with the sentence."""
    if sentence := why_not_so(category, capacity, details):
        raise Refused(sentence)
