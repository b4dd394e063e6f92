"""Signing in and out: one page, two ways."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from staff import demo
from staff.access import EVERYONE, authority_of, open_to
from staff.devices import network_of, place_of, remember
from staff.forms import CodeForm, OfficerForm, PhoneForm, add_refusal
from staff.landing import landing
from staff.models import User
from staff.selectors import authority
from staff.services import SignInRefused, account_key, check_code, check_password, customer_of, send_code
from staff.sessions import begin

PENDING = "signin"


@require_safe
@open_to(EVERYONE)
def signin(request: HttpRequest) -> HttpResponse:
    """Both ways in; whoever is in already is led on."""
    known = authority_of(request)
    if known is not None:
        return redirect(_target(request) or landing(known))
    return _page(request)


@require_http_methods(["GET", "POST"])
@open_to(EVERYONE)
def signin_officer(request: HttpRequest) -> HttpResponse:
    """Name and password."""
    if request.method == "GET":
        return redirect("staff:signin")
    form = OfficerForm(request.POST, auto_id="officer_%s")
    if not form.is_valid():
        return _page(request, officer=form)
    username = form.cleaned_data["username"]
    try:
        user = check_password(
            username=username,
            password=form.cleaned_data["password"],
            place=place_of(request),
            moment=timezone.now(),
        )
    except SignInRefused as refusal:
        return _refused(request, refusal, officer=form)
    response = _enter(request, user, _target(request))
    remember(request, response, account_key(username))
    return response


@require_http_methods(["GET", "POST"])
@open_to(EVERYONE)
def signin_phone(request: HttpRequest) -> HttpResponse:
    """A phone number to send a code to; the number stays on the server."""
    if request.method == "GET":
        return redirect("staff:signin")
    form = PhoneForm(request.POST, auto_id="phone_%s")
    if not form.is_valid():
        return _page(request, phone=form)
    try:
        sent = send_code(phone=form.cleaned_data["phone"], network=network_of(request), moment=timezone.now())
    except SignInRefused as refusal:
        return _refused(request, refusal, phone=form)
    request.session[PENDING] = {
        "code": str(sent.id),
        "next": _target(request),
        "text": sent.text if _is_demo() else "",
    }
    return redirect("staff:signin_code")


@require_http_methods(["GET", "POST"])
@open_to(EVERYONE)
def signin_code(request: HttpRequest) -> HttpResponse:
    """The code that was sent to the phone."""
    pending = request.session.get(PENDING)
    if pending is None:
        return redirect("staff:signin")
    form = CodeForm(request.POST or None)
    status = 200
    if form.is_valid():
        try:
            code = check_code(
                code_id=UUID(pending["code"]),
                digits=form.cleaned_data["code"],
                network=network_of(request),
                moment=timezone.now(),
            )
            user = customer_of(code)
        except SignInRefused as refusal:
            add_refusal(form, str(refusal), refusal.field)
            status = 429 if refusal.waits else 200
        else:
            request.session.pop(PENDING)
            return _enter(request, user, pending["next"])
    return render(request, "staff/signin_code.html", {"form": form, "shown": pending["text"]}, status=status)


@require_POST
@open_to(EVERYONE)
def signin_demo(request: HttpRequest) -> HttpResponse:
    """One of the made-up people, in one step; there is no such page but on a demo database."""
    if not _is_demo():
        raise Http404
    user = demo.member_user(request.POST.get("who", ""))
    if user is None or not user.is_active:
        raise Http404
    return _enter(request, user, _target(request))


@require_POST
@open_to(EVERYONE)
def signout(request: HttpRequest) -> HttpResponse:
    """Out: the session is deleted on the server."""
    logout(request)
    return redirect("staff:signin")


def _is_demo() -> bool:
    return bool(settings.TONGDIAN_ENV == "demo")


def _target(request: HttpRequest) -> str:
    """Where to go afterwards, if it is a page of ours; else nothing."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if ours else ""


def _enter(request: HttpRequest, user: User, target: str) -> HttpResponse:
    moment = timezone.now()
    begin(request, user, moment)
    return redirect(target or landing(authority(user, timezone.localdate(moment))))


def _refused(request: HttpRequest, refusal: SignInRefused, **forms: Any) -> HttpResponse:
    for form in forms.values():
        add_refusal(form, str(refusal), refusal.field)
    return _page(request, status=429 if refusal.waits else 200, **forms)


def _page(request: HttpRequest, *, phone: Any = None, officer: Any = None, status: int = 200) -> HttpResponse:
    context = {
        "phone_form": phone or PhoneForm(auto_id="phone_%s"),
        "officer_form": officer or OfficerForm(auto_id="officer_%s"),
        "next": _target(request),
        "roster": demo.roster() if _is_demo() else [],
        "demo_password": demo.PASSWORD if _is_demo() else "",
    }
    return render(request, "staff/signin.html", context, status=status)
