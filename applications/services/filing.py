"""Filing: who applies, where, for what; at the counter, online, corrected before it is sent."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from applications.models import (
    Application,
    Party,
    PartyRole,
    Premises,
)
from applications.services.intake import record_echo, submit
from staff.models import User
from workflow.events import Circumstance
from workflow.models import Case, CaseAccess, Stage
from workflow.services.contacts import (
    FirstContact,
    Registered,
    person_data,
    register_contact,
)
from workflow.subjects import ContactSubject
from workflow.transitions import act


@dataclass(frozen=True, slots=True)
class Particulars:
    """What an application says about people and place. All of it is personal data and goes to encrypted rows only."""

    name: str
    phone: str
    address: str
    kind: str = "person"
    id_kind: str = "ric"
    id_number: str = ""
    owner_is_applicant: bool = True
    title_kind: str = ""
    county_code: str = ""
    by_agent: bool = False
    agent_name: str = ""
    agent_phone: str = ""
    agent_scope: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def start_application(
    case: Case,
    particulars: Particulars,
    *,
    supply_class: str,
    by: User,
    capacity: Any = None,
    usage: str = "",
    key: str | None = None,
    circumstance: Circumstance | None = None,
    **values: Any,
) -> Application:
    """Begin an application on a contact's case: parties, premises, who may see it. The case moves to DRAFT."""
    subject = ContactSubject(case)
    _may_use_contact(case, by)
    with act(
        subject,
        "start_application",
        by=by,
        key=key,
        data={"supply_class": supply_class},
        circumstance=circumstance,
    ) as a:
        application = Application(
            case=subject.case, supply_class=supply_class, capacity=capacity, usage=usage, **values
        )
        application.save(force_insert=True)
        _parties(application, particulars, by)
        Premises.objects.create(
            application=application, address=particulars.address, county_code=particulars.county_code,
            title_kind=particulars.title_kind, owner_is_applicant=particulars.owner_is_applicant,
        )  # fmt: skip
        a.data |= {"supply_class": supply_class, "capacity": str(capacity) if capacity is not None else None}
    application.case = subject.case
    return application


@transaction.atomic
def apply_online(
    particulars: Particulars,
    first: FirstContact,
    *,
    by: User,
    supply_class: str,
    key: str,
    capacity: Any = None,
    usage: str = "",
    circumstance: Circumstance | None = None,
    **values: Any,
) -> tuple[Registered, Application]:
    """Contact and application of one online form; the first paper or the submission is the first contact. Safe to repeat with one key."""
    registered = register_contact(first, by=by, key=key, circumstance=circumstance)
    existing = Application.objects.filter(case=registered.case).first()
    if existing:
        return registered, existing
    application = start_application(
        registered.case,
        particulars,
        supply_class=supply_class,
        by=by,
        capacity=capacity,
        usage=usage,
        circumstance=circumstance,
        **values,
    )
    return registered, application


@transaction.atomic
def revise_particulars(
    application: Application, particulars: Particulars, *, by: User, **values: Any
) -> None:
    """Answers changed after the first paper had opened the case and before it was sent: what was typed last is what is sent."""
    Application.objects.filter(pk=application.pk, submitted_at=None).update(**values)
    application.parties.all().delete()
    _parties(application, particulars, by)
    Premises.objects.filter(application=application).update(
        address=particulars.address,
        title_kind=particulars.title_kind,
        owner_is_applicant=particulars.owner_is_applicant,
    )


@transaction.atomic
def file_at_counter(
    case: Case,
    particulars: Particulars,
    *,
    by: User,
    supply_class: str,
    capacity: Any,
    usage: str = "",
    echo_date: dt.date | None = None,
    circumstance: Circumstance | None = None,
) -> Application:
    """Application, echo and submission of one counter form: all or nothing, and told apart from hurried keying by its request."""
    how = replace(circumstance or Circumstance(), request=uuid.uuid4().hex)
    application = start_application(
        case, particulars, supply_class=supply_class, by=by, capacity=capacity, usage=usage, circumstance=how
    )
    earlier = (
        timezone.make_aware(dt.datetime.combine(echo_date, dt.time(12)))
        if echo_date and echo_date < timezone.localdate()
        else None
    )
    record_echo(application, by=by, earlier_at=earlier, circumstance=how)
    submit(application, by=by, circumstance=how)
    return application


def _may_use_contact(case: Case, by: User) -> None:
    """A customer whose own phone the contact names may go on with it: access is written before the act asks for it."""
    if by.kind != "customer" or not by.phone_index or case.stage not in (Stage.CONTACT, Stage.ANSWERED):
        return
    if case.contacts.filter(person__phone_index=by.phone_index).exists():
        CaseAccess.objects.get_or_create(case=case, user=by, to_at=None, defaults={"role": "applicant"})


def _parties(application: Application, p: Particulars, by: User) -> None:
    person = person_data(
        name=p.name, phone=p.phone, address=p.address, id_kind=p.id_kind, id_number=p.id_number
    )
    customer = User.objects.customer_by_phone(p.phone) if p.phone else None
    verified = customer is not None and customer == by
    Party.objects.create(
        application=application, role=PartyRole.APPLICANT, kind=p.kind, person=person, user=customer,
        phone_verified_at=timezone.now() if verified else None, phone_verified_how="code" if verified else "",
    )  # fmt: skip
    if customer:
        _let_see(application.case, customer, "applicant")
    if p.by_agent:
        agent = User.objects.customer_by_phone(p.agent_phone) if p.agent_phone else None
        Party.objects.create(
            application=application, role=PartyRole.AGENT, person=person_data(name=p.agent_name, phone=p.agent_phone), user=agent,
            scope=p.agent_scope, valid_from_date=timezone.localdate(),
        )  # fmt: skip
        if agent:
            _let_see(application.case, agent, "agent")


def _let_see(case: Case, user: User, role: str) -> None:
    if not CaseAccess.objects.filter(case=case, user=user, to_at=None).exists():
        CaseAccess.objects.create(case=case, user=user, role=role)
