"""Erasing an event's contents where the law asks for it: salt and text go, the seal stays, and that they went is an event of its own.

The application's role can't do it: it takes the role tongdian_erasure, a reason, and two people.
"""

from __future__ import annotations

from contextlib import closing

import psycopg2  # type: ignore[import-untyped]
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from staff.models import User
from staff.selectors import authority
from workflow.events import Appended, append, name_actor
from workflow.policies import why_not_second_person
from workflow.transitions import Refused, actor_name

ERASE = "UPDATE workflow_eventpayload SET salt = NULL, body = NULL WHERE stream = %s AND number = %s AND body IS NOT NULL"


def erase_payload(stream: str, number: int, *, reason: str, by: User, approved_by: User) -> Appended:
    """Erase one event's contents. Raises Refused with a sentence; every proof stays valid, since a leaf holds the contents' digest alone."""
    if not reason.strip():
        raise Refused(_("Say why the contents have to be erased."))
    if sentence := why_not_second_person(by, authority(approved_by, timezone.localdate())):
        raise Refused(sentence)
    if not settings.ERASURE_DATABASE_URL:
        raise Refused(
            _("ERASURE_DATABASE_URL is not set: contents are erased by the role tongdian_erasure alone.")
        )
    with closing(psycopg2.connect(settings.ERASURE_DATABASE_URL)) as eraser, eraser.cursor() as cursor:
        cursor.execute(ERASE, [stream, number])
        if cursor.rowcount != 1:
            raise Refused(_("There are no contents under this number, or they have been erased already."))
        # The record of it first: a crash between the two leaves an erasure that is told and can be repeated, never one that is not told.
        with transaction.atomic():
            name_actor(actor_name(by))
            event = append(
                stream,
                "payload.erased",
                data={"of": number, "reason": reason.strip(), "approved_by": approved_by.pk},
            )
        eraser.commit()
    return event
