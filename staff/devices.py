"""Where a request comes from: its network, and whether this browser has signed in to an account before."""

import ipaddress
import secrets
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from staff.services.signin import Place

COOKIE = "device"
SALT = "staff.devices"
KEPT_SECONDS = 180 * 24 * 60 * 60
ACCOUNTS_KEPT = 12


def network_of(request: HttpRequest) -> str:
    """The address the request came from; of IPv6 the /64, which is one household's.

    Behind a proxy the address stands in the one header the proxy sets (TONGDIAN_CLIENT_ADDRESS_HEADER), at its
    end; what stands before it, and any other header, anybody can send.
    """
    header = settings.TONGDIAN_CLIENT_ADDRESS_HEADER
    text = request.headers.get(header, "") if header else request.META.get("REMOTE_ADDR", "")
    try:
        address = ipaddress.ip_address(text.split(",")[-1].strip())
    except ValueError:
        return "unknown"
    if address.version == 6:
        return str(ipaddress.ip_network(f"{address}/64", strict=False))
    return str(address)


def terminal_class(request: HttpRequest) -> str:
    """What kind of machine asks: `staff` in one of the bureau's own networks, `kiosk` in the hall's, else the `customer`'s.

    The networks are the deployment's to name (TONGDIAN_STAFF_NETWORKS, TONGDIAN_KIOSK_NETWORKS); where none is named,
    whoever is signed in as an officer sits at a staff machine.
    """
    try:
        address = ipaddress.ip_address(network_of(request).partition("/")[0])
    except ValueError:
        return "customer"
    for kind, networks in (
        ("kiosk", settings.TONGDIAN_KIOSK_NETWORKS),
        ("staff", settings.TONGDIAN_STAFF_NETWORKS),
    ):
        if any(address in ipaddress.ip_network(network) for network in networks):
            return kind
    officer = request.user.is_authenticated and getattr(request.user, "is_officer", False)
    return "staff" if officer else "customer"


def place_of(request: HttpRequest) -> Place:
    """The network and, if the signed cookie is ours, the device with the accounts it has been used for."""
    known = _read(request)
    return Place(network_of(request), known["device"], frozenset(known["accounts"]))


def remember(request: HttpRequest, response: HttpResponse, account: str) -> None:
    """Note in the browser that this account (a fingerprint, no name) signed in here."""
    known = _read(request)
    accounts = [account, *(other for other in known["accounts"] if other != account)][:ACCOUNTS_KEPT]
    value = signing.dumps(
        {"device": known["device"] or secrets.token_hex(12), "accounts": accounts}, salt=SALT
    )
    response.set_cookie(
        COOKIE,
        value,
        max_age=KEPT_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> dict[str, Any]:
    try:
        return signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=KEPT_SECONDS)
    except signing.BadSignature:
        return {"device": "", "accounts": []}
