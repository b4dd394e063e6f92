"""The clerk's desk: views, filters and what was searched for, the list sorted by what is due next, a case beside it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import BusinessType, SavedView, SupplyClass
from applications.progress import stage_name
from applications.selectors.beside import Beside, beside_of
from applications.selectors.desk import chosen, counts, listing
from applications.selectors.desk_filters import STAGES, Filters
from applications.selectors.finding import found
from applications.views.desk_rows import Row, row_of
from applications.views.searches import typed
from staff.access import OFFICER, open_to, reader
from staff.policies import Authority
from staff.presentation import Standing, ViewLink
from workflow.presentation import background_is_late
from workflow.selectors.rules import rules

STANDINGS: dict[str, Standing] = {"today": "amber", "overdue": "red"}


def view_labels() -> dict[str, str]:
    """The standing views, in the order of the list."""
    return {
        "mine": _("My work"), "unassigned": _("Not taken"), "today": _("Due today"), "overdue": _("Overdue"),
        "papers": _("Waiting for papers"), "contacts": _("Contacts without outcome"), "all": _("Whole office"),
    }  # fmt: skip


def due_labels() -> list[tuple[str, str]]:
    """By time."""
    return [
        ("overdue", _("Overdue")), ("today", _("Due today")), ("three_days", _("Due within three days")), ("paused", _("Clock paused")),
    ]  # fmt: skip


@open_to(OFFICER)
def desk(request: HttpRequest) -> HttpResponse:
    """Work of the office, the next breach first; or what the box was asked for, the best hit first."""
    me, now = reader(request), timezone.now()
    filters, asked = Filters.of(request.GET), typed(request)
    saved = {f"saved{view.pk}": view for view in SavedView.objects.filter(user=me.user)}
    ways = {code: Filters.of(view.filters) for code, view in saved.items()}
    numbers = counts(me, now, ways | {"here": filters})
    context = {
        "asked": asked, "now": now, "filters": filters, "late": background_is_late(now), "here": request.get_full_path(),
        "links": _links(numbers, filters, saved, searching=bool(asked)), "saved": _current(filters, saved), "choices": _choices(),
        "beside": _beside(request, me), "back_to": _without_beside(request),
    }  # fmt: skip
    context |= _found(me, asked) if asked else _listed(request, me, filters, now, numbers["here"])
    return render(request, "applications/desk.html", context)


@open_to(OFFICER)
def case_beside(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A case in short, to stand beside the list."""
    me = reader(request)
    shown = beside_of(me, pk)
    row = _row(shown, me)
    return render(request, "applications/_beside.html", {"beside": shown, "row": row})


def _found(me: Authority, asked: str) -> dict[str, Any]:
    ids, more = found(me, asked)
    return {
        "rows": [row_of(case, rules(), me) for case in chosen(me, ids)],
        "title": _("Found"),
        "more": more,
    }


def _listed(
    request: HttpRequest, me: Authority, filters: Filters, now: dt.datetime, number: int
) -> dict[str, Any]:
    cases = listing(me, filters, now, request.GET.get("page", 1), number)
    in_force = rules()
    return {"rows": [row_of(case, in_force, me) for case in cases], "cases": cases, "title": _title(filters)}


def _links(
    numbers: dict[str, int], filters: Filters, saved: dict[str, SavedView], *, searching: bool
) -> list[ViewLink]:
    """The standing views, then those kept under a name; each with how many cases it holds."""
    asked = {code: Filters.of(view.filters) for code, view in saved.items()}
    base = reverse("desk")
    bare = not searching and filters not in asked.values()
    links = [
        ViewLink(
            label, f"{base}?view={key}", numbers[key], bare and key == filters.view and not filters.narrows,
            STANDINGS.get(key, "") if numbers[key] else "",
        )
        for key, label in view_labels().items()
    ]  # fmt: skip
    for code, view in saved.items():
        head = "" if links[-1].head or len(links) > len(view_labels()) else _("Saved views")
        current = not searching and filters == asked[code]
        links.append(ViewLink(view.name, f"{base}?{asked[code].query()}", numbers[code], current, head=head))
    return links


def _current(filters: Filters, saved: dict[str, SavedView]) -> SavedView | None:
    return next((view for view in saved.values() if Filters.of(view.filters) == filters), None)


def _title(filters: Filters) -> str:
    words = [view_labels()[filters.view]]
    words += [stage_name(filters.stage)] if filters.stage else []
    words += [str(BusinessType(filters.business).label)] if filters.business else []
    words += [str(SupplyClass(filters.supply).label)] if filters.supply else []
    words += [dict(due_labels())[filters.due]] if filters.due else []
    return "・".join(words)


def _choices() -> list[tuple[str, str, list[tuple[str, str]]]]:
    """The filters above the list: name, what it asks, what can be chosen."""
    return [
        ("stage", _("Stage"), [(str(stage), stage_name(stage)) for stage in STAGES]),
        ("business", _("Business"), [(value, str(label)) for value, label in BusinessType.choices]),
        ("supply", _("Class of supply"), [(value, str(label)) for value, label in SupplyClass.choices]),
        ("due", _("Time limit"), due_labels()),
    ]


def _beside(request: HttpRequest, me: Authority) -> dict[str, Any] | None:
    """The case named in the address; without JavaScript this is how it comes beside the list."""
    try:
        pk = uuid.UUID(request.GET.get("beside", ""))
    except ValueError:
        return None
    shown = beside_of(me, pk)
    return {"beside": shown, "row": _row(shown, me)}


def _row(shown: Beside, me: Authority) -> Row:
    return row_of(shown.case, rules(), me)


def _without_beside(request: HttpRequest) -> str:
    left = request.GET.copy()
    left.pop("beside", None)
    return left.urlencode()
