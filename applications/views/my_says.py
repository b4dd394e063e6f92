"""What a customer says about a case under way. Each is on record at once; the last of them where the case's handlers don't see it."""

from __future__ import annotations

import secrets
import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications.forms.said import DisputeForm, QuestionForm, ToldToWaitForm
from applications.models import Application
from applications.selectors.standing import rest_words
from applications.views.my import own_case
from applications.views.origin import circumstance_of, me, on_case
from applications.views.receipt import grouped, remember_receipt
from staff.access import CUSTOMER, open_to
from workflow.events import Circumstance
from workflow.models import Case, Pause, Purpose
from workflow.services.contacts import FirstContact, register_contact, report_told_to_wait
from workflow.transitions import Refusal


@require_http_methods(["GET", "POST"])
@open_to(CUSTOMER)
def my_question(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """提问: a contact of the case, with its own limit for an answer."""
    case = own_case(request, pk)
    form = QuestionForm(request.POST or None, initial=_key())
    return _say(request, case, form, Purpose.ADVICE, _("Ask a question"), "")


@require_http_methods(["GET", "POST"])
@open_to(CUSTOMER)
def my_dispute(request: HttpRequest, pk: uuid.UUID, pause: uuid.UUID) -> HttpResponse:
    """不认可: a complaint about one pause."""
    case = own_case(request, pk)
    about = get_object_or_404(Pause.objects.select_related("reason"), pk=pause, case=case)
    form = DisputeForm(request.POST or None, initial=_key())
    return _say(request, case, form, Purpose.COMPLAINT, _("This pause is not right"), rest_words(about))


@require_http_methods(["GET", "POST"])
@open_to(CUSTOMER)
def my_told_to_wait(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """有人让我再等等."""
    case = own_case(request, pk)
    form = ToldToWaitForm(request.POST or None, initial=_key())
    context: dict[str, Any] = {
        "case": case,
        "form": form,
        "title": _("Somebody asked me to wait"),
        "back": _back(case),
    }
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        code = report_told_to_wait(
            case, whom=data["whom"], said=data["said"], on_date=data["on_date"], by=me(request),
            key=data["key"] or secrets.token_urlsafe(24), circumstance=_how(request, case),
        )  # fmt: skip
        return render(request, "applications/customer/thanks.html", context | {"code": grouped(code)})
    return render(request, "applications/customer/told_to_wait.html", context)


def _say(request: HttpRequest, case: Case, form: Any, purpose: str, title: str, about: str) -> HttpResponse:
    context = {"case": case, "form": form, "title": title, "about": about, "back": _back(case)}
    if request.method != "POST" or not form.is_valid():
        return render(request, "applications/customer/say.html", context)
    user = me(request)
    first = FirstContact(
        channel="web", phone=user.phone or "", name=user.display_name, need="\n".join(filter(None, [about, form.cleaned_data["text"]])),
        category=_category(case), purpose=purpose,
    )  # fmt: skip
    key = form.cleaned_data["key"] or None
    try:
        contact = register_contact(
            first, by=user, key=key, case=case, circumstance=_how(request, case)
        ).contact
    except Refusal as refusal:
        form.add_error(None, refusal.sentence)
        return render(request, "applications/customer/say.html", context, status=refusal.status)
    remember_receipt(request, contact)
    messages.success(
        request,
        _("On record. We answer within the time our rule gives us; your receipt proves that you asked."),
    )
    return redirect("my_case", case.pk)


def _category(case: Case) -> str:
    application = Application.objects.filter(case=case).first()
    if application:
        return application.category
    return case.contacts.order_by("-number").values_list("category", flat=True).first() or ""


def _how(request: HttpRequest, case: Case) -> Circumstance:
    application = Application.objects.filter(case=case).first()
    return on_case(request, application) if application else circumstance_of(request)


def _key() -> dict[str, str]:
    return {"key": secrets.token_urlsafe(24)}


def _back(case: Case) -> str:
    return reverse("my_case", args=[case.pk])
