"""The director's morning page, for a phone at half past seven. Whatever is opened or hurried from it is on record as 督办."""

from __future__ import annotations

from collections import Counter

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from applications.selectors.board import Urgency, lines
from applications.selectors.board_figures import tally
from applications.selectors.morning import SILENT_DAYS, loans, priorities, silent
from applications.selectors.supervision import unanswered
from applications.views.board_look import look
from applications.views.board_words import working_days
from staff.access import SUPERVISOR, open_to, reader
from workflow.presentation import background_is_late

SHOWN = 12


@open_to(SUPERVISOR)
def board_morning(request: HttpRequest) -> HttpResponse:
    """What turns red today and who could prevent it; who needs hands; priorities; customers silent for over five working days."""
    seen = look(request)
    found = seen.groups()
    idle: Counter[tuple[int, str]] = Counter()
    for group in found:
        if group.task_office_id and group.competence:
            idle[group.task_office_id, group.competence] += group.n
    today = seen.watch.rows().filter(seen.horizon.pressing(Urgency.TODAY))
    quiet = silent(seen.watch, seen.workdays_ago(SILENT_DAYS + 1))
    red, waits = lines(today, seen.horizon, 0, SHOWN), lines(quiet.order_by(), seen.horizon, 0, SHOWN)
    rows = seen.rows([*red, *waits])
    counts = tally(found)
    context = {
        "now": seen.now, "late": background_is_late(seen.now), "today": counts[Urgency.TODAY], "overdue": counts[Urgency.OVERDUE],
        "red": rows[: len(red)], "silent": [(row, working_days(seen.worked_since(row.case.since))) for row in rows[len(red) :]],
        "silent_days": SILENT_DAYS, "loans": loans(dict(idle), seen.lacking, seen.today), "priorities": priorities(seen.watch, seen.today),
        "asked": unanswered(reader(request)),
    }  # fmt: skip
    return render(request, "applications/board_morning.html", context)
