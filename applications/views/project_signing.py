"""The contracts of many units, signed by whoever applies for them: every text can be read, one act, a result per unit."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from applications.forms.project_acts import do_row
from applications.forms.project_signing import SignManyForm
from applications.selectors.projects import contracts_to_sign
from applications.services.projects.carrying import carry_out
from applications.services.projects.signing import digest_of_all, sign_many, signed_before
from applications.services.signing import send_signing_code
from applications.views.origin import circumstance_of, me
from applications.views.project_sheets import AT_ONCE
from applications.views.projects import project_of
from staff.access import CUSTOMER, open_to
from staff.devices import network_of
from staff.formats import mask_phone
from workflow.transitions import Refusal


@require_http_methods(["GET", "POST"])
@open_to(CUSTOMER)
def project_sign(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Read and sign. A second press finds what the first one sent in."""
    project, user = project_of(request, pk), me(request)
    if (before := signed_before(project, request.POST.get("shown", ""), user)) is not None:
        return redirect("project_sheet", pk, before.pk)
    waiting = contracts_to_sign(project, user, timezone.now())
    form = SignManyForm(request.POST or None, shown=digest_of_all(waiting.mine))
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            sheet = sign_many(
                project, waiting.mine, by=user, circumstance=circumstance_of(request), **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
        else:
            carry_out(
                project.sheets.select_related("project__office", "sent_by").get(pk=sheet.pk),
                do_row,
                seconds=AT_ONCE,
            )
            return redirect("project_sheet", pk, sheet.pk)
    context = {"project": project, "waiting": waiting, "form": form}
    return render(request, "applications/customer/project_sign.html", context, status=status)


@require_POST
@open_to(CUSTOMER)
def project_code(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Send the code for signing to the phone of whoever is signed in."""
    project_of(request, pk)
    try:
        sent = send_signing_code(me(request), network=network_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect("project_sign", pk)
    messages.success(
        request, _("A code was sent to %(phone)s; enter it below.") % {"phone": mask_phone(me(request).phone or "")}
    )  # fmt: skip
    if settings.TONGDIAN_ENV == "demo":
        messages.info(request, sent.text)
    return redirect("project_sign", pk)
