"""The customer's own: what runs, one case in full, and what only the customer can do."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from applications.categories import called
from applications.models import Application, Contract, PartyRole, Project, Scheme
from applications.progress import doing
from applications.selectors.asked import clock_of
from applications.selectors.facts import latest_contract, latest_scheme, paper_names
from applications.selectors.issued import papers_of
from applications.selectors.offers import Offer
from applications.selectors.particulars import particular_lines
from applications.selectors.parties import PartyRow
from applications.selectors.prices import side_by_side
from applications.selectors.projects import listing
from applications.selectors.standing import Standing, rest_words, stands, survivor
from applications.selectors.terms import tree_lines
from applications.selectors.works import works_of
from applications.services import drafts
from applications.services.parties import waiting_for
from applications.views.origin import me
from applications.views.papers import standing
from staff.access import CUSTOMER, open_to
from staff.models import User
from workflow import actions
from workflow.models import ENDED, Case, Contact
from workflow.policies import why_not

HIDDEN_ACTS = frozenset({"record_payment"})
"""Done at the counter even where the route names the customer."""


def own_case(request: HttpRequest, pk: uuid.UUID) -> Case:
    """A case the customer may see; 404 else."""
    cases = Case.objects.visible_to(me(request)).select_related(
        "office", "joined_to", "first_contact_channel"
    )
    return get_object_or_404(cases, pk=pk)


def own_application(request: HttpRequest, pk: uuid.UUID) -> Application:
    """The application of such a case; 404 while there is none."""
    case = own_case(request, pk)
    return get_object_or_404(Application.objects.select_related("case__office"), case=case)


@require_GET
@open_to(CUSTOMER)
def my(request: HttpRequest) -> HttpResponse:
    """Cases, newest first, and drafts."""
    user = me(request)
    contacts = Contact.objects.order_by("number")
    mine = Project.objects.visible_to(user)  # their units stand on the project's page
    cases = (
        Case.objects.visible_to(user).filter(joined_to=None).exclude(application__unit__project__in=mine).select_related("application__premises")
        .prefetch_related(Prefetch("contacts", contacts, to_attr="all_contacts")).order_by("-opened_at")[:50]
    )  # fmt: skip
    begun = [(draft, called(draft.category)) for draft in drafts.open_drafts(user)]
    waiting = {draft.case_id for draft, _name in begun}
    rows = [_row(case) for case in cases if case.pk not in waiting]
    return render(
        request,
        "applications/customer/my.html",
        {"rows": rows, "projects": listing(mine)[:20], "drafts": begun, "named": len(waiting_for(user))},
    )


def _row(case: Case) -> dict[str, Any]:
    application = getattr(case, "application", None)
    contact = case.all_contacts[0] if case.all_contacts else None  # type: ignore[attr-defined]
    category = application.category if application else (contact.category if contact else "")
    place = application.premises.address if application else (contact.place if contact else "")
    return {
        "case": case,
        "name": called(category) if category else "",
        "place": place,
        "sentence": doing(
            case.stage,
            accepted=bool(application and application.accepted_at),
            business_type=application.business_type if application else "",
        ),
        "ended": case.ended,
    }


@require_GET
@open_to(CUSTOMER)
def my_case(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One case in full; a joined one leads on."""
    case = own_case(request, pk)
    goes_on = survivor(case)
    if goes_on.pk != case.pk and Case.objects.visible_to(me(request)).filter(pk=goes_on.pk).exists():
        return redirect("my_case", goes_on.pk)
    return render(request, "applications/customer/my_case.html", case_context(request, case))


def case_context(request: HttpRequest, case: Case) -> dict[str, Any]:
    """What the page shows."""
    user = me(request)
    here = stands(case, user)
    application = here.application
    contact = case.contacts.order_by("number").first()
    category = application.category if application else (contact.category if contact else "")
    context: dict[str, Any] = {
        "case": case, "standing": here, "application": application, "category_name": called(category) if category else "",
        "place": application.premises.address if application else (contact.place if contact else ""),
        "turns": [_button(case, offer) for offer in here.turns if offer.action.name not in HIDDEN_ACTS and offer.allowed],
        "pauses": [(pause, rest_words(pause)) for pause in here.pauses], "open": case.stage not in ENDED,
        "may_withdraw": application is not None and why_not(here.situation.before(actions.get("withdraw"))) is None,
        "notices": _notices(case), "agents": _agents(application, user), "may_end": _may_end(here),
        "written": papers_of(case, application),
    }  # fmt: skip
    return context | (_of_application(application, here) if application else {})


def _agents(application: Application | None, user: User) -> list[PartyRow]:
    """Who acts for the applicant, shown to the applicant."""
    if application is None or not application.parties.filter(user=user, role=PartyRole.APPLICANT).exists():
        return []
    agents = application.parties.filter(role=PartyRole.AGENT).select_related("person", "authorisation")
    return [PartyRow(agent, [], timezone.now()) for agent in agents]


def _may_end(here: Standing) -> bool:
    return why_not(here.situation.before(actions.get("end_authority"))) is None


def _button(case: Case, offer: Offer) -> tuple[str, Any, bool]:
    return reverse("my_act", args=[case.pk, offer.action.name]), offer.action.label, offer.action.sends_back


def _of_application(application: Application, here: Standing) -> dict[str, Any]:
    names = paper_names(application)
    asked = here.request
    clocks = (
        {paper.item_code: clock_of(paper, here.now) for paper in asked.papers.select_related("limit")}
        if asked
        else {}
    )
    came = standing(application)
    wanted = []
    for code in asked.items if asked else []:
        files = [file for file in came.get(code, []) if asked and file.received_at >= asked.asked_at]
        wanted.append(
            {
                "code": code,
                "name": names.get(code, code),
                "reason": asked.reasons.get(code, "") if asked else "",
                "files": files,
                "clock": clocks.get(code),
            }
        )
    return {
        "particulars": particular_lines(application),
        "wanted": wanted,
        "complete": bool(wanted) and all(line["files"] for line in wanted),
        "files": [(names.get(code, code), files) for code, files in came.items()],
        "scheme": readable_scheme(application),
        "works": works_of(application),
        "contract": latest_contract(application),
        "rectification": application.rectificationnotices.order_by("-recorded_at").first(),
    }


def readable_scheme(application: Application) -> dict[str, Any] | None:
    """The scheme once it was replied, in lines; before that it is a draft of ours."""
    scheme: Scheme | None = latest_scheme(application)
    reply = scheme.replies.order_by("-recorded_at").first() if scheme else None
    if scheme is None or reply is None:
        return None
    return {
        "scheme": scheme,
        "reply": reply,
        "lines": tree_lines(scheme),
        "agreed": scheme.agreements.exists(),
        "columns": side_by_side(list(scheme.options.select_related("scheme"))),
        "answers": list(scheme.answers_to.select_related("objection").order_by("recorded_at")),
    }


def readable_contract(application: Application) -> Contract | None:
    """The text last issued."""
    return latest_contract(application)


def _notices(case: Case) -> str:
    """Messages sent about the case: a fragment of the guide's, where there is one."""
    try:
        return reverse("guide_notices", args=[case.pk])
    except NoReverseMatch:
        return ""
