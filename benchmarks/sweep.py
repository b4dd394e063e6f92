"""The sweep: how many rungs are fired in one second, and what it costs that many other clocks are open.

A million open clocks of which ten thousand are due, then a hundred thousand of which ten thousand are due: the second line's rate
says what the first would be if the cost followed the due ones alone. Every rung with its sealed event and its outbox row. The clocks
are written by COPY-like SQL, not walked: what is measured is the sweep. `SWEEP_OPEN` takes another number than a million.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

import psycopg2  # noqa: E402
from django.db import connection  # noqa: E402

from staff.demo import build_cast  # noqa: E402
from workflow.models import Deadline, DeadlineRung, Event, Limit, Outbox  # noqa: E402
from workflow.services.clocks import sweep  # noqa: E402
from workflow.services.seeds import load as load_rules  # noqa: E402

DUE = 10_000
MANY = int(os.environ.get("SWEEP_OPEN", "1000000"))
FEW = max(MANY // 10, DUE)

_CASES = """
INSERT INTO workflow_case (id, contact_no, office_id, stage, event_number, opened_at)
SELECT gen_random_uuid(), 'B' || n, %s, '', 0, now() FROM generate_series(1, %s) n
"""

_EVENTS = """
INSERT INTO workflow_event (stream, kind, state_from, state_to, payload_digest)
SELECT 'case:' || id, 'contact.registered', NULL, 'CONTACT', repeat('0', 64) FROM workflow_case WHERE contact_no LIKE 'B%%'
"""

_CLOCKS = """
INSERT INTO workflow_deadline
    (id, case_id, limit_id, node_code, round, starts, started_at, stop_reason, due_at, extra_days, provisional, calendar_version,
     next_rung, next_rung_at)
SELECT gen_random_uuid(), c.id, %(limit)s, 'bench' || r, %(round)s, '{}', now() - interval '30 days', '',
       CASE WHEN %(due)s THEN now() - interval '1 minute' ELSE now() + interval '300 days' END, 0, false, 1,
       CASE WHEN %(due)s THEN 'missed' ELSE 'due_soon' END,
       CASE WHEN %(due)s THEN now() - interval '1 minute' ELSE now() + interval '299 days' END
FROM (SELECT id FROM workflow_case WHERE contact_no LIKE 'B%%' ORDER BY id LIMIT %(cases)s) c, generate_series(1, %(each)s) r
"""


BOARDS = (
    ("workflow_event", "board_event_noted"),
    ("workflow_case", "board_case_changed"),
    ("workflow_deadline", "board_clock_added"),
)


@contextmanager
def without_boards() -> Iterator[Any]:
    """As the tables' owner, the boards' triggers switched off while the bureau is made: they would redraw every case each time."""
    with (
        closing(psycopg2.connect(os.environ["MIGRATE_DATABASE_URL"])) as owner,
        owner,
        owner.cursor() as cursor,
    ):
        for table, trigger in BOARDS:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
        yield cursor
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table, trigger in BOARDS:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")


def fill(office: int, cases: int) -> None:
    """So many cases, each begun by its first event."""
    with without_boards() as cursor:
        cursor.execute("SELECT set_config('tongdian.actor', 'system:bench', true)")
        cursor.execute(_CASES, [office, cases])
        cursor.execute(_EVENTS.replace("%%", "%"))


def open_clocks(limit: int, cases: int, each: int, number: int, *, due: bool) -> None:
    """So many clocks on so many cases; due a minute ago, or in a year."""
    with without_boards() as cursor:
        cursor.execute(_CLOCKS, {"limit": limit, "cases": cases, "each": each, "round": number, "due": due})


def measure(name: str) -> float:
    """Sweep until nothing is due; one line of the table, and the rate."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE workflow_deadline")
    before = (DeadlineRung.objects.count(), Event.objects.count(), Outbox.objects.count())
    started = time.perf_counter()
    result = sweep(limit=2 * DUE)
    seconds = time.perf_counter() - started
    result.raise_if_failed()
    after = (DeadlineRung.objects.count(), Event.objects.count(), Outbox.objects.count())
    assert [now - then for now, then in zip(after, before, strict=True)] == [result.fired] * 3
    print(f"| {name} | {result.fired:,} | {seconds:.2f} s | {result.fired / seconds:,.0f}/s |")
    return seconds


def main() -> None:
    """Two sweeps of the same work among few and among many."""
    load_rules()
    cast = build_cast()
    load_rules()
    office = cast.offices["37010201"].pk
    limit = Limit.objects.filter(kind="internal", status="in_force").first()
    assert limit is not None
    fill(office, DUE)
    print("| what | rungs | time | rate |\n|---|---|---|---|")
    open_clocks(limit.pk, DUE, FEW // DUE - 1, 1, due=False)
    open_clocks(limit.pk, DUE, 1, 2, due=True)
    few = measure(f"{DUE:,} due among {FEW:,} open")
    open_clocks(limit.pk, DUE, MANY // DUE - FEW // DUE, 3, due=False)
    open_clocks(limit.pk, DUE, 1, 4, due=True)
    many = measure(f"{DUE:,} due among {Deadline.objects.filter(stopped_at=None).count():,} open")
    print(f"\nAmong ten times as many open ones: {many / few:.2f} times the time.")


if __name__ == "__main__":
    main()
