"""The working calendar: what is published, what is provisional, and entering a year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from staff.access import ADMINISTRATOR, OFFICER, authority_of, open_to
from staff.policies import admits
from workflow.arrangements import Reading, in_words, spans
from workflow.calendar import WorkingCalendar
from workflow.forms import CalendarYearForm
from workflow.models import CalendarYear
from workflow.selectors.calendars import current_calendar, versions_by_year
from workflow.selectors.moves import Moves, moves_by_calendar
from workflow.services.calendars import Arrangement, packaged_days, packaged_years, publish_year
from workflow.services.telling import HORIZON_DAYS
from workflow.transitions import Refused
from workflow.views.places import places

RECENT_YEARS = 2
LIBRARY = "library"
LIBRARY_SOURCE = "chinesecalendar"


@dataclass(frozen=True)
class YearInWords:
    """A year as the page shows it."""

    row: CalendarYear
    workdays: int
    days_off: Sequence[tuple[dt.date, dt.date]]
    earlier: Sequence[CalendarYear]


@open_to(OFFICER)
@require_safe
def calendar_list(request: HttpRequest) -> HttpResponse:
    """Every year with its days off and on, newest first, and what is only assumed."""
    calendar = current_calendar()
    years = [_in_words(rows, calendar) for rows in versions_by_year().values()]
    this_year = timezone.localdate().year
    return render(
        request,
        "workflow/calendars.html",
        {
            "horizon": _days_left(calendar),
            "published_until": calendar.published_until if calendar.published_until > dt.date.min else None,
            "recent": [year for year in years if year.row.year > this_year - RECENT_YEARS],
            "older": [year for year in years if year.row.year <= this_year - RECENT_YEARS],
            "may_publish": admits(ADMINISTRATOR, authority_of(request)),
            "next_year": _next_year(calendar),
            "places": places("calendars"),
        },
    )


@open_to(ADMINISTRATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest) -> HttpResponse:
    """Enter a year: sent once, the reading is shown; sent again, it is published."""
    calendar = current_calendar()
    make_form = partial(CalendarYearForm, today=timezone.localdate(), workdays_of=calendar.workdays_of)
    if request.method != "POST":
        return _form_page(request, make_form(initial=_beginning(request, calendar)))
    form = make_form(request.POST, request.FILES)
    if not form.is_valid():
        return _form_page(request, form, status=422)
    if not form.confirmed:
        return _form_page(request, _with_reading_shown(form))
    try:
        row = _publish(request, form)
    except Refused as refused:
        form.add_error(None, refused.sentence)
        return _form_page(request, form, status=409)
    messages.success(
        request,
        _(
            "Version %(version)d of %(year)d is in force. Deadlines that move do so within minutes, each with this reason; customers are told."
        )
        % {"version": row.version, "year": row.year},
    )
    return redirect("workflow:calendars")


def _publish(request: HttpRequest, form: CalendarYearForm) -> CalendarYear:
    given, reading = form.cleaned_data, form.reading
    if reading is None:
        raise Refused(_("The days could not be read."))
    arrangement = Arrangement(
        year=given["year"],
        days_off=reading.days_off,
        days_on=reading.days_on,
        official=given["official"],
        source=given["source"],
        grade=given["grade"],
    )
    return publish_year(by=request.user, arrangement=arrangement, reason=given["reason"])  # type: ignore[arg-type]


def _with_reading_shown(form: CalendarYearForm) -> CalendarYearForm:
    """The form as sent, now carrying the digest of what is shown above it."""
    form.data = {**form.data.dict(), "seen": form.digest}  # type: ignore[attr-defined]
    return form


def _beginning(request: HttpRequest, calendar: WorkingCalendar) -> dict[str, object]:
    """What the form opens with: the next year; its days too where the holiday library knows them and they were asked for."""
    year = _next_year(calendar)
    begin: dict[str, object] = {"year": year, "official": "1", "grade": "A"}
    if request.GET.get("from") != LIBRARY:
        return begin
    known = list(packaged_years())
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and int(asked) in known else max(known)
    return begin | {
        "year": year,
        "days": in_words(*packaged_days(year)),
        "grade": "B",
        "source": LIBRARY_SOURCE,
    }


def _moves(form: CalendarYearForm, reading: Reading) -> Moves:
    """What the reading shown would do to running deadlines."""
    what_if = current_calendar().with_year(
        reading.year, reading.days_off, reading.days_on, official=form.cleaned_data["official"]
    )
    return moves_by_calendar(what_if)


def _form_page(request: HttpRequest, form: CalendarYearForm, status: int = 200) -> HttpResponse:
    reading = form.reading if form.is_bound and not form.errors else None
    context = {
        "moves": _moves(form, reading) if reading else None,
        "library_until": max(packaged_years()),
        "form": form,
        "reading": reading,
        "days_off": spans(reading.days_off) if reading else [],
        "doubts": form.doubts if reading else [],
        "places": places("calendars"),
    }
    return render(request, "workflow/calendar_form.html", context, status=status)


def _days_left(calendar: WorkingCalendar) -> int | None:
    """Days until the published calendar ends, once that is soon; then dates beyond it are provisional."""
    if calendar.published_until == dt.date.min:
        return 0
    left = (calendar.published_until - timezone.localdate()).days
    return max(left, 0) if left <= HORIZON_DAYS else None


def _next_year(calendar: WorkingCalendar) -> int:
    """The first year that is not published."""
    until = calendar.published_until
    return until.year + 1 if until > dt.date.min else timezone.localdate().year


def _in_words(rows: Sequence[CalendarYear], calendar: WorkingCalendar) -> YearInWords:
    newest = rows[0]
    return YearInWords(newest, len(calendar.workdays_of(newest.year)), spans(newest.days_off), rows[1:])
