"""The receipt of a contact: open to whoever holds its code, readable by anybody, telling nobody's name."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from applications.categories import called
from applications.checklists import whole_list
from applications.models import Application
from applications.progress import masked_place
from applications.selectors.promises import Promise, intake_limit, promise_of
from applications.selectors.standing import stands, survivor
from applications.views.origin import may_see, own
from applications.views.papers import USUAL, Paper, names, wanted, wanted_by
from staff.access import EVERYONE, open_to
from workflow.models import Case, Contact, ContactClosing, Limit, Outcome, Purpose
from workflow.models.contact import SHORT_HEAD
from workflow.presentation import counting
from workflow.selectors.rules import rules
from workflow.services.contacts import RECEIPT_CHARACTERS

MINE = "receipts"
KEPT = 6


@require_safe
@open_to(EVERYONE)
def receipt(request: HttpRequest, code: str) -> HttpResponse:
    """One contact on paper: the moment largest, the number to call with, papers, limits, the code of proof."""
    contact, holds = held(request, code)
    case = contact.case
    application = Application.objects.select_related("premises").filter(case=case).first()
    category = application.category if application else contact.category
    here = stands(survivor(case), None)
    papers = _papers(category, application)
    address = contact.receipt_key if holds else contact.receipt_code
    context = {
        "contact": contact,
        "case": case,
        "profile": rules().profile,
        "first": not case.contacts.filter(number__lt=contact.number).exists(),
        "claimed_at": contact.occurred_at
        if abs(contact.recorded_at - contact.occurred_at).total_seconds() >= 60
        else None,
        "about": _about(contact, category, whole=_is_known(request, contact)),
        "there": names(p for p in papers if p.there),
        "missing": names(p for p in papers if p.item.mandatory and not p.there),
        "promise": _promise(category, contact),
        "holds": holds,
        "address": address,
        "url": settings.TONGDIAN_BASE_URL + reverse("receipt", args=[address]),
        "code": grouped(contact.receipt_code),
        "progress": here.sentence,
        "claimed_day": here.claimed_day(contact),
        "follow": _follow(request, case),
        "sent_off": _sent_off(contact),
        "asked_for": _asked_for(contact),
    }
    return render(request, "applications/customer/receipt.html", context)


def held(request: HttpRequest, code: str) -> tuple[Contact, bool]:
    """The contact of a receipt's address, and whether whoever asks holds the receipt: by its address, in this browser, or by their case.

    The code alone shows the time and the proof, and nothing about anybody: codes can be read off the public log.
    """
    found = Contact.objects.select_related("case__office", "case__joined_to", "person", "channel", "office")
    typed = code.upper()
    contact = found.filter(receipt_code=typed[:RECEIPT_CHARACTERS]).first()
    contact = contact or found.filter(receipt_code__startswith=typed[:SHORT_HEAD]).first()
    if contact is None:
        raise Http404
    has_key = any(constant_time_compare(typed, key) for key in (contact.receipt_key, contact.short_key))
    if not has_key and not typed.startswith(contact.receipt_code):
        raise Http404
    return contact, has_key or _is_known(request, contact)


def remember_receipt(request: HttpRequest, contact: Contact) -> None:
    """Whoever has just registered sees their own words on the receipt, in this browser, for this session."""
    mine = [contact.receipt_code, *request.session.get(MINE, [])]
    request.session[MINE] = mine[:KEPT]


def grouped(code: str) -> str:
    """The code in groups of four, as it is read out."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def _is_known(request: HttpRequest, contact: Contact) -> bool:
    if contact.receipt_code in request.session.get(MINE, []):
        return True
    return may_see(request, contact.case)


def _about(contact: Contact, category: str, *, whole: bool) -> list[str]:
    """Channel, what for, where, who: whole for whoever may know, else as far as it names nobody."""
    kind = called(category) if category else ""
    purpose = contact.get_purpose_display() if contact.purpose != Purpose.CONNECTION else ""
    need = contact.need if whole else ""
    place = contact.place if whole else masked_place(contact.place)
    return [part for part in (contact.channel.name, str(purpose), str(kind), need, place) if part]


def _papers(category: str, application: Application | None) -> list[Paper]:
    if application is not None:
        return wanted_by(application)
    return wanted(category, USUAL, None) if "." in category else []


def _promise(category: str, contact: Contact) -> dict[str, Any]:
    """The two lines of limits, each with where its rule comes from."""
    on = timezone.localdate(contact.recorded_at)
    limit = intake_limit(category, on)
    days = limit.days if limit else None
    if contact.purpose != Purpose.CONNECTION:
        return (
            {"answer": ngettext("within %(n)d working day", "within %(n)d working days", days) % {"n": days}}
            if days
            else {}
        )
    promise = promise_of(category, on) if category else None
    return {
        "intake": _intake(days) if days else "",
        "intake_counted": counting([limit], rules()) if limit else "",
        "counted": counting(promise.rules, rules()) if promise else "",
        "total": _total(promise) if promise else "",
        "source": _source(promise) if promise else "",
    }


def _intake(days: int) -> str:
    return ngettext(
        "With all papers accepted the same day; if more than %(n)d working day passes until then, the system presses us",
        "With all papers accepted the same day; if more than %(n)d working days pass until then, the system presses us",
        days,
    ) % {"n": days}


def _total(promise: Promise) -> str:
    longest, shortest = promise.with_line, promise.without_line
    if longest and shortest and longest.days != shortest.days:
        return _("within %(most)s working days of acceptance, external lines included; %(least)s without external lines") % {
            "most": longest.days, "least": shortest.days,
        }  # fmt: skip
    if whole := shortest or longest:
        return _("within %(n)s working days of acceptance") % {"n": whole.days}
    if promise.reply:
        return _("the supply scheme within %(n)s working days of acceptance") % {"n": promise.reply.days}
    return ""


def _source(promise: Promise) -> str:
    rule: Limit | None = promise.with_line or promise.without_line or promise.reply
    return f"{rule.regime}（{rule.get_grade_display()}）" if rule else ""


def _follow(request: HttpRequest, case: Case) -> str:
    """Where this reader follows it: the full page for whoever may see it, else the look-up."""
    goes_on = survivor(case)
    if own(request, goes_on):
        return reverse("my_case", args=[goes_on.pk])
    return reverse("track")


def _sent_off(contact: Contact) -> bool:
    """Whether we took it for advice or for given up: then the customer may say that something has to be done."""
    if contact.outcome in (Outcome.ADVICE, Outcome.GIVEN_UP):
        return True
    pending = ContactClosing.objects.filter(contact=contact, objected_at=None, effective_at=None)
    return not contact.outcome and pending.exists()


def _asked_for(contact: Contact) -> list[str]:
    """Papers asked for before there was an application, by name."""
    if not contact.asked_for:
        return []
    found = whole_list(contact.category, timezone.localdate())
    return [item.name for item in found if item.code in contact.asked_for]
