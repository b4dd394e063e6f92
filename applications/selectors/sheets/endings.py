"""Written notices of the ways out: reason, clause, what follows from it, and what the customer can do."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import Application, Exit, ExitReason, ExitRule
from applications.selectors.sheets.frame import (
    address_line,
    business_of,
    clause_words,
    framed,
    number_of,
    place_of,
    signed_by,
)
from applications.selectors.validity import latest_reply, valid_until
from applications.selectors.ways_out import attempt_words, rule_of
from applications.sheets.parts import Facts, Items, Line, Part, Sheet, Table
from staff.formats import long_day, long_moment, quantity
from staff.models import User
from workflow.selectors.rules import rules


def exit_notice(application: Application, n: int, moment: dt.datetime) -> Sheet:
    """The latest way out in writing. Of a withdrawal it says neutrally that one was recorded, and how to undo it."""
    found = (
        application.exits.exclude(action__in=("reopen", "return_to_node"))
        .select_related("clause", "recorded_by", "approved_by")
        .latest("recorded_at")
    )
    rule = rule_of(found.action, found.reason)
    opening = _("About your application %(number)s (%(business)s, %(place)s):") % {
        "number": number_of(application), "business": business_of(application), "place": place_of(application),
    }  # fmt: skip
    parts: list[Part | None] = [
        address_line(application),
        Line(opening),
        Facts(tuple(_facts(application, found, rule))),
        _attempts(found),
        Line(rule.text) if rule else None,
        Items(_("What you can do"), tuple(_what_next(rule))),
        signed_by(application, found.recorded_by, moment),
    ]
    title = rule.notice if rule else _("Notice of how the case ended")
    return framed(application, title, parts, n, moment)


def queue_notice(application: Application, n: int, moment: dt.datetime) -> Sheet:
    """容量受限排队: what was looked up and when, and the place in the queue. Nothing has ended."""
    entry = application.queue_entries.select_related("asset", "check_row__recorded_by").latest("queued_at")
    found, rule = entry.check_row, rule_of("queue_for_capacity", ExitReason.CAPACITY_QUEUE)
    unit = entry.asset.unit
    before = entry.asset.queue.filter(left_at=None, first_contact_at__lt=entry.first_contact_at).count()
    rows = (
        (_("Supply point"), str(entry.asset)),
        (_("Open capacity"), _("%(amount)s on %(day)s, by %(source)s") % {
            "amount": quantity(found.open_capacity, unit), "day": long_day(found.as_of_date), "source": found.source,
        }),
        (_("Needed"), quantity(entry.needed, unit)),
        (_("Queued by your first contact"), long_moment(entry.first_contact_at)),
        (_("Place in the queue"), str(before + 1)),
    )  # fmt: skip
    parts: list[Part | None] = [
        address_line(application),
        Facts(rows),
        Line(rule.text) if rule else None,
        signed_by(application, found.recorded_by, moment),
    ]
    title = rule.notice if rule else _("Notice of waiting for capacity")
    return framed(application, title, parts, n, moment)


def _facts(application: Application, found: Exit, rule: ExitRule | None) -> list[tuple[str, str]]:
    rows = [(_("Outcome"), rule.name if rule else found.get_reason_display())]
    if found.note:
        rows.append((_("Reason"), found.note))
    if found.clause:
        rows.append((_("Basis"), clause_words(found.clause)))
    if rule and rule.needs_lapsed_scheme and (reply := latest_reply(application)):
        rows.append((_("Scheme"), _("version %(n)s, held until %(day)s") % {
            "n": reply.scheme.number, "day": long_day(valid_until(reply) or timezone.localdate(found.recorded_at)),
        }))  # fmt: skip
    if found.grid_project:
        rows.append((_("Grid project"), found.grid_project))
    if found.review_date:
        rows.append((_("To be looked at again on"), long_day(found.review_date)))
    rows.append((_("Recorded on"), long_day(timezone.localdate(found.recorded_at))))
    if found.approved_by:
        rows.append((_("Approved by"), found.approved_by.get_full_name()))
    if found.action == "withdraw" and found.recorded_by:
        rows.append((_("Recorded by"), _whose_hand(found.recorded_by)))
    return rows


def _whose_hand(by: User) -> str:
    if by.kind == User.Kind.CUSTOMER:
        return _("yourself, signed in with your telephone number")
    return _("our counter, on your behalf: %(name)s") % {"name": by.get_full_name()}


def _attempts(found: Exit) -> Table | None:
    rows = [(str(n), *attempt_words(attempt)) for n, attempt in enumerate(found.attempts, 1)]
    if not rows:
        return None
    return Table(_("How we tried to reach you"), (_("No."), _("Day"), _("Way")), tuple(rows), (10, 45, 45))


def _what_next(rule: ExitRule | None) -> list[str]:
    profile = rules().profile
    lines = [
        _("Ask for it to be taken up again: at a business hall or by calling %(hotline)s.")
        % {"hotline": profile.hotline}
    ]
    if rule and rule.refile_days:
        lines.append(
            _("Apply again: within %(n)s days it counts as continued from your first contact.")
            % {"n": rule.refile_days}
        )
    if rule and rule.action == "withdraw":
        lines.insert(
            0,
            _("If this was not your own wish, call %(hotline)s; it will be put right.")
            % {"hotline": profile.hotline},
        )
    return [
        *lines,
        _("Not satisfied with this: call %(regulator)s, the energy regulator's line.")
        % {"regulator": profile.regulator_hotline},
    ]
