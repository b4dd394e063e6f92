"""The hand-over list: what somebody going on leave still has open, each into a qualified colleague's hands, with a reason; and on paper."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications.models import Application
from applications.selectors.board_hands import Candidate, candidates
from applications.selectors.desk import chosen
from applications.selectors.hand_over import absence_of, colleagues, tasks_of, tasks_on
from applications.views.desk_rows import Row, row_of
from staff.access import OFFICER, open_to, reader
from staff.formats import table_day
from staff.models import User
from staff.policies import Authority
from workflow.models import Task
from workflow.selectors.rules import rules
from workflow.services.tasks import assign
from workflow.transitions import Refusal, Repeated


@dataclass
class Line:
    """One task: its case, who could have it, whom it is to go to with which word, and what came of it."""

    task: Task
    row: Row
    candidates: list[Candidate]
    chosen: str = ""
    note: str = ""
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
    of: User | None
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


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(OFFICER)
def hand_over(request: HttpRequest) -> HttpResponse:
    """One's own open work, a colleague's for those who share out work, or that of ticked cases; one result a row."""
    me = reader(request)
    given = request.POST if request.method == "POST" else request.GET
    sheet, status = _sheet(me, given), 200
    if request.method == "POST":
        sheet.reason, sheet.key = given.get("reason", "").strip(), given.get("key", "")[:32] or sheet.key
        wanted = [line for line in sheet.lines if line.chosen]
        sheet.no_reason = any(not (line.note or sheet.reason) for line in wanted)
        for line in [] if sheet.no_reason else wanted:
            _give(line, sheet, me)
        status = 422 if sheet.no_reason else 409 if any(line.why_not for line in wanted) else 200
    context = {"sheet": sheet, "me": me.user, "people": colleagues(me), "now": timezone.now()}
    return render(request, "applications/hand_over.html", context, status=status)


def _sheet(me: Authority, given: Any) -> Sheet:
    of, cases = _person(me, given.get("of", "")), _ids(given.getlist("case"))
    asked = _ids(given.getlist("task"))
    tasks = tasks_on(me, cases, asked) if cases or asked else tasks_of(me, of or me.user)
    rows = {
        case.pk: row_of(case, rules(), me)
        for case in chosen(me, list({task.case_id: None for task in tasks}))
    }
    fit = candidates(tasks, timezone.localdate())
    lines = [
        Line(task, rows[task.case_id], fit[task.pk], given.get(f"to-{task.pk}", ""), given.get(f"note-{task.pk}", "").strip()[:100],
             given.get(f"version-{task.pk}", str(task.version)))
        for task in tasks if task.case_id in rows
    ]  # fmt: skip
    away = absence_of(of or me.user)
    reason = (
        _("On leave from %(start)s until %(end)s") % {"start": table_day(away.from_date), "end": table_day(away.to_date)} if away else ""
    )  # fmt: skip
    return Sheet(lines, None if cases or asked else of or me.user, reason)


def _give(line: Line, sheet: Sheet, me: Authority) -> None:
    """Put one task into the hands chosen; what came of it stands on its line."""
    there = [candidate.user for candidate in line.candidates] + line.held_by
    to = next((user for user in there if str(user.pk) == line.chosen), None)
    if to is None:
        line.why_not = _("Choose somebody of the list: certified for this work and there today.")
        return
    application = Application.objects.select_related("case__office").get(case=line.task.case)
    version = int(line.version) if line.version.isdecimal() else None
    try:
        assign(
            application, line.task, to=to, by=me.user, reason=line.note or sheet.reason, version=version,
            key=f"{sheet.key}:{line.task.pk.hex}",
        )  # fmt: skip
    except Repeated:
        line.done = _("This was done already; nothing was done twice.")
    except Refusal as refusal:
        line.why_not = refusal.sentence
    else:
        line.done = _("Now in the hands of %(name)s.") % {"name": to.get_full_name()}


def _person(me: Authority, said: str) -> User | None:
    """The colleague named, if this reader may hand over for them; another than those does not exist."""
    if not said or said == str(me.user.pk):
        return None
    found = next((user for user in colleagues(me) if str(user.pk) == said), None)
    if found is None:
        raise Http404
    return found


def _ids(said: list[str]) -> list[uuid.UUID]:
    found = []
    for text in said[:60]:
        try:
            found.append(uuid.UUID(text))
        except ValueError:
            continue
    return found
