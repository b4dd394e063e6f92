"""我要办理: one button for whoever holds the receipt's code, without sign-in. It brings a contact that was sent off back to work."""

from __future__ import annotations

import secrets

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications.selectors.standing import survivor
from applications.views.origin import circumstance_of, with_device
from applications.views.receipt import held, remember_receipt
from staff.access import EVERYONE, open_to
from staff.devices import network_of
from staff.throttles import CONTACTS_FROM_NETWORK, Toll, TooOften, pay
from workflow.models import ENDED, Contact, ContactClosing, Outcome, Purpose, Stage
from workflow.services.contacts import FirstContact, object_to_outcome, register_contact
from workflow.transitions import Refusal, Repeated

SCOPE = "public"
SENT_OFF = frozenset({Outcome.ADVICE, Outcome.GIVEN_UP})


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(EVERYONE)
def want(request: HttpRequest, code: str) -> HttpResponse:
    """What we noted down, and the button. After the time for objecting it is a new contact on the same case, so there is always a way."""
    contact, holds = held(request, code)
    if not holds:
        raise Http404
    closing = ContactClosing.objects.filter(contact=contact).order_by("-told_at").first()
    if request.method != "POST":
        return _page(request, contact, closing)
    try:
        pay([Toll(CONTACTS_FROM_NETWORK, network_of(request))], timezone.now())
        return redirect("receipt", _say_so(request, contact, closing).receipt_key)
    except TooOften:
        return _page(
            request, contact, closing, _("Too often from here. Try again later, or call 95598."), 429
        )
    except Repeated:
        return redirect("receipt", contact.receipt_key)
    except Refusal as refusal:
        return _page(request, contact, closing, refusal.sentence, refusal.status)


def _say_so(request: HttpRequest, contact: Contact, closing: ContactClosing | None) -> Contact:
    how = circumstance_of(request, behalf="self")
    key = request.POST.get("key") or secrets.token_urlsafe(24)
    if closing is not None and closing.pending and not contact.outcome:
        object_to_outcome(contact, circumstance=how, key=key)
        return contact
    if not _may_come_again(contact):
        return contact
    again = FirstContact(
        channel="web", phone=contact.person.phone, name=contact.person.name, need=contact.need, place=contact.place,
        category=contact.category, purpose=contact.purpose, office_code=contact.office.code, self_registered=True,
    )  # fmt: skip
    fresh = register_contact(
        again, by=None, key=key, scope=SCOPE, circumstance=how, case=survivor(contact.case)
    ).contact
    remember_receipt(request, fresh)
    return fresh


def _may_come_again(contact: Contact) -> bool:
    stage = survivor(contact.case).stage
    return contact.outcome in SENT_OFF and (stage not in ENDED or stage == Stage.ANSWERED)


def _page(
    request: HttpRequest,
    contact: Contact,
    closing: ContactClosing | None,
    sentence: str = "",
    status: int = 200,
) -> HttpResponse:
    pending = closing is not None and closing.pending and not contact.outcome
    context = {
        "contact": contact, "case": contact.case, "closing": closing, "pending": pending, "again": _may_come_again(contact),
        "sentence": sentence, "connection": contact.purpose == Purpose.CONNECTION, "key": secrets.token_urlsafe(24),
    }  # fmt: skip
    return with_device(request, render(request, "applications/customer/want.html", context, status=status))
