"""The second person confirms on the spot with their own password: a name picked from a list is no confirmation."""

from __future__ import annotations

from collections.abc import Set

from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import Application
from staff.models import User
from staff.selectors import authority
from staff.services.signin import Place, SignInRefused, check_password
from workflow.transitions import Refused


def confirm(application: Application, by: User, approver: User, password: str, roles: Set[str]) -> None:
    """The approver's own password, counted like a sign-in; and a post that may approve this here. Raises Refused."""
    if approver.pk == by.pk:
        raise Refused(_("The person who approves must be another than the one who asks."))
    powers = authority(approver, timezone.localdate())
    if application.case.office_id not in powers.offices or not powers.roles & roles:
        raise Refused(_("The person chosen has no post that may approve this here."))
    try:
        place = Place(network=f"approval:{by.pk}")
        check_password(username=approver.username, password=password, place=place, moment=timezone.now())
    except SignInRefused as refused:
        raise Refused(str(refused)) from refused
