"""Channels, process, and what is promised to whom: the same for everyone."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from applications.selectors.facts import fee_kinds_in_force
from publicity.selectors import channels as reach
from publicity.selectors.categories import shown_categories
from publicity.selectors.process import free_choice, processes_of, rule
from publicity.selectors.promises import costs_by_category, headline, limits_of, published_until
from staff.access import EVERYONE, open_to
from workflow.selectors.rules import current_stamp


@open_to(EVERYONE)
@require_safe
def channels(request: HttpRequest) -> HttpResponse:
    """Ways to reach us, and what every one of them promises."""
    context = {"channels": reach.channels(), "halls": reach.halls(), "profile": reach.profile()}
    return render(request, "publicity/channels.html", context)


@open_to(EVERYONE)
@require_safe
def process(request: HttpRequest) -> HttpResponse:
    """What happens after handing in, for each kind of customer."""
    today, stamp = timezone.localdate(), current_stamp()
    found = processes_of(shown_categories(), stamp)
    context = {
        "processes": [(one, headline(one.category, today, stamp)) for one in found],
        "clause": free_choice(),
        "profile": reach.profile(),
    }
    return render(request, "publicity/process.html", context)


@open_to(EVERYONE)
@require_safe
def service(request: HttpRequest) -> HttpResponse:
    """Limits in force with source and grade, costs, and how far the calendar is published."""
    today, stamp, shown = timezone.localdate(), current_stamp(), shown_categories()
    costs = costs_by_category(shown)
    context = {
        "categories": [
            (category, limits_of(category, today, stamp), costs.get(category.code, [])) for category in shown
        ],
        "counting": rule("count_from_next_day"),
        "fees": fee_kinds_in_force(),
        "published_until": published_until(),
        "today": today,
        "profile": reach.profile(),
    }
    return render(request, "publicity/service.html", context)
