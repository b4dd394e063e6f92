"""The cases that are walked, one of each kind; what is stamped later is one of these with everything about it new."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.db import connection, transaction
from django.utils import timezone

from applications.demo.clock import in_office_hours, travelled_to
from applications.demo.people import Customer, credit_code, customer, resident_id
from applications.demo.walk import Plan, Walk
from applications.models import Application
from applications.services import exits
from staff.models import Office
from workflow.events import ledger_now, name_actor
from workflow.models import Case, Deadline
from workflow.rungs import climb, due_now
from workflow.selectors.calendars import current_calendar
from workflow.selectors.rules import rules
from workflow.services.clocks import SWEEP, pause, resume

SWEPT_AFTER = dt.timedelta(seconds=7)
"""How long after its time the sweep fires a rung."""
BEGINS = dt.datetime(2026, 7, 6, 1, 0, tzinfo=dt.UTC)
"""A stretch of twelve weeks without a holiday: what is walked here can be moved to any other such stretch."""

CLASSES = {"residential": 0.56, "lv_other": 0.33, "hv_single": 0.11}
STAGES = ("INTAKE", "SURVEY", "SCHEME", "CONTRACT", "WORKS", "INSPECTION", "CONNECTION", "ARCHIVING")


@dataclass(frozen=True)
class Story:
    """What happens: which class, at what pace, with which traits, until which stage, and what then; `weight` is how often, `slow` for whom."""

    supply_class: str
    weight: float
    pace: float = 0.6
    traits: tuple[str, ...] = ()
    until: str = ""
    wait: float = 0
    then: str = ""
    hour: int = 0

    @property
    def is_open(self) -> bool:
        """Whether it is still going on when the story breaks off."""
        return (bool(self.until) and self.then not in ("withdraw", "rested")) or "only_contact" in self.traits

    @property
    def is_slow(self) -> bool:
        """Whether it belongs to an office that has too much to do."""
        return self.pace > 1 or self.wait > 5 or "late_acceptance" in self.traits


def stories() -> Iterator[Story]:
    """Archived at every pace, open in every stage after some days, returned, paused, withdrawn, breached, and only asked about."""
    for one, share in CLASSES.items():
        high, resting = one == "hv_single", "CONNECTION" if one == "residential" else "SCHEME"
        for hour, pace in enumerate((0.25, 0.35, 0.5) if high else (0.3, 0.5, 0.8, 1.3, 2.2)):
            yield Story(one, share * 20, pace, hour=hour * 2)
        yield Story(one, share * 6, 0.3 if high else 0.6, traits=("defects",))
        yield Story(one, share * 3, 0.3 if high else 0.7, traits=("late_acceptance",), hour=3)
        yield Story(one, share * 4, 0.4, until=resting, then="withdraw", hour=4)
        yield Story(one, share * 3, 0.4, until=resting, then="rested", hour=2)
        yield Story(one, share * 0.4, 0.4, until=resting, then="pause", wait=2, hour=5)
        for place, stage in enumerate(STAGES):
            for wait in (0.2, 3):
                yield Story(one, share * 0.4, 0.4, until=stage, wait=wait, hour=place)
        yield Story(one, share * 0.3, traits=("only_contact",), until="CONTACT", wait=0.3)


@dataclass
class Told(Walk):
    """A walk during which the sweep looks at every clock when its time has come, as it would have."""

    case: Case | None = None
    reached: bool = True

    def tell(self, story: Story) -> Case:
        """The whole story; answers with its case."""
        case = self.run()
        if "only_contact" in story.traits:
            self._wait(story.wait)
        elif story.until:
            self._end(story)
        case.refresh_from_db()
        return case

    def _contact(self) -> Case:
        self.case = super()._contact()
        return self.case

    def _later(self, days: float) -> bool:
        arrived = super()._later(days)
        if arrived:
            self._sweep()
        return arrived

    def _end(self, story: Story) -> None:
        application = self.application
        self.reached = application is not None and self._arrived(application)
        if application is None or not self.reached:
            return
        self.moment += dt.timedelta(minutes=9)
        if story.then == "withdraw":
            with travelled_to(self.moment):
                exits.withdraw(application, by=self._clerk(), reason="no_longer_wanted", note="客户暂不用电")
        if story.then in ("pause", "rested"):
            with travelled_to(self.moment):
                pause(application, reason="awaiting_documents", by=self._clerk(), evidence="已一次性告知")
        self._wait(story.wait)
        if story.then == "rested":
            self._go_on(application)

    def _go_on(self, application: Application) -> None:
        self._wait(3)
        with travelled_to(self.moment):
            resume(application, reason="awaiting_documents", by=self._clerk())
        self.plan = replace(self.plan, until="")
        while not self._arrived(application) and self._next(application):
            pass

    def _wait(self, days: float) -> None:
        if days:
            self._later(days)

    def _sweep(self) -> None:
        """What the sweep would have done since the last act, each rung at its time."""
        while self.case and (due := self._next_due()):
            moment = due + SWEPT_AFTER
            with travelled_to(moment), transaction.atomic():
                name_actor(SWEEP)
                now = ledger_now()
                ids = list(
                    Deadline.objects.filter(case=self.case, next_rung_at__lte=now).values_list(
                        "pk", flat=True
                    )
                )
                climb(due_now(ids, now), rules(), now)
            self.moment = max(self.moment, moment + dt.timedelta(seconds=30))

    def _next_due(self) -> dt.datetime | None:
        waiting = Deadline.objects.filter(case=self.case, next_rung_at__lte=self.moment).order_by(
            "next_rung_at"
        )
        return waiting.values_list("next_rung_at", flat=True).first()


def walk(story: Story, office: Office, number: int) -> tuple[Told, Case]:
    """Walk one story through the services, in the transaction that is open."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    rng_number = 7_000 + number
    who = _who(story.supply_class, rng_number)
    begins = in_office_hours(
        current_calendar(), BEGINS + dt.timedelta(minutes=37 * story.hour + 11), _rng(rng_number)
    )
    plan = Plan(who, office, ("hall", "phone95598", "hall", "app")[number % 4] if not story.traits else "hall", begins, pace=story.pace,
                traits=frozenset(story.traits), until=story.until, seed=rng_number)  # fmt: skip
    told = Told(plan)
    case = told.tell(story)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return told, case


def _who(supply_class: str, number: int) -> Customer:
    """Somebody whose name, place and numbers stand nowhere else, so that they can be found again in everything that was written."""
    rng = _rng(number)
    found = customer(rng, supply_class, number)
    home = supply_class == "residential"
    name = "样板户" if home else ("样板商户便利店" if supply_class == "lv_other" else "样板厂五金有限公司")
    return replace(found, name=name, contact_name="" if home else "样板联系人", phone=f"1990{number:07d}",
                   address=SAMPLE_PLACE, id_number=resident_id(rng) if home else credit_code(rng))  # fmt: skip


SAMPLE_PLACE = "样板街7号样板园3-2-101"


def _rng(number: int) -> random.Random:
    return random.Random(number)


def local_day(moment: dt.datetime) -> dt.date:
    """The day it is in the bureau."""
    return timezone.localdate(moment)
