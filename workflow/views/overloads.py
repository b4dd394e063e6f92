"""Overload declared by a station, and what its superior answers."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from staff.access import SUPERVISOR, authority_of, open_to
from staff.models import Office, User
from workflow.forms import OverloadAnswerForm, OverloadForm
from workflow.models import Overload
from workflow.services.overloads import answer_overload, declare_overload
from workflow.transitions import Refused


@open_to(SUPERVISOR)
@require_http_methods(["GET", "HEAD", "POST"])
def overloads(request: HttpRequest) -> HttpResponse:
    """Those of the offices one supervises, and the form to declare one."""
    form = OverloadForm(request.POST or None, offices=_offices(request))
    if request.method != "POST":
        return _page(request, form)
    if not form.is_valid():
        return _page(request, form, status=422)
    given = form.cleaned_data
    try:
        declare_overload(
            office=given["office"],
            stage=given["stage"],
            days=given["days"],
            reason=given["reason"],
            by=_me(request),
        )
    except Refused as refused:
        form.add_error(None, refused.sentence)
        return _page(request, form, status=refused.status)
    messages.success(request, _("Declared and on record; your superior has been asked for help."))
    return redirect("workflow:overloads")


@open_to(SUPERVISOR)
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The superior's answer."""
    overload = get_object_or_404(Overload, pk=pk, office__in=_offices(request))
    form = OverloadAnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say what help comes, or why none can."))
        return redirect("workflow:overloads")
    try:
        answer_overload(overload, by=_me(request), **form.cleaned_data)
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("workflow:overloads")


def _offices(request: HttpRequest) -> list[Office]:
    mine = authority_of(request)
    return list(Office.objects.filter(pk__in=mine.offices if mine else ()).order_by("code"))


def _page(request: HttpRequest, form: OverloadForm, status: int = 200) -> HttpResponse:
    rows = Overload.objects.filter(office__in=_offices(request)).select_related("office", "answered_by")
    context = {
        "form": form,
        "overloads": rows[:50],
        "answer_form": OverloadAnswerForm(),
        "now": timezone.now(),
        "me": request.user,
    }
    return render(request, "workflow/overloads.html", context, status=status)


def _me(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
