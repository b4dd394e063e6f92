"""A case from its log alone, for auditors: every event, both times, who, and whether the record holds."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from integrity.forms import CaseFilter
from integrity.ledger.chain import Verdict
from integrity.selectors.access import audited_offices
from integrity.selectors.flags import flags_of
from integrity.selectors.stories import audited_cases, story
from integrity.services.stories import note_reading, verify_case
from integrity.views.sentences import told
from staff.access import AUDITOR, open_to
from staff.models import Office
from workflow.models import Case

PER_PAGE = 50


@require_safe
@open_to(AUDITOR)
def stories(request: HttpRequest) -> HttpResponse:
    """Cases of the audited offices, the newest first; by number, office and stage."""
    user: Any = request.user
    form = CaseFilter(request.GET, offices=audited_offices(user))
    cases = audited_cases(user)
    if number := (form.chosen("q") or "").replace(" ", "").upper():
        cases = cases.filter(application_no=number) | cases.filter(contact_no=number)
    if office := form.chosen("office"):
        cases = cases.filter(office__in=Office.objects.subtree(office))
    if stage := form.chosen("stage"):
        cases = cases.filter(stage=stage)
    page = Paginator(cases.order_by("-opened_at", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "integrity/stories.html", {"filter": form, "page": page})


@require_safe
@open_to(AUDITOR)
def story_page(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """The story. That it was opened is an event of its own, since names stand in it."""
    case = _case(request, case_id)
    note_reading(case, by=request.user)  # type: ignore[arg-type]
    return _page(request, case, None)


@require_POST
@open_to(AUDITOR)
def story_verify(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Recompute the chain and say what came of it."""
    case = _case(request, case_id)
    verdict = verify_case(case, by=request.user)  # type: ignore[arg-type]
    context = {
        "case": case,
        "verdict": verdict,
        "says": says(verdict),
        "faults": [fault_words(f.what, f.number) for f in verdict.faults],
    }
    if request.headers.get("HX-Request"):
        return render(request, "integrity/_verdict.html", context)
    return _page(request, case, context)


def says(verdict: Verdict) -> str:
    """The verdict in a sentence."""
    if verdict.holds:
        return ngettext("%(n)s event, verified", "All %(n)s events verify", verdict.total) % {
            "n": verdict.total
        }
    return ngettext("%(n)s thing does not fit", "%(n)s things do not fit", len(verdict.faults)) % {
        "n": len(verdict.faults)
    }


def fault_words(what: str, number: int) -> str:
    """A fault in words."""
    words = {
        "missing": _("Event %(n)s is missing"),
        "header": _("Event %(n)s: what the table says differs from what was sealed"),
        "leaf": _("Event %(n)s: the seal does not fit the sealed text"),
        "link": _("Event %(n)s does not follow from the event before it"),
        "payload": _("Event %(n)s: its contents were changed or removed"),
        "end": _("The record should end with event %(n)s and does not"),
    }
    return words[what] % {"n": number}


def _case(request: HttpRequest, case_id: uuid.UUID) -> Case:
    case = audited_cases(request.user).filter(pk=case_id).first()  # type: ignore[arg-type]
    if case is None:
        raise Http404
    return case


def _page(request: HttpRequest, case: Case, result: dict[str, Any] | None) -> HttpResponse:
    lines = told(case, story(case))
    flags = flags_of(request.user).filter(case=case)  # type: ignore[arg-type]
    context = {"case": case, "lines": lines, "flags": flags, **(result or {})}
    return render(request, "integrity/story.html", context)
