"""The lived-in bureau: which cases there are. One seed, so that every demo is the same story."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from applications.demo.people import Customer, customer
from applications.demo.walk import Plan, opening_time
from staff.demo import Cast
from staff.models import Office

STATIONS = ["37010201", "37010202", "37010203", "37010204", "37010205", "37010206", "37010207"]
CHANNELS = ["hall", "hall", "hall", "phone95598", "app", "mini_program", "web", "visit"]
SEED = 2026


def told(cast: Cast) -> Iterator[Plan]:
    """The cases a tour shows, first of all: one of each kind, and what an auditor is to find."""
    rng = random.Random(SEED)
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
    yield plan(4, zone, "hv_single", 80, "important", "defects", pace=0.9)
    yield plan(5, south, "lv_other", 20, "late_acceptance")
    yield plan(6, south, "lv_other", 16, "early_claim")
    yield plan(7, east, "lv_other", 12, "earlier_echo")
    yield plan(8, south, "residential", 14, "stuck")
    yield plan(9, east, "residential", 1, "only_contact", channel="visit")
    yield plan(10, south, "lv_other", 6, "only_contact", channel="phone95598")
    yield plan(11, zone, "hv_single", 45, "defects")
    yield plan(12, east, "lv_other", 30, "works", "stuck")


def everyday(cast: Cast, count: int, first: int = 100) -> Iterator[Plan]:
    """Ordinary cases over the last three months; the busy stations have more, the slow ones are slower."""
    rng = random.Random(SEED + first)
    for n in range(first, first + count):
        supply_class = rng.choices(["residential", "lv_other", "hv_single"], [6, 4, 2])[0]
        station = rng.choices(STATIONS, [5, 4, 4, 3, 2, 2, 2])[0]
        traits = {
            t
            for t, share in (("important", 0.1), ("defects", 0.2), ("works", 0.15), ("stuck", 0.05))
            if rng.random() < share
        }
        if station == "37010204" and rng.random() < 0.4:
            traits.add("late_acceptance")
        yield Plan(
            customer(rng, supply_class, n), cast.offices[station], rng.choice(CHANNELS), opening_time(rng.random() * 75 + 0.3, rng),
            pace=0.7 + rng.random() * (1.6 if station in ("37010204", "37010205") else 0.7), traits=frozenset(traits), seed=n,
        )  # fmt: skip
