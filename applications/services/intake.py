"""From the first paper to acceptance: start, submit, echo, papers, accept, refuse."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import (
    Acceptance,
    Application,
    Document,
    DocumentRequest,
    DocumentStatus,
    Party,
    PartyRole,
    Premises,
)
from staff.models import User
from workflow.events import Circumstance
from workflow.models import Case, CaseAccess, Channel, Outcome, Stage
from workflow.numbers import APPLICATION, next_number
from workflow.selectors.rules import version_for
from workflow.services.contacts import (
    FirstContact,
    Registered,
    claim_earlier_contact,
    person_data,
    register_contact,
    settle_contacts,
)
from workflow.subjects import ContactSubject
from workflow.transitions import Done, Refused, act

CHUNK = 64 * 1024


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
        a.change(submitted_at=timezone.now())
        a.data |= {"category": application.category, "route_version": case.route_version_id}
    return a.done


@transaction.atomic
def record_echo(
    application: Application,
    *,
    by: User,
    earlier_at: dt.datetime | None = None,
    whom: str = "",
    where: str = "",
    key: str | None = None,
    circumstance: Circumstance | None = None,
) -> Done:
    """The customer's answer to 您最早是哪天提出用电的. An earlier day is also a contact claimed by the customer; no staff member can change it."""
    if earlier_at and earlier_at > timezone.now():
        raise Refused(_("The day given lies in the future; enter the day power was first asked for."))
    answer = "earlier" if earlier_at else "today"
    with act(
        application, "record_echo", by=by, key=key, occurred_at=None, data={"answer": answer, "earlier_at": earlier_at},
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
def receive_document(
    application: Application,
    item_code: str,
    upload: UploadedFile | None,
    *,
    by: User,
    channel: str,
    media_type: str = "",
    pages: int | None = None,
    paper_date: dt.date | None = None,
    beside: bool = False,
    key: str | None = None,
    circumstance: Circumstance | None = None,
) -> Document:
    """A paper comes in: when, by whom, through which channel, with the digests of its bytes; an earlier version is kept, replaced.

    `beside`: another sheet of the same paper (the card's other side), so what is there stays.
    """
    digests = _digests(upload) if upload else ("", "")
    with act(
        application,
        "receive_document",
        by=by,
        key=key,
        data={"item": item_code, "sha256": digests[0]},
        circumstance=circumstance,
    ) as a:
        earlier = application.documents.filter(item_code=item_code)
        version = earlier.count() + 1
        if not beside:
            earlier.filter(replaced=False).update(replaced=True)
        document = Document(
            application=application, item_code=item_code, version=version, media_type=media_type, pages=pages, paper_date=paper_date,
            size=upload.size if upload else 0, original_name=(upload.name or "")[:200] if upload else "", sha256=digests[0], sm3=digests[1],
            received_channel=Channel.objects.get(code=channel), received_by=by, given_by_customer=by.kind == "customer",
        )  # fmt: skip
        if upload:
            document.file.save("", upload, save=False)
        document.save(force_insert=True)
        a.data |= {"item": item_code, "document": document.pk, "version": version}
        if upload:
            a.documents += [f"sha-256:{digests[0]}", f"sm3:{digests[1]}"]
    return document


@transaction.atomic
def request_documents(
    application: Application,
    items: Mapping[str, str],
    *,
    by: User,
    note: str = "",
    key: str | None = None,
    circumstance: Circumstance | None = None,
) -> Done:
    """一次性告知: everything missing at once, with a reason per item. `items` maps item code to what is wrong and how to put it right."""
    if not items:
        raise Refused(_("Tick at least one paper that is missing or not in order."))
    with act(
        application,
        "request_documents",
        by=by,
        key=key,
        data={"items": sorted(items)},
        circumstance=circumstance,
    ) as a:
        number = application.document_requests.count() + 1
        DocumentRequest.objects.create(
            application=application,
            round=number,
            items=sorted(items),
            reasons=dict(items),
            note=note,
            asked_by=by,
        )
        application.documents.filter(item_code__in=items, replaced=False).update(
            status=DocumentStatus.RETURNED, status_reason=""
        )
        a.data |= {"items": sorted(items), "round": number}
    settle_contacts(application.case, Outcome.PAPERS)
    return a.done


@transaction.atomic
def supply_documents(
    application: Application, *, by: User, key: str | None = None, circumstance: Circumstance | None = None
) -> Done:
    """The customer says all that was asked for is there; every item of the request must have come since it was asked."""
    with act(application, "supply_documents", by=by, key=key, data={}, circumstance=circumstance) as a:
        request = application.document_requests.get(answered_at=None)
        came = set(
            application.documents.filter(
                received_at__gte=request.asked_at, item_code__in=request.items
            ).values_list("item_code", flat=True)
        )
        if missing := [code for code in request.items if code not in came]:
            raise Refused(_("Still missing: %(count)s of the papers asked for.") % {"count": len(missing)})
        DocumentRequest.objects.filter(pk=request.pk).update(
            answered_at=timezone.now(), version=F("version") + 1
        )
        a.data |= {"round": request.round, "items": request.items}
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
    """受理: papers checked, 三零 decided, the promise given. Its clocks start here."""
    given = {"three_zero": three_zero, "deferred": sorted(deferred)}
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
        Acceptance.objects.create(
            application=application, round=a.round, recorded_by=by, occurred_at=occurred_at, complete=not given["deferred"],
            deferred_items=given["deferred"], three_zero=three_zero, note=note,
        )  # fmt: skip
        a.change(three_zero=three_zero, three_zero_basis=three_zero_basis, accepted_at=timezone.now())
        application.documents.filter(status=DocumentStatus.RECEIVED, replaced=False).update(
            status=DocumentStatus.ACCEPTED
        )
        a.data |= given
    settle_contacts(application.case, Outcome.ACCEPTED)
    return a.done


@transaction.atomic
def refuse(
    application: Application,
    *,
    by: User,
    reason: str,
    clause: str,
    key: str | None = None,
    circumstance: Circumstance | None = None,
) -> Done:
    """不予受理: with reason, clause and a written notice."""
    with act(application, "refuse", by=by, key=key, data={"clause": clause}, circumstance=circumstance) as a:
        a.data |= {"clause": clause, "has_reason": bool(reason)}
    settle_contacts(application.case, Outcome.NOT_ACCEPTABLE)
    return a.done


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


def _pin_route(application: Application) -> None:
    """Pin the version in force at submission; what is pinned stays."""
    case = application.case
    if case.route_version_id is None:
        version = version_for(application.business_type, application.supply_class)
        if version:
            Case.objects.filter(pk=case.pk, route_version=None).update(route_version=version)


def _digests(upload: UploadedFile) -> tuple[str, str]:
    sha256, sm3 = hashlib.sha256(), hashlib.new("sm3")
    for chunk in upload.chunks(CHUNK):
        sha256.update(chunk)
        sm3.update(chunk)
    upload.seek(0)
    return sha256.hexdigest(), sm3.hexdigest()
