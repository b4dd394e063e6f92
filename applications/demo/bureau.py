"""The lived-in bureau: which cases there are. One seed, so that every demo is the same story."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.utils import timezone

from applications.demo.people import Customer, customer
from applications.demo.plays import LIFTED
from applications.demo.walk import Plan, opening_time
from applications.models import FeeKind
from staff.demo import Cast
from staff.models import Office
from workflow.events import name_actor

STATIONS = ["37010201", "37010202", "37010203", "37010204", "37010205", "37010206", "37010207"]
CHANNELS = ["hall", "hall", "hall", "phone95598", "app", "mini_program", "web", "visit"]
CLASSES = ["residential", "lv_other", "hv_single"]
SEED = 2026


def told(cast: Cast) -> Iterator[Plan]:
    """The cases a tour shows, first of all: one of each kind, and what an auditor is to find."""
    rng = random.Random(SEED)
    a_charge_of_then()
    east, south = cast.offices["37010201"], cast.offices["37010204"]
    zone = cast.offices["37010203"]

    def plan(
        n: int,
        office: Office,
        supply_class: str,
        days_ago: float,
        *traits: str,
        channel: str = "hall",
        **more: Any,
    ) -> Plan:
        who: Customer = customer(rng, supply_class, n)
        return Plan(
            who, office, channel, opening_time(days_ago, rng), traits=frozenset(traits), seed=n, **more
        )

    yield plan(1, east, "lv_other", 9, channel="phone95598")
    yield plan(2, zone, "hv_single", 24, pace=0.7)
    yield plan(3, east, "residential", 3)
    yield plan(4, zone, "hv_single", 80, "important", "defects", "charged", pace=0.9)
    yield plan(5, south, "lv_other", 20, "late_acceptance")
    yield plan(6, south, "lv_other", 16, "early_claim")
    yield plan(7, east, "lv_other", 12, "earlier_echo")
    yield plan(8, south, "residential", 7, "stuck")
    yield plan(9, east, "residential", 1, "only_contact", channel="visit")
    yield plan(10, south, "lv_other", 6, "only_contact", channel="phone95598")
    yield plan(11, zone, "hv_single", 45, "defects")
    yield plan(12, east, "lv_other", 15, "works")


def a_charge_of_then() -> None:
    """A charge of the demo's own invention that has left the list: what was paid by it is given back. No real one is known to stand."""
    today = timezone.localdate()
    with transaction.atomic():
        name_actor("system")
        if not FeeKind.objects.filter(code=LIFTED).exists():
            FeeKind.objects.create(
                code=LIFTED, name_zh="演示收费项目（已取消）", name_en="Charge of the demo (lifted)", basis="演示数据，无此文件", unit="kVA",
                from_date=today - dt.timedelta(days=200), to_date=today - dt.timedelta(days=15), source="演示数据", grade="D",
            )  # fmt: skip


TROUBLED, SHORT = "37010204", "37010205"
"""南塘: too much for its people, and its fitter's certificate has run out. 云溪: its surveyor's has."""

RECENT_DAYS = 9
"""What lies longer than this was taken care of: a bureau in which old cases lie about would be no bureau."""


def everyday(cast: Cast, count: int, first: int = 100) -> Iterator[Plan]:
    """Ordinary cases over the last three months, most of them recent; the troubled station is slower and leaves more lying."""
    rng = random.Random(SEED + first)
    for n in range(first, first + count):
        station = rng.choices(STATIONS, [5, 4, 4, 4, 2, 2, 2])[0]
        days_ago = rng.choices([rng.uniform(0.1, 3), rng.uniform(3, 12), rng.uniform(12, 75)], [3, 3, 5])[0]
        # the small ones of a month ago are finished; what is in progress from then is mostly high voltage
        supply_class = rng.choices(CLASSES, [5, 4, 2] if days_ago < 12 else [2, 2, 4])[0]
        traits = _traits(rng, station, supply_class, days_ago)
        pace = rng.uniform(0.8, 1.5) if station == TROUBLED else rng.uniform(0.35, 0.85)
        yield Plan(
            customer(rng, supply_class, n), cast.offices[station], rng.choice(CHANNELS), opening_time(days_ago, rng),
            pace=pace, traits=frozenset(traits), seed=n,
        )  # fmt: skip


def _traits(rng: random.Random, station: str, supply_class: str, days_ago: float) -> set[str]:
    """What is peculiar to a case; what lies is recent, and nearly all of it at the troubled station."""
    troubled, recent = station == TROUBLED, days_ago < RECENT_DAYS
    shares = {
        "important": 0.1 if supply_class == "hv_single" else 0,
        "defects": 0.2,
        "works": 0.08,
        "stuck": (0.55 if troubled else 0.05) * recent,
        "unlent": {TROUBLED: 0.7, SHORT: 0.3}.get(station, 0) * recent,
        "late_acceptance": (0.1 if recent else 0.4) * troubled,
    }
    return {trait for trait, share in shares.items() if rng.random() < share}
