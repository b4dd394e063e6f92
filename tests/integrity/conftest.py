"""A case on a database with rules and people, and a clock that the database's own time follows."""

import datetime as dt
from contextlib import contextmanager
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone

from tests.applications.walked import shared_bureau
from workflow.services.contacts import FirstContact, register_contact

BEIJING = ZoneInfo("Asia/Shanghai")
MONDAY = dt.datetime(2026, 3, 2, 10, 0, tzinfo=BEIJING)
DAY, HOUR, MINUTE = dt.timedelta(days=1), dt.timedelta(hours=1), dt.timedelta(minutes=1)


@contextmanager
def recorded_on(moment):
    """Let the database record at this moment; it stays a test database's privilege."""
    shift = f"{(moment - timezone.now()).total_seconds()} seconds"
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('tongdian.shift', %s, false)", [shift])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('tongdian.shift', '', false)")


@pytest.fixture(scope="module")
def bureau(django_db_setup, django_db_blocker):
    """People and rules, loaded once a module in a transaction around its tests, whose own are savepoints in it."""
    with shared_bureau(django_db_blocker) as people:
        yield people


@pytest.fixture
def cast(bureau, db):
    return bureau


def contact(
    cast,
    *,
    recorded=MONDAY,
    claimed=None,
    clerk="wangmin",
    papers=False,
    office="37010201",
    phone="13900000001",
):
    """A contact at the counter, recorded at one moment and claimed for another."""
    first = FirstContact(
        channel="hall", phone=phone, need="新开店用电", place="人民路 1 号", category="new_supply.lv_other", papers_left=papers,
        office_code=office, terminal_class="staff",
    )  # fmt: skip
    with recorded_on(recorded):
        return register_contact(first, by=cast[clerk], occurred_at=claimed)


@pytest.fixture
def late_case(cast):
    """A contact keyed four days after it happened."""
    return contact(cast, recorded=MONDAY + 4 * DAY, claimed=MONDAY, papers=True).case
