"""The neutral question on the case page: so long lies between, please explain. Asked by the times alone."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from integrity.acts import EXPLAIN
from integrity.forms import ExplainForm
from integrity.presentation import HOUR, length, matter_of
from integrity.selectors.questions import Question, questions
from integrity.services.gaps import explain_gap, subject_of
from staff.access import OFFICER, open_to
from workflow import actions
from workflow.models import Case
from workflow.policies import why_not
from workflow.selectors.situations import situation_of
from workflow.transitions import Refusal

LEAST_LINE, LINE_PER_DAY = 10, 10
"""How long the dashed line of a gap is drawn, in percent of its card: a start, and so much a working day."""


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(OFFICER)
def gap_questions(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """The gaps of a case with what was said about them; a fragment for the case page, or a page of its own."""
    case = Case.objects.visible_to(request.user).select_related("office").filter(pk=case_id).first()  # type: ignore[arg-type]
    if case is None:
        raise Http404
    if request.method == "POST":
        return _answer(request, case)
    return _show(request, case, {})


def _answer(request: HttpRequest, case: Case) -> HttpResponse:
    asked = questions(case)
    number = request.POST.get("number", "")
    question = next((q for q in asked if str(q.number) == number), None)
    if question is None:
        raise Http404
    form = ExplainForm(request.POST, causes=question.causes, prefix=None, auto_id=f"gap-{number}-%s")
    if not form.is_valid():
        return _show(request, case, {question.number: form}, status=422)
    try:
        explain_gap(
            case, number=question.number, cause=form.cleaned_data["cause"].code, words=form.cleaned_data["words"].strip(),
            by=request.user,  # type: ignore[arg-type]
        )  # fmt: skip
    except Refusal as refusal:
        form.add_error(None, refusal.sentence)
        return _show(request, case, {question.number: form}, status=refusal.status)
    if request.headers.get("HX-Request"):
        return _show(request, case, {})
    messages.success(request, _("The explanation stands on the case's record."))
    return redirect("integrity:questions", case.pk)


def _show(
    request: HttpRequest, case: Case, bound: dict[int, ExplainForm], *, status: int = 200
) -> HttpResponse:
    asked = questions(case)
    refusal = _may_not_answer(request, case) if asked else None
    rows = [_in_words(question, bound.get(question.number)) for question in asked]
    template = (
        "integrity/_questions.html" if request.headers.get("HX-Request") else "integrity/questions.html"
    )
    return render(request, template, {"case": case, "rows": rows, "may_not": refusal}, status=status)


def _may_not_answer(request: HttpRequest, case: Case) -> str | None:
    user: Any = request.user
    return why_not(situation_of(subject_of(case), user).before(actions.get(EXPLAIN)))


def _in_words(question: Question, bound: ExplainForm | None) -> dict[str, object]:
    finding = question.finding
    minutes = int((finding.until_at - finding.since_at).total_seconds() // HOUR)
    form = bound or ExplainForm(
        initial={"number": question.number}, causes=question.causes, auto_id=f"gap-{question.number}-%s"
    )
    return {
        "question": question,
        "matter": _("The day power was first asked for")
        if question.code == "earlier_echo"
        else matter_of(question.entry.kind),
        "share": min(100, LEAST_LINE + finding.working_days * LINE_PER_DAY),
        "gap": length(finding.working_days, minutes),
        "form": None if question.answer else form,
        "words": {
            "claimed_late": (_("Happened (stated)"), _("Recorded (system)")),
            "late_acceptance": (_("First contact"), pgettext("moment", "Accepted")),
            "earlier_echo": (_("Said by the customer"), _("First contact on record")),
        }[question.code],
    }
