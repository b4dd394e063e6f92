"""The scheme of a case on a page, and as a part of the case's page."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from applications.models import Application
from applications.selectors.schemepage import load_scheme_page
from applications.views.case import visible_case
from staff.access import OFFICER, open_to


@require_GET
@open_to(OFFICER)
def case_scheme(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Versions, sign-offs, objections, capacity and access design of one case."""
    case = visible_case(request, pk)
    application = get_object_or_404(Application.objects.select_related("case__office"), case=case)
    context = {"case": case, "application": application, "scheme_page": load_scheme_page(application)}
    part = getattr(request, "htmx", None)
    return render(
        request, "applications/_case_scheme.html" if part else "applications/case_scheme.html", context
    )
