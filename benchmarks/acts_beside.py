"""Acts beside plain psycopg2: what the door costs, at one client and at four.

Each first contact is registered once and rolled back while its statements are noted; those are then sent by psycopg2 with nothing around
them, committed one contact at a time: only the writes, then reads and writes. The same number of contacts goes through the door. All
three fire the same triggers (seal, chain, outbox), so the ratio is what our own code adds. `ACTS_EACH` takes another number a client.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable, Sequence
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

import psycopg2  # noqa: E402
from django.conf import settings  # noqa: E402
from django.db import connection, connections, transaction  # noqa: E402

from applications.services.seeds import load as load_application_seeds  # noqa: E402
from staff.demo import build_cast  # noqa: E402
from staff.models import User  # noqa: E402
from workflow.services.contacts import FirstContact, register_contact  # noqa: E402
from workflow.services.seeds import load as load_rules  # noqa: E402

EACH = int(os.environ.get("ACTS_EACH", "200"))
WRITES = ("INSERT", "UPDATE", "DELETE", "WITH E AS", "WITH GIVEN")
NOT_OURS = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")

Statement = tuple[str, Any]


def contact(number: int, by: User) -> None:
    """One first contact, like no other."""
    register_contact(
        FirstContact(
            channel="hall",
            phone=f"199{number:08d}",
            need="装表",
            place=f"海棠路 {number} 号",
            office_code="37010201",
        ),
        by=by,
    )


def noted(first: int, count: int, by: User) -> list[list[Statement]]:
    """The statements of so many contacts, each rolled back."""
    sheets: list[list[Statement]] = []

    def note(execute: Callable[..., Any], text: str, params: Any, many: bool, context: Any) -> Any:
        if not text.lstrip().upper().startswith(NOT_OURS):
            sheets[-1].append((text, params))
        return execute(text, params, many, context)

    for number in range(first, first + count):
        sheets.append([])
        with connection.execute_wrapper(note), transaction.atomic():
            contact(number, by)
            transaction.set_rollback(True)
    return sheets


def plain(sheets: Sequence[list[Statement]], writes_only: bool) -> float:
    """Send them as they are; seconds."""
    options = settings.DATABASES["default"]
    raw = psycopg2.connect(
        dbname=options["NAME"],
        user=options["USER"],
        password=options["PASSWORD"],
        host=options["HOST"],
        port=options["PORT"],
    )
    name = "SELECT set_config('tongdian.actor', 'system:bench', true)"
    started = time.perf_counter()
    for sheet in sheets:
        with raw, raw.cursor() as cursor:
            if writes_only:
                cursor.execute(name)
            for text, params in sheet:
                if not writes_only or text.lstrip().upper().startswith(WRITES):
                    cursor.execute(text, params)
    seconds = time.perf_counter() - started
    raw.close()
    return seconds


def client(kind: str, first: int, count: int, gate: Any, answers: Any) -> None:
    """One client in a process of its own: prepares, waits for the others, works, says how long it took."""
    connections.close_all()
    by = User.objects.get(username="wangmin")
    sheets = noted(first, count, by) if kind != "door" else []
    if kind == "door":
        contact(first + count, by)  # caches are filled
    gate.wait()
    started = time.perf_counter()
    if kind == "door":
        for number in range(first, first + count):
            contact(number, by)
    else:
        plain(sheets, kind == "writes")
    answers.put(time.perf_counter() - started)


def rate(kind: str, clients: int, first: int) -> float:
    """Contacts a second of so many clients."""
    context = multiprocessing.get_context("fork")
    gate, answers = context.Barrier(clients), context.Queue()
    connections.close_all()
    workers = [
        context.Process(target=client, args=(kind, first + n * 10_000, EACH, gate, answers))
        for n in range(clients)
    ]
    for worker in workers:
        worker.start()
    slowest = max(answers.get() for _worker in workers)
    for worker in workers:
        worker.join()
    return clients * EACH / slowest


def main() -> None:
    """The table, and both ratios."""
    load_rules()
    build_cast()
    load_rules()
    load_application_seeds()
    print(
        "| clients | door | plain, same writes | ratio | plain, same reads and writes | ratio |\n|---|---|---|---|---|---|"
    )
    for turn, clients in enumerate((1, 4)):
        base = turn * 1_000_000
        door = rate("door", clients, base + 100_000)
        writes = rate("writes", clients, base + 300_000)
        whole = rate("whole", clients, base + 500_000)
        print(
            f"| {clients} | {door:,.0f}/s | {writes:,.0f}/s | {door / writes:.2f} | {whole:,.0f}/s | {door / whole:.2f} |"
        )


if __name__ == "__main__":
    main()
