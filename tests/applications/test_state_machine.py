"""Any act by anybody in any order: the case stays one that the bureau, the log and the law can follow (property test).

The machine plays a case of each class through the real services. At each step somebody goes on with what is their turn, or tries what
isn't, or time passes, or the clock is paused. stances.py says what has to hold after every step.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, ClassVar

import pytest
from django.db import transaction
from django.utils import timezone
from django_fsm import TransitionNotAllowed
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from applications.acts import ON_ITS_WAY
from applications.categories import BY_CODE
from applications.demo.clock import real_now, travelled_to
from applications.models import Application
from applications.services import SERVICES, filing
from staff.demo import Cast
from staff.models import User
from staff.policies import Authority
from staff.selectors import authority
from tests.applications.categories import details_for
from tests.applications.moves import INPUT, OF_CATEGORIES, Move, hand_in_again
from tests.applications.stances import LATER, Stance, a_sentence, check, stance, waits_for_papers
from tests.applications.walked import EAST, PHONES, bureau
from workflow import actions
from workflow.models import ENDED, ROUTE_STAGES, Case, Contact, PauseReason, Stage
from workflow.policies import why_not
from workflow.selectors.situations import situation_of
from workflow.services.clocks import pause, resume, sweep
from workflow.services.contacts import (
    FirstContact,
    close_due,
    link_contact,
    register_contact,
    resolve_contact,
    tell_outcome,
)
from workflow.situation import Situation
from workflow.subjects import ContactSubject
from workflow.transitions import Refusal

OFFICERS = (
    "wangmin", "lijianguo", "zhouxiaofeng", "sunjie", "zhaoqiang", "wutao", "hewei", "guoqin", "jinhao", "luwei", "qinfeng", "heyan",
    "chenli", "zhenglin", "hanlei", "tangli", "xuwei", "maojun",
)  # fmt: skip
EVERYBODY = (*OFFICERS, "zhanghaitang", "hengtai")
CLASSES = {
    "new_supply.residential": ("zhanghaitang", 8),
    "new_supply.lv_other": ("zhanghaitang", 30),
    "new_supply.hv_single": ("hengtai", 400),
}
"""What the machine plays: category, who applies, how much. The other categories have a test of their own (test_state_of_categories)."""

NAMES = sorted(SERVICES)
AHEAD = {a.name for a in actions.all_actions() if a.fact}
"""Acts that record a fact: with these a case goes on."""


DEPENDS = {"void", "draft_scheme", "supply_documents", "energise_source", "request_documents"}
"""Offered, yet the answer may be no: a second person's post, a survey that said no, papers still missing, a source whose meter does not
hang yet, a supervisor's reason for asking a second time are looked at when it is sent."""


@functools.cache
def powers(user_id: Any, day: dt.date) -> Authority:
    """Posts and certificates on a day; the cast's do not change under the machine."""
    return authority(User.objects.get(pk=user_id), day)


class CaseMachine(RuleBasedStateMachine):
    """One case and everybody who might do something to it."""

    cast: ClassVar[Cast]
    reached: ClassVar[set[str]] = set()
    done: ClassVar[set[str]] = set()
    refused: ClassVar[set[str]] = set()

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.moment = real_now() - dt.timedelta(days=80)
        self.before: Stance | None = None
        self.case: Case | None = None
        self.tried: list[str] = []

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    # --- how it begins ---------------------------------------------------------------------------------------

    @initialize(code=st.sampled_from(sorted(CLASSES)), filed=st.sampled_from([True, True, True, False]))
    def somebody_asks(self, code: str, filed: bool) -> None:
        self.customer, capacity = CLASSES[code]
        self.begin(code, capacity, filed)

    def begin(self, code: str, capacity: Any, filed: bool) -> None:
        """The first contact of a category; usually filed at once."""
        self.code, self.capacity = code, capacity
        with travelled_to(self.moment):
            self.case = register_contact(self._wish(), by=self.cast["wangmin"]).case
            if filed:
                filing.file_at_counter(self.case, self._who(), **self._what())
        self._look()

    def _what(self) -> dict[str, Any]:
        """What is applied for, and by whose hand."""
        category = BY_CODE[self.code]
        return {
            "by": self.cast["wangmin"], "business_type": category.business_type, "supply_class": category.supply_class,
            "capacity": self.capacity, "details": details_for(category),
        }  # fmt: skip

    def _wish(self, phone: str = "") -> FirstContact:
        early = self._stage() in ("", Stage.CONTACT, Stage.ANSWERED, Stage.DRAFT)
        return FirstContact(
            channel="hall", phone=phone or PHONES[self.customer], need="新装用电", place="海棠路 1 号", office_code=EAST,
            category=self.code, purpose="connection" if early or phone else "complaint",
        )  # fmt: skip

    def _who(self) -> filing.Particulars:
        return filing.Particulars(name="张海棠", phone=PHONES[self.customer], address="海棠路 1 号")

    # --- what happens ----------------------------------------------------------------------------------------

    @precondition(lambda self: self._stage() in ROUTE_STAGES)
    @rule(steps=st.integers(1, 6), pick=st.integers(0, 10**6))
    def goes_on(self, steps: int, pick: int) -> None:
        """Whoever's turn it is does it: what a button offers works."""
        for step in range(steps):
            offers = self._offers(AHEAD)
            if not offers:
                return
            who, name = offers[(pick >> step) % len(offers)]
            self._offered(who, name, choice=pick + step)

    @precondition(lambda self: self._application() is not None)
    @rule(pick=st.integers(0, 10**6))
    def turns_aside(self, pick: int) -> None:
        """Something that may be done, but is no fact: sent back, withdrawn, taken up again …"""
        offers = self._offers(set(SERVICES) - AHEAD)
        if offers:
            self._offered(*offers[pick % len(offers)], choice=pick)

    @rule(
        who=st.sampled_from(EVERYBODY),
        name=st.sampled_from(NAMES),
        pick=st.integers(0, 1000),
        stale=st.booleans(),
    )
    def somebody_tries(self, who: str, name: str, pick: int, stale: bool) -> None:
        """Anything by anybody: done only if the policies say so, else a sentence and no trace."""
        if self._application() is not None:
            self._try(who, name, pick, version=0 if stale else None)

    @rule(days=st.integers(1, 5))
    def time_passes(self, days: int) -> None:
        self.moment += dt.timedelta(days=days)
        with travelled_to(self.moment):
            sweep().raise_if_failed()
            close_due().raise_if_failed()
        self._look()

    @rule(again=st.booleans(), resolve=st.booleans(), pick=st.integers(0, 10))
    def somebody_turns_up(self, again: bool, resolve: bool, pick: int) -> None:
        """The customer comes again; a contact gets its outcome."""
        assert self.case is not None
        with travelled_to(self._later()):
            if again and self._stage() not in (*ENDED - {Stage.ANSWERED},):
                register_contact(self._wish(), by=self.cast["wangmin"], case=self.case)
            contact = Contact.objects.filter(case=self.case, outcome="").first()
            if resolve and contact:
                outcome = ["advice", "referred", "given_up", "not_acceptable"][pick % 4]
                answer = tell_outcome if outcome in ("advice", "given_up") else resolve_contact
                self._either(
                    lambda: answer(contact, outcome=outcome, reason="已答复", by=self.cast["wangmin"])
                )
        self._look()

    @rule(into_this=st.booleans())
    def is_joined(self, into_this: bool) -> None:
        """Two cases about the same need become one; a case that has an application is never swallowed."""
        assert self.case is not None
        with travelled_to(self._later()):
            other = register_contact(self._wish("13900000009"), by=self.cast["wangmin"]).case
            pair = (other, self.case) if into_this else (self.case, other)
            self._either(lambda: link_contact(*pair, reason="同一处", by=self.cast["wangmin"]))
        self._look()

    @precondition(lambda self: self._stage() == Stage.CONTACT or self._stage() == Stage.ANSWERED)
    @rule(file=st.booleans())
    def is_applied_for(self, file: bool) -> None:
        assert self.case is not None
        self.case.refresh_from_db()
        if self._application() is not None:
            return
        with travelled_to(self._later()):
            (filing.file_at_counter if file else filing.start_application)(
                self.case, self._who(), **self._what()
            )
        self._look()

    @precondition(lambda self: self._stage() == Stage.DRAFT)
    @rule(who=st.sampled_from(["wangmin", "zhanghaitang", "hengtai", "hewei"]))
    def is_sent_in(self, who: str) -> None:
        application = self._application()
        assert application is not None
        with travelled_to(self._later()):
            self._either(lambda: filing.submit(application, by=self.cast[who]))
        self._look()

    @rule(
        reason=st.sampled_from(["customer_request", "awaiting_documents", "idle"]),
        off=st.booleans(),
        who=st.sampled_from(["chenli", "wangmin", "hewei"]),
    )
    def the_clock_is_paused(self, reason: str, off: bool, who: str) -> None:
        assert self.case is not None
        subject: Any = self._application() or ContactSubject(self.case)
        chosen = PauseReason.objects.filter(in_force=True).order_by("code")
        reason = reason if chosen.filter(code=reason).exists() else chosen[0].code
        given = {"evidence": "sha-256:" + "a" * 64, "approved_by": self.cast["sunjie"]}
        with travelled_to(self._later()):
            self._either(lambda: (resume(subject, reason=reason, by=self.cast[who]) if off
                                  else pause(subject, reason=reason, by=self.cast[who], **given)))  # fmt: skip
        self._look()

    @precondition(
        lambda self: (a := self._application()) is not None and waits_for_papers(a) and a.state in ON_ITS_WAY
    )
    @rule()
    def papers_come(self) -> None:
        """What was asked for is brought, and said to be complete."""
        application = self._application()
        assert application is not None
        with travelled_to(self._later()):
            hand_in_again(application, self.cast["wangmin"])
        self._look()
        self._offered("wangmin", "supply_documents")

    # --- what always holds -----------------------------------------------------------------------------------

    @invariant()
    def can_go_on_or_has_ended(self) -> None:
        """Somebody who is qualified exists for what comes next: no case waits for nobody."""
        application = self._application()
        if application is None or application.state not in ROUTE_STAGES:
            return
        if waits_for_papers(application):
            return
        assert self._offers(AHEAD | {"record_echo", "return_to_node"}), (application.state, self.tried[-8:])

    # --- how --------------------------------------------------------------------------------------------------

    def _later(self) -> dt.datetime:
        self.moment += LATER
        return self.moment

    def _application(self) -> Application | None:
        return (
            Application.objects.select_related("case__office").filter(case=self.case).first()
            if self.case
            else None
        )

    def _stage(self) -> str:
        return Case.objects.values_list("stage", flat=True).get(pk=self.case.pk) if self.case else ""

    def _situation(self) -> Situation:
        assert self.case is not None
        subject: Any = self._application() or ContactSubject(self.case)
        return situation_of(
            subject, self.cast["wangmin"], known=powers(self.cast["wangmin"].pk, self.moment.date())
        )

    def _as(self, situation: Situation, who: str) -> Situation:
        user = self.cast[who]
        roles = frozenset({"applicant"}) if who == self.customer else frozenset()
        return replace(
            situation,
            actor=user,
            authority=powers(user.pk, timezone.localdate(self.moment)),
            case_roles=roles,
        )

    def _offers(self, names: set[str]) -> list[tuple[str, str]]:
        """Who may do what now, by the policies alone."""
        with travelled_to(self.moment):
            situation, application = self._situation(), self._application()
            assert application is not None
            found = []
            for who in EVERYBODY:
                mine = self._as(situation, who)
                for name in sorted(names & set(INPUT | OF_CATEGORIES)):
                    given = {"approved_by": "somebody"} if name == "void" else {}
                    if why_not(mine.before(actions.get(name), given)) is None:
                        found.append((who, name))
        return found

    def _offered(self, who: str, name: str, choice: int = 0) -> None:
        """Do what is offered: it must work."""
        before = self.before
        refusal = self._try(who, name, choice)
        if refusal is not None and name not in DEPENDS:
            raise AssertionError(f"{who} was offered {name} and refused it: {refusal}")
        assert refusal is not None or self.before != before

    def _try(self, who: str, name: str, choice: int, version: int | None = None) -> str | None:
        """One act through its service; the sentence if it was refused."""
        self.tried.append(f"{who} {name}")
        with travelled_to(self._later()):
            application = self._application()
            assert application is not None
            move = Move(
                name,
                application,
                self.cast[who],
                self.cast["chenli" if who != "chenli" else "wangmin"],
                choice,
            )
            given = move.given()
            if given is None:
                return None
            situation = self._as(self._situation(), who)
            told = why_not(situation.before(actions.get(name), move.seen()))
            how = {} if version is None else {"version": version}
            said = self._either(lambda: move.do(given, **how))
        if said is None:
            assert told is None, f"{who} did {name} though: {told}"
            assert version is None or not actions.get(name).task_fact, (
                f"{who} did {name} on a version nobody was shown"
            )
            self.done.add(name)
        else:
            self.refused.add(name)
        self._look()
        return said

    def _either(self, do: Callable[[], object]) -> str | None:
        """Done, or refused with a sentence and without a trace."""
        assert self.case is not None
        before, sentence = stance(self.case), None
        try:
            with transaction.atomic():
                do()
        except Refusal as refusal:
            sentence = refusal.sentence
        if sentence is not None:
            assert a_sentence(sentence), sentence
            assert stance(self.case) == before, (sentence, self.tried[-3:])
        return sentence

    def _look(self) -> None:
        """Check everything after a step."""
        now = stance(self.case)  # type: ignore[arg-type]
        self.reached.add(now.stage)
        with travelled_to(self.moment):
            check(self.before, now, self._situation())
        self.before = now


REACHED_OTHERWISE = {Stage.LEGACY_OPEN}
"""Only imports end there (test_import)."""


def play(examples: int, steps: int, *, fixed: bool) -> type[CaseMachine]:
    """Run the machine; what it saw stays on the class."""
    powers.cache_clear()

    class Played(CaseMachine):
        cast = bureau()
        reached: ClassVar[set[str]] = set()
        done: ClassVar[set[str]] = set()
        refused: ClassVar[set[str]] = set()

    for code in CLASSES:
        walk(Played(), code)
    walk(
        Played(),
        "new_supply.hv_single",
        detours=[a.name for a in actions.all_actions() if a.sends_back and a.name != "choose_option"],
        pick=1,
    )
    for way in WAYS_OUT:
        leave(Played(), way)
    ask_for_papers(Played())
    chosen = settings(
        max_examples=examples, stateful_step_count=steps, derandomize=fixed, deadline=None, database=None,
        suppress_health_check=list(HealthCheck), phases=[Phase.generate], report_multiple_bugs=False,
    )  # fmt: skip
    run_state_machine_as_test(Played, settings=chosen)
    return Played


WAYS_OUT = (
    ("refuse", "wangmin"),
    ("withdraw", "wangmin"),
    ("terminate", "chenli"),
    ("void", "wangmin"),
    ("", ""),
)


PATIENCE = 30
"""Offers that may be refused in a row (a source whose meter does not hang yet) before a walk counts as stuck."""


def walk(machine: CaseMachine, code: str, detours: Iterable[str] = (), pick: int = 0) -> None:
    """Every stage of the route, each done by one who may, to the archive; each detour taken once, as soon as it is offered."""
    left, refused = set(detours), 0
    machine.somebody_asks(code, True)
    while (stage := machine._stage()) != Stage.ARCHIVED:
        machine.somebody_turns_up(True, True, 0)
        assert machine._stage() == stage, "a question moved the case"
        if left and (found := machine._offers(left)):
            machine._offered(*found[0])
            left.discard(found[0][1])
        else:
            before = machine.before
            machine.goes_on(1, pick + refused)
            refused = refused + 1 if machine.before == before else 0
            assert refused < PATIENCE, (stage, machine.tried[-PATIENCE:])
    assert not left
    machine.teardown()


def leave(machine: CaseMachine, way: tuple[str, str]) -> None:
    """Each way off the route, and back onto it where there is one; a contact alone is answered, comes again and is joined."""
    name, who = way
    machine.somebody_asks("new_supply.lv_other", bool(name))
    if name:
        machine._offered(who, name)
        machine.turns_aside(0)
    else:
        machine.somebody_turns_up(False, True, 1)
        machine.somebody_turns_up(True, False, 0)
        machine.is_joined(False)
    machine.teardown()


def ask_for_papers(machine: CaseMachine) -> None:
    """Asked for, brought, supplied: and it goes on where it was."""
    machine.somebody_asks("new_supply.residential", True)
    machine._offered("wangmin", "request_documents")
    machine.papers_come()
    machine.goes_on(1, 0)
    machine.teardown()


ELSEWHERE = {
    "add_works", "report_works", "finish_works", "issue_meters", "record_payment", "refund_payment", "state_wait",
}  # fmt: skip
"""Asked for by no route, or only where money is due: offered by chance here, walked one by one in test_works.py."""


@pytest.mark.django_db
def test_whatever_is_tried_the_case_can_be_followed():
    played = play(30, 30, fixed=True)
    assert played.reached == set(Stage) - REACHED_OTHERWISE
    assert played.done >= set(INPUT) & set(SERVICES) - ELSEWHERE
    assert len(played.refused) > 10


@pytest.mark.long
@pytest.mark.django_db
def test_two_thousand_times():
    played = play(2000, 50, fixed=False)
    assert played.reached == set(Stage) - REACHED_OTHERWISE


@pytest.mark.django_db
def test_a_door_without_policies_is_noticed(monkeypatch):
    """The machine's negative control: what is done and what the policies say no longer agree."""
    monkeypatch.setattr("workflow.transitions.why_not", lambda _situation: None)
    with pytest.raises((AssertionError, TransitionNotAllowed)):
        play(20, 20, fixed=True)
