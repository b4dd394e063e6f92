"""Chains of cases: a new application that continues an ended one, and how long it has been since the first of them began."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from applications.models import Application, Exit, ExitRule, PartyRole, Premises
from workflow.deadlines import Rest, used_days
from workflow.models import Case, Pause, Stage
from workflow.selectors.rules import rules

LONGEST = 20
"""Links followed at most; a chain that is longer says enough."""

LEFT = (Stage.REFUSED, Stage.WITHDRAWN, Stage.TERMINATED, Stage.VOID)


@dataclass(frozen=True, slots=True)
class Chain:
    """A case with those it continues, the nearest first, and the first contact of them all."""

    earlier: tuple[Case, ...]
    began_at: dt.datetime | None

    def working_days(self, now: dt.datetime) -> int | None:
        """Working days since the chain's first contact, whatever ended in between."""
        if self.began_at is None:
            return None
        return rules().calendar.workdays_between(timezone.localdate(self.began_at), timezone.localdate(now))


@dataclass(frozen=True, slots=True)
class Spent:
    """Working days since the case's first contact: gross, and net of the days on whose closing hour a pause ran."""

    gross: int
    net: int


def spent(case: Case, until: dt.datetime) -> Spent | None:
    """How long this case has taken so far, by the rule every clock counts by; one query. Nothing before a first contact."""
    if case.first_contact_at is None:
        return None
    in_force = rules()
    rests = [
        Rest(*row) for row in Pause.objects.filter(case=case).values_list("reason", "began_at", "ended_at")
    ]
    every = WholeCase(sorted({rest.reason for rest in rests}))
    ends = in_force.profile.day_ends_at
    gross, net = (
        used_days(in_force.calendar, every, case.first_contact_at, held, until, ends) for held in ([], rests)
    )
    return Spent(gross, net)


@dataclass(slots=True)
class WholeCase:
    """A measure over a whole case as `used_days` reads a limit: working days, every pause that was."""

    pause_reasons: list[str]
    start_kinds: list[str] = field(default_factory=list)
    stop_kinds: list[str] = field(default_factory=list)
    conditions: dict[str, Any] = field(default_factory=dict)
    days: int | None = None
    day_type: str = "working"
    cut_off_at: dt.time | None = None


def chain_of(case: Case) -> Chain:
    """Follow `continues` back to the first case; one query a link."""
    earlier: list[Case] = []
    at = case
    while at.continues_id and len(earlier) < LONGEST:
        before = Case.objects.get(pk=at.continues_id)
        earlier.append(before)
        at = before
    moments = [one.first_contact_at for one in (case, *earlier) if one.first_contact_at]
    return Chain(tuple(earlier), min(moments, default=None))


def predecessor_of(application: Application, now: dt.datetime) -> Case | None:
    """The ended case this one takes up again: same place, or same phone about the same kind of business, within its rule's days.

    A case of the same phone elsewhere is another need; one that is continued already is not continued twice.
    """
    same = _same_place(application) | _same_phone(application)
    ended = (
        Exit.objects.filter(application__in=same, application__state__in=LEFT)
        .exclude(application=application.pk)
        .filter(application__case__continued_by=None)
        .select_related("application__case")
        .order_by("-recorded_at")
    )
    days = {(rule.action, rule.code): rule.refile_days for rule in ExitRule.objects.all()}
    for found in ended[:LONGEST]:
        within = days.get((found.action, found.reason))
        if within and (timezone.localdate(now) - timezone.localdate(found.recorded_at)).days <= within:
            return found.application.case
    return None


def _same_place(application: Application) -> set[uuid.UUID]:
    premises = getattr(application, "premises", None)
    if premises is None or not premises.address_index:
        return set()
    return set(
        Premises.objects.filter(address_index=premises.address_index).values_list("application", flat=True)
    )


def _same_phone(application: Application) -> set[uuid.UUID]:
    applicant = application.parties.filter(role=PartyRole.APPLICANT).select_related("person").first()
    if applicant is None or not applicant.person.phone_index:
        return set()
    return set(
        Application.objects.filter(
            business_type=application.business_type,
            supply_class=application.supply_class,
            parties__role=PartyRole.APPLICANT,
            parties__person__phone_index=applicant.person.phone_index,
        ).values_list("pk", flat=True)
    )
