"""A case from its log alone: what happened, when, by whom, and whether the record holds."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from integrity.ledger.chain import Sealed, Verdict, verify
from integrity.selectors.access import audited_offices
from staff.models import User
from workflow.models import Case, Event, EventPayload, StreamHead


@dataclass(frozen=True, slots=True)
class Chapter:
    """One event of the story; `who` is the person the log only knows by pseudonym."""

    event: Event
    data: Mapping[str, Any]
    erased: bool
    who: User | None

    @property
    def hash_prefix(self) -> str:
        """The first characters of the leaf hash: enough to compare by eye."""
        return bytes(self.event.leaf_hash).hex()[:12]


def audited_cases(user: User) -> Any:
    """Cases of the offices this person audits."""
    return Case.objects.filter(office__in=audited_offices(user)).select_related("office")


def story(case: Case) -> list[Chapter]:
    """Every event of a case in order."""
    return chapters_of(case.stream)


def chapters_of(stream: str) -> list[Chapter]:
    """Every event of a stream in order, with its payload and the person behind the pseudonym; three queries."""
    events = list(Event.objects.filter(stream=stream).order_by("number"))
    payloads = {p.number: p for p in EventPayload.objects.filter(stream=stream)}
    people = people_behind(event.actor for event in events)
    chapters = []
    for event in events:
        payload = payloads.get(event.number)
        erased = payload is not None and payload.body is None
        chapters.append(Chapter(event, payload.data if payload else {}, erased, people.get(event.actor)))
    return chapters


def people_behind(actors: Iterable[str]) -> dict[str, User]:
    """The people behind pseudonyms of the form a:<id>; one query."""
    ids = {actor: uuid.UUID(hex=actor[2:]) for actor in set(actors) if actor.startswith("a:")}
    users = User.objects.in_bulk(list(ids.values()))
    return {actor: users[pk] for actor, pk in ids.items() if pk in users}


def verdict(stream: str) -> Verdict:
    """Recompute a stream's chain, held against its head; three queries."""
    head = StreamHead.objects.filter(stream=stream).first()
    payloads = {p.number: p for p in EventPayload.objects.filter(stream=stream)}
    events = cast("Iterable[Sealed]", Event.objects.filter(stream=stream).order_by("number"))
    return verify(events, payloads, head=(head.number, bytes(head.last_hash)) if head else (0, bytes(32)))
