"""Time travel for a lived-in history: process and database clock together, in demo and test databases alone."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from contextlib import contextmanager

import time_machine
from django.db import connection
from django.utils import timezone

from workflow.calendar import WorkingCalendar

OPENS, CLOSES = dt.time(8, 30), dt.time(17, 30)


def real_now() -> dt.datetime:
    """The true time, also while travelling."""
    if time_machine.escape_hatch.is_travelling():
        return time_machine.escape_hatch.datetime.datetime.now(dt.UTC)
    return dt.datetime.now(dt.UTC)


@contextmanager
def travelled_to(moment: dt.datetime) -> Iterator[None]:
    """Everything inside happens at `moment`; the database refuses unless it is marked demo or test."""
    shift = moment - real_now()
    with time_machine.travel(moment, tick=True):
        _shift(f"{shift.total_seconds()} seconds")
        try:
            yield
        finally:
            _shift("")


def _shift(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('tongdian.shift', %s, false)", [value])


def in_office_hours(calendar: WorkingCalendar, moment: dt.datetime, rng: random.Random) -> dt.datetime:
    """The moment itself if the office is open, else some time on the next working day's morning."""
    local = timezone.localtime(moment)
    day = local.date()
    if calendar.is_workday(day) and local.time() < OPENS:
        return _at_opening(day, rng)
    if calendar.is_workday(day) and local.time() <= CLOSES:
        return moment
    day += dt.timedelta(days=1)
    while not calendar.is_workday(day):
        day += dt.timedelta(days=1)
    return _at_opening(day, rng)


def _at_opening(day: dt.date, rng: random.Random) -> dt.datetime:
    opening = timezone.make_aware(dt.datetime.combine(day, OPENS))
    return opening + dt.timedelta(minutes=rng.randint(5, 400))


def after_working_days(
    calendar: WorkingCalendar, moment: dt.datetime, days: float, rng: random.Random
) -> dt.datetime:
    """So many working days later, at some time of the office's day."""
    whole = int(days)
    later = moment + dt.timedelta(hours=(days - whole) * 9)
    if whole:
        day = calendar.nth_workday(timezone.localdate(moment), whole).day
        later = _at_opening(day, rng)
    return in_office_hours(calendar, later, rng)
