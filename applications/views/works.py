"""Works, money, meters and reasons for waiting of a case: a page, and a part of the case's page."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from applications.models import Application
from applications.selectors.workspage import load_works_page
from applications.views.case import visible_case
from staff.access import OFFICER, open_to


@require_GET
@open_to(OFFICER)
def case_works(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What the case waits for, item by item what is built, what was paid, which meters hang."""
    case = visible_case(request, pk)
    application = get_object_or_404(Application.objects.select_related("case__office"), case=case)
    context = {"case": case, "application": application, "works_page": load_works_page(application)}
    part = getattr(request, "htmx", None)
    return render(
        request, "applications/_case_works.html" if part else "applications/case_works.html", context
    )
