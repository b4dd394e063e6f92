"""Everything a case page shows, loaded once in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from applications.checklists import checklist, conditions_of
from applications.models import Application, Document, Party
from applications.progress import stages_of, wire
from applications.selectors.chains import Chain, Spent, chain_of, spent
from applications.selectors.contact_card import ContactsCard, contacts_card
from applications.selectors.facts import paper_names
from applications.selectors.issued import Printed, papers_of
from applications.selectors.labels import stage_names
from applications.selectors.offers import Offer, case_offers, offers
from applications.selectors.outside import OutsideCard, outside_card
from applications.selectors.particulars import Line, particular_lines, three_zero_lines
from applications.selectors.parties import PartiesCard, parties_card
from staff.models import User
from staff.policies import Authority
from staff.presentation import Milestone
from staff.selectors import qualified
from workflow import actions
from workflow.models import Case, Contact, Node, Task
from workflow.policies import why_not
from workflow.presentation import DeadlineRow, deadline_rows
from workflow.selectors.field import facts_on_site
from workflow.selectors.situations import situation_of
from workflow.selectors.timeline import Entry, names_for, timeline
from workflow.situation import Situation
from workflow.subjects import ContactSubject

SHOWN_EVENTS = 60
QUIET = frozenset(
    {
        "record_echo",
        "resume",
        "reopen",
        "void",
        "refuse",
        "take",
        "assign",
        "terminate",
        "return_to_node",
        "extend_validity",
        "correct",
        "offer_appointment",
        "agree_appointment",
        "miss_appointment",
        "take_along",
        "hand_back",
        "check_capacity",
        "queue_for_capacity",
        "ask_extension",
        "release_capacity",
        "request_access_design",
        "receive_access_design",
        "revise_scheme",
        "grant_priority",
        "add_works",
        "report_works",
        "state_wait",
        "issue_meters",
        "refund_payment",
    }
)
"""Acts on the case that are left out where they make no sense now: what cannot be done is shown where somebody could look for it."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One line of the paper card: what is asked for, and what came."""

    code: str
    name: str
    mandatory: bool
    document: Document | None


@dataclass
class CasePage:
    """One case before one officer."""

    case: Case
    application: Application | None
    situation: Situation
    now: dt.datetime
    deadlines: list[DeadlineRow] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    contacts: list[Contact] = field(default_factory=list)
    parties: list[Party] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)
    particulars: list[Line] = field(default_factory=list)
    three_zero: list[Line] = field(default_factory=list)
    who_could: list[User] = field(default_factory=list)
    party_card: PartiesCard | None = None
    contact_card: ContactsCard = field(default_factory=ContactsCard)
    outside: OutsideCard = field(default_factory=OutsideCard)
    may_join: bool = False
    task_offers: list[Offer] = field(default_factory=list)
    other_offers: list[Offer] = field(default_factory=list)
    written: list[Printed] = field(default_factory=list)
    asked_times: int = 0
    chain: Chain | None = None
    spent: Spent | None = None

    @property
    def open_task(self) -> Task | None:
        """The officer's task whose turn it is, if one is open."""
        return next((t for t in self.situation.tasks if t.is_open and t.doer == "officer"), None)

    @property
    def site_task(self) -> Task | None:
        """The open task that is done at the customer's place: it has a page of its own, for the road."""
        tasks = self.situation.tasks if self.application else []
        return next((t for t in tasks if t.is_open and t.doer == "officer" and facts_on_site(t)), None)

    @property
    def customer_task(self) -> Task | None:
        """What waits for the customer."""
        return next((t for t in self.situation.tasks if t.is_open and t.doer == "customer"), None)

    @property
    def waiting(self) -> list[Task]:
        """Open tasks for which somebody said why they wait; each cause once."""
        found = {t.wait_cause: t for t in self.situation.tasks if t.is_open and t.wait_cause}
        return list(found.values())

    @property
    def node(self) -> Node | None:
        """The node worked on, with its clauses."""
        task = self.open_task or self.customer_task
        return self.situation.node(task.node_code) if task else None

    @property
    def lapsed(self) -> bool:
        """Whether the scheme was found to have lapsed and nobody has decided what becomes of it."""
        return bool(self.situation.facts.get("lapse_found")) and not self.case.ended

    @property
    def chain_days(self) -> int | None:
        """Working days since the first contact of the whole chain; nothing where this case continues none."""
        return self.chain.working_days(self.now) if self.chain and self.chain.earlier else None

    @property
    def principal(self) -> DeadlineRow | None:
        """The clock beside the title: the next outward one to run out, else the next internal one."""
        running = [r for r in self.deadlines if r.deadline.running and r.deadline.limit.days]
        pool = [r for r in running if r.kind != "internal"] or running
        return min(pool, key=lambda r: r.deadline.due_at or self.now + dt.timedelta(days=999), default=None)

    def wire(self) -> list[Milestone]:
        """The wire on top of the page."""
        s = self.situation
        used = {}
        if (row := self.principal) and row.deadline.due_at and row.deadline.started_at:
            whole = (row.deadline.due_at - row.deadline.started_at).total_seconds() or 1
            used[row.deadline.limit.code] = min(
                100, int(100 * (self.now - row.deadline.started_at).total_seconds() / whole)
            )
        clocks = [r.deadline for r in self.deadlines]
        names = stage_names(s.matching, s.rules.stamp)
        left = self.application.ended_from if self.application else ""
        return wire(stages_of(s.nodes, s.matching), s.state, s.tasks, clocks, self.now, used, names, left)


def load_page(case: Case, user: User, me: Authority) -> CasePage:
    """Load the page of a case the user may see."""
    application = (
        Application.objects.select_related(
            "premises", "case__office", "case__route_version__route", "unit__project"
        )
        .filter(case=case)
        .first()
    )
    subject: Any = application or ContactSubject(case)
    now = timezone.now()
    situation = situation_of(subject, user, known=me)
    page = CasePage(subject.case, application, situation, now)
    page.deadlines = deadline_rows(subject.case, now)
    page.entries = timeline(subject.case, SHOWN_EVENTS)
    page.names = names_for(subject.case, page.entries)
    page.contacts = list(
        subject.case.contacts.select_related("person", "channel", "owner").order_by("number")
    )
    page.task_offers = offers(situation) + [offer for offer in offers(situation, "customer") if offer.allowed]
    page.other_offers = (
        [offer for offer in case_offers(situation) if offer.allowed or offer.action.name not in QUIET]
        if application
        else []
    )
    page.contact_card = contacts_card(subject.case, page.contacts, now)
    page.outside = outside_card(subject.case, page.application)
    page.may_join = why_not(situation.before(actions.get("link_contact"))) is None
    page.written = papers_of(subject.case, application)
    page.chain = chain_of(subject.case)
    stops = [row.deadline.stopped_at for row in page.deadlines if row.deadline.stopped_at]
    page.spent = spent(subject.case, max(stops, default=now) if subject.case.ended else now)
    if application:
        page.asked_times = application.document_requests.count()
        page.party_card = parties_card(application, situation)
        page.parties = [row.party for row in page.party_card.rows]
        page.papers = _papers(application)
        page.particulars = particular_lines(application)
        page.three_zero = three_zero_lines(application)
        page.names |= {paper.code: paper.name for paper in page.papers}
    if task := page.open_task:
        page.who_could = (
            qualified(task.competence, task.office, timezone.localdate(), role=task.role)
            if task.competence
            else []
        )
    return page


def _papers(application: Application) -> list[Paper]:
    came = {d.item_code: d for d in application.documents.filter(replaced=False)}
    asked = checklist(application.category, conditions_of(application), timezone.localdate())
    lines = [Paper(i.code, i.name, i.mandatory, came.pop(i.code, None)) for i in asked.items] if asked else []
    names = paper_names(application) if came else {}
    return lines + [Paper(code, names.get(code, code), False, document) for code, document in came.items()]
