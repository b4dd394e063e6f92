"""What a board costs the database over CASES stored cases of which OPEN are in progress, and over a fifth of the stored with as many open.

Fills a bureau of 40 offices by SQL past the triggers (cases, running clocks of the open ones, ended clocks of the last year), then
`board_rebuild`, as after a bulk load. A database that `generate_cases` has filled is used as it is. Then each page is asked ROUNDS times
and the database's time of all its queries added up; printed: median, p95, queries. At the end the figures are compared with a plain
GROUP BY on the truth. Sizes: `BOARD_CASES=2000000 BOARD_OPEN=200000`.
"""

from __future__ import annotations

import os
import statistics
import time
from contextlib import closing

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

import psycopg2  # noqa: E402
from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from applications.models import BoardCase  # noqa: E402
from applications.services.seeds import load as load_application_seeds  # noqa: E402
from staff.demo import build_cast  # noqa: E402
from workflow.models import Case  # noqa: E402
from workflow.services.seeds import load as load_rules  # noqa: E402

CASES, OPEN = int(os.environ.get("BOARD_CASES", "2000000")), int(os.environ.get("BOARD_OPEN", "200000"))
ROUNDS = 20
PAGES = (
    "/board/",
    "/board/wall/",
    "/board/trends/",
    "/board/morning/",
    "/board/cases/?urgency=overdue",
    "/board/?category=lv_other",
)

OFFICES = """
INSERT INTO staff_office (code, name_zh, name_en, kind, is_catch_all, parent_id)
SELECT '370102' || to_char(n, 'FM00'), '第' || n || '供电所', 'Station ' || n, 'station', false, (SELECT id FROM staff_office WHERE code = '370102')
FROM generate_series(10, 42) n ON CONFLICT (code) DO NOTHING
"""
CASES_SQL = """
INSERT INTO workflow_case (id, stage, event_number, contact_no, office_id, first_contact_at, opened_at)
SELECT gen_random_uuid(), CASE WHEN n <= %(open)s THEN
           (ARRAY['CONTACT','INTAKE','SURVEY','SCHEME','CONTRACT','WORKS','INSPECTION','CONNECTION'])[1 + n %% 8] ELSE 'ARCHIVED' END,
       1, 'B' || to_char(n, 'FM000000000'), o.ids[1 + (n::bigint * 7919) %% cardinality(o.ids)], began, began
FROM generate_series(%(first)s, %(last)s) n
CROSS JOIN LATERAL (SELECT now() - (CASE WHEN n <= %(open)s THEN random() * 40 ELSE 20 + random() * 1800 END) * interval '1 day' AS began) b
CROSS JOIN (SELECT array_agg(id) AS ids FROM staff_office WHERE kind = 'station') o
"""
CLOCKS_SQL = """
INSERT INTO workflow_deadline (id, node_code, round, starts, started_at, stopped_at, stop_reason, due_at, provisional, calendar_version,
                               next_rung, next_rung_at, case_id, limit_id, extra_days)
SELECT gen_random_uuid(), '', 1, '{}', c.first_contact_at, CASE WHEN c.stage = 'ARCHIVED' THEN due + (random() - 0.95) * interval '5 days' END,
       CASE WHEN c.stage = 'ARCHIVED' THEN l.stop_kinds[1] ELSE '' END, CASE WHEN c.stage = 'ARCHIVED' OR random() > 0.05 THEN due END,
       false, 0, '', NULL, c.id, l.id, 0
FROM workflow_case c
JOIN (SELECT *, row_number() OVER (ORDER BY id) AS nth FROM workflow_limit
      WHERE holder = 'utility' AND days IS NOT NULL AND stop_kinds <> '{}') l ON l.nth <= 4
CROSS JOIN LATERAL (SELECT date_trunc('day', CASE WHEN c.stage = 'ARCHIVED' THEN c.first_contact_at + (5 + random() * 15) * interval '1 day'
                                                  ELSE now() + (random() * 30 - 2) * interval '1 day' END) + interval '9 hours 30 minutes' AS due) d
WHERE c.contact_no LIKE 'B%' AND (c.stage <> 'ARCHIVED' OR c.first_contact_at > now() - interval '400 days')
  AND NOT EXISTS (SELECT FROM workflow_deadline x WHERE x.case_id = c.id)
"""
TALLIES_SQL = """
INSERT INTO applications_boardtally (measure, key, office_id, category, from_date, to_date, n, folded)
SELECT m.measure, m.key, c.office_id, 'lv_other', m.first, m.last, count(*), true
FROM workflow_case c
CROSS JOIN LATERAL (SELECT (c.first_contact_at + random() * interval '18 days')::date AS lit) e
CROSS JOIN LATERAL (VALUES ('power', '', c.first_contact_at::date, e.lit),
    ('stage', 'INTAKE>SURVEY', c.first_contact_at::date, c.first_contact_at::date + 1),
    ('stage', 'SURVEY>SCHEME', c.first_contact_at::date + 1, c.first_contact_at::date + 3),
    ('stage', 'SCHEME>CONTRACT', c.first_contact_at::date + 3, c.first_contact_at::date + 5),
    ('stage', 'CONTRACT>WORKS', c.first_contact_at::date + 5, c.first_contact_at::date + 6),
    ('stage', 'WORKS>CONNECTION', c.first_contact_at::date + 6, e.lit), ('stage', 'CONNECTION>ARCHIVING', e.lit, e.lit),
    ('event', 'contact.registered', NULL, c.first_contact_at::date)) AS m (measure, key, first, last)
WHERE c.stage = 'ARCHIVED' AND c.contact_no LIKE 'B%' AND c.first_contact_at > now() - interval '400 days'
GROUP BY 1, 2, 3, 4, 5, 6
"""
PLAIN = """
SELECT c.office_id, CASE WHEN c.stage IN ('CONTACT', 'DRAFT') THEN 'INTAKE' ELSE c.stage END, count(*), count(*) FILTER (WHERE d.due_at < %s)
FROM workflow_case c LEFT JOIN (
    SELECT d.case_id, min(d.due_at) AS due_at FROM workflow_deadline d JOIN workflow_limit l ON l.id = d.limit_id
    WHERE d.stopped_at IS NULL AND d.started_at IS NOT NULL AND l.holder = 'utility' GROUP BY 1) d ON d.case_id = c.id
WHERE c.stage = ANY ('{CONTACT,DRAFT,INTAKE,SURVEY,SCHEME,CONTRACT,WORKS,INSPECTION,CONNECTION,ARCHIVING}') GROUP BY 1, 2
"""
KEPT = """
SELECT office_id, stage, count(*), count(*) FILTER (WHERE due_at < %s) FROM applications_boardcase GROUP BY 1, 2
"""


def owner() -> psycopg2.extensions.connection:
    """A superuser's connection to this database: bulk loading goes past the triggers."""
    admin = os.environ["ADMIN_DATABASE_URL"].rpartition("/")[0] + "/" + connection.settings_dict["NAME"]
    opened = psycopg2.connect(admin)
    opened.autocommit = True
    return opened


def fill(first: int, last: int) -> None:
    """Cases number first to last; the lowest OPEN of all are in progress."""
    with closing(owner()) as there, there.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(CASES_SQL, {"open": OPEN, "first": first, "last": last})
        cursor.execute(CLOCKS_SQL)
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("ANALYZE workflow_case, workflow_deadline")
        cursor.execute("SELECT board_rebuild((now() - interval '400 days')::date)")
        cursor.execute(TALLIES_SQL)
        for table in (
            "workflow_case",
            "workflow_deadline",
            "applications_boardcase",
            "applications_boardtally",
        ):
            cursor.execute(f"VACUUM ANALYZE {table}")  # names of our own tables


def measured(client: Client, path: str) -> tuple[float, float, int]:
    """Median and p95 of the database's milliseconds for one page, and its queries."""
    client.get(path)
    times, count = [], 0
    for _round in range(ROUNDS):
        spent: list[float] = []

        def timed(execute, sql, params, many, context, spent=spent):  # type: ignore[no-untyped-def]
            started = time.perf_counter()
            try:
                return execute(sql, params, many, context)
            finally:
                spent.append(time.perf_counter() - started)

        with connection.execute_wrapper(timed):
            assert client.get(path).status_code == 200
        times.append(1000 * sum(spent))
        count = len(spent)
    return statistics.median(times), sorted(times)[int(ROUNDS * 0.95) - 1], count


def agree() -> bool:
    """Whether rows and truth give the same figures by office and stage."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        now = cursor.fetchone()[0]
        cursor.execute(PLAIN, [now])
        truth = sorted(cursor.fetchall())
        cursor.execute(KEPT, [now])
        return truth == sorted(cursor.fetchall())


def main() -> None:
    """Fill a fifth, measure; fill the rest, measure again; compare with the truth."""
    settings.ALLOWED_HOSTS = ["*"]
    settings.STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    load_rules()
    cast = build_cast()
    load_rules()
    load_application_seeds()
    client = Client()
    client.force_login(cast["chenli"])
    print("| stored | open | page | median ms | p95 ms | queries |\n|---|---|---|---|---|---|")
    steps: list[tuple[int, int]] = [(1, CASES // 5), (CASES // 5 + 1, CASES)]
    if BoardCase.objects.count() > OPEN // 2:
        steps = [(0, 0)]
    for first, last in steps:
        if last:
            with closing(owner()) as there, there.cursor() as cursor:
                cursor.execute(OFFICES)
            fill(first, last)
        stored, still = Case.objects.count(), BoardCase.objects.count()
        for path in PAGES:
            median, p95, count = measured(client, path)
            print(f"| {stored:,} | {still:,} | {path} | {median:.0f} | {p95:.0f} | {count} |", flush=True)
    print("figures equal a plain GROUP BY on the truth:", agree())


if __name__ == "__main__":
    main()
