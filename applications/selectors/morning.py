"""What a director reads at half past seven: what turns red today, where hands are missing, priorities, silent customers. A query each."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from applications.models import BoardCase, Priority
from applications.selectors.board import Watch
from applications.selectors.board_causes import Lacking
from staff.models import Certificate, Office, Post

SILENT_DAYS = 5
"""Working days after which a customer who does not answer is called, not waited for."""


def silent(watch: Watch, before: dt.datetime) -> QuerySet[BoardCase]:
    """Cases that have waited for the customer since before then."""
    return watch.rows().filter(cause="customer", waits_since__lt=before)


def priorities(watch: Watch, today: dt.date) -> list[dict[str, Any]]:
    """Priorities in force with the next date of each case; one query."""
    rows = (
        Priority.objects.filter(
            application__case__office__in=watch.among, from_date__lte=today, to_date__gte=today, application__case__on_board__isnull=False
        )
        .select_related("application__case__on_board", "application__case__office")
        .order_by("application__case__on_board__due_at", "pk")[:20]
    )  # fmt: skip
    return [
        {"case": row.application.case, "kind": row.get_kind_display(), "due_at": row.application.case.on_board.due_at, "until": row.to_date}
        for row in rows
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Loan:
    """Work nobody at a station may do, how much of it waits, and the station of the county that could lend somebody."""

    office: Office
    competence: str
    waiting: int
    lender: str


def loans(found: dict[tuple[int, str], int], lacking: Lacking, on: dt.date) -> list[Loan]:
    """For each kind of work that waits without hands, the office with most people certified for it; one query."""
    short: dict[tuple[int, str], tuple[Any, int]] = {}
    for (office_id, competence), n in found.items():
        shortage = lacking.of(office_id, competence)
        if shortage:
            key = (shortage.office.pk, competence)
            short[key] = (shortage, short.get(key, (None, 0))[1] + n)
    hands = _hands({competence for _office, competence in short}, on)
    answer = []
    for (office_id, competence), (shortage, n) in short.items():
        others = {name: n for (pk, name, code), n in hands.items() if code == competence and pk != office_id}
        answer.append(
            Loan(
                shortage.office,
                shortage.competence.name,
                n,
                max(others, key=lambda name: others[name], default=""),
            )
        )
    return sorted(answer, key=lambda loan: -loan.waiting)


def _hands(competences: set[str], on: dt.date) -> dict[tuple[int, str, str], int]:
    """How many people with a valid certificate each office has for each of these kinds of work."""
    if not competences:
        return {}
    valid = Certificate.objects.valid_on(on).filter(competence__code__in=competences)
    rows = (
        Post.objects.in_force(on)
        .filter(Q(user__is_active=True), user__certificates__in=valid)
        .values_list("office_id", "office__name_zh", "user__certificates__competence__code", "user_id")
        .distinct()
    )
    counts: dict[tuple[int, str, str], int] = {}
    for office, name, code, _user in rows:
        if code in competences:
            counts[office, name, code] = counts.get((office, name, code), 0) + 1
    return counts
