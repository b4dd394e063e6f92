"""Filing: who applies, where, for what; at the counter, online, corrected before it is sent."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from applications.models import (
    Application,
    BusinessType,
    Party,
    PartyRole,
    Premises,
)
from applications.services.authority import let_see
from applications.services.finding import build_terms
from applications.services.intake import record_echo, submit
from applications.services.particulars import Details, keep_details, refuse_unless_so
from staff.models import User
from workflow.events import Circumstance
from workflow.models import Case, CaseAccess, Stage
from workflow.services.contacts import (
    FirstContact,
    Registered,
    lift_closings,
    person_data,
    register_contact,
)
from workflow.subjects import ContactSubject
from workflow.transitions import act

NO_DETAILS = Details()


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
    agent_powers: Sequence[str] = ()
    agent_valid_to_date: dt.date | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def start_application(
    case: Case,
    particulars: Particulars,
    *,
    supply_class: str,
    by: User,
    business_type: str = BusinessType.NEW_SUPPLY,
    capacity: Any = None,
    usage: str = "",
    details: Details = NO_DETAILS,
    key: str | None = None,
    circumstance: Circumstance | None = None,
    **values: Any,
) -> Application:
    """Begin an application on a contact's case: parties, premises, what its category adds, who may see it. The case moves to DRAFT."""
    subject = ContactSubject(case)
    _may_use_contact(case, by)
    kind = {"business_type": business_type, "supply_class": supply_class}
    with act(subject, "start_application", by=by, key=key, data=kind, circumstance=circumstance) as a:
        refuse_unless_so(f"{business_type}.{supply_class}", capacity, details)
        application = Application(
            case=subject.case,
            capacity=capacity,
            usage=usage,
            voltage=details.voltage,
            **kind,
            **_origin(by, circumstance),
            **values,
        )
        application.save(force_insert=True)
        _parties(application, particulars, by)
        _former_holder(application, details)
        keep_details(application, details)
        Premises.objects.create(
            application=application, address=particulars.address, county_code=particulars.county_code,
            title_kind=particulars.title_kind, owner_is_applicant=particulars.owner_is_applicant,
        )  # fmt: skip
        a.data |= kind | {"capacity": str(capacity) if capacity is not None else None}
    assert a.event is not None
    lift_closings(subject.case, a.event)  # whoever begins an application has not given it up
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
    application: Application,
    particulars: Particulars,
    *,
    by: User,
    details: Details = NO_DETAILS,
    **values: Any,
) -> None:
    """Answers changed after the first paper had opened the case and before it was sent: what was typed last is what is sent."""
    refuse_unless_so(application.category, values.get("capacity", application.capacity), details)
    Application.objects.filter(pk=application.pk, submitted_at=None).update(voltage=details.voltage, **values)
    application.parties.all().delete()
    _parties(application, particulars, by)
    _former_holder(application, details)
    keep_details(application, details)
    premises = application.premises
    premises.address, premises.title_kind = particulars.address, particulars.title_kind
    premises.owner_is_applicant = particulars.owner_is_applicant
    premises.save()
    build_terms([application.case_id])


@transaction.atomic
def file_at_counter(
    case: Case,
    particulars: Particulars,
    *,
    by: User,
    supply_class: str,
    capacity: Any,
    usage: str = "",
    business_type: str = BusinessType.NEW_SUPPLY,
    details: Details = NO_DETAILS,
    echo_date: dt.date | None = None,
    circumstance: Circumstance | None = None,
) -> Application:
    """Application, echo and submission of one counter form: all or nothing, and told apart from hurried keying by its request."""
    how = replace(circumstance or Circumstance(), request=uuid.uuid4().hex)
    application = start_application(
        case, particulars, business_type=business_type, supply_class=supply_class, by=by, capacity=capacity, usage=usage,
        details=details, circumstance=how,
    )  # fmt: skip
    earlier = (
        timezone.make_aware(dt.datetime.combine(echo_date, dt.time(12)))
        if echo_date and echo_date < timezone.localdate()
        else None
    )
    record_echo(application, by=by, earlier_at=earlier, circumstance=how)
    submit(application, by=by, circumstance=how)
    return application


def _origin(by: User, circumstance: Circumstance | None) -> dict[str, str]:
    """Who keyed it in, on what kind of machine, by which device: kept with the application, shown to auditors alone."""
    how, staffed = circumstance or Circumstance(), by.kind == User.Kind.OFFICER
    return {
        "behalf": how.behalf or ("staff" if staffed else "self"), "device": how.device or "",
        "terminal_class": how.terminal or ("staff" if staffed else "customer"),
    }  # fmt: skip


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
    applicant = Party.objects.create(
        application=application, role=PartyRole.APPLICANT, kind=p.kind, person=person, user=customer,
        phone_verified_at=timezone.now() if verified else None, phone_verified_how="code" if verified else "",
        phone_verified_by=by if verified else None,
    )  # fmt: skip
    let_see(applicant)
    if p.by_agent:
        user = User.objects.customer_by_phone(p.agent_phone) if p.agent_phone else None
        agent = Party.objects.create(
            application=application, role=PartyRole.AGENT, person=person_data(name=p.agent_name, phone=p.agent_phone), user=user,
            scope=p.agent_scope, powers=list(p.agent_powers), valid_from_date=timezone.localdate(),
            valid_to_date=p.agent_valid_to_date, phone_verified_at=timezone.now() if user and user == by else None,
            phone_verified_how="code" if user and user == by else "", phone_verified_by=by if user and user == by else None,
        )  # fmt: skip
        let_see(agent)


def _former_holder(application: Application, details: Details) -> None:
    """The other party of a rename or transfer: identified, and not let into the new holder's case."""
    if (former := details.former) is None:
        return
    person = person_data(
        name=former.name, phone=former.phone, id_kind=former.id_kind, id_number=former.id_number
    )
    Party.objects.create(application=application, role=PartyRole.FORMER, kind=former.kind, person=person)
