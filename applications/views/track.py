"""办到哪一步了: by number, without sign-in. Who knows the number and the phone's last digits sees the stage, and no names."""

from __future__ import annotations

import re
import unicodedata

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications.forms.track import TrackForm
from applications.selectors.standing import stands, survivor
from applications.views.origin import own
from staff.access import EVERYONE, open_to
from staff.devices import network_of
from staff.encryption import blind_index
from staff.throttles import LOOKUPS_FROM_NETWORK, LOOKUPS_OF_NUMBER, Toll, TooOften, pay
from workflow.models import Case, Contact

_CODE = re.compile(r"[A-Z2-7]{26}")


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(EVERYONE)
def track(request: HttpRequest) -> HttpResponse:
    """The box, and what it finds. Nothing of it stands in the address."""
    if request.method != "POST":
        return _page(request, TrackForm())
    number = _compact(request.POST.get("number", ""))
    if _CODE.fullmatch(number) and Contact.objects.filter(receipt_code=number).exists():
        return redirect("receipt", number)
    if (mine := _own(request, number)) is not None:
        return redirect("my_case", mine.pk)
    if "tail" not in request.POST:
        return _page(
            request, TrackForm(initial={"number": request.POST.get("number", "")[:40]}), asks=bool(number)
        )
    return _look_up(request, TrackForm(request.POST), number)


def _look_up(request: HttpRequest, form: TrackForm, number: str) -> HttpResponse:
    if not form.is_valid():
        return _page(request, form, asks=True)
    try:
        pay(
            [Toll(LOOKUPS_FROM_NETWORK, network_of(request)), Toll(LOOKUPS_OF_NUMBER, number)], timezone.now()
        )
    except TooOften as often:
        minutes = max(1, -int(-(often.opens_at - timezone.now()).total_seconds() // 60))
        form.add_error(
            None, _("Looked up too often. Try again in %(n)d minutes, or call 95598.") % {"n": minutes}
        )
        return _page(request, form, asks=True, status=429)
    case = _case(number)
    if case is None or not _fits(case, form.cleaned_data["tail"]):
        form.add_error(
            None,
            _(
                "Number and phone digits do not belong together. Check both; the number stands on the receipt."
            ),
        )
        return _page(request, form, asks=True)
    return render(
        request,
        "applications/customer/progress.html",
        {"standing": stands(survivor(case), None), "number": number},
    )


def _compact(text: str) -> str:
    return re.sub(r"[\s\-–—·]", "", unicodedata.normalize("NFKC", text)).upper()[:40]


def _case(number: str) -> Case | None:
    found = Case.objects.select_related("joined_to", "office").filter(
        Q(application_no=number) | Q(contact_no=number)
    )
    return found.first() if number else None


def _own(request: HttpRequest, number: str) -> Case | None:
    """The case, if whoever asks is signed in as a customer who may see it."""
    case = _case(number)
    goes_on = survivor(case) if case else None
    return goes_on if goes_on and own(request, goes_on) else None


def _fits(case: Case, tail: str) -> bool:
    """Whether a phone of the case, or of the one it goes on as, ends so."""
    cases = {case.pk, survivor(case).pk}
    index = blind_index(tail, "phone-tail")
    contacts = Contact.objects.filter(case__in=cases, person__phone_tail_index=index)
    parties = Case.objects.filter(pk__in=cases, application__parties__person__phone_tail_index=index)
    return contacts.exists() or parties.exists()


def _page(request: HttpRequest, form: forms.Form, *, asks: bool = False, status: int = 200) -> HttpResponse:
    return render(request, "applications/customer/track.html", {"form": form, "asks": asks}, status=status)
