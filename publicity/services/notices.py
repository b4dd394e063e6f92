"""Writing notices when something happened, and sending them afterwards."""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from applications.models import Party, PartyRole
from applications.services.authority import in_force
from publicity.gateways import gateway
from publicity.models import Notice, Reached
from publicity.notices import KINDS, LONGEST, template_of
from staff.gateways import GatewayError
from staff.models import User
from workflow.models import Case, Contact, Event, EventPayload, Outcome, PersonData
from workflow.selectors.rules import rules

log = logging.getLogger(__name__)

#: Told by the number on the receipt, even where an application has got one of its own since.
REGISTERED = KINDS["contact.registered"]
#: Outcomes after which the customer has something to do, or has to know why not.
TOLD_OUTCOMES = frozenset({Outcome.PAPERS, Outcome.NOT_ACCEPTABLE, Outcome.REFERRED})
#: A message about something older than this would confuse; it is shown on the page alone.
STALE_AFTER = dt.timedelta(days=2)
MOVED = "deadline.moved"
#: Kinds of limits a customer was told the dates of.
OUTWARD = frozenset({"legal", "promise"})
NOBODY = uuid.UUID(int=0)
LEASE = dt.timedelta(seconds=60)
#: Before the second, third … try; after the last the notice has failed.
WAITS = (dt.timedelta(seconds=10), dt.timedelta(minutes=1), dt.timedelta(minutes=10), dt.timedelta(hours=1))


def write(event: Event) -> int:
    """One notice per person who may know of this event; hearing it again writes none. Answers how many are new."""
    case = Case.objects.filter(pk=uuid.UUID(event.stream.removeprefix("case:"))).first()
    if case is None or _says_nothing_new(event):
        return 0
    kind = KINDS[event.kind]
    body = wording(kind, case, _want(event))
    stale = timezone.now() - event.recorded_at > STALE_AFTER
    new = 0
    for user, person in _recipients(case, event):
        _notice, created = Notice.objects.get_or_create(
            dedupe_key=f"{event.stream}#{event.number}:{user.pk if user else person.pk}",  # type: ignore[union-attr]
            defaults={
                "case": case,
                "kind": kind,
                "user": user,
                "person": person,
                "body": body,
                "about_at": event.recorded_at,
                "reached": Reached.STALE if stale else Reached.WAITING,
            },
        )
        new += created
    return new


def wording(kind: str, case: Case, want: str = "") -> str:
    """The sentence in Chinese, with a link where it still fits one message; `want` is the way to a contact's own button."""
    site = urlsplit(settings.TONGDIAN_BASE_URL).netloc + reverse("track")
    number = case.contact_no if kind == REGISTERED else str(case)
    button = urlsplit(settings.TONGDIAN_BASE_URL).netloc + want if want else ""
    facts = {"number": number, "hotline": rules().profile.hotline}
    with translation.override("zh-hans"):
        full = _rendered(kind, {**facts, "link": site, "want": button})
        return full if len(full) <= LONGEST else _rendered(kind, {**facts, "link": "", "want": ""})


def _rendered(kind: str, facts: dict[str, str]) -> str:
    return " ".join(render_to_string(template_of(kind), facts).split())


def _says_nothing_new(event: Event) -> bool:
    """An earlier first contact named at acceptance was no visit of today; and of outcomes only those the customer must act on are told."""
    if event.kind == MOVED:
        return not _is_news_of_a_date(event)
    if event.kind not in ("contact.registered", "contact.resolved"):
        return False
    data = _payload(event)
    return "claimed_by" in data or (
        event.kind == "contact.resolved" and data.get("outcome") not in TOLD_OUTCOMES
    )


def _is_news_of_a_date(event: Event) -> bool:
    """Customers are told of dates they were given, once for all that moved together, and not of what they agreed to themselves."""
    data = _payload(event)
    if data.get("kind") not in OUTWARD or data.get("why") == "extension":
        return False
    before = Event.objects.filter(stream=event.stream, number=event.number - 1, kind=MOVED).first()
    return before is None or _payload(before).get("kind") not in OUTWARD


def _want(event: Event) -> str:
    """Where the customer answers that something has to be done: by the contact's own code, without sign-in."""
    if event.kind != "contact.told":
        return ""
    contact = Contact.objects.filter(pk=_payload(event).get("contact", NOBODY)).first()
    return reverse("want", args=[contact.short_key]) if contact else ""


def _payload(event: Event) -> dict[str, Any]:
    payload = EventPayload.objects.filter(stream=event.stream, number=event.number).first()
    return payload.data if payload else {}


def _recipients(case: Case, event: Event) -> list[tuple[User | None, PersonData | None]]:
    """Principal and agent, each on their own phone; before there is an application, whoever left a phone with the latest contact."""
    parties = Party.objects.filter(application__case=case).select_related("user", "person")
    if event.kind == "phone.verified":
        found = parties.filter(pk=_payload(event).get("party", 0)).first()
        return [_way_to(found)] if found else []
    now = timezone.now()
    accesses = (
        case.accesses.filter(from_at__lte=now).filter(Q(to_at=None) | Q(to_at__gt=now)).select_related("user")
    )
    users = {access.user_id: access.user for access in accesses}
    reached = {user.phone_index for user in users.values()}
    told: list[tuple[User | None, PersonData | None]] = [(user, None) for user in users.values()]
    for party in parties.filter(role__in=[PartyRole.APPLICANT, PartyRole.AGENT]).exclude(
        person__phone_index=""
    ):
        if in_force(party, now) and party.person.phone_index not in reached:
            told.append(_way_to(party))
            reached.add(party.person.phone_index)
    if told:
        return told
    contacts = Contact.objects.filter(case=case, number__lte=event.number).exclude(person__phone_index="")
    contact = contacts.select_related("person").order_by("-number").first()
    return [(None, contact.person)] if contact else []


def _way_to(party: Party) -> tuple[User | None, PersonData | None]:
    return (party.user, None) if party.user else (None, party.person)


def send_due(limit: int = 50) -> int:
    """Send what waits, one by one; answers how many were handed over. Two senders never take the same one."""
    sent = 0
    for _turn in range(limit):
        notice = _take()
        if notice is None:
            break
        sent += _send(notice)
    return sent


def _take() -> Notice | None:
    """The next notice that is due, put off for the time of a lease: a sender that dies leaves it to another."""
    now = timezone.now()
    with transaction.atomic():
        due = Notice.objects.select_for_update(skip_locked=True, of=("self",)).filter(
            reached=Reached.WAITING, next_try_at__lte=now
        )
        notice = due.select_related("user", "person").order_by("pk").first()
        if notice is None:
            return None
        notice.attempts += 1
        notice.next_try_at = now + LEASE
        notice.save(update_fields=["attempts", "next_try_at"])
    return notice


def _send(notice: Notice) -> bool:
    mine = Notice.objects.filter(pk=notice.pk, attempts=notice.attempts, reached=Reached.WAITING)
    if not notice.phone:
        mine.update(reached=Reached.FAILED)
        return False
    try:
        gateway().send(notice.phone, notice.body)
    except GatewayError:
        _put_off(notice)
        return False
    mine.update(reached=Reached.SENT, sent_at=timezone.now())
    return True


def _put_off(notice: Notice) -> None:
    log.warning("notice %s was not handed over, try %s", notice.pk, notice.attempts)
    mine = Notice.objects.filter(pk=notice.pk, attempts=notice.attempts, reached=Reached.WAITING)
    if notice.attempts > len(WAITS):
        mine.update(reached=Reached.FAILED)
    else:
        mine.update(next_try_at=timezone.now() + WAITS[notice.attempts - 1])
