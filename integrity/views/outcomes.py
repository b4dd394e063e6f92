"""What came of checking a receipt, in words for whoever holds it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from integrity.ledger.offline.receipt import Result
from integrity.presentation import matter_of
from staff.models import Office
from staff.presentation import Standing


@dataclass(frozen=True, slots=True)
class Told:
    """One outcome: its colour, the headline, the sentences below it, and what the file proves."""

    standing: Standing
    title: str
    says: list[str]
    recorded_at: dt.datetime | None = None
    claimed_at: dt.datetime | None = None
    matter: str = ""
    office: str = ""
    facts: Mapping[str, Any] | None = None
    before_seen_at: dt.datetime | None = None
    seen_at: dt.datetime | None = None
    now_says: dt.datetime | None = None
    differs: tuple[str, ...] = ()


def told(result: Result) -> Told:
    """The outcome in words."""
    facts = result.facts
    standing, title, says = _WORDS[result.outcome](result)
    record = facts.get("record") or {}
    return Told(
        standing, title, says,
        recorded_at=_moment(facts.get("at")), claimed_at=_moment(facts.get("claimed")),
        matter=matter_of(facts["kind"]) if facts.get("kind") else "", office=_office(facts.get("station")), facts=facts,
        before_seen_at=_seen(facts.get("before_seen")), seen_at=_seen(facts.get("witnesses")),
        now_says=_moment(record.get("recorded_at")) if record.get("changed") else None,
        differs=tuple(differing(name) for name in record.get("changed") or ()),
    )  # fmt: skip


def differing(name: str) -> str:
    """A field of the record that no longer says what was sealed, in words."""
    words = {
        "recorded_at": _("the time it was recorded"), "occurred_at": _("the time it is said to have happened"),
        "contact.recorded_at": _("the contact's recorded time"), "contact.occurred_at": _("the contact's stated time"),
        "case.first_contact_at": _("the case's first contact"), "contact": _("the contact's row"), "payload": _("the contents"),
        "payload_digest": _("the contents"), "leaf_hash": _("the seal"), "header": _("the sealed text"),
    }  # fmt: skip
    return words.get(name, name)


def _included(result: Result) -> tuple[Standing, str, list[str]]:
    facts = result.facts
    says = [_("Nothing in this receipt was altered, and the entry stands in the public log.")]
    if "newest" in facts:
        says.append(
            _("The log you were shown then is a beginning of today's log: its history was not rewritten.")
        )
    if facts.get("record"):
        says.append(_("The company's own record says the same today."))
    return "green", _("Genuine, and on record"), says


def _promised(result: Result) -> tuple[Standing, str, list[str]]:
    age = max(result.facts["age"], 0)
    return "amber", _("A genuine promise, not in the log yet"), [
        ngettext("It was signed for an entry made %(n)s second ago.", "It was signed for an entry made %(n)s seconds ago.", age) % {"n": age},
        _("The log takes new entries every few seconds. Come back in a minute and fetch the full receipt."),
    ]  # fmt: skip


def _overdue(result: Result) -> tuple[Standing, str, list[str]]:
    minutes = result.facts["age"] // 60
    return "red", _("A genuine promise that was not kept"), [
        ngettext(
            "The entry was promised %(n)s minute ago and should have been in the log within 60 seconds. It is not there.",
            "The entry was promised %(n)s minutes ago and should have been in the log within 60 seconds. It is not there.",
            minutes,
        ) % {"n": minutes},
        _("Keep this file: it proves what was promised. Call 95598; not satisfied, the energy regulator's line 12398."),
    ]  # fmt: skip


def _forged(result: Result) -> tuple[Standing, str, list[str]]:
    parts = {
        "checkpoint": _("the signature of the log's head"), "entry": _("the entry itself (its time or what it says), or its place"),
        "path": _("the path from the entry to the log's head"), "payload": _("the contents given with it"),
        "promise": _("the promise"), "bracket": _("the head before it (the time bracket)"), "witness": _("the signature of a witness"),
    }  # fmt: skip
    return "red", _("Not genuine: altered or forged"), [
        _("What does not fit: %(part)s.") % {"part": parts.get(result.part, result.part)},
        _("We never issued a file with this text. If you got it from us, ask us to issue the receipt again and compare."),
    ]  # fmt: skip


def _other_log(result: Result) -> tuple[Standing, str, list[str]]:
    return "amber", _("Issued by another log"), [
        _("This receipt belongs to the log %(origin)s, not to ours. Verify it with the keys of that log.") % {"origin": result.part}
    ]  # fmt: skip


def _changed(result: Result) -> tuple[Standing, str, list[str]]:
    what = {
        "shorter": _("The log is shorter today than it was when your receipt was issued."),
        "history": _("The log today does not begin with the log your receipt was issued from: its history was rewritten."),
        "entry": _("At the place of your entry the log shows another one today."),
        "tiles": _("The log contradicts itself today."),
        "record": _("The log still holds your entry, but the company's own record of it was changed."),
    }  # fmt: skip
    return "red", _("Your receipt is genuine, but our record was changed afterwards"), [
        what.get(result.part, result.part),
        _("Your file proves what was recorded. Keep it; an auditor can confirm this. Energy regulator's line: 12398."),
    ]  # fmt: skip


def _unreadable(_result: Result) -> tuple[Standing, str, list[str]]:
    return "amber", _("This is not a complete receipt"), [
        _("Choose the file as you downloaded it (.tlog-proof or .txt), or type the code from the paper slip.")
    ]  # fmt: skip


def _unreachable(_result: Result) -> tuple[Standing, str, list[str]]:
    return "amber", _("The log can't be read right now"), [
        _("The file itself can be checked without us: use the script below.")
    ]  # fmt: skip


def _clock(_result: Result) -> tuple[Standing, str, list[str]]:
    return "red", _("Genuine, but its time is not what outside witnesses saw"), [
        _("The recorded time lies outside the bracket that the witnesses' own clocks give. Auditors treat this as a finding of the highest class.")
    ]  # fmt: skip


_WORDS = {
    "included": _included, "promised": _promised, "overdue": _overdue, "forged": _forged, "other_log": _other_log, "changed": _changed,
    "unreadable": _unreadable, "unreachable": _unreachable, "clock": _clock,
}  # fmt: skip


def _moment(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None


def _seen(seen: Mapping[str, int] | None) -> dt.datetime | None:
    return dt.datetime.fromtimestamp(min(seen.values()), dt.UTC) if seen else None


def _office(code: str | None) -> str:
    office = Office.objects.filter(code=code).first() if code else None
    return office.name if office else ""
