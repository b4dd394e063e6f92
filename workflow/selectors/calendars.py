"""The working calendar in force, read once per version and process."""

import datetime as dt
from collections import defaultdict
from functools import lru_cache

from workflow.calendar import WorkingCalendar
from workflow.models import CalendarYear

NOTHING = dt.datetime.min.replace(tzinfo=dt.UTC)


def current_calendar(version: int | None = None) -> WorkingCalendar:
    """The calendar of a version (highest row id), or of the newest; one small query.

    Versions are immutable, so each is read once per process. The newest row's own time is part of the key: a
    database restored or cloned may use an id again for another row.
    """
    rows = CalendarYear.objects.order_by("-pk").values_list("pk", "created_at")
    known = (rows if version is None else rows.filter(pk__lte=version)).first()
    return _calendar(*(known or (0, NOTHING)))


@lru_cache(maxsize=16)
def _calendar(version: int, _made_at: dt.datetime) -> WorkingCalendar:
    return WorkingCalendar.from_rows(CalendarYear.objects.filter(pk__lte=version))


def versions_by_year() -> dict[int, list[CalendarYear]]:
    """Every version of every year, newest year and newest version first; one query."""
    found: dict[int, list[CalendarYear]] = defaultdict(list)
    for row in CalendarYear.objects.order_by("-year", "-version"):
        found[row.year].append(row)
    return dict(found)
