"""Many at once: projects, their page, papers, sheets and acts for many units. Customers see their own, officers those of their offices."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from applications.fields import compact
from applications.forms.project_acts import BY_SHEET, IN_BULK
from applications.forms.projects import ProjectForm, ProjectPaperForm, SheetForm, paper_choices
from applications.models import Project, ProjectPaper
from applications.selectors.projects import (
    listing,
    progress_of,
    sheets_of,
    units_of,
    units_waiting_for,
    waiting_for,
)
from applications.services.projects.opening import open_project, receive_paper
from applications.services.projects.sheets import TAKE_OVER, confirm, for_all
from applications.services.projects.workbook import act_workbook, units_workbook
from staff.access import CUSTOMER, OFFICER, open_to, reader
from staff.models import Office
from workflow import actions
from workflow.models import ENDED
from workflow.selectors.rules import rules
from workflow.transitions import Refusal

PAGE = 50
OPENS = ("intake", "planner", "supervisor")
"""Posts that open projects at a desk."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def layout_of(request: HttpRequest) -> str:
    """Which frame the reader's pages have."""
    return "base_customer.html" if reader(request).user.is_customer else "base_staff.html"


def my_projects(request: HttpRequest) -> QuerySet[Project]:
    """The projects the reader may see."""
    me = reader(request)
    return Project.objects.visible_to(me.user, me)


def project_of(request: HttpRequest, pk: uuid.UUID) -> Project:
    """A project the reader may see; 404 else."""
    return get_object_or_404(my_projects(request).select_related("office"), pk=pk)


@require_GET
@open_to(CUSTOMER, OFFICER)
def projects(request: HttpRequest) -> HttpResponse:
    """Projects, the newest first; found by number or name. A whole number leads straight to its project."""
    asked = request.GET.get("q", "").strip()
    mine = my_projects(request)
    if asked:
        found = mine.filter(number=compact(asked)).first()
        if found:
            return redirect("project", found.pk)
        mine = mine.filter(
            Q(name__icontains=asked) | Q(organisation__icontains=asked) | Q(number__endswith=compact(asked))
        )
    page = Paginator(listing(mine), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "asked": asked, "layout": layout_of(request), "may_open": _may_open(request)}
    return render(request, "applications/projects.html", context)


@require_http_methods(["GET", "POST"])
@open_to(CUSTOMER, OFFICER)
def project_new(request: HttpRequest) -> HttpResponse:
    """Say once who applies for many, where and for what."""
    if not _may_open(request):
        raise Http404
    form = ProjectForm(request.POST or None, user=reader(request).user, offices=_offices(request))
    if request.method == "POST" and form.is_valid():
        me = reader(request).user
        channel = "web" if me.is_customer else "hall"
        project = open_project(form.applied(), by=me, office=form.cleaned_data["office"], channel=channel)
        messages.success(request, _("Project opened. Hand in the papers, then the sheet of units."))
        return redirect("project", project.pk)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "layout": layout_of(request)}
    return render(request, "applications/project_new.html", context, status=status)


@require_GET
@open_to(CUSTOMER, OFFICER)
def project_page(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One project: figures by stage, late ones, what can be done for many, papers, sheets, every unit."""
    return render(request, "applications/project.html", page_context(request, project_of(request, pk)))


def page_context(request: HttpRequest, project: Project, **more: Any) -> dict[str, Any]:
    """What the page shows."""
    now, officer = timezone.now(), not reader(request).user.is_customer
    stage, late = request.GET.get("stage", ""), bool(request.GET.get("late"))
    progress = progress_of(project, now, rules().stamp)
    units = Paginator(units_of(project, now, stage=stage, late=late), PAGE).get_page(request.GET.get("page"))
    names = {row.stage: row.name for row in progress.stages}
    waiting = waiting_for(project, IN_BULK) if officer else {}
    return {
        "project": project, "progress": progress, "page": units, "stage": stage, "late": late, "officer": officer, "layout": layout_of(request),
        "rows": [(unit, names.get(unit.application.case.stage, "")) for unit in units], "now": now,
        "acts": [(name, actions.get(name).label, n) for name, n in waiting.items()], "sheets": sheets_of(project), "by_sheet": BY_SHEET,
        "to_sign": 0 if officer else waiting_for(project, ["sign_contract"]).get("sign_contract", 0),
        "papers": _papers(project), "paper_form": more.pop("paper_form", None) or ProjectPaperForm(project=project),
        "sheet_form": more.pop("sheet_form", None) or SheetForm(), "may_add": not officer or _may_open(request), **more,
    }  # fmt: skip


def _papers(project: Project) -> list[tuple[ProjectPaper, str]]:
    names = dict(paper_choices(project))
    return [(paper, names.get(paper.item_code, paper.item_code)) for paper in project.papers.all()]


@require_POST
@open_to(CUSTOMER, OFFICER)
def project_paper_add(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A paper for all units; those that are open already get it too."""
    project = project_of(request, pk)
    form = ProjectPaperForm(request.POST, request.FILES, project=project)
    if not form.is_valid():
        return render(
            request, "applications/project.html", page_context(request, project, paper_form=form), status=422
        )
    me = reader(request).user
    paper = receive_paper(project, form.cleaned_data["item"], form.cleaned_data["file"], by=me)
    units = project.units.exclude(application__case__stage__in=ENDED).select_related("application")
    if paper is None:
        messages.info(request, _("This was done already; nothing was done twice."))
    elif units.exists():
        confirm(for_all(project, TAKE_OVER, units, by=me, note=str(paper.pk)), by=me)
        messages.success(request, _("Received; every unit takes it over."))
    else:
        messages.success(request, _("Received for all units."))
    return redirect("project", pk)


@require_GET
@open_to(CUSTOMER, OFFICER)
def project_paper(request: HttpRequest, pk: uuid.UUID, paper: int) -> FileResponse:
    """The paper itself, as a file to keep."""
    found = get_object_or_404(project_of(request, pk).papers, pk=paper)
    return FileResponse(
        found.file.open("rb"), as_attachment=True, filename=found.item_code, content_type=found.media_type
    )


@require_GET
@open_to(CUSTOMER, OFFICER)
def project_template(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The empty sheet of units."""
    project = project_of(request, pk)
    return _xlsx(units_workbook(project), f"{project.number}-units")


@require_GET
@open_to(OFFICER)
def project_act_template(request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponse:
    """The sheet of an act, with the units that wait for it."""
    project = project_of(request, pk)
    if name not in BY_SHEET:
        raise Http404
    return _xlsx(act_workbook(project, name), f"{project.number}-{name}")


@require_http_methods(["GET", "POST"])
@open_to(OFFICER)
def project_act(request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponse:
    """One act for many units: by sheet where each has its own answers, else as each unit's own form would start."""
    project = project_of(request, pk)
    if name not in IN_BULK:
        raise Http404
    if name in BY_SHEET:
        context = {
            "project": project,
            "name": name,
            "label": actions.get(name).label,
            "form": SheetForm(),
            "layout": layout_of(request),
        }
        context["waiting"] = waiting_for(project, [name]).get(name, 0)
        return render(request, "applications/project_act.html", context)
    if request.method != "POST":
        return redirect("project", pk)
    try:
        sheet = for_all(project, name, units_waiting_for(project, name), by=reader(request).user)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect("project", pk)
    return redirect("project_sheet", pk, sheet.pk)


def _xlsx(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return answer


def _offices(request: HttpRequest) -> QuerySet[Office]:
    me = reader(request)
    stations = Office.objects.filter(kind="station").order_by("code")
    return stations if me.user.is_customer else stations.filter(pk__in=me.offices)


def _may_open(request: HttpRequest) -> bool:
    me = reader(request)
    return bool(me.user.is_customer) or me.has_role(*OPENS)
