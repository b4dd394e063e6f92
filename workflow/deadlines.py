"""Clocks: a pure function of calendar, limit and what happened. Nothing here asks or writes the database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from django.utils import timezone

from workflow.calendar import Reckoned, WorkingCalendar

DUE_SOON = "due_soon"
MISSED = "missed"
ONE_SECOND = dt.timedelta(seconds=1)


class LimitLike(Protocol):
    """What a clock reads of a limit."""

    start_kinds: list[str]
    stop_kinds: list[str]
    conditions: dict[str, Any]
    pause_reasons: list[str]
    days: int | None
    day_type: str
    cut_off_at: dt.time | None


@dataclass(frozen=True, slots=True)
class Rest:
    """A time in which a clock stood still; an open one has no end."""

    reason: str
    began_at: dt.datetime
    ended_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Due:
    """When a clock runs out; None while it stands still or has no length. `provisional` = beyond the published calendar."""

    due_at: dt.datetime | None
    provisional: bool = False


def applies(conditions: Mapping[str, Sequence[Any]], matching: Mapping[str, Any]) -> bool:
    """Whether every condition holds. A field not known yet holds no condition.

    Numbers may be given as a bound, `">=2000"` or `"<2000"`: bands of capacity belong to the rule's row, not to code.
    """
    return all(_holds(matching.get(field), values) for field, values in conditions.items())


def _holds(value: Any, values: Sequence[Any]) -> bool:
    if isinstance(value, Decimal):
        return any(_within(value, bound) for bound in values if isinstance(bound, str))
    return value in values


def _within(value: Decimal, bound: str) -> bool:
    if bound.startswith(">="):
        return value >= Decimal(bound[2:])
    return bound.startswith("<") and value < Decimal(bound[1:])


def slot_of(start_kinds: Iterable[str], kind: str) -> str | None:
    """The start a kind of event fills, if any. `a|b` is one slot that either event fills."""
    return next((slot for slot in start_kinds if kind in slot.split("|")), None)


def day_zero(limit: LimitLike, started_at: dt.datetime) -> dt.date:
    """The day that is not counted: that of the start, or the next one when the limit has a cut-off hour and it was past."""
    local = timezone.localtime(started_at)
    late = limit.cut_off_at is not None and local.time() > limit.cut_off_at
    return local.date() + dt.timedelta(days=1) if late else local.date()


def _end_of(day: dt.date, day_ends_at: dt.time) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, day_ends_at))


def rests_until(rests: Iterable[Rest], moment: dt.datetime | None) -> list[Rest]:
    """The rests a clock that stopped then has seen: what came later is nothing to it, what still ran had no end yet."""
    if moment is None:
        return list(rests)
    return [
        rest
        if rest.ended_at is not None and rest.ended_at <= moment
        else Rest(rest.reason, rest.began_at, None)
        for rest in rests
        if rest.began_at <= moment
    ]


def _resting(rests: Sequence[Rest], moment: dt.datetime) -> bool:
    return any(r.began_at <= moment and (r.ended_at is None or r.ended_at > moment) for r in rests)


def reckon(
    calendar: WorkingCalendar,
    limit: LimitLike,
    started_at: dt.datetime,
    rests: Iterable[Rest],
    day_ends_at: dt.time,
    extra_days: int = 0,
) -> Due:
    """When the clock runs out.

    A working day counts if the clock runs at its closing hour: one simple rule that neither a pause of an hour nor a weekend inside a
    pause can bend. `extra_days` are those of an extension the customer agreed to. While a rest the limit allows is open there is no due
    date, unless the clock had run out before the rest began.
    """
    if limit.days is None:
        return Due(None)
    mine = [rest for rest in rests if rest.reason in limit.pause_reasons]
    ended = [rest for rest in mine if rest.ended_at is not None]
    zero = day_zero(limit, started_at)
    stands = (lambda day: _resting(ended, _end_of(day, day_ends_at))) if ended else None
    if limit.day_type == "calendar":
        reckoned = _nth_calendar_day(calendar, zero, limit.days + extra_days, stands)
    else:
        reckoned = calendar.nth_workday(zero, limit.days + extra_days, stands)
    due_at = _end_of(reckoned.day, day_ends_at)
    if any(rest.ended_at is None and rest.began_at <= due_at for rest in mine):
        return Due(None)
    return Due(due_at, reckoned.provisional)


def _nth_calendar_day(
    calendar: WorkingCalendar, zero: dt.date, days: int, stands: Callable[[dt.date], bool] | None
) -> Reckoned:
    """The day reached when every day counts but those on which the clock stands."""
    reckoned = calendar.add_calendar_days(zero, days)
    if stands is None:
        return reckoned
    day, left = zero, days
    while left:
        day += dt.timedelta(days=1)
        left -= not stands(day)
    return Reckoned(day, provisional=False)


def used_days(
    calendar: WorkingCalendar,
    limit: LimitLike,
    started_at: dt.datetime,
    rests: Iterable[Rest],
    until: dt.datetime,
    day_ends_at: dt.time,
) -> int:
    """Days of the limit's kind used up by `until`: those whose closing hour has passed with the clock running."""
    mine = [rest for rest in rests if rest.reason in limit.pause_reasons]
    zero, last = day_zero(limit, started_at), timezone.localdate(until)
    if _end_of(last, day_ends_at) > until:
        last -= dt.timedelta(days=1)
    if not mine and limit.day_type != "calendar":
        return calendar.workdays_between(zero, last)
    days = (zero + dt.timedelta(days=n) for n in range(1, (last - zero).days + 1))
    return sum(
        (limit.day_type == "calendar" or calendar.is_workday(day))
        and not _resting(mine, _end_of(day, day_ends_at))
        for day in days
    )


@dataclass(frozen=True, slots=True)
class Rung:
    """A step of the ladder and when it is due."""

    code: str
    due_at: dt.datetime
    level: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """Where a rung stands: working days after the due time, negative before it; and how far up it is told."""

    code: str
    days: int
    level: int = 0


PLAIN_LADDER = (Step(DUE_SOON, -1), Step(MISSED, 0, 1))
"""What every clock has, whatever the ladder's rows say: yellow at one working day left, and the breach itself."""


def ladder(
    calendar: WorkingCalendar,
    due_at: dt.datetime,
    day_ends_at: dt.time,
    steps: Sequence[Step] = PLAIN_LADDER,
) -> tuple[Rung, ...]:
    """The rungs of a clock, in order of their time: at the closing hour of the working day, the breach one second after the due time."""
    whole = {step.code: step for step in (*PLAIN_LADDER, *steps)}
    return tuple(
        Rung(step.code, _rung_at(calendar, due_at, day_ends_at, step.days), step.level)
        for step in sorted(whole.values(), key=lambda step: step.days)
    )


def reached(rungs: Iterable[Rung], started_at: dt.datetime | None) -> tuple[Rung, ...]:
    """The rungs a clock can come to: a limit of one day has nothing to be reminded of before it began."""
    return tuple(
        rung for rung in rungs if rung.code == DUE_SOON or started_at is None or rung.due_at > started_at
    )


def _rung_at(calendar: WorkingCalendar, due_at: dt.datetime, day_ends_at: dt.time, days: int) -> dt.datetime:
    if days == 0:
        return due_at + ONE_SECOND
    day = timezone.localtime(due_at).date()
    if days > 0:
        return _end_of(calendar.nth_workday(day, days).day, day_ends_at)
    left = -days
    while left:
        day -= dt.timedelta(days=1)
        left -= calendar.is_workday(day)
    return _end_of(day, day_ends_at)


def next_rung(rungs: Iterable[Rung], fired: Iterable[str]) -> Rung | None:
    """The first rung after the highest one fired: the ladder is climbed upwards only, each rung once."""
    rungs, done = list(rungs), set(fired)
    reached = max((place for place, rung in enumerate(rungs) if rung.code in done), default=-1)
    return rungs[reached + 1] if reached + 1 < len(rungs) else None


def most_specific(limits: Iterable[Any], matching: Mapping[str, Any]) -> list[Any]:
    """Of each code and regime kind the limit with most conditions that all hold; the strictest where two are equally specific."""
    best: dict[tuple[str, str], Any] = {}
    for limit in limits:
        if not applies(limit.conditions, matching):
            continue
        key = (limit.code, limit.kind)
        known = best.get(key)
        if known is None or _rank(limit) > _rank(known):
            best[key] = limit
    return list(best.values())


def _rank(limit: Any) -> tuple[int, int, int]:
    return (len(limit.conditions), -(limit.days if limit.days is not None else 10_000), limit.version)
