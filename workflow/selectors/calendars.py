"""The working calendar in force, read once per version and process."""

from functools import lru_cache

from django.db.models import Max

from workflow.calendar import WorkingCalendar
from workflow.models import CalendarYear


def current_calendar(version: int | None = None) -> WorkingCalendar:
    """The calendar of a version, or of the newest one; costs one small query when the version is not given.

    Versions are immutable, so each is kept for the life of the process.
    """
    return _calendar(newest_version() if version is None else version)


def newest_version() -> int:
    """Highest row id: the version that holds for what is reckoned now. 0 on a database without any year."""
    return CalendarYear.objects.aggregate(newest=Max("pk"))["newest"] or 0


@lru_cache(maxsize=16)
def _calendar(version: int) -> WorkingCalendar:
    return WorkingCalendar.from_rows(CalendarYear.objects.filter(pk__lte=version))
