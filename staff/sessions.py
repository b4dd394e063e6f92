"""Sessions: begun at sign-in with a new key, ended after idleness, at day's end, or when the last post has ended."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from staff.access import authority_of
from staff.models import User
from staff.policies import has_left, session_is_over

SIGNED_IN = "signed_in_at"
SEEN = "seen_at"
NOTE_EVERY = 60
BACKEND = "staff.backends.PostBackend"


def begin(request: HttpRequest, user: User, moment: datetime) -> None:
    """Sign in. Whatever the session held of somebody else is gone, and its key is new."""
    login(request, user, backend=BACKEND)
    request.session[SIGNED_IN] = request.session[SEEN] = moment.timestamp()


class SessionLimits:
    """Middleware: ends sessions that are over before any page sees their user."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.session.get(SIGNED_IN) and request.user.is_authenticated:
            self._check(request, request.user, timezone.now())
        return self.get_response(request)

    def _check(self, request: HttpRequest, user: User, moment: datetime) -> None:
        signed_in, seen = (
            datetime.fromtimestamp(request.session.get(name, 0), tz=moment.tzinfo)
            for name in (SIGNED_IN, SEEN)
        )
        known = authority_of(request)
        if known is not None and has_left(known):
            self._end(request, _("Your post has ended. Please ask your administrator."))
        elif session_is_over(user.kind, signed_in, seen, moment):
            self._end(request, _("You were away for a while and have been signed out. Please sign in again."))
        elif (moment - seen).total_seconds() > NOTE_EVERY:
            request.session[SEEN] = moment.timestamp()

    def _end(self, request: HttpRequest, sentence: str) -> None:
        logout(request)
        messages.info(request, sentence)
