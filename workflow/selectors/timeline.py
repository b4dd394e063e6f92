"""The record of a case as pages show it: each event with its payload, and what the codes in it are called."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from staff.models import Office, User
from workflow.models import Case, Event, EventPayload, LimitKind
from workflow.selectors.rules import nodes_of, rules


@dataclass(frozen=True, slots=True)
class Entry:
    """One event and what it says: `{% include "events/"|add:entry.event.kind|add:".html" with event=entry.event data=entry.data %}`."""

    event: Event
    data: dict[str, Any]

    @property
    def actor_id(self) -> str:
        """Id of the person who acted, for `word:names`; the actor's own name where a machine did."""
        return _person(self.event.actor) or self.event.actor


def timeline(case: Case, limit: int = 200) -> list[Entry]:
    """The newest `limit` events of a case, newest first; two queries."""
    events = list(Event.objects.filter(stream=case.stream).order_by("-number")[:limit])
    numbers = [event.number for event in events]
    payloads = {p.number: p.data for p in EventPayload.objects.filter(stream=case.stream, number__in=numbers)}
    return [Entry(event, payloads.get(event.number, {})) for event in events]


def names_for(case: Case, entries: Iterable[Entry]) -> dict[str, str]:
    """What people, nodes, limits, reasons and cases named in these entries are called; three queries, whatever there is (hand-ons: one more)."""
    in_force, entries = rules(), list(entries)
    ids = {value for entry in entries for value in (entry.actor_id, *_ids(entry.data))}
    named = {node.code: node.name for node in nodes_of(case.route_version_id, in_force.stamp)}
    outward_last = sorted(in_force.limits, key=lambda limit: limit.kind != LimitKind.INTERNAL)
    named |= {limit.code: limit.name for limit in outward_last}
    named |= {code: reason.name for code, reason in in_force.pause_reasons.items()}
    named["public"] = _("somebody not signed in")
    uuids = [value for value in ids if _is_uuid(value)]
    if uuids:
        named |= {str(user.pk): user.get_full_name() for user in User.objects.filter(pk__in=uuids)}
        named |= {str(other.pk): str(other) for other in Case.objects.filter(pk__in=uuids)}
    handed_on = [entry.data for entry in entries if entry.event.kind == "contact.handed_on"]
    if codes := {str(data.get(side, "")) for data in handed_on for side in ("from", "to")}:
        named |= {office.code: office.name for office in Office.objects.filter(code__in=codes)}
    return named


def _ids(data: Any) -> set[str]:
    if isinstance(data, dict):
        return {found for value in data.values() for found in _ids(value)}
    if isinstance(data, list):
        return {found for value in data for found in _ids(value)}
    return {data} if isinstance(data, str) and _is_uuid(data) else set()


def _is_uuid(text: str) -> bool:
    return len(text) == 36 and text.count("-") == 4


def _person(actor: str) -> str | None:
    """The id behind a person's pseudonym, `a:<hex>`."""
    return str(uuid.UUID(actor[2:])) if actor.startswith("a:") and len(actor) == 34 else None
