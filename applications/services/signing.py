"""Signing by the code sent to the signer's own phone: what proves that it was they, on their device."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import Application
from staff.models import SignInCode, User
from staff.services import SentCode, SignInRefused, check_code, send_code
from workflow.models import IdempotencyKey
from workflow.transitions import Refused, actor_name


def send_signing_code(by: User, *, network: str) -> SentCode:
    """Send a code to the phone of whoever is signed in. Raises Refused."""
    try:
        return send_code(phone=by.phone or "", network=network, moment=timezone.now())
    except SignInRefused as refused:
        raise Refused(str(refused)) from refused


def confirm_code(application: Application, by: User, digits: str, key: str | None) -> None:
    """The newest code sent to this person's phone, used up by this signature. Raises Refused.

    Outside the act's transaction, so that a wrong try stays counted. A form that was done already is not asked again.
    """
    answered = IdempotencyKey.objects.filter(stream=application.case.stream, scope__startswith=actor_name(by))
    if key and answered.filter(key=key).exists():
        return
    use_code(by, digits)


def use_code(by: User, digits: str) -> UUID:
    """Use up the newest code sent to this person's phone; its id is what `was_proved` looks at. Raises Refused."""
    sent = (
        SignInCode.objects.filter(phone_index=by.phone_index, used_at=None).order_by("-sent_at").first()
        if by.phone_index
        else None
    )
    if sent is None:
        raise Refused(_("Have a code sent to your phone first, then enter it here."))
    try:
        check_code(code_id=sent.pk, digits=digits, network=f"signing:{by.pk}", moment=timezone.now())
    except SignInRefused as refused:
        raise Refused(str(refused)) from refused
    return sent.pk


def was_proved(by: User, code: UUID) -> None:
    """That this code went to the signer's own phone and was entered: one code for many texts read together. Raises Refused."""
    if not SignInCode.objects.filter(pk=code, phone_index=by.phone_index).exclude(used_at=None).exists():
        raise Refused(_("The code by which this was signed is not known any more; sign this unit by itself."))
