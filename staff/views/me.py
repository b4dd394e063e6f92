"""Oneself: posts, certificates, absences, password."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from staff.access import OFFICER, SIGNED_IN, open_to, reader
from staff.forms import AbsenceForm, PasswordForm, add_refusal
from staff.landing import landing
from staff.models import Absence
from staff.selectors import own_record
from staff.services import Refused, record_absence, withdraw_absence
from staff.views.papers import papers_in_words


@require_safe
@open_to(SIGNED_IN)
def me(request: HttpRequest) -> HttpResponse:
    """Who I am, what I may do, and until when."""
    today = timezone.localdate()
    by = reader(request)
    context: dict[str, Any] = {"home": landing(by), "layout": "base_customer.html"}
    if by.user.is_officer:
        person = own_record(by.user, today)
        context |= {
            "layout": "base_staff.html",
            "person": person,
            "papers": papers_in_words(person.papers, today),
        }
    return render(request, "staff/me.html", context)


@require_http_methods(["GET", "POST"])
@open_to(OFFICER)
def absence(request: HttpRequest) -> HttpResponse:
    """Record days on which I am away."""
    today = timezone.localdate()
    user = reader(request).user
    form = AbsenceForm(request.POST or None, initial={"from_date": today, "to_date": today})
    if form.is_valid():
        try:
            record_absence(by=user, user=user, today=today, **form.cleaned_data)
        except Refused as refusal:
            add_refusal(form, str(refusal), refusal.field)
        else:
            messages.success(request, _("Your absence is recorded; no work will be offered to you then."))
            return redirect("staff:me")
    context = {"form": form, "heading": _("I am away"), "button": _("Record absence"), "back": "staff:me"}
    return render(request, "staff/own_form.html", context)


@require_POST
@open_to(OFFICER)
def withdraw(request: HttpRequest, absence_id: int) -> HttpResponse:
    """I am back, or don't go."""
    user = reader(request).user
    own = get_object_or_404(Absence, pk=absence_id, user=user)
    try:
        withdraw_absence(by=user, absence=own, today=timezone.localdate())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The absence is ended; work can be offered to you again."))
    return redirect("staff:me")


@require_http_methods(["GET", "POST"])
@open_to(OFFICER)
def password(request: HttpRequest) -> HttpResponse:
    """Another password; sessions elsewhere end with the old one."""
    form = PasswordForm(reader(request).user, request.POST or None)
    if form.is_valid():
        update_session_auth_hash(request, form.save())
        messages.success(request, _("Your password is changed. You have been signed out everywhere else."))
        return redirect("staff:me")
    context = {
        "form": form,
        "heading": _("Change my password"),
        "button": _("Change password"),
        "back": "staff:me",
    }
    return render(request, "staff/own_form.html", context)
