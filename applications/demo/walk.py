"""Walks a case through the real services, from the first contact to wherever today finds it."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field

from django.utils import timezone

from applications.checklists import checklist, conditions_of
from applications.demo.clock import after_working_days, in_office_hours, real_now, travelled_to
from applications.demo.people import Customer
from applications.demo.plays import PLAYS, Scene
from applications.models import Application
from applications.services import fees, filing, intake, papers, waiting
from staff.demo import PASSWORD
from staff.models import Office, User
from staff.selectors import qualified
from workflow.models import Case, Task, WaitCause
from workflow.path import kind_of
from workflow.selectors.calendars import current_calendar
from workflow.services import tasks as hands
from workflow.services.contacts import FirstContact, register_contact
from workflow.transitions import Refusal

COUNTER_FACTS = frozenset({"agreement", "signature", "design", "mid_request", "completion", "payment"})
ON_SITE = frozenset({"survey", "inspection", "metering"})
MAX_ACTS = 60
TAKEN = 0.7
"""Share of the tasks left open that somebody has taken."""

PAPERS = {
    "new_supply.residential": ("application_form", "identity", "title"),
    "new_supply.lv_other": ("application_form", "licence", "premises", "equipment_list"),
    "new_supply.hv_single": (
        "application_form",
        "licence",
        "project_approval",
        "equipment_list",
        "site_plan",
        "load_data",
    ),
}


@dataclass(frozen=True)
class Plan:
    """What is to happen to one case: who comes, where, in which channel, from when, at what pace, with which traits.

    Traits: important, defects, works, early_claim (survey claimed a week before the record), late_acceptance, earlier_echo, stuck
    (nobody goes to the place), charged (by a charge that was on the list then), unlent (where nobody may do it, nobody is sent), only_contact.
    """

    customer: Customer
    office: Office
    channel: str
    begins_at: dt.datetime
    pace: float = 1.0
    traits: frozenset[str] = frozenset()
    until: str = ""
    seed: int = 0
    user: User | None = None


@dataclass
class Walk:
    """One case on its way. `until` of the plan names a stage to stop at; otherwise it goes on to today."""

    plan: Plan
    rng: random.Random = field(init=False)
    moment: dt.datetime = field(init=False)
    application: Application | None = None

    def __post_init__(self) -> None:
        self.rng = random.Random(self.plan.seed)
        self.calendar = current_calendar()
        self.moment = self.plan.begins_at

    def run(self) -> Case:
        """Play until today, the stage asked for, or the end."""
        case = self._contact()
        if "only_contact" in self.plan.traits:
            return case
        delay = 4.0 if "late_acceptance" in self.plan.traits else self.rng.random() * 0.4
        if not self._later(delay):
            return case
        application = self.application = self._apply(case)
        for _act in range(MAX_ACTS):
            if self._arrived(application) or not self._next(application):
                break
        self._take_up(application)
        self._say_why(application)
        self._give_back(application)
        return case

    def _contact(self) -> Case:
        c = self.plan.customer
        with travelled_to(self.moment):
            registered = register_contact(
                FirstContact(
                    channel=self.plan.channel, phone=c.phone, name=c.contact_name or c.name, need=c.need, place=c.address,
                    category=f"{c.business_type}.{c.supply_class}", papers="身份证、产权证明",
                    papers_left=self.rng.random() < 0.5 or "late_acceptance" in self.plan.traits,
                    office_code=self.plan.office.code, self_registered=self.plan.channel == "visit",
                    terminal_class="staff" if self.plan.channel in ("hall", "phone95598") else "customer",
                ),
                by=self.plan.user or (self._clerk() if self.plan.channel in ("hall", "phone95598") else None),
            )  # fmt: skip
        return registered.case

    def _apply(self, case: Case) -> Application:
        c, by = self.plan.customer, self.plan.user or self._clerk()
        with travelled_to(self.moment):
            application = filing.start_application(
                case, filing.Particulars(name=c.name, phone=c.phone, address=c.address, kind=c.kind, id_number=c.id_number,
                                         id_kind="ric" if c.kind == "person" else "uscc"),
                business_type=c.business_type, supply_class=c.supply_class, by=by, capacity=c.capacity, usage=c.usage, details=c.details,
            )  # fmt: skip
            for code in PAPERS.get(application.category, ()) or _asked(application):
                papers.receive_document(application, code, None, by=by, channel=self.plan.channel)
            intake.submit(application, by=by)
            earlier = timezone.now() - dt.timedelta(days=9) if "earlier_echo" in self.plan.traits else None
            intake.record_echo(application, by=by, earlier_at=earlier, whom="所里的师傅" if earlier else "")
        return application

    def _next(self, application: Application) -> bool:
        """Play one fact of one open task; False when nothing more can happen."""
        application.reload()
        tasks = list(
            application.case.tasks.filter(outcome="")
            .select_related("node", "office")
            .order_by("opened_number")
        )
        for task in tasks:
            if "stuck" in self.plan.traits and not ON_SITE.isdisjoint(task.node.facts):
                continue
            if not self._later(self._delay(task)):
                return False
            missing = [fact for fact in task.node.facts if fact not in task.facts]
            if self._play_all(application, task, missing):
                return True
        return False

    def _take_up(self, application: Application) -> None:
        """Most of what is left open is in somebody's hands already."""
        for task in application.case.tasks.filter(outcome="", doer="officer").select_related(
            "node", "office"
        ):
            if self.rng.random() < TAKEN and (there := list(self._present(task))):
                with travelled_to(self.moment), suppress(Refusal):
                    hands.take(application, task, by=there[0])

    def _say_why(self, application: Application) -> None:
        """Where nobody goes to the place, the desk knows why; whoever asks is told, and the clock runs on."""
        task = (
            application.case.tasks.filter(outcome="", doer="officer").select_related("node", "office").first()
        )
        if "stuck" not in self.plan.traits or task is None:
            return
        watching = User.objects.filter(
            posts__role="supervisor", posts__office=task.office.parent or task.office
        )
        for officer in [*self._present(task), *watching][:1]:
            with travelled_to(self.moment), suppress(Refusal):
                waiting.state_wait(
                    application, by=officer, about=task, cause=WaitCause.THIRD_PARTY, words="物业须先打开配电间，已约",
                    expected_date=timezone.localdate(real_now()) + dt.timedelta(days=2),
                )  # fmt: skip

    def _give_back(self, application: Application) -> None:
        """The one charge that was made is off the list since: it is given back, by two persons."""
        paid = application.payments.filter(amount__gt=0).first()
        county = application.case.office.parent
        second = User.objects.filter(posts__role="supervisor", posts__office=county).first()
        if "charged" not in self.plan.traits or paid is None or second is None:
            return
        planner = qualified("fees", county, timezone.localdate(), role="planner") if county else []
        for officer in planner[:1]:
            with travelled_to(self.moment):
                fees.refund_payment(
                    application, by=officer, payment=paid, amount=paid.amount, reason="abolished", note="收费项目已取消，全额退还",
                    voucher_no=f"TF{self.rng.randint(10**5, 10**6 - 1)}", refunded_date=timezone.localdate(), approved_by=second,
                    approver_password=PASSWORD,
                )  # fmt: skip

    def _play_all(self, application: Application, task: Task, facts: list[str]) -> bool:
        """A node's facts are recorded in one visit or at one desk, minutes apart; work sent back ends the visit."""
        played = False
        for fact in facts:
            if not Task.objects.filter(pk=task.pk, outcome="").exists() or not self._play(
                application, task, fact
            ):
                break
            played = True
            self.moment += dt.timedelta(minutes=self.rng.randint(4, 25))
            if self.moment >= real_now():
                break
        return played

    def _play(self, application: Application, task: Task, fact: str) -> bool:
        claimed = self._claimed(fact)
        for actor in self._actors(task):
            scene = Scene(application, actor, self.rng, claimed, self.plan.traits)
            try:
                with travelled_to(self.moment):
                    PLAYS[kind_of(fact)](scene)
            except Refusal:
                continue
            return True
        return False

    def _claimed(self, fact: str) -> dt.datetime | None:
        """Field work is keyed in the same afternoon; the early claim lies a week back."""
        if fact == "survey" and "early_claim" in self.plan.traits:
            return self.moment - dt.timedelta(days=7)
        if fact in ("survey", "inspection", "metering", "energisation"):
            return self.moment - dt.timedelta(minutes=self.rng.randint(20, 150))
        return None

    def _delay(self, task: Task) -> float:
        base = {
            "completion": 18.0,
            "design": 9.0,
            "agreement": 1.5,
            "signature": 1.2,
            "survey": 1.1,
            "scheme": 1.4,
            "removal": 60.0,
            "grid_works": 1.6,
        }.get(task.node.facts[0], 0.5)
        return base * self.plan.pace * (0.4 + self.rng.random() * 1.2)

    def _later(self, days: float) -> bool:
        """Let time pass; False if that would be after today."""
        moment = after_working_days(self.calendar, self.moment + dt.timedelta(minutes=3), days, self.rng)
        if moment >= real_now():
            return False
        self.moment = moment
        return True

    def _arrived(self, application: Application) -> bool:
        application.reload()
        return bool(self.plan.until) and application.state == self.plan.until

    def _clerk(self) -> User:
        return qualified("intake", self.plan.office, timezone.localdate(), role="intake")[0]

    def _actors(self, task: Task) -> Iterable[User]:
        if task.doer == "customer":
            return [self.plan.user or self._clerk()]
        there = self._present(task)
        return there if there or "unlent" in self.plan.traits else self._lent(task)

    def _present(self, task: Task) -> list[User]:
        """Who at the task's office may do it, in any order."""
        found = qualified(task.competence, task.office, timezone.localdate(), role=task.role)
        return self.rng.sample(found, len(found))

    def _lent(self, task: Task) -> list[User]:
        """Nobody there may do it: the supervisor puts it into the hands of a colleague from another station."""
        county = task.office.parent
        others = qualified(task.competence, county, timezone.localdate(), role=task.role) if county else []
        supervisor = User.objects.filter(posts__role="supervisor", posts__office=county).first()
        if not others or supervisor is None or self.application is None:
            return []
        colleague = self.rng.choice(others)
        with travelled_to(self.moment), suppress(Refusal):
            hands.assign(
                self.application, task, to=colleague, by=supervisor, reason="本所暂无人持证，借调办理"
            )
        return [colleague]


def _asked(application: Application) -> list[str]:
    """The papers its category can't do without."""
    found = checklist(application.category, conditions_of(application), timezone.localdate())
    return [item.code for item in found.items if item.mandatory] if found else []


def opening_time(days_ago: float, rng: random.Random) -> dt.datetime:
    """Some office hour so many days ago; where that is still to come (it is night, or a holiday), one before it."""
    now, calendar = real_now(), current_calendar()
    while (moment := in_office_hours(calendar, now - dt.timedelta(days=days_ago), rng)) >= now:
        days_ago += 1
    return moment
