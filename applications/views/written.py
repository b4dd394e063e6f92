"""Papers in writing: as a page that prints, and as PDF; for the office, for the customer, and a receipt for whoever holds its code."""

from __future__ import annotations

import logging
import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from applications.models import Application
from applications.selectors.issued import sealed_receipt, sheet_of
from applications.sheets.parts import Sheet
from applications.sheets.pdf import render as drawn
from applications.views.case import visible_case
from applications.views.my import own_case
from applications.views.origin import me
from applications.views.receipt import held
from staff.access import CUSTOMER, EVERYONE, OFFICER, open_to
from workflow.models import Case

log = logging.getLogger(__name__)
PDF = "application/pdf"


@require_safe
@open_to(OFFICER)
def case_paper(request: HttpRequest, pk: uuid.UUID, kind: str, n: int) -> HttpResponse:
    """One paper of a case on the screen, as it will leave the printer."""
    case = visible_case(request, pk)
    context = {
        "layout": "base_staff.html", "case": case, "sheet": _sheet(request, case, kind, n), "back": reverse("case", args=[pk]),
        "pdf": reverse("case_paper_pdf", args=[pk, kind, n]),
    }  # fmt: skip
    return render(request, "applications/sheet.html", context)


@require_safe
@open_to(OFFICER)
def case_paper_pdf(request: HttpRequest, pk: uuid.UUID, kind: str, n: int) -> HttpResponse:
    """The same as PDF."""
    return as_pdf(_sheet(request, visible_case(request, pk), kind, n), f"{kind}-{n}")


@require_safe
@open_to(CUSTOMER)
def my_written(request: HttpRequest, pk: uuid.UUID, kind: str, n: int) -> HttpResponse:
    """What was given to the customer in writing, read again."""
    case = own_case(request, pk)
    context = {
        "layout": "base_customer.html", "case": case, "sheet": _sheet(request, case, kind, n), "back": reverse("my_case", args=[pk]),
        "pdf": reverse("my_written_pdf", args=[pk, kind, n]),
    }  # fmt: skip
    return render(request, "applications/sheet.html", context)


@require_safe
@open_to(CUSTOMER)
def my_written_pdf(request: HttpRequest, pk: uuid.UUID, kind: str, n: int) -> HttpResponse:
    """The same as PDF."""
    return as_pdf(_sheet(request, own_case(request, pk), kind, n), f"{kind}-{n}")


@require_safe
@open_to(EVERYONE)
def receipt_pdf(request: HttpRequest, code: str) -> HttpResponse:
    """A contact's receipt as PDF, for whoever holds it; it names nobody in full."""
    contact, holds = held(request, code)
    if not holds:
        raise Http404
    return as_pdf(sealed_receipt(contact), f"receipt-{contact.case.contact_no}")


def as_pdf(sheet: Sheet, name: str) -> HttpResponse:
    """A PDF to be looked at or kept. No policy of ours rides on it: browsers would not let their viewer start."""
    answer = HttpResponse(drawn(sheet), content_type=PDF)
    answer["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer._csp_exempt = True  # type: ignore[attr-defined]
    return answer


def _sheet(request: HttpRequest, case: Case, kind: str, n: int) -> Sheet:
    application = Application.objects.select_related("case__office", "premises").filter(case=case).first()
    sheet = sheet_of(case, application, kind, n)
    if sheet is None:
        raise Http404
    log.info("paper %s %s of case %s opened by %s", kind, n, case.pk, me(request).pk)
    return sheet
