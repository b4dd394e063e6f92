"""How a case stands for its customer: where it is and who holds it, the date and how it is counted, what is the customer's turn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from applications.models import Application, DocumentRequest
from applications.progress import TO_MEND, customer_wire, doing, stages_of
from applications.selectors.capacity import place_of
from applications.selectors.labels import stage_names
from applications.selectors.offers import Offer, offers
from applications.selectors.waits import waits_among
from staff.formats import near_day, near_moment
from staff.models import User
from staff.presentation import Milestone
from workflow.models import Case, Contact, Extension, LimitKind, Pause
from workflow.presentation import DeadlineRow, deadline_rows
from workflow.selectors.extensions import open_extension, until_if_agreed
from workflow.selectors.situations import situation_of
from workflow.situation import Situation
from workflow.subjects import ContactSubject

OUTWARD = (LimitKind.LEGAL, LimitKind.PROMISE)
"""What customers see: law and promises. Our own limits promise them nothing."""


@dataclass
class Standing:
    """One case before its customer, or before somebody who only knows its number."""

    case: Case
    application: Application | None
    situation: Situation
    now: dt.datetime
    rows: list[DeadlineRow] = field(default_factory=list)
    pauses: list[Pause] = field(default_factory=list)
    request: DocumentRequest | None = None

    @property
    def turns(self) -> list[Offer]:
        """What is open for the customer to do."""
        return offers(self.situation, doer="customer")

    @property
    def sentence(self) -> str:
        """Where it is and who holds it. What the customer may do beside us is a button, not the sentence."""
        return doing(
            self.situation.state,
            customer_turn=TO_MEND if self.to_mend else self._waits_for(),
            request_open=self.request is not None,
            accepted=self._accepted_at() is not None,
            business_type=self.application.business_type if self.application else "",
        )

    def _accepted_at(self) -> dt.datetime | None:
        return self.application.accepted_at if self.application else None

    @property
    def to_mend(self) -> bool:
        """Whether an inspection found something that the customer has to put right, whatever we build beside."""
        return any(
            task.round > 1 and "completion" in self.situation.node(task.node_code).facts
            for task in self.situation.tasks
            if task.doer == "customer" and task.is_open and task.current
        )

    def _waits_for(self) -> str:
        tasks = [task for task in self.situation.tasks if task.is_open and task.current]
        if any(task.doer == "officer" for task in tasks):
            return ""
        waiting = (
            fact
            for task in tasks
            if task.doer == "customer"
            for fact in self.situation.node(task.node_code).facts
        )
        return next(waiting, "")

    @property
    def clock(self) -> DeadlineRow | None:
        """The clock shown: of law and promises the next to run out; once all have stopped, the last to stop."""
        mine = [row for row in self.rows if row.kind in OUTWARD and row.deadline.limit.days]
        running = [row for row in mine if row.deadline.running]
        if running:
            return min(running, key=lambda row: row.deadline.due_at or self.now)
        return max(mine, key=lambda row: row.deadline.stopped_at or self.now, default=None)

    def explained(self) -> list[str]:
        """How the date shown was come by: from when, how many days, which pauses, by which rule, from which source."""
        row = self.clock
        return _explain(row, self.pauses) if row else []

    def waits(self) -> list[str]:
        """What it waits for, in plain words; each once. The clock shown runs on."""
        return [*self._queued(), *dict.fromkeys(wait.plain for wait in waits_among(self.situation.tasks))]

    def _queued(self) -> list[str]:
        found = place_of(self.application) if self.application else None
        if found is None:
            return []
        entry, place = found
        said = {"asset": entry.asset, "place": place}
        return [
            _("%(asset)s has no capacity left: you are number %(place)s in the queue, by first contact")
            % said
        ]

    def extension(self) -> Extension | None:
        """More time the customer is asked for, and has not answered."""
        return open_extension(self.application) if self.application else None

    def extended_until(self) -> dt.datetime | None:
        """The date it would then be."""
        asked = self.extension()
        return until_if_agreed(asked) if asked else None

    def milestones(self) -> list[Milestone]:
        """First contact with its receipt, then the wire."""
        return [self._first_contact(), *self._stops()]

    def public_milestones(self) -> list[Milestone]:
        """The same for whoever only knows the number: the receipt's code is not theirs to have."""
        return [Milestone(_("First contact"), "done", self.case.first_contact_at), *self._stops()]

    def _stops(self) -> list[Milestone]:
        s = self.situation
        ended_from = self.application.ended_from if self.application else ""
        clocks = [row.deadline for row in self.rows if row.kind in OUTWARD]
        stages = stages_of(s.nodes, s.matching)
        names = stage_names(s.matching, s.rules.stamp)
        return customer_wire(
            stages,
            s.state,
            s.tasks,
            clocks,
            self.now,
            ended_from,
            accepted_at=self._accepted_at(),
            names=names,
        )

    def _first_contact(self) -> Milestone:
        contact = first_contact(self.case)
        note = self.case.first_contact_channel.name if self.case.first_contact_channel else ""
        if contact is not None:
            url = reverse("receipt", args=[contact.receipt_key])
            if claimed := self.claimed_day(contact):
                note = _("by your own account; on record since %(moment)s") % {
                    "moment": near_moment(contact.recorded_at)
                }
            note = format_html(
                '{} <a href="{}">{}</a> <span class="tag green">{}</span>',
                note,
                url,
                _("see the receipt"),
                _("on record"),
            )
            return Milestone(_("First contact"), "done", claimed or self.case.first_contact_at, note)
        return Milestone(_("First contact"), "done", self.case.first_contact_at, note)

    def claimed_day(self, contact: Contact) -> dt.date | None:
        """The day the customer named as the first, where it lies before the first record; a day is all that was asked."""
        at = self.case.first_contact_at
        claimed = self.application is not None and self.application.echo == "earlier"
        return timezone.localdate(at) if claimed and at and at < contact.recorded_at else None


def stands(case: Case, user: User | None) -> Standing:
    """Load how a case stands."""
    application = (
        Application.objects.select_related("premises", "case__office", "case__first_contact_channel")
        .filter(case=case)
        .first()
    )
    subject: Any = application or ContactSubject(case)
    now = timezone.now()
    return Standing(
        case=subject.case,
        application=application,
        situation=situation_of(subject, user),
        now=now,
        rows=deadline_rows(case, now),
        pauses=list(Pause.objects.filter(case=case).select_related("reason").order_by("began_at")),
        request=application.document_requests.filter(answered_at=None).first() if application else None,
    )


def first_contact(case: Case) -> Contact | None:
    """The contact on record first."""
    return case.contacts.order_by("number").first()


def survivor(case: Case) -> Case:
    """The case that goes on: a joined one leads to it."""
    seen = set()
    while case.joined_to is not None and case.pk not in seen:
        seen.add(case.pk)
        case = case.joined_to
    return case


def _explain(row: DeadlineRow, pauses: Iterable[Pause]) -> list[str]:
    deadline, limit = row.deadline, row.deadline.limit
    said = []
    if deadline.started_at and limit.days:
        said.append(
            _("%(name)s: %(n)s %(unit)s from %(day)s, that day not counted.")
            % {"name": limit.name, "n": limit.days, "unit": limit.get_day_type_display(), "day": near_day(timezone.localdate(deadline.started_at))}
        )  # fmt: skip
    said.append(row.countdown.rule)
    said += [
        _("Clock paused: %(pause)s") % {"pause": rest_words(p)}
        for p in pauses
        if p.reason_id in limit.pause_reasons
    ]
    source = "・".join(filter(None, [limit.regime, row.clause, str(limit.get_grade_display())]))
    said.append(_("Rule: %(source)s") % {"source": source})
    return said


def rest_words(pause: Pause) -> str:
    """A pause in words: why, from when to when."""
    until = near_moment(pause.ended_at) if pause.ended_at else _("today")
    return _("%(since)s – %(until)s, %(reason)s") % {
        "since": near_moment(pause.began_at), "until": until, "reason": pause.reason.name,
    }  # fmt: skip
