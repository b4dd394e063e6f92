"""Large type and language: kept in a cookie, so that they hold without an account and without a script."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from staff.access import EVERYONE, open_to

YEAR = 365 * 24 * 60 * 60


def _back(request: HttpRequest) -> HttpResponseRedirect:
    """Return to the page the reader came from, never to another site."""
    target = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    return HttpResponseRedirect(target)


def _remember(response: HttpResponse, name: str, value: str) -> HttpResponse:
    response.set_cookie(
        name, value, max_age=YEAR, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
    )
    return response


@require_safe
@open_to(EVERYONE)
def large(request: HttpRequest) -> HttpResponse:
    """Switch large type on (`?on=1`) or off, and return to the page."""
    return _remember(_back(request), "large", "1" if request.GET.get("on") == "1" else "0")


@require_safe
@open_to(EVERYONE)
def language(request: HttpRequest) -> HttpResponse:
    """Switch the language (`?to=en`), keeping the page; an unknown one leaves it as it is."""
    wanted = request.GET.get("to", "")
    if wanted not in dict(settings.LANGUAGES):
        return _back(request)
    return _remember(_back(request), settings.LANGUAGE_COOKIE_NAME, wanted)
