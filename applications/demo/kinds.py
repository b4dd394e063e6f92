"""The lived-in bureau's cases of every other category: PV, charging points, temporary supply, changes, more than one source."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils import timezone

from applications.demo.people import Customer, credit_code, customer, resident_id
from applications.demo.walk import Plan, opening_time
from applications.services.particulars import Details, FormerHolder
from staff.demo import Cast

SEED = 4_2026
FIRST_NUMBER = 3000
"""Phones of these customers begin here: no other demo case has them."""

LIKE = {
    "hv": "hv_single",
    "pv_other": "lv_other",
    "charging_station": "hv_single",
    "charging_estate": "lv_other",
}
"""Whose names and places a class takes; a home's where it is not named."""


@dataclass(frozen=True)
class Sort:
    """One sort of case: its category, what is wanted, how much, what it adds, and how often it is told."""

    category: str
    need: str
    capacity: int | None
    details: Callable[[random.Random, int | None], Details]
    days_ago: tuple[float, ...]


def _nothing(_rng: random.Random, _capacity: int | None) -> Details:
    return Details()


def _pv(filer: str, export: str, voltage: str = "0.4") -> Callable[[random.Random, int | None], Details]:
    return lambda _rng, _kwp: Details(
        pv={"export": export, "roof": "own", "filer": filer, "filing_no": ""}, voltage=voltage
    )


def _piles(piles: int, kw: int, **more: Any) -> Callable[[random.Random, int | None], Details]:
    voltage = more.pop("voltage", "0.4")
    row = {
        "piles": piles, "pile_kw": Decimal(kw), "current": "ac" if kw <= 22 else "dc",
        "space": more.get("space", "site"), "space_no": more.get("space_no", ""),
        "protection": "", "estate_consent": more.get("consent", "none"),
    }  # fmt: skip
    return lambda _rng, _capacity: Details(charging=row, voltage=voltage)


def _until(months: int) -> Callable[[random.Random, int | None], Details]:
    """Four or five months from the day they come."""
    today = dt.date(2000, 1, 1)
    row = {"purpose": "site", "from_date": today, "until_date": today + dt.timedelta(days=30 * months)}
    return lambda _rng, _capacity: Details(temporary=row)


def _moved(details: Details, days_ago: float) -> Details:
    """The period of a temporary supply, begun on the day they come."""
    if not details.temporary:
        return details
    length = details.temporary["until_date"] - details.temporary["from_date"]
    start = timezone.localdate() - dt.timedelta(days=int(days_ago))
    return replace(details, temporary={**details.temporary, "from_date": start, "until_date": start + length})


def _account(before: int | None = None, **more: Any) -> Callable[[random.Random, int | None], Details]:
    """A supply that is there: its account; the capacity it has, which a change of name or place leaves as it is."""

    def told(rng: random.Random, capacity: int | None) -> Details:
        row = {
            "account_no": f"3702{rng.randint(10**8, 10**9 - 1)}",
            "previous_capacity": Decimal(before or capacity or 8),
            **more,
        }
        return Details(change=row, voltage="10" if "previous_voltage" in more else "")

    return told


def _from_another(reason: str) -> Callable[[random.Random, int | None], Details]:
    def told(rng: random.Random, capacity: int | None) -> Details:
        former = customer(rng, "residential", FIRST_NUMBER + 900 + rng.randint(0, 90))
        return replace(
            _account(reason=reason)(rng, capacity),
            former=FormerHolder(name=former.name, id_number=former.id_number, phone=former.phone),
        )

    return told


SORTS: tuple[Sort, ...] = (
    Sort("new_supply.hv_dual", "双电源新装", 1600, _nothing, (60, 18)),
    Sort("new_supply.hv_multi", "多电源新装", 5000, _nothing, (70,)),
    Sort("new_supply.pv_natural", "屋顶光伏并网", 12, _pv("grid", "surplus"), (50, 14, 4)),
    Sort("new_supply.pv_other", "厂房光伏并网", 400, _pv("owner", "surplus", "10"), (55, 12)),
    Sort(
        "new_supply.charging_private",
        "车位装充电桩",
        7,
        _piles(1, 7, space="own", space_no="B2-118", consent="given"),
        (12, 3, 1),
    ),
    Sort("new_supply.charging_station", "公共充电站新装", 630, _piles(8, 60, voltage="10"), (45, 9)),
    Sort("new_supply.charging_estate", "小区充电桩新装", 140, _piles(20, 7, consent="given"), (20,)),
    Sort("temporary.lv_other", "工地临时用电", 60, _until(4), (40, 5)),
    Sort("temporary.hv_single", "大型工地临时用电", 400, _until(5), (48,)),
    Sort("capacity_increase.residential", "家里增容", 16, _account(8), (8, 2)),
    Sort("capacity_increase.lv_other", "店铺增容", 80, _account(40), (15,)),
    Sort("capacity_increase.hv_single", "工厂增容", 1250, _account(800), (38,)),
    Sort("capacity_decrease.lv_other", "店铺减容", 30, _account(80), (13,)),
    Sort("capacity_decrease.hv_single", "工厂减容", 400, _account(800), (30,)),
    Sort("rename.lv_other", "更名", 40, _from_another("renamed"), (6,)),
    Sort("transfer.residential", "二手房过户", 8, _from_another("bought"), (7, 2)),
    Sort("meter_move.residential", "移表", 8, _account(wish="移到楼道一层表箱"), (9,)),
    Sort("voltage_change.hv_single", "改为高压供电", 400, _account(90, previous_voltage="0.4"), (33,)),
)


def kinds(cast: Cast) -> Iterator[Plan]:
    """A few cases of each sort, walked as far as today finds them."""
    rng = random.Random(SEED)
    stations = ["37010201", "37010202", "37010203", "37010206"]
    number = FIRST_NUMBER
    for sort in SORTS:
        for days_ago in sort.days_ago:
            number += 1
            yield Plan(
                _who(rng, sort, number, days_ago), cast.offices[stations[number % len(stations)]], rng.choice(["hall", "app", "phone95598"]),
                opening_time(days_ago, rng), pace=rng.uniform(0.4, 0.8), seed=number,
            )  # fmt: skip


def _who(rng: random.Random, sort: Sort, number: int, days_ago: float) -> Customer:
    business_type, _dot, supply_class = sort.category.partition(".")
    like = LIKE.get(supply_class) or LIKE.get(supply_class.partition("_")[0]) or supply_class
    found = customer(rng, like if like in ("residential", "lv_other", "hv_single") else "residential", number)
    person = found.kind == "person"
    return replace(
        found, supply_class=supply_class, business_type=business_type, need=sort.need, capacity=sort.capacity or 0,
        id_number=resident_id(rng) if person else credit_code(rng), details=_moved(sort.details(rng, sort.capacity), days_ago),
    )  # fmt: skip
