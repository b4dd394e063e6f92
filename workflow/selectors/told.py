"""Lines of a digest as people read them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workflow.models import Case, Digest, Limit, LimitKind, PauseReason

WORDS: Mapping[str, Any] = {
    "deadline.warned": gettext_lazy("%(limit)s will be due"),
    "deadline.missed": gettext_lazy("%(limit)s is overdue"),
    "deadline.escalated": gettext_lazy("%(limit)s is still not done"),
    "task.offered": gettext_lazy("past its time and untouched; it is offered to you, take it if you can"),
    "clock.overran": gettext_lazy("the pause “%(reason)s” was too long and has ended by itself"),
    "paper.overdue": gettext_lazy("papers asked for have not come; call the customer"),
    "overload.declared": gettext_lazy("a station declares overload and asks for help"),
    "overload.answered": gettext_lazy("the request for help was answered"),
    "overload.unanswered": gettext_lazy("a request for help was not answered in time"),
    "calendar.horizon": gettext_lazy("the published working calendar ends soon"),
}


PLACES: Mapping[str, str] = {"overload": "workflow:overloads", "calendar": "workflow:calendars"}
"""Where what is no case's is looked at, by what it is about."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing told: about which case (or on which page it is answered), what, and when it was or is due."""

    case: Case | None
    text: str
    due_at: dt.datetime | None
    place: str = ""


def lines_of(digest: Digest) -> list[Line]:
    """The digest's lines; cases, limits and reasons by their names."""
    said = list(digest.lines)
    limits = {
        (row.code, row.kind): row.name
        for row in Limit.objects.filter(code__in={one.get("limit", "") for one in said}).order_by("version")
    }
    reasons = {row.code: row.name for row in PauseReason.objects.all()}
    cases = Case.objects.in_bulk({key for one in said if (key := _case_of(one))})
    return [_line(one, limits, reasons, cases) for one in said]


def _line(
    one: Mapping[str, Any],
    limits: Mapping[tuple[str, str], str],
    reasons: Mapping[str, str],
    cases: Mapping[uuid.UUID, Case],
) -> Line:
    code = str(one.get("limit", ""))
    kind = LimitKind(one["kind"]).label if one.get("kind") in LimitKind.values else ""
    words = {
        "limit": "・".join(filter(None, (str(kind), limits.get((code, one.get("kind", "")), code)))),
        "reason": reasons.get(str(one.get("reason", "")), ""),
    }
    text = str(WORDS.get(one["event"], _("something happened"))) % words
    key = _case_of(one)
    place = PLACES.get(one["event"].partition(".")[0], "")
    return Line(cases.get(key) if key else None, text, moment_of(one), place)


def moment_of(said: Mapping[str, Any]) -> dt.datetime | None:
    """When what was said ran out or ends; a day without an hour is its beginning."""
    moment = parse_datetime(str(said.get("due") or said.get("until") or ""))
    return timezone.make_aware(moment) if moment and timezone.is_naive(moment) else moment


def _case_of(one: Mapping[str, Any]) -> uuid.UUID | None:
    stream = str(one.get("stream", ""))
    return uuid.UUID(stream.removeprefix("case:")) if stream.startswith("case:") else None
