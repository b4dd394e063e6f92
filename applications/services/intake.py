"""Submission, echo, acceptance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import (
    Acceptance,
    Application,
    DocumentStatus,
)
from applications.selectors.chains import predecessor_of
from applications.selectors.three_zero import Verdict, three_zero_of
from applications.services.issuing import put_in_writing
from staff.models import User
from workflow.events import Circumstance
from workflow.models import Case, CaseTerms, Outcome
from workflow.numbers import APPLICATION, next_number
from workflow.selectors.rules import version_for
from workflow.services.contacts import (
    claim_earlier_contact,
    settle_contacts,
)
from workflow.terms import number_terms
from workflow.transitions import Done, Refused, act


@transaction.atomic
def submit(
    application: Application,
    *,
    by: User,
    key: str | None = None,
    circumstance: Circumstance | None = None,
    occurred_at: dt.datetime | None = None,
) -> Done:
    """Send it in: number, pinned route, first tasks, clocks."""
    _pin_route(application)
    with act(application, "submit", by=by, key=key, circumstance=circumstance, occurred_at=occurred_at) as a:
        case = application.case
        case.application_no = case.application_no or next_number(APPLICATION, case.office.code)
        Case.objects.filter(pk=case.pk).update(application_no=case.application_no)
        CaseTerms.objects.add(case.pk, number_terms(case.application_no))
        a.change(submitted_at=timezone.now())
        a.data |= {"category": application.category, "route_version": case.route_version_id}
        if earlier := predecessor_of(application, a.situation.now):
            Case.objects.filter(pk=case.pk).update(continues=earlier)
            a.data["continues"] = earlier.pk
    return a.done


@transaction.atomic
def record_echo(
    application: Application,
    *,
    by: User,
    earlier_at: dt.datetime | None = None,
    whom: str = "",
    where: str = "",
    version: int | None = None,
    key: str | None = None,
    circumstance: Circumstance | None = None,
) -> Done:
    """The customer's answer to 您最早是哪天提出用电的. An earlier day is also a contact claimed by the customer; no staff member can change it."""
    if earlier_at and earlier_at > timezone.now():
        raise Refused(_("The day given lies in the future; enter the day power was first asked for."))
    answer = "earlier" if earlier_at else "today"
    with act(
        application, "record_echo", by=by, key=key, version=version, data={"answer": answer, "earlier_at": earlier_at},
        circumstance=circumstance,
    ) as a:  # fmt: skip
        if application.echo:
            raise Refused(_("The customer has answered already; the answer stays as it was given."))
        a.change(echo=answer)
        a.data |= {"answer": answer, "earlier_at": earlier_at}
        if earlier_at:
            a.data |= {"named_somebody": bool(whom), "named_a_place": bool(where)}
    if earlier_at:
        claim_earlier_contact(
            application.case,
            earlier_at,
            by=by,
            said="; ".join(x for x in (whom, where) if x),
            circumstance=circumstance,
        )
    return a.done


@transaction.atomic
def accept(
    application: Application,
    *,
    by: User,
    three_zero: bool,
    three_zero_basis: str = "",
    deferred: Iterable[str] = (),
    note: str = "",
    version: int | None = None,
    key: str | None = None,
    occurred_at: dt.datetime | None = None,
    circumstance: Circumstance | None = None,
) -> Done:
    """受理: papers checked, 三零 decided by the rule or, with a reason, against it, the promise given. Its clocks start here."""
    given: dict[str, Any] = {"three_zero": three_zero, "deferred": sorted(deferred)}
    with act(
        application,
        "accept",
        by=by,
        version=version,
        key=key,
        occurred_at=occurred_at,
        data=given,
        circumstance=circumstance,
    ) as a:
        verdict = three_zero_of(application, timezone.localdate(occurred_at))
        if sentence := why_not_three_zero(verdict, three_zero, three_zero_basis):
            raise Refused(sentence)
        Acceptance.objects.create(
            application=application, round=a.round, recorded_by=by, occurred_at=occurred_at, complete=not given["deferred"],
            deferred_items=given["deferred"], three_zero=three_zero, three_zero_rule=verdict.rule, three_zero_by_rule=verdict.applies, note=note,
        )  # fmt: skip
        a.change(three_zero=three_zero, three_zero_basis=three_zero_basis, accepted_at=timezone.now())
        a.data |= {"departs": three_zero != verdict.applies}
        a.data |= {"three_zero_rule": verdict.rule.code} if verdict.rule else {}
        for document in application.documents.filter(status=DocumentStatus.RECEIVED, replaced=False):
            document.status = DocumentStatus.ACCEPTED
            document.save(update_fields=["status"])  # not update(): each keeps its version
        a.data |= given
        put_in_writing(a, application)
    settle_contacts(application.case, Outcome.ACCEPTED)
    return a.done


def why_not_three_zero(verdict: Verdict, chosen: bool, reason: str) -> str | None:
    """Who departs from the rule says why."""
    if chosen == verdict.applies or reason.strip():
        return None
    return _("This departs from the rule. Write the reason. %(basis)s") % {"basis": verdict.basis}


def _pin_route(application: Application) -> None:
    """Pin the version in force at submission; what is pinned stays."""
    case = application.case
    if case.route_version_id is None:
        version = version_for(application.business_type, application.supply_class)
        if version:
            Case.objects.filter(pk=case.pk, route_version=None).update(route_version=version)
