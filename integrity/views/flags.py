"""Flags: the list and the page of one, for auditors and the discipline office."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from integrity.forms import DecisionForm, FlagFilter
from integrity.models import Flag, FlagStatus
from integrity.policies import why_not
from integrity.presentation import LAMPS, gap_of
from integrity.selectors.access import audited_offices
from integrity.selectors.flags import chosen, counts, flag_of, flags_of, oldest_unfinished, review_of
from integrity.selectors.rules import current_rules
from integrity.services import review
from integrity.services.review import NoSuchFlag
from integrity.views.dossier import dossier
from staff.access import AUDITOR, open_to
from staff.presentation import Action, ViewLink
from workflow.selectors.calendars import current_calendar
from workflow.transitions import Refusal

PER_PAGE = 50
DEFAULT = FlagStatus.OPEN


@require_safe
@open_to(AUDITOR)
def flags(request: HttpRequest) -> HttpResponse:
    """The list, oldest first; what is filtered stands in the address. Counts are of what this person may see."""
    user: Any = request.user
    form = FlagFilter(request.GET, rules=current_rules(), offices=audited_offices(user))
    rule, office = form.chosen("rule") or "", form.chosen("office")
    status = (form.chosen("status") or DEFAULT) if request.GET.get("status", DEFAULT) else ""
    narrowed = chosen(flags_of(user), rule=rule, office=office)
    numbers = counts(narrowed)
    listed = narrowed.filter(status=status) if status else narrowed
    page = Paginator(listed.order_by("opened_at", "number"), PER_PAGE).get_page(request.GET.get("page"))
    today, calendar = timezone.localdate(), current_calendar()
    oldest: Any = oldest_unfinished(narrowed)
    context = {
        "filter": form,
        "page": page,
        "rows": [
            {"flag": f, "gap": gap_of(f.evidence), "lamp": LAMPS[f.status],
             "age": calendar.workdays_between(timezone.localdate(f.opened_at), today)}
            for f in page
        ],
        "links": _links(numbers, status, {"rule": rule, "office": office.pk if office else ""}),
        "waiting": numbers[FlagStatus.OPEN] + numbers[FlagStatus.UNDER_REVIEW],
        "oldest": calendar.workdays_between(timezone.localdate(oldest), today) if oldest else None,
    }  # fmt: skip
    return render(request, "integrity/flags.html", context)


@require_safe
@open_to(AUDITOR)
def flag_page(request: HttpRequest, flag_id: uuid.UUID) -> HttpResponse:
    """One flag with all there is to judge it by."""
    return _page(request, _flag(request, flag_id), DecisionForm())


@require_POST
@open_to(AUDITOR)
def flag_take(request: HttpRequest, flag_id: uuid.UUID) -> HttpResponse:
    """Begin the review."""
    return _do(
        request, flag_id, review.take, _("The review is yours. Look at the explanation first, then decide.")
    )


@require_POST
@open_to(AUDITOR)
def flag_ask(request: HttpRequest, flag_id: uuid.UUID) -> HttpResponse:
    """Wait for the office's explanation."""
    return _do(
        request,
        flag_id,
        review.ask,
        _("Noted. The office finds the question about the gap on its case page."),
    )


@require_POST
@open_to(AUDITOR)
def flag_resolve(request: HttpRequest, flag_id: uuid.UUID) -> HttpResponse:
    """Decide."""
    flag = _flag(request, flag_id)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _page(request, flag, form, status=422)
    try:
        review.resolve(flag_id, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
    except NoSuchFlag:
        raise Http404 from None
    except Refusal as refusal:
        form.add_error(None, refusal.sentence)
        return _page(request, flag, form, status=refusal.status)
    messages.success(request, _("The decision is recorded."))
    return redirect("integrity:flag", flag_id)


def _flag(request: HttpRequest, flag_id: uuid.UUID) -> Flag:
    flag = flag_of(request.user, flag_id)  # type: ignore[arg-type]
    if flag is None:
        raise Http404
    return flag


def _do(request: HttpRequest, flag_id: uuid.UUID, verb: Any, done: str) -> HttpResponse:
    try:
        verb(flag_id, by=request.user)
    except NoSuchFlag:
        raise Http404 from None
    except Refusal as refusal:
        messages.warning(request, refusal.sentence)
    else:
        messages.success(request, done)
    return redirect("integrity:flag", flag_id)


def _page(request: HttpRequest, flag: Flag, form: DecisionForm, *, status: int = 200) -> HttpResponse:
    asked = review_of(flag, request.user)  # type: ignore[arg-type]
    context = {
        **dossier(flag),
        "form": form,
        "actions": [
            _button(flag, doing, why_not(asked, doing))
            for doing in (("take", "ask") if flag.status == FlagStatus.OPEN else ("ask",))
        ],
        "why_not_resolve": why_not(asked, "resolve"),
    }
    return render(request, "integrity/flag.html", context, status=status)


def _button(flag: Flag, doing: str, reason: str | None) -> Action:
    labels = {"take": _("Begin review"), "ask": _("Ask the office to explain")}
    url = reverse(f"integrity:flag_{doing}", args=[flag.pk])
    return Action(
        labels[doing],
        url,
        enabled=reason is None,
        reason=reason or "",
        method="post",
        primary=doing == "take",
    )


def _links(numbers: Any, status: str, kept: dict[str, Any]) -> list[ViewLink]:
    """The statuses as views beside the list, each with its count under the same filter."""
    views = [*((value, str(label)) for value, label in FlagStatus.choices), ("", _("All"))]
    return [
        ViewLink(
            label,
            "?" + urlencode({"status": value, **{name: v for name, v in kept.items() if v}}),
            count=numbers[value] if value else sum(numbers.values()),
            current=value == status,
            standing="amber" if value == FlagStatus.OPEN else "",
        )
        for value, label in views
    ]
