"""Who calls: somebody signed in by session, or a channel by its token, with the phone it vouches for."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import authentication, exceptions
from rest_framework.request import Request

from applications.models import ChannelToken
from applications.services.channel_tokens import find_token
from staff.models import User
from staff.phones import normalised

KEYWORD = "Channel"
PHONE_HEADER = "Customer-Phone"
"""The verified phone of the customer a channel acts for. A header, so that no address and no log holds it."""


class Session(authentication.SessionAuthentication):
    """The pages' session, with its CSRF token on whatever changes something. Answers 401, not 403, to nobody."""

    def authenticate_header(self, request: Request) -> str:
        """The scheme of the 401."""
        return "Session"


class Channel(authentication.BaseAuthentication):
    """`Authorization: Channel <token>`. The user is the customer of the phone vouched for, else the channel's own account."""

    def authenticate(self, request: Request) -> tuple[User, ChannelToken] | None:
        """Find the token, then whom it speaks for."""
        keyword, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if keyword.lower() != KEYWORD.lower():
            return None
        token = find_token(secret.strip())
        if token is None:
            raise exceptions.AuthenticationFailed(_("This token is not known or was revoked."))
        return _customer(request, token) or token.account, token

    def authenticate_header(self, request: Request) -> str:
        """The scheme of the 401."""
        return KEYWORD


def phone_of(request: Request) -> str:
    """The phone a channel vouches for, normalised; empty if it names none."""
    given = request.headers.get(PHONE_HEADER, "")
    if not given:
        return ""
    phone = normalised(given)
    if phone is None:
        raise exceptions.AuthenticationFailed(_("Customer-Phone holds no mobile number of mainland China."))
    return phone


def _customer(request: Request, token: ChannelToken) -> User | None:
    phone = phone_of(request)
    customer = User.objects.customer_by_phone(phone) if phone else None
    if customer is not None and not customer.is_active:
        raise exceptions.AuthenticationFailed(_("This customer's account is closed."))
    return customer


def token_of(request: Any) -> ChannelToken | None:
    """The token of this request, if a channel calls."""
    return request.auth if isinstance(request.auth, ChannelToken) else None
