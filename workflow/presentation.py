"""Deadlines in words: how many days are left, since when, by which rule. The words stand here and nowhere else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from staff.formats import near_day
from staff.presentation import Countdown, Standing
from workflow import actions
from workflow.deadlines import Rest, used_days
from workflow.models import Case, Deadline, Limit, Pause
from workflow.selectors.heartbeats import background_is_late
from workflow.selectors.rules import Rules, rules

__all__ = [
    "DeadlineRow",
    "background_is_late",
    "countdown",
    "counting",
    "deadline_rows",
    "sentence",
    "standing",
]

CALENDAR = "calendar"


@dataclass(frozen=True, slots=True)
class DeadlineRow:
    """One line of the clock card: the countdown, and what rule it is."""

    countdown: Countdown
    deadline: Deadline
    kind: str
    source: str
    clause: str
    round: int


def standing(deadline: Deadline, rests: Iterable[Rest], in_force: Rules, now: dt.datetime) -> Standing:
    """Red past the limit, amber due today or one working day before, green else; pause while it stands still; ended once stopped."""
    if deadline.stopped_at is not None or deadline.started_at is None:
        return "ended"
    if deadline.due_at is None:
        return "pause" if _open_rest(deadline.limit, rests) else "green"
    if now > deadline.due_at:
        return "red"
    return "amber" if _days(in_force, deadline.limit, now, deadline.due_at) <= 1 else "green"


def countdown(deadline: Deadline, rests: Iterable[Rest], in_force: Rules, now: dt.datetime) -> Countdown:
    """The deadline as every page shows it. Derived from the due time alone: right with the sweep off and with no alarm set."""
    rests = list(rests)
    how = standing(deadline, rests, in_force, now)
    provisional = deadline.provisional and deadline.stopped_at is None and deadline.due_at is not None
    text = _text(deadline, rests, in_force, now)
    return Countdown(
        standing=how,
        text=_("%(text)s, %(day)s") % {"text": text, "day": _provisional_day(deadline)}
        if provisional
        else text,
        until=None if provisional or deadline.stopped_at else deadline.due_at,
        name=deadline.limit.name,
        rule=_rule(deadline.limit),
    )


def sentence(view: Countdown, now: dt.datetime) -> str:
    """Words and date in one: 还剩 3 个工作日（11月27日 17:30 前）, for messages, papers and tables."""
    if view.until is None or view.standing == "red":
        return view.text
    local = timezone.localtime(view.until)
    today = local.date() == timezone.localdate(now)
    by = f"{local:%H:%M}" if today else f"{near_day(local)} {local:%H:%M}"
    return _("%(text)s (by %(moment)s)") % {"text": view.text, "moment": by}


def deadline_rows(case: Case, now: dt.datetime) -> list[DeadlineRow]:
    """What the clock card of a case shows: legal, promise, internal, with the running ones first in each; three queries."""
    in_force = rules()
    rests = [
        Rest(*row) for row in Pause.objects.filter(case=case).values_list("reason_id", "began_at", "ended_at")
    ]
    deadlines = Deadline.objects.filter(case=case, started_at__isnull=False).select_related("limit__clause")
    rows = [_row(deadline, rests, in_force, now) for deadline in deadlines]
    return sorted(
        rows,
        key=lambda row: (KIND_ORDER[row.kind], row.deadline.stopped_at is not None, row.deadline.started_at),
    )


KIND_ORDER: Mapping[str, int] = {"legal": 0, "promise": 1, "internal": 2}


def _row(deadline: Deadline, rests: list[Rest], in_force: Rules, now: dt.datetime) -> DeadlineRow:
    limit = deadline.limit
    clause = limit.clause
    unverified = _("article number to be checked")
    return DeadlineRow(
        countdown=countdown(deadline, rests, in_force, now),
        deadline=deadline,
        kind=limit.kind,
        source=limit.source,
        clause=f"{clause} {clause.number or unverified}" if clause else "",
        round=deadline.round,
    )


def _text(deadline: Deadline, rests: list[Rest], in_force: Rules, now: dt.datetime) -> str:
    if deadline.started_at is None:
        return _("Not started yet")
    if deadline.stopped_at is not None:
        return _ended(deadline, rests, in_force)
    if deadline.due_at is None:
        return _without_due(deadline, rests, in_force, now)
    if now > deadline.due_at:
        return _overdue(deadline.limit, _days(in_force, deadline.limit, deadline.due_at, now))
    left = _days(in_force, deadline.limit, now, deadline.due_at)
    return _left(deadline.limit, left) if left else _("Due today")


def _without_due(deadline: Deadline, rests: list[Rest], in_force: Rules, now: dt.datetime) -> str:
    used = _used(deadline, rests, in_force, now)
    open_rest = _open_rest(deadline.limit, rests)
    if open_rest is None or deadline.limit.days is None:
        return _so_far(deadline.limit, used)
    left = max(deadline.limit.days - used, 0)
    reason = in_force.pause_reasons.get(open_rest.reason)
    return _("Clock paused (%(reason)s); %(left)s") % {
        "reason": reason.name if reason else open_rest.reason, "left": _after_pause(deadline.limit, left)
    }  # fmt: skip


def _ended(deadline: Deadline, rests: list[Rest], in_force: Rules) -> str:
    assert deadline.stopped_at is not None
    if not deadline.node_code and deadline.stop_reason not in deadline.limit.stop_kinds:
        return _("Clock ended with the case")
    if deadline.limit.days is None:
        return _in_all(deadline.limit, _used(deadline, rests, in_force, deadline.stopped_at))
    if deadline.due_at is None:
        return _("Done while the clock was paused")
    if deadline.stopped_at > deadline.due_at:
        return _done_late(
            deadline.limit, _days(in_force, deadline.limit, deadline.due_at, deadline.stopped_at)
        )
    early = _days(in_force, deadline.limit, deadline.stopped_at, deadline.due_at)
    return _done_early(deadline.limit, early) if early else _("Done on time")


def _left(limit: Limit, n: int) -> str:
    if limit.day_type == CALENDAR:
        return ngettext("%(n)d day left", "%(n)d days left", n) % {"n": n}
    return ngettext("%(n)d working day left", "%(n)d working days left", n) % {"n": n}


def _after_pause(limit: Limit, n: int) -> str:
    if limit.day_type == CALENDAR:
        return ngettext("%(n)d day left after the pause", "%(n)d days left after the pause", n) % {"n": n}
    return ngettext(
        "%(n)d working day left after the pause", "%(n)d working days left after the pause", n
    ) % {"n": n}


def _overdue(limit: Limit, n: int) -> str:
    if n == 0:
        return _("Overdue by less than a day")
    if limit.day_type == CALENDAR:
        return ngettext("%(n)d day overdue", "%(n)d days overdue", n) % {"n": n}
    return ngettext("%(n)d working day overdue", "%(n)d working days overdue", n) % {"n": n}


def _so_far(limit: Limit, n: int) -> str:
    if limit.day_type == CALENDAR:
        return ngettext("%(n)d day so far", "%(n)d days so far", n) % {"n": n}
    return ngettext("%(n)d working day so far", "%(n)d working days so far", n) % {"n": n}


def _in_all(limit: Limit, n: int) -> str:
    if limit.day_type == CALENDAR:
        return ngettext("%(n)d day in all", "%(n)d days in all", n) % {"n": n}
    return ngettext("%(n)d working day in all", "%(n)d working days in all", n) % {"n": n}


def _done_early(limit: Limit, n: int) -> str:
    if limit.day_type == CALENDAR:
        return ngettext("Done %(n)d day early", "Done %(n)d days early", n) % {"n": n}
    return ngettext("Done %(n)d working day early", "Done %(n)d working days early", n) % {"n": n}


def _done_late(limit: Limit, n: int) -> str:
    if n == 0:
        return _("Done late by less than a day")
    if limit.day_type == CALENDAR:
        return ngettext("Done %(n)d day late", "Done %(n)d days late", n) % {"n": n}
    return ngettext("Done %(n)d working day late", "Done %(n)d working days late", n) % {"n": n}


def _provisional_day(deadline: Deadline) -> str:
    """暂按: the year's arrangement is not published, so the day may still move."""
    assert deadline.due_at is not None
    day = timezone.localdate(deadline.due_at)
    return _("provisionally %(day)s (to be confirmed when the holidays of %(year)d are published)") % {
        "day": near_day(day), "year": day.year
    }  # fmt: skip


def _rule(limit: Limit) -> str:
    """How it is counted: from what, and which days."""
    start = "、".join(dict.fromkeys(_kind(slot.split("|")[0]) for slot in limit.start_kinds))
    if limit.day_type == CALENDAR:
        counted = _("every day counts")
    else:
        counted = _("weekends and public holidays do not count, weekends worked in exchange do")
    if not start:
        return _("Counted from the day after the task opened; %(counted)s.") % {"counted": counted}
    said = _("Counted from the day after: %(start)s; %(counted)s.") % {"start": start, "counted": counted}
    if limit.cut_off_at:
        said += _(" What comes after %(hour)s counts as the next day's.") % {
            "hour": f"{limit.cut_off_at:%H:%M}"
        }
    return said


def counting(limits: Iterable[Limit], in_force: Rules) -> str:
    """How these limits are counted, for papers: first day, late arrivals, which days, when the last one ends. Each rule once."""
    said = dict.fromkeys(_counting(limit, in_force) for limit in limits if limit.days)
    return " ".join(said)


def _counting(limit: Limit, in_force: Rules) -> str:
    if limit.cut_off_at:
        first = _("What comes after %(hour)s counts as the next day's; that day is not counted.") % {
            "hour": f"{limit.cut_off_at:%H:%M}"
        }
    else:
        first = _("The day it begins is not counted, however late or early in the day it comes.")
    if limit.day_type == CALENDAR:
        days = _("The next day is the first; every day counts.")
    else:
        days = _(
            "The next working day is the first; weekends and public holidays do not count, weekends worked in exchange do."
        )
    last = _("The last day ends at %(hour)s.") % {"hour": f"{in_force.profile.day_ends_at:%H:%M}"}
    return _("%(first)s %(days)s %(last)s") % {"first": first, "days": days, "last": last}


def _kind(kind: str) -> str:
    """What the event is called: the label of the action that emits it."""
    return next((str(action.label) for action in actions.all_actions() if action.event == kind), kind)


def _open_rest(limit: Limit, rests: Iterable[Rest]) -> Rest | None:
    return next(
        (rest for rest in rests if rest.ended_at is None and rest.reason in limit.pause_reasons), None
    )


def _used(deadline: Deadline, rests: list[Rest], in_force: Rules, until: dt.datetime) -> int:
    assert deadline.started_at is not None
    return used_days(
        in_force.calendar, deadline.limit, deadline.started_at, rests, until, in_force.profile.day_ends_at
    )


def _days(in_force: Rules, limit: Limit, since: dt.datetime, until: dt.datetime) -> int:
    """Days of the limit's kind after the day of `since`, up to that of `until`."""
    first, last = timezone.localdate(since), timezone.localdate(until)
    return (
        (last - first).days if limit.day_type == CALENDAR else in_force.calendar.workdays_between(first, last)
    )
