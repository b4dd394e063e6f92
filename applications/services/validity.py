"""How long a scheme holds: extended once at the customer's wish, found lapsed by the sweep."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

from django.utils.translation import gettext as _

from applications.models import Application, Party, SchemeExtension, SchemeLapse
from applications.selectors.validity import furthest, latest_reply, newly_lapsed
from applications.services.facts import base, recording, split, there
from staff.formats import long_day
from staff.models import User
from workflow.transitions import Done, Refusal, Refused, act

log = logging.getLogger(__name__)

SWEEP = "system:validity"


def extend_validity(
    application: Application,
    *,
    by: User,
    until_date: dt.date,
    reason: str,
    party: Party,
    method: str,
    **given: Any,
) -> Done:
    """Extend the validity once, because the customer asked and agreed; the original day stays beside the new one."""
    how, _fields, _confirmed = split(given)
    data = {"until": until_date, "method": method}
    with recording(application, "extend_validity", by, how, data, reason=reason, party=party) as a:
        reply = there(latest_reply(application))
        if sentence := why_not_until(application, until_date):
            raise Refused(sentence)
        assert reply.valid_until_date is not None
        SchemeExtension.objects.create(
            **base(a, application), scheme=reply.scheme, reason=reason, party=party, method=method,
            original_date=reply.valid_until_date, until_date=until_date,
        )  # fmt: skip
        a.data |= {"number": reply.scheme.number, "original": reply.valid_until_date, "party": str(party.pk)}
        a.documents.append(reply.scheme.digest)
    return a.done


def why_not_until(application: Application, until_date: dt.date) -> str | None:
    """Why the validity can't be extended to that day: not later than it holds anyway, or beyond the longest period."""
    reply = latest_reply(application)
    if reply is None or reply.valid_until_date is None:
        return _("No scheme was answered yet, or its reply names no last day.")
    if until_date <= reply.valid_until_date:
        return _("The scheme holds until %(day)s anyway; choose a later day.") % {
            "day": long_day(reply.valid_until_date)
        }
    last = furthest(application, reply)
    if last is None:
        return _("No period for an extension is in force; ask an administrator.")
    return _("At most until %(day)s.") % {"day": long_day(last)} if until_date > last else None


def find_lapsed() -> int:
    """Record every scheme whose last day has passed, once; from then on its planner may end the case for that reason."""
    found = 0
    for reply in newly_lapsed():
        application = reply.application
        try:
            with act(application, "lapse_scheme", by=None, actor=SWEEP) as a:
                until = a.situation.facts["valid_until"]
                SchemeLapse.objects.create(
                    **base(a, application), scheme=reply.scheme, valid_until_date=until
                )
                a.data |= {"number": reply.scheme.number, "valid_until": until}
            found += 1
        except Refusal as refusal:
            log.info("lapse of case %s not recorded: %s", application.case_id, type(refusal).__name__)
    return found
