"""What was sent about a case: a fragment for its page, or a page of its own without htmx."""

from __future__ import annotations

import uuid

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from staff.access import SIGNED_IN, open_to, reader
from workflow.models import Case


@open_to(SIGNED_IN)
@require_safe
def notices(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Notices of a case, for those who may see it. A customer sees those to himself, an officer of the case all."""
    user = reader(request).user
    case = get_object_or_404(Case.objects.visible_to(user), pk=case_id)
    told = case.notices.order_by("-about_at", "-pk")
    if user.kind == "customer":
        told = told.filter(Q(user=user) | Q(user=None))
    template = "publicity/_notices.html" if request.headers.get("HX-Request") else "publicity/notices.html"
    return render(request, template, {"case": case, "notices": told})
