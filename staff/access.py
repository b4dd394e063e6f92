"""Who may open a page: `@open_to(...)` on every view, and nothing reachable without it.

A page for others answers 404, as if it weren't there: that it exists is already something to know.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect
from rest_framework.exceptions import APIException
from rest_framework.views import APIView

from staff.policies import Audience, Authority, admits
from staff.selectors import authority

EVERYONE = Audience.EVERYONE
SIGNED_IN = Audience.SIGNED_IN
CUSTOMER = Audience.CUSTOMER
OFFICER = Audience.OFFICER
SUPERVISOR = Audience.SUPERVISOR
AUDITOR = Audience.AUDITOR
DISCIPLINE = Audience.DISCIPLINE
TRAINING = Audience.TRAINING
ADMINISTRATOR = Audience.ADMINISTRATOR

View = TypeVar("View", bound=Callable[..., Any])


class NotSignedIn(APIException):
    """The API's 401. Django REST framework's own would become 403 with session cookies."""

    status_code = 401
    default_code = "not_signed_in"

    def __init__(self) -> None:
        super().__init__(_("Please sign in."))


def open_to(*audiences: Audience) -> Callable[[View], View]:
    """Open a view (function, class, or REST view) to these audiences; several mean any of them."""
    if not audiences:
        raise ValueError("open_to() needs at least one audience.")

    def decorate(view: View) -> View:
        if isinstance(view, type):
            _guard_class(view, audiences)
            return view
        rest_class = getattr(view, "cls", None)
        if isinstance(rest_class, type) and issubclass(rest_class, APIView):
            _guard_class(rest_class, audiences)
            view.audiences = audiences  # type: ignore[attr-defined]
            return view
        return _guarded(view, audiences)  # type: ignore[return-value]

    return decorate


def authority_of(request: Any) -> Authority | None:
    """What the signed-in user may build on today, asked once a request; nothing if nobody is signed in."""
    base = getattr(request, "_request", request)
    user = request.user
    if not user.is_authenticated or not user.is_active:
        return None
    known = getattr(base, "authority", None)
    if known is None or known.user.pk != user.pk:
        known = base.authority = authority(user, timezone.localdate())
    return known


def reader(request: Any) -> Authority:
    """The same in a view that is open to signed-in people alone, where somebody is always there."""
    known = authority_of(request)
    if known is None:
        raise Http404
    return known


def sign_in_url(target: str = "") -> str:
    """The sign-in page, coming back to `target` afterwards."""
    page = resolve_url("staff:signin")
    return f"{page}?{urlencode({'next': target})}" if target else page


def _guard_class(view: Any, audiences: tuple[Audience, ...]) -> None:
    view.audiences = audiences
    if issubclass(view, APIView):
        if "permission_classes" not in view.__dict__:
            view.permission_classes = []
        view.initial = _guarded_initial(view.initial, audiences)
    else:
        view.dispatch = _guarded(view.dispatch, audiences, is_method=True)


def _guarded(
    view: Callable[..., Any], audiences: tuple[Audience, ...], *, is_method: bool = False
) -> Callable[..., Any]:
    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        request: HttpRequest = args[1 if is_method else 0]
        refusal = _refusal(request, audiences)
        if refusal is not None:
            return refusal
        response = view(*args, **kwargs)
        if EVERYONE not in audiences:
            patch_cache_control(response, no_store=True, private=True)
        return response

    guarded.audiences = audiences  # type: ignore[attr-defined]
    return guarded


def _guarded_initial(initial: Callable[..., None], audiences: tuple[Audience, ...]) -> Callable[..., None]:
    @wraps(initial)
    def guarded(view: Any, request: Any, *args: Any, **kwargs: Any) -> None:
        view.perform_authentication(request)
        known = authority_of(request)
        if not any(admits(audience, known) for audience in audiences):
            raise NotSignedIn if known is None else Http404
        initial(view, request, *args, **kwargs)

    return guarded


def _refusal(request: HttpRequest, audiences: tuple[Audience, ...]) -> HttpResponse | None:
    if EVERYONE in audiences:
        return None
    known = authority_of(request)
    if any(admits(audience, known) for audience in audiences):
        return None
    if known is not None:
        raise Http404
    if request.accepts("application/json") and not request.accepts("text/html"):
        return JsonResponse({"detail": _("Please sign in.")}, status=401)
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(sign_in_url())
    return HttpResponseRedirect(sign_in_url(request.get_full_path() if request.method == "GET" else ""))
