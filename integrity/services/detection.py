"""Looking at an event with every rule in force, and raising a flag at most once."""

from __future__ import annotations

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from integrity.checks import CHECKS
from integrity.checks.facts import Entry, Finding
from integrity.models import CheckRule, Flag
from integrity.selectors.log import case_id_of, case_log
from integrity.selectors.rules import current_rules
from workflow.events import append, name_actor
from workflow.models import Case, Event, new_id

ACTOR = "integrity"


def examine_event(event: Event) -> list[Flag]:
    """Raise what the rules in force see in this event; answers the flags raised now. Safe to repeat: a second look raises nothing."""
    checks = {code for code, check in CHECKS.items() if check.looks_at(event)}
    case_id = case_id_of(event.stream)
    if not checks or case_id is None:
        return []
    rules = [rule for rule in current_rules() if rule.in_force and rule.code in checks]
    case = Case.objects.filter(pk=case_id).first() if rules else None
    if case is None:
        return []
    log = case_log(case, until=event.number)
    entry = log.entries[-1]
    found = [(rule, CHECKS[rule.code].examine(log, entry, rule.values)) for rule in rules]
    raised = [
        raise_flag(rule, case, entry, finding, log.calendar.version) for rule, finding in found if finding
    ]
    return [flag for flag in raised if flag is not None]


def raise_flag(
    rule: CheckRule, case: Case, entry: Entry, finding: Finding, calendar_version: int
) -> Flag | None:
    """One flag per rule and event, whatever the version of the rule; None if it stands already.

    The unique row decides between two deliveries at once; whoever comes second leaves no trace.
    """
    about = {"code": rule.code, "about_stream": entry.stream, "about_number": entry.number}
    if Flag.objects.filter(**about).exists():
        return None
    try:
        with transaction.atomic():
            name_actor(ACTOR)
            flag = Flag(
                pk=new_id(), rule=rule, case=case, evidence=finding.evidence(calendar_version), **about
            )
            event = append(
                flag.stream, "flag.raised",
                data={"rule": rule.code, "version": rule.version, "stream": entry.stream, "number": entry.number, "evidence": flag.evidence},
            )  # fmt: skip
            flag.opened_at, flag.number = (
                event.recorded_at,
                _next_number(timezone.localtime(event.recorded_at).year),
            )
            flag.save(force_insert=True)
    except IntegrityError:
        if Flag.objects.filter(**about).exists():
            return None
        raise
    return flag


def _next_number(year: int) -> str:
    """F-2026-0417; gaps are normal."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('integrity_flag_no_seq')")
        (value,) = cursor.fetchone()
    return f"F-{year}-{value:04d}"
