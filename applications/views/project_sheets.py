"""A project's sheets: what is wrong with them row by row, what they would do, how far they are, what came of each row."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from applications.forms.project_acts import BY_SHEET, do_row
from applications.forms.projects import SheetForm
from applications.imports.table import Unreadable
from applications.models import Project, ProjectSheet
from applications.services.projects import sheets
from applications.services.projects.act_columns import act_columns
from applications.services.projects.carrying import carry_out
from applications.services.projects.columns import Asked, columns_of, written
from applications.views.projects import layout_of, project_of
from staff.access import CUSTOMER, OFFICER, open_to, reader
from workflow.transitions import Refusal

PAGE = 50
AT_ONCE = 1.5
"""Seconds of rows that are carried out before the page answers; the worker does the rest."""


@require_POST
@open_to(CUSTOMER, OFFICER)
def project_sheet_read(request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponse:
    """Read a sheet: faults by row and column with nothing changed, or the sheet as it would be sent in."""
    project, me = project_of(request, pk), reader(request).user
    if name != sheets.OPEN_UNITS and (name not in BY_SHEET or me.is_customer):
        raise Http404
    form, read = SheetForm(request.POST, request.FILES), sheets.Read()
    if form.is_valid():
        upload = form.cleaned_data["sheet"]
        try:
            if name == sheets.OPEN_UNITS:
                read = sheets.read_units(project, upload.file, upload.name, by=me)
            else:
                read = sheets.read_act(project, name, upload.file, upload.name, by=me)
        except Unreadable as unreadable:
            form.add_error("sheet", unreadable.sentence)
    if read.sheet is not None:
        if read.sheet.finished_at:
            messages.info(
                request,
                _(
                    "This very sheet was sent in before; here is what came of it. For units that still wait, download the sheet anew."
                ),
            )
        return redirect("project_sheet", pk, read.sheet.pk)
    context = {"project": project, "name": name, "form": form, "read": read, "layout": layout_of(request)}
    context |= {"columns": _columns(project, name)}
    return render(request, "applications/project_sheet_faults.html", context, status=422)


@require_GET
@open_to(CUSTOMER, OFFICER)
def project_sheet(request: HttpRequest, pk: uuid.UUID, sheet: uuid.UUID) -> HttpResponse:
    """One sheet: before it is sent in its rows; afterwards how far it is and what came of each, refusals first."""
    found = _sheet(request, pk, sheet)
    counts = sheets.counts_of(found)
    total = sum(counts.values())
    asked = _columns(found.project, found.act)
    rows = found.rows.select_related("application__case").order_by("-outcome", "number")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "sheet": found, "project": found.project, "counts": counts, "total": total, "page": page, "layout": layout_of(request),
        "officer": not reader(request).user.is_customer, "columns": asked if found.confirmed_at is None else [],
        "rows": [(row, [_shown(one, row.cells) for one in asked] if found.confirmed_at is None else []) for row in page],
    }  # fmt: skip
    template = (
        "applications/_project_sheet.html"
        if request.headers.get("HX-Request")
        else "applications/project_sheet.html"
    )
    return render(request, template, context)


@require_POST
@open_to(CUSTOMER, OFFICER)
def project_sheet_confirm(request: HttpRequest, pk: uuid.UUID, sheet: uuid.UUID) -> HttpResponse:
    """Send it in. A second press finds it sent in already."""
    found = sheets.confirm(_sheet(request, pk, sheet), by=reader(request).user)
    carry_out(_sheet(request, pk, found.pk), do_row, seconds=AT_ONCE)
    return redirect("project_sheet", pk, sheet)


@require_POST
@open_to(CUSTOMER, OFFICER)
def project_sheet_discard(request: HttpRequest, pk: uuid.UUID, sheet: uuid.UUID) -> HttpResponse:
    """Throw a sheet away that was not sent in."""
    try:
        sheets.discard(_sheet(request, pk, sheet))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect("project_sheet", pk, sheet)
    return redirect("project", pk)


def _sheet(request: HttpRequest, pk: uuid.UUID, sheet: uuid.UUID) -> ProjectSheet:
    project = project_of(request, pk)
    return get_object_or_404(project.sheets.select_related("project__office", "sent_by"), pk=sheet)


def _columns(project: Project, name: str) -> list[Asked]:
    if name == sheets.OPEN_UNITS:
        return list(columns_of(project.kind))
    return [one for one in act_columns(name) if one.key not in ("case", "label")] if name in BY_SHEET else []


def _shown(one: Asked, cells: dict[str, Any]) -> str:
    """A cell as the preview shows it; an ID number by its last four."""
    value = cells.get(one.key, "")
    return f"∗∗∗∗{value[-4:]}" if one.key == "id_number" and value else written(one.key, value)
