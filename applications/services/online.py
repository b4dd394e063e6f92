"""An application from another system: contact, application, answer to the echo question and submission, all or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction

from applications.models import Application
from applications.services.drafts import Echo, Filled
from applications.services.external import Ref, case_of, keep_refs
from applications.services.filing import start_application
from applications.services.intake import record_echo, submit
from staff.models import User
from workflow.events import Circumstance
from workflow.services.contacts import FirstContact, Registered, register_contact


@transaction.atomic
def register_from_outside(
    first: FirstContact,
    refs: Sequence[Ref],
    *,
    by: User,
    key: str,
    circumstance: Circumstance | None = None,
    occurred_at: object = None,
) -> Registered:
    """A contact with the numbers it has elsewhere; one that is known leads to its case."""
    case = case_of(refs, by=by, phone=first.phone)
    registered = register_contact(
        first,
        by=by,
        key=key,
        circumstance=circumstance,
        case=case,
        occurred_at=occurred_at,  # type: ignore[arg-type]
    )
    keep_refs(registered.case, refs, () if registered.repeated else fields_said(first))
    return registered


def fields_said(first: FirstContact) -> list[str]:
    """The fields of a contact that say something."""
    return [name for name in ("phone", "name", "need", "place", "category") if getattr(first, name)]


@transaction.atomic
def file_from_outside(
    filled: Filled,
    echo: Echo,
    refs: Sequence[Ref],
    *,
    by: User,
    key: str,
    channel: str,
    vouched: bool = False,
    circumstance: Circumstance | None = None,
) -> Application:
    """File it. A number that is known, or the same key again, leads to the application there is. `vouched`: the channel verified the phone."""
    first = replace(filled.first, channel=channel)
    case = case_of(refs, by=by, phone=first.phone)
    known = Application.objects.select_related("case__office").filter(case=case).first() if case else None
    if known is not None:
        keep_refs(known.case, refs)
        return known
    registered = register_contact(first, by=by, key=key, circumstance=circumstance, case=case)
    application = Application.objects.select_related("case__office").filter(case=registered.case).first()
    if application is None:
        application = start_application(
            registered.case, filled.particulars, business_type=filled.business_type, supply_class=filled.supply_class, by=by,
            capacity=filled.capacity, usage=filled.usage, details=filled.details, wanted_by_date=filled.wanted_by_date,
            circumstance=circumstance,
        )  # fmt: skip
        if vouched:
            _vouch(application, by, channel)
    keep_refs(application.case, refs, [*fields_said(first), *(["capacity"] if filled.capacity else [])])
    if not application.echo:
        record_echo(
            application, by=by, earlier_at=echo.earlier_at, whom=echo.whom, where=echo.where, circumstance=circumstance
        )  # fmt: skip
    if application.submitted_at is None:
        submit(application, by=by, key=key, circumstance=circumstance)
    return application


def _vouch(application: Application, customer: User, channel: str) -> None:
    """Say who verified the phone: a claim of the channel, told apart from a code of ours."""
    for party in application.parties.filter(user=customer).exclude(phone_verified_at=None):
        party.phone_verified_how = f"channel:{channel}"[:20]
        party.save()
