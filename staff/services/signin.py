"""Getting in: a code by phone for customers, name and password for officers.

A wrong name and a wrong password read the same and take the same time, so that nobody learns who works here.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth import authenticate
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from staff import throttles
from staff.encryption import blind_index
from staff.gateways import GatewayError, gateway
from staff.models import SignInCode, Throttle, User
from staff.models.user import phone_index
from staff.policies import has_left
from staff.selectors import authority
from staff.throttles import Toll, TooOften

CODE_LASTS = timedelta(minutes=5)
CODE_TRIES = 5
COUNTERS_KEPT = timedelta(days=2)


class SignInRefused(Exception):
    """Not signed in; the text says what to do. `field` names what to mend, `waits` means: tried too often."""

    def __init__(self, sentence: str, field: str | None = None, *, waits: bool = False) -> None:
        super().__init__(sentence)
        self.field = field
        self.waits = waits


@dataclass(frozen=True)
class Place:
    """Where somebody signs in from: the network, and the device if it has been used for an account before."""

    network: str
    device: str = ""
    accounts: frozenset[str] = frozenset()


@dataclass(frozen=True)
class SentCode:
    """What was sent; the text is shown on the page of a demo database and nowhere else."""

    id: UUID
    text: str


def account_key(username: str) -> str:
    """The fingerprint of a sign-in name, as counters and devices know it."""
    return blind_index(username.strip().lower(), "account")


def send_code(*, phone: str, network: str, moment: datetime) -> SentCode:
    """Send a code to a normalised phone number. Raises SignInRefused."""
    _pay(
        [
            Toll(throttles.CODES_FROM_NETWORK, network),
            Toll(throttles.CODE_PAUSE, phone),
            Toll(throttles.CODES_TO_PHONE, phone),
        ],
        moment,
    )
    digits = f"{secrets.randbelow(10**6):06d}"
    code = SignInCode(
        phone=phone, phone_index=phone_index(phone), sent_at=moment, expires_at=moment + CODE_LASTS
    )
    code.fingerprint = _code_fingerprint(code.pk, digits)
    code.save()
    text = _(
        "Code %(code)s, valid for 5 minutes. For you alone: our staff never ask for it. "
        "If you did not ask for it, please ignore this message."
    ) % {"code": digits}
    try:
        gateway().send(phone, text)
    except GatewayError as error:
        raise SignInRefused(
            _("The code could not be sent. Please try again in a few minutes, or call 95598."), "phone"
        ) from error
    return SentCode(code.pk, text)


def check_code(*, code_id: UUID, digits: str, network: str, moment: datetime) -> SignInCode:
    """Use up the code sent before. Raises SignInRefused; a wrong try is counted and stays counted."""
    _pay([Toll(throttles.CODE_CHECKS_FROM_NETWORK, network)], moment)
    with transaction.atomic():
        code = SignInCode.objects.select_for_update(no_key=True).filter(pk=code_id).first()
        sentence = _why_code_fails(code, digits, moment)
        if code is not None:
            if sentence is None:
                code.used_at = moment
            else:
                code.tries += 1
            code.save(update_fields=["used_at", "tries"])
    if sentence is not None or code is None:
        raise SignInRefused(sentence or "", "code")
    return code


def customer_of(code: SignInCode) -> User:
    """The customer whose phone a used code has verified; made at the first sign-in. Raises SignInRefused."""
    customer = User.objects.customer_by_phone(code.phone)
    if customer is None:
        try:
            with transaction.atomic():
                customer = User.objects.create_customer(code.phone)
        except IntegrityError:  # two browsers at once: the other one made the customer
            customer = User.objects.customer_by_phone(code.phone)
    if customer is None or not customer.is_active:
        raise SignInRefused(_("This number can't sign in. Please call 95598."), "code")
    return customer


def check_password(*, username: str, password: str, place: Place, moment: datetime) -> User:
    """The officer with this name and password. Raises SignInRefused."""
    tolls = _password_tolls(account_key(username), place)
    _pay(tolls, moment)
    user = authenticate(username=username.strip(), password=password)
    if not isinstance(user, User) or not user.is_officer:
        raise SignInRefused(
            _("Name and password don't match. Check both; capital and small letters differ."), "password"
        )
    throttles.give_back(tolls, moment)
    if has_left(authority(user, timezone.localdate(moment))):
        raise SignInRefused(_("You hold no post at present. Please ask your administrator."))
    return user


def forget_old(*, moment: datetime) -> int:
    """Delete codes and counters that matter no more; returns how many rows went."""
    before = moment - COUNTERS_KEPT
    codes, _by_model = SignInCode.objects.filter(expires_at__lt=before).delete()
    return codes + Throttle.objects.forget_before(before)


def _password_tolls(account: str, place: Place) -> list[Toll]:
    if place.device and account in place.accounts:
        return [Toll(throttles.PASSWORD_HERE, f"{account} {place.device}")]
    return [
        Toll(throttles.PASSWORD_FROM_NETWORK, place.network),
        Toll(throttles.PASSWORD_HERE, f"{account} {place.network}"),
        Toll(throttles.PASSWORD_FROM_STRANGERS, account),
    ]


def _pay(tolls: list[Toll], moment: datetime) -> None:
    try:
        throttles.pay(tolls, moment)
    except TooOften as reason:
        minutes = max(1, -int(-(reason.opens_at - moment).total_seconds() // 60))
        raise SignInRefused(
            _("Tried too often. Please try again in %(minutes)d minutes.") % {"minutes": minutes}, waits=True
        ) from reason


def _code_fingerprint(code_id: UUID, digits: str) -> str:
    return blind_index(f"{code_id} {digits}", "signin code")


def _why_code_fails(code: SignInCode | None, digits: str, moment: datetime) -> str | None:
    if code is None or code.used_at is not None:
        return _("This code has been used or never existed. Please ask for a new one.")
    if moment >= code.expires_at:
        return _("This code is older than 5 minutes. Please ask for a new one.")
    if code.tries >= CODE_TRIES:
        return _("Wrong too often. Please ask for a new code.")
    if not hmac.compare_digest(code.fingerprint, _code_fingerprint(code.pk, digits)):
        return _("That is not the code we sent. Please check the digits; the newest message counts.")
    return None
