"""What only the customer can do: agree, object, sign, hand in, report, withdraw, supply papers; by the counter's forms and services."""

from __future__ import annotations

import secrets
import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from applications.forms import FORMS, ActForm
from applications.forms.apply import PaperForm
from applications.models import Application
from applications.progress import CUSTOMER_ACTS
from applications.selectors.facts import paper_names
from applications.services import SERVICES
from applications.services.drafts import receive_files
from applications.services.papers import supply_documents
from applications.uploads import IDENTITY, examine_all
from applications.views.my import own_application, readable_contract, readable_scheme
from applications.views.origin import me, on_case
from applications.views.papers import standing
from staff.access import CUSTOMER, open_to
from workflow import actions
from workflow.policies import why_not
from workflow.selectors.extensions import open_extension, until_if_agreed
from workflow.selectors.situations import situation_of
from workflow.transitions import Refusal, Repeated

SCHEMES = frozenset({"agree_scheme", "object_to_scheme", "choose_option"})
"""Acts before which the scheme is read."""
EXTENSIONS = frozenset({"agree_extension", "decline_extension"})
"""Acts that answer a wish for more time: what is asked stands above the button."""
SHEETS = {"submit_design": "design", "notify_completion": "completion", "request_reinspection": "completion"}
"""Acts that come with papers of their own, and the item code those are kept under."""


@require_http_methods(["GET", "POST"])
@open_to(CUSTOMER)
def my_act(request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponse:
    """One act: its form, and what it is about to read beside it."""
    application = own_application(request, pk)
    if name not in CUSTOMER_ACTS:
        raise Http404
    user = me(request)
    situation = situation_of(application, user).before(actions.get(name))
    version = situation.task.version if situation.task else None
    if request.method != "POST":
        return _page(
            request,
            application,
            name,
            FORMS[name](application=application, user=user, version=version),
            why_not(situation),
        )
    form = FORMS[name](request.POST, application=application, user=user, version=version)
    if not form.is_valid():
        return _page(request, application, name, form, None)
    try:
        _do(request, application, name, form)
    except Repeated:
        pass
    except Refusal as refusal:
        form.add_error(None, refusal.sentence)
        return _page(request, application, name, form, None, status=refusal.status)
    messages.success(request, _("Done and on record: %(what)s.") % {"what": actions.get(name).label})
    return redirect("my_case", pk)


def _do(request: HttpRequest, application: Application, name: str, form: ActForm) -> None:
    given = {field: value for field, value in form.cleaned_data.items() if field != "occurred_at"}
    SERVICES[name](application, by=me(request), circumstance=on_case(request, application), **given)


def _page(
    request: HttpRequest,
    application: Application,
    name: str,
    form: ActForm,
    why: str | None,
    status: int = 200,
) -> HttpResponse:
    asked = open_extension(application) if name in EXTENSIONS else None
    context = {
        "case": application.case, "application": application, "name": name, "form": form, "action": actions.get(name), "why": why,
        "scheme": readable_scheme(application) if name in SCHEMES else None,
        "contract": readable_contract(application) if name == "sign_contract" else None,
        "sheets": SHEETS.get(name, ""),
        "asked": asked, "until": until_if_agreed(asked) if asked else None,
        "rectification": application.rectificationnotices.order_by("-recorded_at").first() if name == "request_reinspection" else None,
    }  # fmt: skip
    return render(request, "applications/customer/my_act.html", context, status=status)


@require_http_methods(["GET", "POST"])
@open_to(CUSTOMER)
def my_paper(request: HttpRequest, pk: uuid.UUID, item: str) -> HttpResponse:
    """One paper, first or again: what is wrong with the old one stands above."""
    application = own_application(request, pk)
    names = paper_names(application)
    if item not in names:
        raise Http404
    asked = application.document_requests.filter(answered_at=None, items__contains=[item]).first()
    identity = item in IDENTITY
    if request.method != "POST":
        form = PaperForm(initial={"key": secrets.token_urlsafe(24)}, identity=identity)
    else:
        form = PaperForm(request.POST, request.FILES, identity=identity)
        form.is_valid()
        if _received(request, application, item, form, afresh=asked is not None):
            then = request.GET.get("then", "")
            return redirect("my_act", pk, then) if then in CUSTOMER_ACTS else redirect("my_case", pk)
    context = {
        "case": application.case, "form": form, "title": names[item], "asked": asked, "reason": asked.reasons.get(item, "") if asked else "",
        "files": standing(application).get(item, []), "back": reverse("my_case", args=[pk]),
    }  # fmt: skip
    return render(request, "applications/customer/my_paper.html", context)


def _received(
    request: HttpRequest, application: Application, item: str, form: PaperForm, *, afresh: bool
) -> bool:
    """Take the good files; True if nothing was wrong."""
    uploads = [*request.FILES.getlist("sheets"), *request.FILES.getlist("camera")]
    if "consent" in form.fields and not form.cleaned_data.get("consent"):
        form.add_error(
            "consent",
            _("Without your consent we may not store this photo. You can bring the paper to a hall instead."),
        )
        return False
    if not uploads:
        form.add_error("sheets", _("Choose a file or take a photo first."))
        return False
    good, bad = examine_all(uploads)
    key = form.cleaned_data.get("key") or secrets.token_urlsafe(24)
    if good:
        try:
            receive_files(
                application, item, good, by=me(request), key=key, replace=afresh and not _came_again(application, item),
                circumstance=on_case(request, application),
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
            return False
    for name, sentence in bad:
        form.add_error("sheets", f"{name}：{sentence}" if name else sentence)
    return not bad


def _came_again(application: Application, item: str) -> bool:
    """Whether something has come since the paper was asked for: then a further file is another sheet, no replacement."""
    asked = application.document_requests.get(answered_at=None)
    return application.documents.filter(
        item_code=item, replaced=False, received_at__gte=asked.asked_at
    ).exists()


@require_POST
@open_to(CUSTOMER)
def my_supply(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """All that was asked for is there."""
    application = own_application(request, pk)
    try:
        supply_documents(
            application, by=me(request), key=request.POST.get("key") or None, circumstance=on_case(request, application)
        )  # fmt: skip
    except Repeated:
        pass
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect("my_case", pk)
    messages.success(request, _("Your papers are with us; we go on with them."))
    return redirect("my_case", pk)
