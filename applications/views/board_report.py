"""Monthly reports: issue one, list them, take them as workbook or paper, count a month again and compare."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import MonthlyReport
from applications.progress import stage_name
from applications.selectors.board import Watch, watch_of
from applications.selectors.report import month_figures
from applications.services.reports import issue_report
from applications.sheets.monthly import paper, workbook
from applications.sheets.pdf import render as as_pdf
from staff.access import ADMINISTRATOR, AUDITOR, SUPERVISOR, open_to, reader
from workflow.events import canonical
from workflow.models import ROUTE_STAGES
from workflow.selectors.rules import rules
from workflow.transitions import Refusal

MONTHS = 13
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@open_to(SUPERVISOR, AUDITOR, ADMINISTRATOR)
def board_reports(request: HttpRequest) -> HttpResponse:
    """Reports issued for the offices of this person; a supervisor issues one; `again` counts one anew and says whether it agrees."""
    watch = watch_of(reader(request))
    may_issue = reader(request).has_role("supervisor")
    if request.method == "POST":
        if not may_issue:
            raise Http404
        return _issue(request, watch)
    known = list(_reports(watch).select_related("office", "by")[:60])
    again = next((report for report in known if str(report.pk) == request.GET.get("again")), None)
    context = {
        "reports": known, "months": _months(timezone.localdate()), "offices": watch.offices, "may_issue": may_issue, "again": again,
        "agrees": _agrees(again, watch) if again else None, "now": timezone.now(), "key": uuid.uuid4().hex,
    }  # fmt: skip
    return render(request, "applications/board_reports.html", context)


def _issue(request: HttpRequest, watch: Watch) -> HttpResponse:
    given = request.POST
    office = next((office for office in watch.offices if office.code == given.get("office")), None)
    month = _month(given.get("month", ""))
    if office is None or month is None:
        messages.error(request, _("Choose an office and a month of the lists."))
        return redirect("board_reports")
    narrowed = Watch(watch.me, watch.offices, office)
    try:
        report = issue_report(
            office, month, month_figures(narrowed, month, rules().calendar), by=watch.me.user
        )
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("Issued; the digest is %(digest)s…") % {"digest": report.digest[:12]})
    return redirect("board_reports")


def _reports(watch: Watch) -> Any:
    return MonthlyReport.objects.filter(office__in=watch.among)


def _months(today: dt.date) -> list[dt.date]:
    """Months that are over, the last first."""
    found: list[dt.date] = []
    month = today.replace(day=1)
    while len(found) < MONTHS:
        month = (month - dt.timedelta(days=1)).replace(day=1)
        found.append(month)
    return found


def _month(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(f"{text}-01")
    except ValueError:
        return None


def _agrees(report: MonthlyReport, watch: Watch) -> bool:
    """Whether the month, counted from the record as it is now, gives the figures that were issued."""
    office = next(office for office in watch.offices if office.pk == report.office_id)
    figures = month_figures(Watch(watch.me, watch.offices, office), report.month, rules().calendar)
    return canonical(figures) == canonical(json.loads(report.body)["figures"])


def _report(request: HttpRequest, pk: int) -> MonthlyReport:
    report = _reports(watch_of(reader(request))).select_related("office").filter(pk=pk).first()
    if report is None:
        raise Http404
    return report


def _stages() -> dict[str, str]:
    return {stage: stage_name(stage) for stage in ROUTE_STAGES}


@open_to(SUPERVISOR, AUDITOR, ADMINISTRATOR)
def board_report_xlsx(request: HttpRequest, pk: int) -> HttpResponse:
    """The report as workbook."""
    report = _report(request, pk)
    return _file(workbook(json.loads(report.body), _stages(), report.digest), XLSX, report, "xlsx")


@open_to(SUPERVISOR, AUDITOR, ADMINISTRATOR)
def board_report_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The report on paper."""
    report = _report(request, pk)
    number = f"{report.office.code}-{report.month:%Y%m}-{report.number}"
    sheet = paper(json.loads(report.body), _stages(), rules().profile.name, report.digest, number)
    return _file(as_pdf(sheet), "application/pdf", report, "pdf")


def _file(content: bytes, kind: str, report: MonthlyReport, ending: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = (
        f'attachment; filename="{report.office.code}-{report.month:%Y-%m}-{report.number}.{ending}"'
    )
    return answer
