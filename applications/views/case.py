"""The case at work: the page, and every act on it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from applications.forms import FORMS
from applications.forms.act import ActForm
from applications.models import Application
from applications.selectors.casepage import CasePage, load_page
from applications.selectors.offers import Offer
from applications.services import SERVICES
from applications.views.conflicts import conflict, sent
from staff.access import OFFICER, authority_of, open_to, reader
from staff.presentation import Action as Button
from workflow import actions
from workflow.events import Circumstance
from workflow.models import Case
from workflow.policies import why_not
from workflow.selectors.situations import situation_of
from workflow.transitions import Refusal, Repeated, Stale

KEYS = {"request_documents": "r", "pause": "p"}
AT_HAND = frozenset({"record_echo", "take", "request_documents", "pause", "resume", "state_wait"})
"""Acts on the case that stand beside the stage's own; the others are a tap away."""


def visible_case(request: HttpRequest, pk: uuid.UUID) -> Case:
    """The case, or 404: what may not be seen does not exist."""
    mine = Case.objects.visible_to(request.user, authority_of(request))  # type: ignore[arg-type]
    return get_object_or_404(mine.select_related("office", "route_version__route"), pk=pk)


@open_to(OFFICER)
def case_page(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One case: wire, the stage's form, buttons that say why not, clause, record, clocks, papers, who may do the next step."""
    case = visible_case(request, pk)
    page = load_page(case, request.user, authority_of(request))  # type: ignore[arg-type]
    inline = next((offer for offer in page.task_offers if offer.allowed and offer.action.name in FORMS), None)
    form = _form(inline, page.application, request) if inline and page.application else None
    return render(request, "applications/case.html", _context(page, inline, form))


@open_to(OFFICER)
def case_act(request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponse:
    """One act: its form, or doing it. A refusal shows its sentence beside what was typed."""
    case = visible_case(request, pk)
    application = get_object_or_404(Application.objects.select_related("case__office", "premises"), case=case)
    if name not in FORMS or name not in SERVICES:
        return redirect("case", pk=pk)
    if name == "request_documents" and request.method == "GET":
        return redirect("case_papers", pk=pk)
    action = actions.get(name)
    who = reader(request)
    situation = situation_of(application, who.user, known=who).before(action, task=_task_of(request))
    task = situation.task
    form = FORMS[name](
        sent(request, action, application, task), request.FILES or None, application=application, user=reader(request).user,
        version=task.version if task else None, task=task.pk if task else None,
    )  # fmt: skip
    status = 200
    if (reshaped := form.again()) is not None:
        form = reshaped
    elif request.method == "POST":
        if form.is_valid():
            answer, status = _do(request, name, application, form)
            if answer is not None:
                return answer
        elif form.was_done_before():
            messages.info(request, _("This was done already; nothing was done twice."))
            return redirect("case", pk=pk)
        else:
            status = 422
    context = {"case": case, "application": application, "action": action, "form": form, "why_not": why_not(situation),
               "conflict": conflict(application, action, form, task),
               "node": situation.node(situation.task.node_code) if situation.task else None, "multipart": form.is_multipart()}  # fmt: skip
    return render(request, "applications/act.html", context, status=status)


def _task_of(request: HttpRequest) -> uuid.UUID | None:
    """The task named in the address or the form, where several ask for the same fact."""
    said = request.POST.get("task") or request.GET.get("task") or ""
    try:
        return uuid.UUID(said) if said else None
    except ValueError:
        return None


def _do(
    request: HttpRequest, name: str, application: Application, form: ActForm
) -> tuple[HttpResponse | None, int]:
    circumstance = Circumstance(
        via="counter", station=application.case.office.code, request=request.headers.get("X-Request-Id")
    )
    try:
        SERVICES[name](application, by=reader(request).user, circumstance=circumstance, **form.cleaned_data)
    except Repeated:
        messages.info(request, _("This was done already; nothing was done twice."))
    except Refusal as refusal:
        form.add_error(None, refusal.sentence)
        form.came_late = isinstance(refusal, Stale)
        return None, refusal.status
    else:
        messages.success(request, _("Recorded: %(act)s.") % {"act": actions.get(name).label})
    return redirect("case", pk=application.case.pk), 303


def _form(offer: Offer, application: Application, request: HttpRequest) -> ActForm:
    task = offer.task
    return FORMS[offer.action.name](
        application=application, user=reader(request).user, version=task.version if task else None, task=task.pk if task else None
    )  # fmt: skip


def _context(page: CasePage, inline: Offer | None, form: ActForm | None) -> dict[str, Any]:
    buttons = [_button(page, offer) for offer in page.task_offers if offer is not inline]
    buttons += [_button(page, offer) for offer in page.other_offers if offer.action.name in AT_HAND]
    more = [_button(page, offer) for offer in page.other_offers if offer.action.name not in AT_HAND]
    applicant = next((party for party in page.parties if party.role == "applicant"), None)
    return {
        "page": page, "case": page.case, "application": page.application, "inline": inline, "form": form, "applicant": applicant,
        "buttons": buttons, "more": more, "wire": page.wire() if page.application else [], "first": page.contacts[0] if page.contacts else None,
        "papers_here": sum(1 for paper in page.papers if paper.document), "legacy": getattr(page.case, "legacy", None),
    }  # fmt: skip


def _button(page: CasePage, offer: Offer) -> Button:
    name = offer.action.name
    target = (
        reverse("case_act", args=[page.case.pk, name])
        if name in FORMS
        else reverse("case", args=[page.case.pk])
    )
    label = str(offer.action.label)
    if offer.task and sum(other.action.name == name for other in page.task_offers) > 1:
        target += f"?task={offer.task.pk}"  # several departments are asked the same
        label = f"{label} · {page.situation.node(offer.task.node_code).name}"
    return Button(
        label=label, url=target, enabled=offer.allowed and name in FORMS, reason=offer.why_not or "",
        key=KEYS.get(name, ""), danger=name in ("refuse", "void", "terminate", "withdraw"),
    )  # fmt: skip
