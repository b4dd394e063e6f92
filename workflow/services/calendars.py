"""Working days: adding a version of a year. Versions are never edited, so what was reckoned can be reckoned again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import chinese_calendar
from django.db import connection, transaction
from django.utils.translation import gettext as _

from staff.models import User
from workflow.events import append, name_actor
from workflow.models import CalendarYear
from workflow.transitions import Refused, actor_name

PUBLISHED, HORIZON = "calendar.published", "calendar.horizon"
FIRST_YEAR = 2004
_ONE_WRITER = 7_403_001


@dataclass(frozen=True, slots=True)
class Arrangement:
    """A year's arrangement as somebody published or assumed it."""

    year: int
    days_off: Sequence[dt.date]
    days_on: Sequence[dt.date]
    official: bool
    source: str
    grade: str


def publish_year(*, by: User | None, arrangement: Arrangement, reason: str = "") -> CalendarYear:
    """Add a version of a year and seal it into the year's own stream. Raises Refused.

    `by` is nobody when seeds are loaded. Deadlines reckoned before are kept; whoever listens to the event reckons
    running ones anew.
    """
    with transaction.atomic():
        _one_at_a_time()
        name_actor(actor_name(by) if by else "system")
        newest = CalendarYear.objects.filter(year=arrangement.year).order_by("-version").first()
        if newest and newest.official and not arrangement.official:
            raise Refused(
                _("%(year)s is published already and can't become provisional again.")
                % {"year": arrangement.year}
            )
        row = CalendarYear.objects.create(
            year=arrangement.year,
            version=newest.version + 1 if newest else 1,
            days_off=sorted(set(arrangement.days_off)),
            days_on=sorted(set(arrangement.days_on)),
            official=arrangement.official,
            source=arrangement.source,
            grade=arrangement.grade,
        )
        append(f"calendar:{row.year}", PUBLISHED, data=_said(row, reason))
    return row


def _said(row: CalendarYear, reason: str) -> dict[str, object]:
    return {
        "id": row.pk,
        "year": row.year,
        "version": row.version,
        "off": row.days_off,
        "on": row.days_on,
        "official": row.official,
        "source": row.source,
        "grade": row.grade,
        "reason": reason,
    }


def _one_at_a_time() -> None:
    """A calendar version is "every row up to this id": rows must become visible in the order of their ids."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_WRITER])


def packaged_years() -> Iterator[int]:
    """The years the package `chinesecalendar` knows; it raises for others, so the end is found by asking."""
    year = FIRST_YEAR
    while _is_packaged(year):
        yield year
        year += 1


def packaged_days(year: int) -> tuple[list[dt.date], list[dt.date]]:
    """Weekdays off and weekends worked in a year, as the package has them."""
    first = dt.date(year, 1, 1)
    days = [first + dt.timedelta(days=n) for n in range((dt.date(year + 1, 1, 1) - first).days)]
    off = [day for day in _weekdays(days) if not chinese_calendar.is_workday(day)]
    on = [day for day in days if day.weekday() > 4 and chinese_calendar.is_workday(day)]
    return off, on


def _weekdays(days: Iterable[dt.date]) -> Iterator[dt.date]:
    return (day for day in days if day.weekday() <= 4)


def _is_packaged(year: int) -> bool:
    try:
        chinese_calendar.is_workday(dt.date(year, 12, 31))
    except NotImplementedError:
        return False
    return True
