"""登记我来过: a contact without sign-in and without staff, sealed at once; and the poster with its code."""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from applications.categories import BY_CODE, ROUGH_BY_CODE, called
from applications.forms.apply import ContactPublicForm
from applications.views.origin import circumstance_of, with_device
from applications.views.receipt import remember_receipt
from staff.access import EVERYONE, open_to
from staff.devices import network_of
from staff.models import Office
from staff.throttles import CONTACTS_FROM_NETWORK, CONTACTS_OF_PHONE, Toll, TooOften, pay
from workflow.models import Contact
from workflow.services.contacts import FirstContact, register_contact
from workflow.transitions import Refusal

VIA = ("hall", "visit", "web")
"""Channels the code may name; anything else is this website."""

SCOPE = "public"


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(EVERYONE)
def self_register(request: HttpRequest) -> HttpResponse:
    """Phone, need, place; twenty seconds."""
    if request.method != "POST":
        first = {name: request.GET.get(name, "")[:40] for name in ("office", "via", "category")}
        return _page(request, ContactPublicForm(initial=first | {"key": secrets.token_urlsafe(24)}))
    form = ContactPublicForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    try:
        contact = _register(request, form.cleaned_data)
    except TooOften as often:
        minutes = max(1, -int(-(often.opens_at - timezone.now()).total_seconds() // 60))
        form.add_error(
            None,
            _("Registered too often from here. Try again in %(n)d minutes, or call 95598.") % {"n": minutes},
        )
        return _page(request, form, status=429)
    except Refusal as refusal:
        form.add_error(None, refusal.sentence)
        return _page(request, form, status=refusal.status)
    remember_receipt(request, contact)
    return redirect("receipt", contact.receipt_key)


@require_safe
@open_to(EVERYONE)
def contact_poster(request: HttpRequest, code: str) -> HttpResponse:
    """An A4 page for the door: the code that leads to this office's form."""
    office = get_object_or_404(Office, code=code)
    via = "visit" if request.GET.get("via") == "visit" else "hall"
    url = f"{settings.TONGDIAN_BASE_URL}{reverse('self_register')}?{urlencode({'office': office.code, 'via': via})}"
    return render(request, "applications/customer/poster.html", {"office": office, "url": url})


def _register(request: HttpRequest, data: dict[str, Any]) -> Contact:
    tolls = [Toll(CONTACTS_FROM_NETWORK, network_of(request)), Toll(CONTACTS_OF_PHONE, data["phone"])]
    pay(tolls, timezone.now())
    via = data["via"] if data["via"] in VIA else "web"
    first = FirstContact(
        channel=via, phone=data["phone"], name=data["name"], need=data["need"], place=data["place"],
        category=data["category"] if data["category"] in {**BY_CODE, **ROUGH_BY_CODE} else "", office_code=data["office"], self_registered=True,
    )  # fmt: skip
    circumstance = circumstance_of(request, via=via)
    key = data["key"] or secrets.token_urlsafe(24)
    return register_contact(first, by=None, key=key, scope=SCOPE, circumstance=circumstance).contact


def _page(request: HttpRequest, form: ContactPublicForm, status: int = 200) -> HttpResponse:
    category = str(form["category"].value() or "")
    name = called(category) if category else ""
    office = Office.objects.filter(code=str(form["office"].value() or "")).first()
    context = {"form": form, "category_name": name, "office": office, "online": category in BY_CODE}
    return with_device(request, render(request, "applications/customer/contact.html", context, status=status))
