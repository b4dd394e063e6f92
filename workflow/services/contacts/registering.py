"""Registering a contact: sealed at once, whoever it comes from; a second wish about the same need goes onto the same case."""

from __future__ import annotations

import base64
import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from staff.encryption import blind_index
from staff.models import Office, User
from workflow.events import Appended, Circumstance
from workflow.models import (
    Case,
    Channel,
    Contact,
    ContactClosing,
    IdempotencyKey,
    Outcome,
    PersonData,
    Purpose,
    Stage,
)
from workflow.numbers import CONTACT, next_number
from workflow.subjects import ContactSubject, category_matching
from workflow.transitions import Done, Refused, Repeated, act, actor_name, open_case, recall

RECEIPT_CHARACTERS = 26
"""26 base32 characters are 130 bits of the leaf hash: too many for the issuer to find two events with one code."""


@dataclass(frozen=True, slots=True)
class FirstContact:
    """What somebody said, in whatever channel. Only need, place and phone are asked; the rest is how it came in."""

    channel: str
    phone: str = ""
    name: str = ""
    need: str = ""
    place: str = ""
    category: str = ""
    purpose: str = Purpose.CONNECTION
    papers_left: bool = False
    papers: str = ""
    office_code: str = ""
    self_registered: bool = False
    terminal_class: str = ""
    device: str = ""
    id_kind: str = ""
    id_number: str = ""


@dataclass(frozen=True, slots=True)
class Registered:
    """The answer: the contact, its case, and whether this was a repeat."""

    contact: Contact
    case: Case
    repeated: bool = False


def person_data(
    *, name: str, phone: str, address: str = "", id_kind: str = "", id_number: str = ""
) -> PersonData:
    """Save what identifies a person, encrypted, with the keyed hashes by which it is found again."""
    return PersonData.objects.create(
        name=name,
        phone=phone,
        phone_index=blind_index(phone, "phone") if phone else "",
        phone_tail_index=blind_index(phone[-4:], "phone-tail") if phone else "",
        id_kind=id_kind,
        id_number=id_number,
        id_index=blind_index(id_number.upper(), "id") if id_number else "",
        address=address,
        address_index=place_index(address),
    )


def place_index(place: str) -> str:
    """Keyed hash of a place as people write it: spaces and punctuation do not make two places of one."""
    bare = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", place)).lower()
    return blind_index(bare, "place") if bare else ""


def register_contact(
    first: FirstContact,
    *,
    by: User | None,
    occurred_at: dt.datetime | None = None,
    key: str | None = None,
    scope: str = "",
    circumstance: Circumstance | None = None,
    case: Case | None = None,
) -> Registered:
    """Register somebody's wish. It needs neither task nor certificate, and goes onto the open case about the same need if there is one.

    `case` where the person names it: a question or complaint about a case under way. Raises Refused for a time in the future or a case
    that has ended, and KeyReused for a key used with another body.
    """
    channel = Channel.objects.select_related("catch_all_office").get(code=first.channel)
    if occurred_at and occurred_at > timezone.now() + dt.timedelta(minutes=5):
        raise Refused(_("The time given lies in the future; enter when it happened."))
    try:
        recall(scope or actor_name(by), key, _fingerprinted(first))
    except Repeated as repeated:
        return _repeated(repeated.done)
    known = case or (None if _was_opened(key, scope or actor_name(by)) else _same_need(first))
    if known is not None:
        return _again(
            known, first, channel, by=by, occurred_at=occurred_at, key=key, circumstance=circumstance
        )
    office = _office(first, channel)
    how = _how(first, by, office, circumstance)
    try:
        with open_case(by=by, key=key, scope=scope, data=_fingerprinted(first)) as opening:
            case = Case(
                contact_no=next_number(CONTACT, office.code),
                office=office,
                first_contact_channel=channel,
                opened_at=timezone.now(),
            )
            event = opening.begin(
                case, "contact.registered", stage=Stage.CONTACT, matching=category_matching(first.category), occurred_at=occurred_at,
                circumstance=how, data=_payload(first),
            )  # fmt: skip
            contact = _keep(case, event, first, channel, office, by, occurred_at, how)
            _first_contact(case, occurred_at, event)
    except Repeated as repeated:
        return _repeated(repeated.done)
    return Registered(contact, case)


def claim_earlier_contact(
    case: Case,
    earlier_at: dt.datetime,
    *,
    by: User | None,
    said: str = "",
    circumstance: Circumstance | None = None,
) -> Contact:
    """A contact the customer says took place before the record: sealed as claimed by the customer, kept beside the others.

    Flags look at it, and the case's first contact is the earlier of the two; no staff member can change it.
    """
    subject = ContactSubject(case)
    latest = case.contacts.select_related("person", "channel", "office").latest("number")
    how = replace(circumstance or Circumstance(), via=latest.channel_id, station=latest.office.code)
    with transaction.atomic():
        with act(subject, "register_contact", by=by, occurred_at=earlier_at, circumstance=how) as a:
            a.data |= {"purpose": latest.purpose, "category": latest.category, "claimed_by": "customer"}
        assert a.event is not None
        contact = Contact.objects.create(
            case=case, number=a.event.number, person=latest.person, channel=latest.channel, purpose=latest.purpose,
            category=latest.category, need=said, place=latest.place, office=latest.office, behalf=how.behalf or "self",
            occurred_at=earlier_at, recorded_at=a.event.recorded_at, receipt_code=receipt_code(a.event.leaf),
            outcome=Outcome.JOINED, outcome_at=a.event.recorded_at,
        )  # fmt: skip
        _first_contact(subject.case, earlier_at, a.event)
    return contact


def lift_closings(case: Case, event: Appended) -> None:
    """Whoever comes again about the same need, or begins an application, has objected to being sent off without pressing anything."""
    ContactClosing.objects.filter(contact__case=case, objected_at=None, effective_at=None).update(
        objected_at=event.recorded_at, objected_number=event.number
    )


def _was_opened(key: str | None, scope: str) -> bool:
    """Whether this key has opened a case already: its repeat is answered with that one, not put beside it as a second contact."""
    return key is not None and IdempotencyKey.objects.filter(scope=scope, key=key).exists()


def _same_need(first: FirstContact) -> Case | None:
    """The open or answered case the same phone has about the same need."""
    if not first.phone or not first.category:
        return None
    found = Contact.objects.filter(
        person__phone_index=blind_index(first.phone, "phone"),
        category=first.category,
        case__stage__in=[Stage.CONTACT, Stage.ANSWERED],
    ).order_by("recorded_at")
    contact = found.select_related("case").first()
    return contact.case if contact else None


def _again(
    case: Case,
    first: FirstContact,
    channel: Channel,
    *,
    by: User | None,
    occurred_at: dt.datetime | None,
    key: str | None,
    circumstance: Circumstance | None,
) -> Registered:
    subject = ContactSubject(case)
    how = _how(first, by, case.office, circumstance)
    try:
        with transaction.atomic():
            with act(
                subject,
                "register_contact",
                by=by,
                occurred_at=occurred_at,
                key=key,
                data=_fingerprinted(first),
                circumstance=how,
            ) as a:
                a.data |= _payload(first)
                if subject.state == Stage.ANSWERED:
                    a.step = "return_to_contact"
            assert a.event is not None
            contact = _keep(subject.case, a.event, first, channel, subject.case.office, by, occurred_at, how)
            _first_contact(subject.case, occurred_at, a.event)
            if first.purpose == Purpose.CONNECTION:
                lift_closings(subject.case, a.event)
    except Repeated as repeated:
        return _repeated(repeated.done)
    return Registered(contact, subject.case)


def _office(first: FirstContact, channel: Channel) -> Office:
    if first.office_code and (office := Office.objects.filter(code=first.office_code).first()):
        return office
    return channel.catch_all_office or Office.objects.get(is_catch_all=True)


def _how(first: FirstContact, by: User | None, office: Office, given: Circumstance | None) -> Circumstance:
    base = given or Circumstance()
    staffed = by is not None and by.kind == "officer"
    return replace(
        base, via=first.channel, behalf=base.behalf or ("staff" if staffed else "self"), device=first.device or base.device,
        station=office.code, terminal=first.terminal_class or base.terminal or ("staff" if staffed else "customer"),
    )  # fmt: skip


def _keep(
    case: Case,
    event: Appended,
    first: FirstContact,
    channel: Channel,
    office: Office,
    by: User | None,
    occurred_at: dt.datetime | None,
    how: Circumstance,
) -> Contact:
    person = person_data(
        name=first.name,
        phone=first.phone,
        address=first.place,
        id_kind=first.id_kind,
        id_number=first.id_number,
    )
    return Contact.objects.create(
        case=case, number=event.number, person=person, channel=channel, purpose=first.purpose, category=first.category, need=first.need,
        place=first.place, papers_left=first.papers_left, papers=first.papers, owner=by if how.behalf == "staff" else None, office=office,
        behalf=how.behalf or "self", terminal_class=how.terminal or "customer", device=how.device or "", self_registered=first.self_registered,
        occurred_at=occurred_at or event.recorded_at, recorded_at=event.recorded_at, receipt_code=receipt_code(event.leaf),
    )  # fmt: skip


def receipt_code(leaf: str) -> str:
    """The code on the receipt: base32 of the leaf hash, cut to 130 bits. Grouped by four when shown."""
    return base64.b32encode(bytes.fromhex(leaf)).decode()[:RECEIPT_CHARACTERS]


def _first_contact(case: Case, occurred_at: dt.datetime | None, event: Appended) -> None:
    """A case keeps its earliest contact, claimed or recorded."""
    moment = min(occurred_at, event.recorded_at) if occurred_at else event.recorded_at
    if case.first_contact_at is None or moment < case.first_contact_at:
        case.first_contact_at = moment
        Case.objects.filter(pk=case.pk).update(first_contact_at=moment)


def _payload(first: FirstContact) -> dict[str, Any]:
    return {
        "purpose": str(first.purpose), "category": first.category, "papers_left": first.papers_left,
        "self_registered": first.self_registered,
    }  # fmt: skip


def _fingerprinted(first: FirstContact) -> Mapping[str, Any]:
    return {name: str(getattr(first, name)) for name in FirstContact.__slots__}


def _repeated(done: Done) -> Registered:
    contact = Contact.objects.select_related("case").get(case_id=done.case_id, number=done.number)
    return Registered(contact, contact.case, repeated=True)
