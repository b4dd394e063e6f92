"""A customer's own people: cases that name their phone, and the code by which they sign."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from applications.services.parties import claim_parties
from applications.services.signing import send_signing_code
from applications.views.my import own_application
from applications.views.origin import me
from staff.access import CUSTOMER, open_to
from staff.devices import network_of
from staff.formats import mask_phone
from workflow.transitions import Refusal

SIGNED_BY_CODE = frozenset({"sign_contract", "agree_scheme"})


@require_POST
@open_to(CUSTOMER)
def my_claim(request: HttpRequest) -> HttpResponse:
    """Take up the cases that name this phone: it was proved by signing in with a code."""
    count = claim_parties(me(request))
    messages.success(
        request,
        ngettext("%(n)d application is in your list now.", "%(n)d applications are in your list now.", count)
        % {"n": count},
    )
    return redirect("my")


@require_POST
@open_to(CUSTOMER)
def my_code(request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponse:
    """Send the code for signing to the phone of whoever is signed in."""
    own_application(request, pk)
    if name not in SIGNED_BY_CODE:
        raise Http404
    try:
        sent = send_signing_code(me(request), network=network_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect("my_act", pk, name)
    messages.success(
        request, _("A code was sent to %(phone)s; enter it below.") % {"phone": mask_phone(me(request).phone or "")}
    )  # fmt: skip
    if settings.TONGDIAN_ENV == "demo":
        messages.info(request, sent.text)
    return redirect("my_act", pk, name)
