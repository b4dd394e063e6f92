"""One person of the register: posts, certificates, absences, and the forms that change them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from staff.access import ADMINISTRATOR, SUPERVISOR, TRAINING, open_to, reader
from staff.forms import AbsenceForm, CertificateForm, ClosePostForm, PostForm, RevokeForm, add_refusal
from staff.models import Absence, Certificate, Post
from staff.policies import (
    Authority,
    sees_the_unposted,
    why_not_manage_certificates,
    why_not_manage_posts,
    why_not_record_absence,
)
from staff.presentation import Action
from staff.selectors import Person, authority, offices_within
from staff.selectors import person as find_person
from staff.services import (
    Refused,
    close_post,
    grant_certificate,
    open_post,
    record_absence,
    revoke_certificate,
    withdraw_absence,
)
from staff.views.papers import papers_in_words


@require_safe
@open_to(SUPERVISOR, TRAINING, ADMINISTRATOR)
def person_page(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """What is held about one person."""
    today = timezone.localdate()
    by, person = _reach(request, user_id)
    of = authority(person.user, today)
    no_posts = why_not_manage_posts(by, None)
    no_papers = why_not_manage_certificates(by, of)
    no_absence = why_not_record_absence(by, of)
    context = {
        "person": person,
        "papers": papers_in_words(person.papers, today),
        "actions": [
            _action(_("Enter a certificate"), "staff:person_certificate", user_id, no_papers, primary=True),
            _action(_("Record an absence"), "staff:person_absence", user_id, no_absence),
            _action(_("Open a post"), "staff:person_post", user_id, no_posts),
        ],
        "may_revoke": no_papers is None,
        "may_end_absence": no_absence is None,
        "may_close": no_posts is None,
    }
    return render(request, "staff/person.html", context)


@require_http_methods(["GET", "POST"])
@open_to(TRAINING, ADMINISTRATOR)
def grant(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Enter a certificate."""
    by, person = _reach(request, user_id)
    of = authority(person.user, timezone.localdate())
    return _form(
        request,
        person,
        CertificateForm(request.POST or None),
        lambda data, today: grant_certificate(by=by.user, holder=person.user, today=today, **data),
        heading=_("Enter a certificate"),
        done=_("The certificate is in the register and counts from now on."),
        why_not=why_not_manage_certificates(by, of),
    )


@require_http_methods(["GET", "POST"])
@open_to(TRAINING, ADMINISTRATOR)
def revoke(request: HttpRequest, user_id: UUID, row_id: int) -> HttpResponse:
    """Revoke a certificate, with a reason."""
    by, person = _reach(request, user_id)
    certificate = get_object_or_404(Certificate, pk=row_id, holder=person.user)
    return _form(
        request,
        person,
        RevokeForm(request.POST or None),
        lambda data, today: revoke_certificate(by=by.user, certificate=certificate, today=today, **data),
        heading=_("Revoke certificate %(number)s: %(competence)s")
        % {"number": certificate.number, "competence": certificate.competence.name},
        done=_("The certificate is revoked. Work that needs it is no longer offered to this person."),
        danger=True,
    )


@require_http_methods(["GET", "POST"])
@open_to(SUPERVISOR, TRAINING, ADMINISTRATOR)
def absence(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Record that this person is away."""
    by, person = _reach(request, user_id)
    today = timezone.localdate()
    return _form(
        request,
        person,
        AbsenceForm(request.POST or None, initial={"from_date": today, "to_date": today}),
        lambda data, today: record_absence(by=by.user, user=person.user, today=today, **data),
        heading=_("Record an absence"),
        done=_("The absence is recorded; no work will be offered to this person then."),
    )


@require_http_methods(["GET", "POST"])
@open_to(ADMINISTRATOR)
def post(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Open a post."""
    by, person = _reach(request, user_id)
    offices = [office.pk for office in offices_within(by)]
    return _form(
        request,
        person,
        PostForm(request.POST or None, offices=offices, initial={"from_date": timezone.localdate()}),
        lambda data, today: open_post(by=by.user, user=person.user, today=today, **data),
        heading=_("Open a post"),
        done=_("The post is open."),
    )


@require_http_methods(["GET", "POST"])
@open_to(ADMINISTRATOR)
def close(request: HttpRequest, user_id: UUID, row_id: int) -> HttpResponse:
    """Set a post's last day."""
    by, person = _reach(request, user_id)
    held = get_object_or_404(Post.objects.select_related("office"), pk=row_id, user=person.user)
    return _form(
        request,
        person,
        ClosePostForm(request.POST or None, initial={"to_date": timezone.localdate()}),
        lambda data, today: close_post(by=by.user, post=held, today=today, **data),
        heading=_("End the post %(role)s, %(office)s")
        % {"role": held.get_role_display(), "office": held.office.name},
        done=_("The post's last day is set."),
        danger=True,
    )


@require_POST
@open_to(SUPERVISOR, TRAINING, ADMINISTRATOR)
def withdraw(request: HttpRequest, user_id: UUID, row_id: int) -> HttpResponse:
    """End an absence."""
    by, person = _reach(request, user_id)
    row = get_object_or_404(Absence, pk=row_id, user=person.user)
    try:
        withdraw_absence(by=by.user, absence=row, today=timezone.localdate())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The absence is ended."))
    return redirect("staff:person", user_id)


def _reach(request: HttpRequest, user_id: UUID) -> tuple[Authority, Person]:
    """Who asks, and whom they ask about; 404 if out of reach."""
    by = reader(request)
    offices = [office.pk for office in offices_within(by)]
    person = find_person(user_id, offices, timezone.localdate(), unposted=sees_the_unposted(by))
    if person is None:
        raise Http404
    return by, person


def _action(label: str, name: str, user_id: UUID, why_not: str | None, *, primary: bool = False) -> Action:
    return Action(
        label=label,
        url=reverse(name, args=[user_id]),
        enabled=why_not is None,
        reason=why_not or "",
        primary=primary and why_not is None,
    )


def _form(
    request: HttpRequest,
    person: Person,
    form: forms.Form,
    change: Callable[..., Any],
    *,
    heading: str,
    done: str,
    danger: bool = False,
    why_not: str | None = None,
) -> HttpResponse:
    """Show a form about this person; when it is sent and the service agrees, go back to the person."""
    if form.is_valid():
        try:
            change(form.cleaned_data, timezone.localdate())
        except Refused as refusal:
            add_refusal(form, str(refusal), refusal.field)
        else:
            messages.success(request, done)
            return redirect("staff:person", person.user.pk)
    context = {"form": form, "person": person, "heading": heading, "danger": danger, "why_not": why_not}
    return render(request, "staff/person_form.html", context)
