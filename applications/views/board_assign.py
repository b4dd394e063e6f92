"""Putting work into other hands from the board: several tasks at once, each with its own answer."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import Application
from applications.selectors.board import Watch, watch_of
from applications.selectors.board_hands import Candidate, candidates, tasks_to_assign
from staff.access import SUPERVISOR, open_to, reader
from staff.models import User
from workflow.models import Task
from workflow.services.tasks import assign
from workflow.transitions import Refusal, Repeated

AT_ONCE = 40
"""How many tasks one page takes: as many as a list shows."""


@dataclass
class Line:
    """One task on the page: who has it, who could, whom it is to go to, and what came of it."""

    task: Task
    candidates: list[Candidate]
    chosen: str = ""
    version: str = ""
    done: str = ""
    why_not: str = ""

    @property
    def held_by(self) -> list[User]:
        """Whose hands it is in."""
        return [holder.user for holder in self.task.held]  # type: ignore[attr-defined]


@dataclass
class Sheet:
    """The page as it is shown or was sent."""

    lines: list[Line]
    gone: int
    reason: str = ""
    key: str = field(default_factory=lambda: uuid.uuid4().hex)
    no_reason: bool = False

    @property
    def done(self) -> int:
        """How many went into other hands."""
        return sum(1 for line in self.lines if line.done)

    @property
    def left(self) -> bool:
        """Whether there is anything to send."""
        return any(not line.done for line in self.lines)


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
                _give(line, sheet, watch)
        status = 200 if sheet.done or not sheet.lines else 422 if sheet.no_reason else 409
    return render(request, "applications/board_assign.html", {"sheet": sheet, "watch": watch}, status=status)


def _sheet(watch: Watch, given: Any) -> Sheet:
    asked = {pk for pk in map(_uuid, given.getlist("task")[:AT_ONCE]) if pk}
    tasks = tasks_to_assign(watch, asked)
    fit = candidates(tasks, timezone.localdate())
    lines = [
        Line(task, fit[task.pk], version=given.get(f"version-{task.pk}", str(task.version))) for task in tasks
    ]
    suggested: Counter[uuid.UUID] = Counter()
    for line in lines:
        line.chosen = given.get(f"to-{line.task.pk}", _suggestion(line, suggested))
    return Sheet(lines, len(asked) - len(tasks))


def _suggestion(line: Line, suggested: Counter[uuid.UUID]) -> str:
    """Whoever of the task's own office has least in hand, counting what this page suggests already."""
    own = [candidate for candidate in line.candidates if candidate.own_office]
    if not own:
        return ""
    least = min(own, key=lambda candidate: candidate.load + suggested[candidate.user.pk])
    suggested[least.user.pk] += 1
    return str(least.user.pk)


def _give(line: Line, sheet: Sheet, watch: Watch) -> None:
    """Put one task into the hands chosen; what came of it stands on its line."""
    if not line.chosen:
        return
    # whoever holds it already is looked up too, so that a second click is known as one
    there = [candidate.user for candidate in line.candidates] + line.held_by
    to = next((user for user in there if str(user.pk) == line.chosen), None)
    if to is None:
        line.why_not = _("Choose somebody of the list: certified for this work and there today.")
        return
    application = Application.objects.select_related("case__office").get(case=line.task.case)
    try:
        assign(
            application, line.task, to=to, by=watch.me.user, reason=sheet.reason, version=_number(line.version),
            key=f"{sheet.key[:32]}:{line.task.pk.hex}",
        )  # fmt: skip
    except Repeated:
        line.done = _("This was done already; nothing was done twice.")
    except Refusal as refusal:
        line.why_not = refusal.sentence
    else:
        line.done = _("Now in the hands of %(name)s.") % {"name": to.get_full_name()}


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() else None
