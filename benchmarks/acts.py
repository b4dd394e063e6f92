"""Acts through the door: how many first contacts are registered, and how many whole low-voltage cases walked, in one second.

One process, one connection, no think time; the database does not wait for the disk. Printed: count, seconds, rate.
"""

from __future__ import annotations

import os
import random
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from applications.demo.people import customer  # noqa: E402
from applications.demo.walk import Plan, Walk, opening_time  # noqa: E402
from applications.services.seeds import load as load_application_seeds  # noqa: E402
from staff.demo import build_cast  # noqa: E402
from workflow.models import Event  # noqa: E402
from workflow.relay import relay  # noqa: E402
from workflow.services.contacts import FirstContact, register_contact  # noqa: E402
from workflow.services.seeds import load as load_rules  # noqa: E402

CONTACTS, CASES = 300, 25


def timed(name: str, count: int, started: float) -> None:
    """One line of the table."""
    seconds = time.perf_counter() - started
    print(f"| {name} | {count} | {seconds:.2f} s | {count / seconds:,.0f}/s |")


def main() -> None:
    """Measure contacts, whole cases and the relay."""
    load_rules()
    cast = build_cast()
    load_rules()
    load_application_seeds()
    east = cast.offices["37010201"]
    print("| what | count | time | rate |\n|---|---|---|---|")
    started = time.perf_counter()
    for n in range(CONTACTS):
        register_contact(
            FirstContact(
                channel="hall",
                phone=f"1990100{n:04d}",
                need="装表",
                place="海棠路 1 号",
                office_code=east.code,
            ),
            by=cast["wangmin"],
        )
    timed("first contacts registered", CONTACTS, started)
    before, rng, started = Event.objects.count(), random.Random(7), time.perf_counter()
    for n in range(CASES):
        Walk(Plan(customer(rng, "lv_other", 9000 + n), east, "hall", opening_time(60, rng), seed=n)).run()
    timed("low-voltage cases walked", CASES, started)
    timed("events written by them", Event.objects.count() - before, started)
    started, moved = time.perf_counter(), 0
    while done := relay():
        moved += done
    timed("deliveries relayed", moved, started)


if __name__ == "__main__":
    main()
