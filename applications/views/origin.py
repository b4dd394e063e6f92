"""Where a customer's act comes from: the channel, on whose behalf, which device, which request."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse

from applications.models import Application, PartyRole
from staff.access import authority_of, reader
from staff.devices import place_of, remember, terminal_class
from staff.encryption import blind_index
from staff.models import User
from staff.services import account_key
from workflow.events import Circumstance
from workflow.models import Case

WEB = "web"


def me(request: HttpRequest) -> User:
    """Who is signed in, in a view that is open to signed-in people alone."""
    return reader(request).user


def may_see(request: HttpRequest, case: Case) -> bool:
    """Whether whoever asks, signed in or not, may see the case."""
    known = authority_of(request)
    return known is not None and Case.objects.visible_to(known.user, known).filter(pk=case.pk).exists()


def own(request: HttpRequest, case: Case) -> bool:
    """Whether it is the case of the customer who asks."""
    known = authority_of(request)
    return known is not None and known.user.is_customer and may_see(request, case)


def circumstance_of(request: HttpRequest, *, via: str = WEB, behalf: str | None = None) -> Circumstance:
    """The circumstance of one request; the acts of one form share its id, so that nobody takes them for hurried keying."""
    device = place_of(request).device
    return Circumstance(
        via=via,
        behalf=behalf,
        device=blind_index(device, "device")[:32] if device else None,
        request=uuid.uuid4().hex,
        terminal=terminal_class(request),
    )


def on_case(request: HttpRequest, application: Application) -> Circumstance:
    """Of an act on a case: an agent is told from the applicant by what the case says about them."""
    mine = set(application.parties.filter(user=me(request)).values_list("role", flat=True))
    return circumstance_of(request, behalf="agent" if PartyRole.AGENT in mine else "self")


def with_device(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Give the browser a device token before it sends anything; it holds nothing about anybody."""
    if not place_of(request).device:
        who = request.user.get_username() if request.user.is_authenticated else "public"
        remember(request, response, account_key(who))
    return response
