"""Putting work into other hands from the board: several tasks at once, each with its own answer."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from applications.selectors.board import Watch, watch_of
from applications.selectors.board_hands import candidates, tasks_to_assign
from applications.views.hands import Line, Sheet, give, ids
from staff.access import SUPERVISOR, open_to, reader

AT_ONCE = 40
"""How many tasks one page takes: as many as a list shows."""


@dataclass(kw_only=True)
class Ticked(Sheet):
    """The page, and how many of the tasks ticked are no longer there to be given."""

    gone: int


@open_to(SUPERVISOR)
def board_assign(request: HttpRequest) -> HttpResponse:
    """Choose for each ticked task who is to have it and say why; one result a row, a refusal is a sentence."""
    watch = watch_of(reader(request))
    given = request.POST if request.method == "POST" else request.GET
    sheet = _sheet(watch, given)
    status = 200
    if request.method == "POST":
        sheet.reason, sheet.key = given.get("reason", "").strip(), given.get("key", "") or sheet.key
        sheet.no_reason = not sheet.reason
        if not sheet.no_reason:
            for line in sheet.lines:
                if line.chosen:
                    give(line, by=watch.me.user, reason=sheet.reason, key=sheet.key)
        status = 200 if sheet.done or not sheet.lines else 422 if sheet.no_reason else 409
    return render(request, "applications/board_assign.html", {"sheet": sheet, "watch": watch}, status=status)


def _sheet(watch: Watch, given: Any) -> Ticked:
    asked = set(ids(given.getlist("task")[:AT_ONCE]))
    tasks = tasks_to_assign(watch, asked)
    fit = candidates(tasks, timezone.localdate())
    lines = [
        Line(task=task, candidates=fit[task.pk], version=given.get(f"version-{task.pk}", str(task.version)))
        for task in tasks
    ]
    suggested: Counter[uuid.UUID] = Counter()
    for line in lines:
        line.chosen = given.get(f"to-{line.task.pk}", _suggestion(line, suggested))
    return Ticked(lines=lines, gone=len(asked) - len(tasks))


def _suggestion(line: Line, suggested: Counter[uuid.UUID]) -> str:
    """Whoever of the task's own office has least in hand, counting what this page suggests already."""
    own = [candidate for candidate in line.candidates if candidate.own_office]
    if not own:
        return ""
    least = min(own, key=lambda candidate: candidate.load + suggested[candidate.user.pk])
    suggested[least.user.pk] += 1
    return str(least.user.pk)
