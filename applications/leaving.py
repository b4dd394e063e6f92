"""Policies of the ways out of a route and of how long a scheme holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from staff.formats import long_day
from staff.policies import Role
from workflow.actions import fact_label
from workflow.situation import Situation

if TYPE_CHECKING:
    from applications.models import ExitRule

LAPSED = "scheme_lapsed"
"""The one reason for which a planner may end a case."""


def a_reply_still_holds(s: Situation) -> str | None:
    """Only what holds can hold longer."""
    until = s.facts.get("valid_until")
    if until is None:
        return _("No scheme was answered yet, or its reply names no last day.")
    if until < localdate(s.now):
        return _(
            "The scheme lapsed after %(day)s; it can't be extended any more. Draft it anew, or end the case."
        ) % {"day": long_day(until)}
    return None


def validity_was_not_extended_yet(s: Situation) -> str | None:
    """Extended is extended once."""
    return _("The scheme's validity was extended once already.") if s.facts.get("validity_extended") else None


def its_last_day_has_passed(s: Situation) -> str | None:
    """The sweep records a lapse once, and nobody else does."""
    until = s.facts.get("valid_until")
    if s.actor is not None:
        return _("The system finds this by itself.")
    return (
        None
        if until and until < localdate(s.now) and not s.facts.get("lapse_found")
        else _("The scheme still holds.")
    )


def is_a_supervisor_or_the_scheme_has_lapsed(s: Situation) -> str | None:
    """A supervisor ends a case. A lapsed scheme is offered to the planner, for that reason and no other."""
    if s.authority.acts_as({"supervisor"}, s.case.office_id):
        return None
    if not s.facts.get("lapse_found"):
        return _("This is done by: %(roles)s.") % {"roles": Role.SUPERVISOR.label}
    if s.data.get("reason", LAPSED) != LAPSED:
        return _("A planner ends a case because its scheme has lapsed; for another reason ask a supervisor.")
    return None


def why_not_this_way(
    rule: ExitRule,
    given: Mapping[str, Any],
    valid_until: dt.date | None,
    today: dt.date,
    done: Collection[str],
) -> Iterator[tuple[str, str]]:
    """What a way out still lacks by its rule: fields to fill in, with their sentences. Asked by the form and by the service alike."""
    if rule.needs_clause and not given.get("clause"):
        yield "clause", _("Choose the clause this rests on.")
    if rule.needs_grid_project and not given.get("grid_project"):
        yield "grid_project", _("Enter the number of the grid project that will make supply possible.")
    if rule.needs_review_date and not given.get("review_date"):
        yield "review_date", _("Enter the day on which this will be looked at again.")
    attempts = set(given.get("attempts") or ())
    if (
        len(attempts) < rule.attempts_needed
        or len({a.partition(" ")[2] for a in attempts}) < rule.ways_needed
    ):
        yield "attempts", _("Enter %(attempts)s attempts in at least %(ways)s different ways, each with its day.") % {
            "attempts": rule.attempts_needed, "ways": rule.ways_needed,
        }  # fmt: skip
    if rule.needs_lapsed_scheme:
        if valid_until is None:
            yield "reason", _("No scheme was answered yet, or its reply names no last day.")
        elif valid_until >= today:
            yield (
                "reason",
                _("The scheme holds until %(day)s; it has not lapsed.") % {"day": long_day(valid_until)},
            )
    if past := sorted(set(rule.not_after) & set(done)):
        yield (
            "reason",
            _("Not possible any more, this is recorded already: %(fact)s.") % {"fact": fact_label(past[0])},
        )
