"""Open capacity: the queue for everybody, without names; the assets, their figures and their queues for the office; bringing a sheet in."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from applications.forms.capacity import FiguresForm
from applications.imports.table import Unreadable
from applications.models import CapacityAsset
from applications.selectors.capacity import (
    all_waiting,
    figures_of,
    open_of,
    priorities_granted,
    waiting,
)
from applications.services.capacity_import import COLUMNS, Brought, bring_in
from staff.access import ADMINISTRATOR, EVERYONE, OFFICER, SUPERVISOR, open_to, reader
from workflow.models import Case

PAGE = 50


@require_GET
@open_to(EVERYONE)
def capacity_queue(request: HttpRequest) -> HttpResponse:
    """Who waits for capacity, place by place: size, since when, which office. No names, no addresses, no numbers of cases."""
    entries = list(all_waiting())
    figures = figures_of({entry.asset for entry in entries})
    queues = [
        (asset, figures.get(asset.pk), list(enumerate(group, 1)))
        for asset, group in groupby(entries, key=lambda entry: entry.asset)
    ]
    today = timezone.localdate()
    context = {
        "queues": queues, "waiting": len(entries), "priorities": priorities_granted(today.replace(month=1, day=1), today), "today": today,
    }  # fmt: skip
    return render(request, "applications/capacity_queue.html", context)


@require_GET
@open_to(OFFICER)
def capacity_assets(request: HttpRequest) -> HttpResponse:
    """The assets of one's offices with what is open, the ones with a queue first."""
    me = reader(request)
    queued = Count("queue", filter=Q(queue__left_at=None))
    assets = (
        CapacityAsset.objects.filter(office__in=me.offices).select_related("office").annotate(queued=queued)
    )
    if asked := request.GET.get("q", "").strip():
        assets = assets.filter(Q(name__icontains=asked) | Q(code__icontains=asked))
    page = Paginator(assets.order_by("-queued", "kind", "code"), PAGE).get_page(request.GET.get("page"))
    figures = figures_of(list(page))
    rows = [(asset, figures.get(asset.pk)) for asset in page]
    context = {"page": page, "rows": rows, "asked": asked, "may_import": _may_import(request)}
    return render(request, "applications/capacity_assets.html", context)


@require_GET
@open_to(OFFICER)
def capacity_asset(request: HttpRequest, pk: int) -> HttpResponse:
    """One asset: its figures as they came, who waits for it, what was released."""
    me = reader(request)
    asset = get_object_or_404(CapacityAsset.objects.select_related("office"), pk=pk, office__in=me.offices)
    queue = waiting(asset)
    seen = set(
        Case.objects.visible_to(me.user, me)
        .filter(application__in=[e.application_id for e in queue])
        .values_list("pk", flat=True)
    )
    context = {
        "asset": asset, "open": open_of(asset), "queue": [(place, entry, entry.application.case_id in seen) for place, entry in enumerate(queue, 1)],
        "figures": asset.figures.select_related("recorded_by", "batch").order_by("-recorded_at")[:20],
        "releases": asset.releases.select_related("recorded_by", "priority", "entry").order_by("-recorded_at")[:20],
    }  # fmt: skip
    return render(request, "applications/capacity_asset.html", context)


@require_http_methods(["GET", "POST"])
@open_to(SUPERVISOR, ADMINISTRATOR)
def capacity_import(request: HttpRequest) -> HttpResponse:
    """A sheet of figures: all of it or nothing, and what has to be mended row by row."""
    form = FiguresForm(request.POST or None, request.FILES or None)
    brought: Brought | None = None
    status = 200
    if request.method == "POST":
        brought = _brought(request, form) if form.is_valid() else None
        if brought is not None and not brought.faults:
            messages.success(request, _said(brought))
            return redirect("capacity_assets")
        status = 422
    context = {"form": form, "brought": brought, "columns": COLUMNS}
    return render(request, "applications/capacity_import.html", context, status=status)


def _brought(request: HttpRequest, form: FiguresForm) -> Brought | None:
    me, upload = reader(request), form.cleaned_data["sheet"]
    try:
        return bring_in(
            upload.file,
            upload.name,
            by=me.user,
            offices=me.offices,
            today=timezone.localdate(),
            source=form.cleaned_data["source"],
        )
    except Unreadable as unreadable:
        form.add_error("sheet", unreadable.sentence)
        return None


def _said(brought: Brought) -> str:
    words: dict[str, Any] = {"n": brought.rows, "new": brought.new_assets}
    return (
        ngettext(
            "%(n)d figure brought in, %(new)d assets new.",
            "%(n)d figures brought in, %(new)d assets new.",
            brought.rows,
        )
        % words
    )


def _may_import(request: HttpRequest) -> bool:
    return reader(request).has_role("supervisor", "administrator")
