"""The hand-over list: what somebody going on leave still has open, each into a qualified colleague's hands, with a reason; and on paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications.selectors.board_hands import candidates
from applications.selectors.desk import chosen
from applications.selectors.hand_over import absence_of, colleagues, tasks_of, tasks_on
from applications.views.desk_rows import Row, row_of
from applications.views.hands import Line, Sheet, give, ids
from staff.access import OFFICER, open_to, reader
from staff.formats import table_day
from staff.models import User
from staff.policies import Authority
from workflow.selectors.rules import rules

AT_ONCE = 60
"""How many ticked cases or tasks one page takes."""


@dataclass(kw_only=True)
class Handed(Line):
    """One task with its case's row, and the word that goes with it."""

    row: Row
    note: str = ""


@dataclass(kw_only=True)
class Leaving(Sheet):
    """The list, and whose work it is; nobody's where cases were ticked."""

    lines: list[Handed]
    of: User | None


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(OFFICER)
def hand_over(request: HttpRequest) -> HttpResponse:
    """One's own open work, a colleague's for those who share out work, or that of ticked cases; one result a row."""
    me = reader(request)
    given = request.POST if request.method == "POST" else request.GET
    sheet, status = _sheet(me, given), 200
    if request.method == "POST":
        sheet.reason, sheet.key = given.get("reason", "").strip(), given.get("key", "") or sheet.key
        wanted = [line for line in sheet.lines if line.chosen]
        sheet.no_reason = any(not (line.note or sheet.reason) for line in wanted)
        for line in [] if sheet.no_reason else wanted:
            give(line, by=me.user, reason=line.note or sheet.reason, key=sheet.key)
        status = 422 if sheet.no_reason else 409 if any(line.why_not for line in wanted) else 200
    context = {"sheet": sheet, "me": me.user, "people": colleagues(me), "now": timezone.now()}
    return render(request, "applications/hand_over.html", context, status=status)


def _sheet(me: Authority, given: Any) -> Leaving:
    of, cases = _person(me, given.get("of", "")), ids(given.getlist("case")[:AT_ONCE])
    asked = ids(given.getlist("task")[:AT_ONCE])
    tasks = tasks_on(me, cases, asked) if cases or asked else tasks_of(me, of or me.user)
    rows = {
        case.pk: row_of(case, rules(), me)
        for case in chosen(me, list({task.case_id: None for task in tasks}))
    }
    fit = candidates(tasks, timezone.localdate())
    lines = [
        Handed(
            task=task, row=rows[task.case_id], candidates=fit[task.pk], chosen=given.get(f"to-{task.pk}", ""),
            note=given.get(f"note-{task.pk}", "").strip()[:100], version=given.get(f"version-{task.pk}", str(task.version)),
        )
        for task in tasks if task.case_id in rows
    ]  # fmt: skip
    away = absence_of(of or me.user)
    reason = (
        _("On leave from %(start)s until %(end)s") % {"start": table_day(away.from_date), "end": table_day(away.to_date)} if away else ""
    )  # fmt: skip
    return Leaving(lines=lines, of=None if cases or asked else of or me.user, reason=reason)


def _person(me: Authority, said: str) -> User | None:
    """The colleague named, if this reader may hand over for them; another than those does not exist."""
    if not said or said == str(me.user.pk):
        return None
    found = next((user for user in colleagues(me) if str(user.pk) == said), None)
    if found is None:
        raise Http404
    return found
