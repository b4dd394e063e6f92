"""The people of a case at the counter: acts that may bring a photo along, and the look at a whole ID number."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from applications.forms import FORMS
from applications.forms.act import ActForm
from applications.forms.parties import PaperFields, RevealForm
from applications.models import Application, Party
from applications.services import SERVICES
from applications.services.papers import receive_document
from applications.services.parties import reveal_identity
from applications.views.case import visible_case
from applications.views.origin import circumstance_of
from staff.access import OFFICER, authority_of, open_to, reader
from workflow import actions
from workflow.events import Circumstance
from workflow.policies import why_not
from workflow.selectors.situations import situation_of
from workflow.transitions import Refusal, Repeated

PAPERS = {"record_authority": "authorisation", "record_consent": "consent"}
"""Under which item code a photo taken with the form is kept."""

ESTATE, PROPERTY = "estate_consent", "property"


@open_to(OFFICER)
def party_act(request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponse:
    """An act that comes with a paper: chosen from the case, or photographed now; both are recorded, or neither."""
    application = _application(request, pk)
    if name not in PAPERS:
        raise Http404
    action = actions.get(name)
    situation = situation_of(application, request.user, known=authority_of(request)).before(action)  # type: ignore[arg-type]
    form = FORMS[name](
        request.POST or None, request.FILES or None, application=application, user=reader(request).user
    )
    status = 200
    if request.method == "POST":
        if form.is_valid():
            answer, status = _do(request, application, name, form)
            if answer is not None:
                return answer
        elif form.was_done_before():
            return redirect("case", pk=pk)
        else:
            status = 422
    context = {
        "case": application.case, "application": application, "action": action, "form": form, "why_not": why_not(situation),
        "node": None, "multipart": True,
    }  # fmt: skip
    return render(request, "applications/act.html", context, status=status)


def _do(
    request: HttpRequest, application: Application, name: str, form: ActForm
) -> tuple[HttpResponse | None, int]:
    how = circumstance_of(request, via="counter", behalf="staff")
    try:
        with transaction.atomic():
            _with_paper(request, application, name, form, how)
    except Repeated:
        messages.info(request, _("This was done already; nothing was done twice."))
    except Refusal as refusal:
        form.add_error(None, refusal.sentence)
        return None, refusal.status
    else:
        messages.success(request, _("Recorded: %(act)s.") % {"act": actions.get(name).label})
    return redirect("case", pk=application.case.pk), 303


def _with_paper(
    request: HttpRequest, application: Application, name: str, form: ActForm, how: Circumstance
) -> None:
    given = dict(form.cleaned_data)
    upload = given.pop("file", None)
    if upload is not None and isinstance(form, PaperFields):
        given["paper"] = receive_document(
            application, _item(name, given), upload, by=reader(request).user, channel="hall", media_type=form.media_type,
            beside=True, circumstance=how,
        )  # fmt: skip
    SERVICES[name](application, by=reader(request).user, circumstance=how, **given)


def _item(name: str, given: dict[str, object]) -> str:
    """The checklist's own code where it has one for this paper, so that the list shows it as there."""
    return ESTATE if given.get("kind") == PROPERTY else PAPERS[name]


@open_to(OFFICER)
def party_identity(request: HttpRequest, pk: uuid.UUID, party: int) -> HttpResponse:
    """The whole ID number of one party: after a click and a reason, and on record. It is on no other page and in no address."""
    application = _application(request, pk)
    person: Party = get_object_or_404(application.parties.select_related("person"), pk=party)
    situation = situation_of(application, request.user, known=authority_of(request))  # type: ignore[arg-type]
    refused = why_not(situation.before(actions.get("reveal_identity")))
    form = RevealForm(request.POST or None)
    shown, status = "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                reveal_identity(
                    application, by=reader(request).user, party=person, reason=form.cleaned_data["reason"],
                    circumstance=circumstance_of(request, via="counter"),
                )  # fmt: skip
            except Refusal as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                shown, status = person.person.id_number, 200
    context = {
        "case": application.case, "party": person, "form": form, "shown": shown, "why_not": refused,
    }  # fmt: skip
    return render(request, "applications/identity.html", context, status=status)


def _application(request: HttpRequest, pk: uuid.UUID) -> Application:
    case = visible_case(request, pk)
    return get_object_or_404(Application.objects.select_related("case__office", "premises"), case=case)
