"""督办 from the board: ask offices to move cases, read the log, answer. One result a row; a refusal is a sentence."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from applications.forms.supervision import AnswerForm, HurryForm
from applications.selectors.board import Watch, watch_of
from applications.selectors.supervision import log_of, unanswered
from applications.services.supervision import answer_supervision, hurry, look_into
from staff.access import OFFICER, SUPERVISOR, open_to, reader
from workflow.models import Case
from workflow.selectors.rules import rules
from workflow.transitions import Refusal, Repeated

AT_ONCE = 40
"""How many cases one order takes: as many as a list shows."""

PAGE = 40
ANSWER_DAYS = 1
"""Working days an answer is asked for in, unless somebody says otherwise."""


@dataclass
class Line:
    """One case of the order, and what came of it."""

    case: Case
    done: str = ""
    why_not: str = ""


@open_to(SUPERVISOR)
def board_hurry(request: HttpRequest) -> HttpResponse:
    """Say once what is to be done and until when the offices answer; each case ticked gets it."""
    watch = watch_of(reader(request))
    given = request.POST if request.method == "POST" else request.GET
    sheet = [Line(case) for case in _cases(watch, given)]
    calendar = rules().calendar
    proposed = calendar.nth_workday(timezone.localdate(), ANSWER_DAYS).day
    form = HurryForm(
        request.POST if request.method == "POST" else None,
        initial={"key": uuid.uuid4().hex, "answer_by": proposed},
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            for line in sheet:
                _order(line, form.cleaned_data, watch)
            status = 200 if any(line.done for line in sheet) else 409
    context = {"lines": sheet, "form": form, "done": sum(1 for line in sheet if line.done)}
    return render(request, "applications/board_hurry.html", context, status=status)


def _order(line: Line, said: dict[str, Any], watch: Watch) -> None:
    key = f"{said['key'][:32]}:{line.case.pk.hex}" if said["key"] else None
    try:
        hurry(line.case, by=watch.me.user, reason=said["reason"], answer_by=said["answer_by"], key=key)
    except Repeated:
        line.done = _("This was done already; nothing was done twice.")
    except Refusal as refusal:
        line.why_not = refusal.sentence
    else:
        line.done = _("On record; the office answers by %(day)s.") % {"day": said["answer_by"].isoformat()}


def _cases(watch: Watch, given: Any) -> list[Case]:
    """The cases ticked, by themselves or by a task of theirs, as far as they are watched over."""
    cases, tasks = _ids(given, "case"), _ids(given, "task")
    found = Case.objects.filter(office__in=watch.among).select_related("office")
    return list(
        (found.filter(pk__in=cases) | found.filter(pk__in=Case.objects.filter(tasks__in=tasks))).order_by(
            "opened_at"
        )
    )


def _ids(given: Any, name: str) -> list[uuid.UUID]:
    found = []
    for text in given.getlist(name)[:AT_ONCE]:
        try:
            found.append(uuid.UUID(text))
        except ValueError:
            continue
    return found


@require_POST
@open_to(SUPERVISOR)
def board_look_into(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Open a case from above: on record first, then the page."""
    watch = watch_of(reader(request))
    case = get_object_or_404(Case, pk=pk, office__in=watch.among)
    try:
        look_into(case, by=watch.me.user)
    except Refusal as refusal:
        messages.info(request, refusal.sentence)
    return redirect("case", pk=pk)


@open_to(OFFICER)
def supervision(request: HttpRequest) -> HttpResponse:
    """The log of this person's offices: what waits for an answer first."""
    me = reader(request)
    waiting = request.GET.get("waiting") == "1"
    found = log_of(me, office=request.GET.get("office", ""), waiting=waiting)
    page = Paginator(found, PAGE).get_page(request.GET.get("page", 1))
    context = {"page": page, "open": unanswered(me), "waiting": waiting, "today": timezone.localdate()}
    return render(request, "applications/supervision.html", context)


@open_to(OFFICER)
def supervision_answer(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Answer one order."""
    me = reader(request)
    asked = log_of(me).filter(pk=pk).first()
    if asked is None:
        raise Http404
    form = AnswerForm(request.POST if request.method == "POST" else None, initial={"key": uuid.uuid4().hex})
    status, why_not = 200, ""
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                answer_supervision(
                    pk, by=me.user, answer=form.cleaned_data["answer"], key=form.cleaned_data["key"] or None
                )
            except Repeated:
                return redirect("supervision")
            except Refusal as refusal:
                why_not, status = refusal.sentence, refusal.status
            else:
                messages.success(request, _("Answered; it stands in the record of the case."))
                return redirect("supervision")
    context = {"asked": asked, "form": form, "why_not": why_not}
    return render(request, "applications/supervision_answer.html", context, status=status)
