"""My list: from a category and a few answers to the papers, days and costs, on one sheet that reopens as it was."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from applications import checklists
from applications.checklists import Edition
from publicity.forms import QuestionsForm
from publicity.selectors import channels
from publicity.selectors.categories import KNOWN, Category, shown_categories
from publicity.selectors.papers import papers_of
from publicity.selectors.promises import costs_of, headline, in_a_line
from staff.access import EVERYONE, open_to
from workflow.selectors.rules import current_stamp

EDITION = "edition"


@open_to(EVERYONE)
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Which kind of supply it is."""
    today, stamp = timezone.localdate(), current_stamp()
    chosen = [(category, in_a_line(category, today, stamp)) for category in shown_categories()]
    return render(request, "publicity/choose.html", {"categories": chosen, "profile": channels.profile()})


@open_to(EVERYONE)
@require_safe
def my_list(request: HttpRequest, code: str) -> HttpResponse:
    """The questions of a category, or, once they are answered, the list. The edition is put into the address at the first sight."""
    category = KNOWN.get(code)
    newest = checklists.current_edition(code) if category else None
    if category is None or newest is None:
        raise Http404
    asked = request.GET.get(EDITION, "")
    known = checklists.edition_numbered(code, int(asked)) if _is_number(asked) else None
    edition = known or newest
    form = _form(request, code, edition)
    if not form.is_bound or not form.is_valid():
        return render(
            request, "publicity/questions.html", {"form": form, "category": category, "kept": asked}
        )
    address = _address(code, form, edition)
    if not asked:
        return HttpResponseRedirect(address)
    context = {
        "lost": known is None,
        "newer": newest.number > edition.number,
        "newest": _address(code, form, None),
    }
    return render(request, "publicity/list.html", context | _shown(category, form, edition, address))


def _form(request: HttpRequest, code: str, edition: Edition) -> QuestionsForm:
    questions = checklists.questions_of(checklists.rows_of(code, edition))
    answered = (
        not questions or any(question.field in request.GET for question in questions) or "go" in request.GET
    )
    return QuestionsForm(questions, request.GET if answered else None)


def _shown(category: Category, form: QuestionsForm, edition: Edition, address: str) -> dict[str, Any]:
    papers, sources = papers_of(checklists.checklist_of(category.code, edition, form.conditions()))
    return {
        "category": category,
        "answers": form.answers(),
        "edition": edition,
        "papers": papers,
        "sources": sources,
        "limits": headline(category, timezone.localdate()),
        "costs": costs_of(category),
        "address": address,
        "list_url": settings.TONGDIAN_BASE_URL + address,
        "apply_url": settings.TONGDIAN_BASE_URL + reverse("apply", args=[category.code]),
        "profile": channels.profile(),
        "printed_on": timezone.localdate(),
    }


def _address(code: str, form: QuestionsForm, edition: Edition | None) -> str:
    answers = [(question.field, form.cleaned_data[question.field]) for question in form.questions]
    stamp = [(EDITION, str(edition.number))] if edition else []
    query = urlencode(answers + stamp) or "go="
    return f"{reverse('guide_checklist_list', args=[code])}?{query}"


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9
