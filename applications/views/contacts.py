"""Contacts at the counter: three fields, saved in ten seconds; going on to an application."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from applications.forms.counter import CounterApplicationForm
from applications.forms.intake import ContactForm
from applications.models import Application
from applications.selectors.outside import fields_from_outside
from applications.services import filing
from applications.views.case import visible_case
from applications.views.origin import circumstance_of
from applications.views.other_systems import MAY_BRING_IN
from staff.access import OFFICER, authority_of, open_to, reader
from workflow.models import Channel, Contact
from workflow.services.contacts import FirstContact, register_contact
from workflow.transitions import Refusal


@open_to(OFFICER)
def contact_new(request: HttpRequest) -> HttpResponse:
    """Register a first contact: phone, need, place; the rest can wait."""
    channels = [(c.code, c.name) for c in Channel.objects.filter(in_force=True)]
    form = ContactForm(
        request.POST or None, initial={"key": uuid.uuid4().hex, "channel": "hall"}, channels=channels
    )
    status = 200
    if request.method == "POST":
        if form.is_valid():
            registered = _register(request, form)
            if registered:
                messages.success(request, _("Registered. Give the customer the receipt."))
                return redirect("receipt", code=registered.receipt_key)
        status = 422
    context = {"form": form, "may_bring_in": reader(request).has_role(*MAY_BRING_IN)}
    return render(request, "applications/contact_new.html", context, status=status)


def _register(request: HttpRequest, form: ContactForm) -> Contact | None:
    data, me = form.cleaned_data, authority_of(request)
    assert me is not None
    office = next((post.office_code for post in me.posts), "")
    first = FirstContact(
        channel=data["channel"], phone=data["phone"], name=data["name"], need=data["need"], place=data["place"], category=data["category"],
        purpose=data["purpose"], papers_left=data["papers_left"], papers=data["papers"], office_code=office,
    )  # fmt: skip
    how = circumstance_of(request, via=data["channel"], behalf="staff")
    try:
        return register_contact(
            first,
            by=reader(request).user,
            occurred_at=data["occurred_at"],
            key=data["key"] or None,
            circumstance=how,
        ).contact
    except Refusal as refusal:
        form.add_error(None, refusal.sentence)
        return None


@open_to(OFFICER)
def contact_apply(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Start and submit an application on a contact's case, at the counter."""
    case = visible_case(request, pk)
    if Application.objects.filter(case=case).exists():
        return redirect("case", pk=pk)
    contact = case.contacts.select_related("person").order_by("number").first()
    outside = {} if "ask" in request.GET else fields_from_outside(case)
    form = CounterApplicationForm(request.POST or None, contact=contact, outside=outside)
    status = 200
    if form.changed_category:
        form = CounterApplicationForm(initial=_as_typed(request), contact=contact, outside=outside)
    elif request.method == "POST":
        if form.is_valid():
            try:
                how = circumstance_of(request, via="counter", behalf="staff")
                filing.file_at_counter(
                    case, form.particulars(), by=reader(request).user, circumstance=how, **form.load()
                )
            except Refusal as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                return redirect("case", pk=pk)
        else:
            status = 422
    return render(
        request,
        "applications/contact_apply.html",
        {"form": form, "case": case, "contact": contact},
        status=status,
    )


def _as_typed(request: HttpRequest) -> dict[str, str]:
    """What was typed before another category was chosen; it is kept as far as that one asks for it."""
    return {
        name: value
        for name, value in request.POST.items()
        if name not in ("shown", "usage", "key") and isinstance(value, str)
    }
