"""A year's arrangement of holidays, as published in words, read into days off and days on.

The notice is published once a year as sentences ("2月15日至23日放假调休。2月14日、2月28日上班。"), so those are
what an administrator has at hand; lists and CSV lines are read too. What is not understood is named, never
guessed: one wrong day here moves every deadline of a year.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from workflow.calendar import SATURDAY

OFF, ON = "off", "on"
USUAL_WORKDAYS = range(247, 253)
MOST_DAYS_ON = 12
MOST_SINGLE = 4
NEAR = 15

_BRACKETS = re.compile(r"[（(][^）)]*[）)]")
_SENTENCE = re.compile(r"[^\n。；;]+")
_DATE = r"(?:(\d{4})\s*[-/.年]\s*)?(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?"
_SPAN = re.compile(_DATE + r"(?:\s*(?:至|到|~|～|—+|–|\.\.)\s*(?:" + _DATE + r"|(\d{1,2})\s*[日号]))?")
_CSV = re.compile(r"^\s*(\d{4}-\d{2}-\d{2})\s*,\s*(?:[1-7]\s*,\s*)?([01])\s*(?:,.*)?$")
_WORDS = {OFF: ("放假", "休", "off"), ON: ("上班", "班", "on")}


@dataclass
class Reading:
    """What was understood: weekdays off, weekends worked; and, in sentences, what was not."""

    year: int
    days_off: list[dt.date] = field(default_factory=list)
    days_on: list[dt.date] = field(default_factory=list)
    mistakes: list[str] = field(default_factory=list)


def read(text: str, year: int) -> Reading:
    """Read the notice's sentences, or lines like "2027-02-08 ~ 2027-02-12 放假", or CSV lines "2027-02-08,0"."""
    reading = Reading(year)
    off: set[dt.date] = set()
    on: set[dt.date] = set()
    for number, sentence in enumerate(_SENTENCE.findall(text), 1):
        for kind, day in _days_of(sentence, year, number, reading.mistakes):
            (off if kind == OFF else on).add(day)
    reading.mistakes += _contradictions(year, off, on)
    # Weekends inside a holiday are off anyway.
    reading.days_off = sorted(day for day in off if day.weekday() < SATURDAY)
    reading.days_on = sorted(on)
    if not off and not on and not reading.mistakes:
        reading.mistakes.append(_("No day was found. Paste the notice's sentences, or one line a day."))
    return reading


def doubts(reading: Reading, known_workdays: Sequence[dt.date], today: dt.date) -> list[str]:
    """What is possible but unlikely; whoever enters it has to say that it is meant. `known_workdays`: as they stand now."""
    year = reading.year
    days = [
        dt.date.fromordinal(n)
        for n in range(dt.date(year, 1, 1).toordinal(), dt.date(year + 1, 1, 1).toordinal())
    ]
    off, on = set(reading.days_off), set(reading.days_on)
    worked = [day for day in days if day in on or (day.weekday() < SATURDAY and day not in off)]
    found = [
        _("%(day)s is a national holiday, but would be worked.") % {"day": day.isoformat()}
        for day in _fixed_holidays(year)
        if day in worked
    ]
    if len(worked) not in USUAL_WORKDAYS:
        found.append(
            _("%(count)d working days in a year are unusual; 247 to 252 are usual.") % {"count": len(worked)}
        )
    found += _strange_days(off, on)
    if len(on) > MOST_DAYS_ON:
        found.append(_("%(count)d worked weekend days are unusually many.") % {"count": len(on)})
    past = sorted(day for day in set(worked) ^ set(known_workdays) if day < today)
    if past:
        found.append(_("This changes days that are already past: %(days)s.") % {"days": _list(past)})
    return found


def _strange_days(off: set[dt.date], on: set[dt.date]) -> Iterator[str]:
    """Slips of one digit: a single weekday off far from a weekend, a weekend worked for no holiday near."""
    single = sorted(
        day
        for day in off
        if day.weekday() in (1, 2, 3) and not {day - dt.timedelta(days=1), day + dt.timedelta(days=1)} & off
    )
    if len(single) > MOST_SINGLE:
        yield _("%(count)d single weekdays off without a weekend beside them are unusual: %(days)s.") % {
            "count": len(single), "days": _list(single)
        }  # fmt: skip
    if far := sorted(
        day
        for day in on
        if not _near_new_year(day) and not any(abs((day - holiday).days) <= NEAR for holiday in off)
    ):
        yield _("Worked weekends without a holiday within two weeks: %(days)s.") % {"days": _list(far)}
    if len(on) > len(off):
        yield _("More weekend days are worked (%(on)d) than weekdays are off (%(off)d).") % {
            "on": len(on), "off": len(off)
        }  # fmt: skip


def _near_new_year(day: dt.date) -> bool:
    """A weekend worked in exchange for a New Year that belongs to the neighbouring year."""
    return min((day - dt.date(day.year, 1, 1)).days, (dt.date(day.year, 12, 31) - day).days) <= NEAR


def _days_of(sentence: str, year: int, number: int, mistakes: list[str]) -> Iterator[tuple[str, dt.date]]:
    csv = _CSV.match(sentence)
    if csv:
        yield from _csv_day(csv, number, mistakes)
        return
    plain = _BRACKETS.sub("", sentence)
    spans = list(_SPAN.finditer(plain))
    kind = _kind(plain)
    if not spans:
        if kind and re.search(r"\d", plain):
            mistakes.append(
                _("Line %(n)d was not understood: “%(text)s”.") % {"n": number, "text": sentence.strip()}
            )
        return
    if kind is None:
        mistakes.append(
            _("Line %(n)d does not say whether it is off or worked: “%(text)s”. Add 放假 or 上班.")
            % {"n": number, "text": sentence.strip()}
        )
        return
    for span in spans:
        days = _span(span, year)
        if not days:
            mistakes.append(
                _("Line %(n)d: “%(text)s” is no such day or span.")
                % {"n": number, "text": span.group().strip()}
            )
        for day in days:
            yield kind, day


def _csv_day(line: re.Match[str], number: int, mistakes: list[str]) -> Iterator[tuple[str, dt.date]]:
    """A line `date,is_workday`: only what differs from an ordinary week says anything."""
    try:
        day = dt.date.fromisoformat(line[1])
    except ValueError:
        mistakes.append(_("Line %(n)d: “%(text)s” is no such day or span.") % {"n": number, "text": line[1]})
        return
    worked = line[2] == "1"
    if worked and day.weekday() >= SATURDAY:
        yield ON, day
    elif not worked and day.weekday() < SATURDAY:
        yield OFF, day


def _kind(text: str) -> str | None:
    """Off or on; a sentence that says both is left to a person."""
    said = {kind for kind, words in _WORDS.items() if any(word in text.lower() for word in words)}
    return said.pop() if len(said) == 1 else None


def _span(found: re.Match[str], year: int) -> list[dt.date]:
    first_year, first_month, first_day, last_year, last_month, last_day, only_day = found.groups()
    try:
        first = dt.date(int(first_year or year), int(first_month), int(first_day))
        if only_day:
            last = first.replace(day=int(only_day))
        elif last_day:
            last = dt.date(int(last_year or first.year), int(last_month), int(last_day))
        else:
            last = first
    except ValueError:
        return []
    length = (last - first).days + 1
    return [first + dt.timedelta(days=n) for n in range(length)] if 0 < length <= 31 else []


def _contradictions(year: int, off: set[dt.date], on: set[dt.date]) -> Iterator[str]:
    if strange := sorted(day for day in off | on if day.year != year):
        yield _("Not in %(year)d: %(days)s. A span over New Year is entered in each of its years.") % {
            "year": year,
            "days": _list(strange),
        }
    if both := sorted(off & on):
        yield _("Both off and worked: %(days)s.") % {"days": _list(both)}
    if ordinary := sorted(day for day in on - off if day.weekday() < SATURDAY):
        yield _("A weekday is worked anyway and is not a worked weekend day: %(days)s.") % {
            "days": _list(ordinary)
        }


def _fixed_holidays(year: int) -> list[dt.date]:
    """Holidays whose day of the calendar never moves."""
    return [dt.date(year, month, day) for month, day in ((1, 1), (5, 1), (10, 1), (10, 2), (10, 3))]


def _list(days: Sequence[dt.date]) -> str:
    shown = "、".join(day.isoformat() for day in days[:5])
    return (
        shown
        if len(days) <= 5
        else _("%(days)s and %(count)d more") % {"days": shown, "count": len(days) - 5}
    )


def spans(days: Sequence[dt.date]) -> list[tuple[dt.date, dt.date]]:
    """Days in order, as runs of days that follow each other; a weekend between them does not break a run."""
    runs: list[tuple[dt.date, dt.date]] = []
    for day in days:
        if runs and (day - runs[-1][1]).days in ({1, 3} if runs[-1][1].weekday() == 4 else {1}):
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs


def in_words(days_off: Sequence[dt.date], days_on: Sequence[dt.date]) -> str:
    """An arrangement as the lines that `read` understands, to be looked over before it is published."""
    lines = [
        f"{first.isoformat()} ~ {last.isoformat()} 放假" if first != last else f"{first.isoformat()} 放假"
        for first, last in spans(days_off)
    ]
    return "\n".join(lines + [f"{day.isoformat()} 上班" for day in days_on])
