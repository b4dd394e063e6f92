"""Findings in words and rows: what a flag's page, a question and a list say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from applications.models import Document
from integrity.checks import earlier_echo
from integrity.checks.facts import ACCEPTED, CONTACT, ECHO, CaseLog, Entry
from integrity.models import Flag
from staff.presentation import Standing
from workflow import actions
from workflow.models import Clause, Grade

SHOWN_KINDS = frozenset(
    {
        CONTACT,
        ECHO,
        ACCEPTED,
        "application.submitted",
        "documents.requested",
        "documents.supplied",
        "contact.resolved",
    }
)
HOUR = 60

LAMPS: Mapping[str, Standing] = {
    "open": "amber", "under_review": "pause", "explained": "green", "confirmed": "red", "dismissed": "ended",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ClockRow:
    """One line of the three clocks: recorded by the system, stated by people, shown by something outside."""

    matter: str
    recorded_at: dt.datetime | None = None
    claimed_at: dt.datetime | None = None
    external_at: dt.datetime | dt.date | None = None
    external_word: str = ""
    tag: str = ""
    about: bool = False

    @property
    def order(self) -> dt.datetime:
        """The earliest of the three; a day alone from its first minute."""
        return min(
            _moment(known)
            for known in (self.recorded_at, self.claimed_at, self.external_at)
            if known is not None
        )


def _moment(known: dt.date) -> dt.datetime:
    if isinstance(known, dt.datetime):
        return known
    return timezone.make_aware(dt.datetime.combine(known, dt.time.min))


def length(working_days: int, minutes: int) -> str:
    """A gap in working days, or in hours and minutes within one."""
    if working_days:
        return ngettext("%(n)s working day", "%(n)s working days", working_days) % {"n": working_days}
    hours, rest = divmod(max(minutes, 1), HOUR)
    if not hours:
        return ngettext("%(n)s minute", "%(n)s minutes", rest) % {"n": rest}
    if not rest:
        return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": rest}


def gap_of(evidence: Mapping[str, Any]) -> str:
    """The gap of a flag in words."""
    since, until = (dt.datetime.fromisoformat(evidence[name]) for name in ("since", "until"))
    return length(evidence["working_days"], int((until - since).total_seconds() // HOUR))


WITHOUT_BUTTON = {
    "case.adopted": gettext_lazy("Taken over from another system"),
    "clock.overran": gettext_lazy("A pause ended by itself"),
    "contact.joined": gettext_lazy("Another contact joined"),
    "deadline.missed": gettext_lazy("A time limit passed"),
    "paper.overdue": gettext_lazy("A paper is overdue"),
    "told_to_wait.reported": gettext_lazy("Reported: somebody asked to wait"),
}
"""What customers may find on their case's record though no button makes it."""


def matter_of(kind: str) -> str:
    """What an event of this kind is about, in the words of the button that makes it."""
    label = next((action.label for action in actions.all_actions() if action.event == kind), None)
    return str(label or WITHOUT_BUTTON.get(kind, kind))


def headline(flag: Flag, kind: str) -> str:
    """What the flag says, as the page's title: the office and the fact, nobody's name."""
    words = {"office": flag.case.office.name, "gap": gap_of(flag.evidence), "matter": matter_of(kind)}
    if flag.code == "late_acceptance":
        return _("%(office)s: the customer came first, accepted %(gap)s later") % words
    if flag.code == "earlier_echo":
        return _("%(office)s: the customer says it was %(gap)s earlier") % words
    return _("%(office)s: “%(matter)s” recorded %(gap)s after it happened") % words


def threshold_of(evidence: Mapping[str, Any]) -> str:
    """The threshold in its unit."""
    if evidence["unit"] == "minutes":
        return length(0, evidence["threshold"])
    return length(evidence["threshold"], 0) if evidence["threshold"] else _("none")


def measured_of(evidence: Mapping[str, Any]) -> str:
    """What was measured, in its unit."""
    return (
        length(0, evidence["measured"]) if evidence["unit"] == "minutes" else length(evidence["measured"], 0)
    )


def three_clocks(
    log: CaseLog, flag: Flag, papers: Iterable[Document], names: Mapping[str, str]
) -> list[ClockRow]:
    """The case's times side by side: contacts, papers, acceptance, the customer's word, and the event the flag is about."""
    rows = [_row(entry, flag) for entry in (*log.joined, *log.entries) if _is_shown(entry, flag)]
    rows += [
        ClockRow(
            names.get(paper.item_code, paper.item_code),
            external_at=paper.paper_date,
            external_word=_("date on the paper"),
        )
        for paper in papers
        if paper.paper_date
    ]
    return sorted(rows, key=lambda row: row.order)


def _is_shown(entry: Entry, flag: Flag) -> bool:
    if entry.data.get("claimed_by") == "customer":  # the echo's own row says it already
        return False
    return entry.kind in SHOWN_KINDS or (entry.stream, entry.number) == (flag.about_stream, flag.about_number)


def _row(entry: Entry, flag: Flag) -> ClockRow:
    about = (entry.stream, entry.number) == (flag.about_stream, flag.about_number)
    outside, word = _outside(entry)
    return ClockRow(
        matter=matter_of(entry.kind),
        recorded_at=entry.recorded_at,
        claimed_at=None if entry.by_customer else entry.occurred_at,
        external_at=outside,
        external_word=word,
        tag=_tag(flag) if about else "",
        about=about,
    )


def _outside(entry: Entry) -> tuple[dt.datetime | None, str]:
    """A time that does not come from the officer: the customer's word or form, or the device."""
    if entry.kind == ECHO:
        said = earlier_echo.said_by_customer(entry)
        return said, _("the customer's answer") if said else ""
    if entry.by_customer and entry.occurred_at:
        return entry.occurred_at, _("stated by the customer")
    if entry.captured_at:
        return entry.captured_at, _("the device's clock")
    return None, ""


def _tag(flag: Flag) -> str:
    gap = gap_of(flag.evidence)
    return (
        _("%(gap)s earlier") % {"gap": gap}
        if flag.code == "earlier_echo"
        else _("%(gap)s late") % {"gap": gap}
    )


def around(log: CaseLog, flag: Flag, *, width: int = 3) -> tuple[Entry, ...]:
    """The event and its neighbours in the record."""
    place = flag.about_number - 1
    return log.entries[max(place - width, 0) : place + width + 1]


def unverified(clause: Clause) -> bool:
    """Whether the clause's source still has to be checked, and the page must say so."""
    return clause.grade not in (Grade.A, Grade.X)
