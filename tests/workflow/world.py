"""A small bureau to try the core in: a county, two stations, one person per post, a short route and a few limits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils import timezone

from staff.models import Certificate, Competence, Office, Post, User
from workflow.models import (
    CalendarYear,
    Case,
    CaseAccess,
    Channel,
    Contact,
    LadderStep,
    Limit,
    Node,
    PauseReason,
    PersonData,
    Profile,
    Route,
    RouteVersion,
    SeparationRule,
    Stage,
    Task,
)
from workflow.transitions import act, open_case

SOURCE = {"source": "test", "grade": "X"}
MATCHING = {"business_type": "new_supply", "supply_class": "hv_single", "external_line": None}

NODES = (
    # code, stage, facts, role, competence, more
    ("acceptance", "INTAKE", ["acceptance"], "intake", "intake", {}),
    ("survey", "SURVEY", ["survey"], "surveyor", "survey_hv", {}),
    ("scheme", "SCHEME", ["scheme", "reply"], "planner", "scheme_hv", {}),
    ("agree", "SCHEME", ["agreement"], "", "", {"doer": "customer", "returns_to": "scheme"}),
    ("contract", "CONTRACT", ["contract"], "planner", "contract", {"returns_to": "scheme"}),
    ("sign", "CONTRACT", ["signature"], "", "", {"doer": "customer", "needed_for": "CONNECTION"}),
    ("completion", "WORKS", ["completion"], "", "", {"doer": "customer", "parallel_group": "works"}),
    ("design", "WORKS", ["design_review"], "reviewer", "design_review", {"parallel_group": "works"}),
    ("inspection", "INSPECTION", ["inspection"], "inspector", "inspection_hv", {"returns_to": "completion"}),
    ("connection", "CONNECTION", ["metering", "energisation"], "fitter", "metering_hv", {}),
    ("archive", "ARCHIVING", ["archive"], "archivist", "archive", {}),
)

CAST = {
    "clerk": ("37010201", "intake", ["intake"]),
    "surveyor": ("37010201", "surveyor", ["survey_hv"]),
    "planner": ("37010201", "planner", ["scheme_hv", "contract"]),
    "reviewer": ("37010201", "reviewer", ["design_review"]),
    "inspector": ("37010201", "inspector", ["inspection_hv", "survey_hv"]),
    "fitter": ("37010201", "fitter", ["metering_hv"]),
    "archivist": ("37010201", "archivist", ["archive"]),
    "supervisor": ("370102", "supervisor", []),
    "neighbour": ("37010202", "surveyor", ["survey_hv"]),
    "stranger": ("37020101", "surveyor", ["survey_hv"]),
}


class PlainSubject:
    """What a case is about, as thin as can be: its state is the case's stage."""

    def __init__(self, case: Case, **matching: Any) -> None:
        self.case = case
        self.state: str = case.stage
        self.known = {**MATCHING, **matching}
        self.learns: dict[str, Any] = {}

    def reload(self) -> None:
        self.case = Case.objects.select_related("office").get(pk=self.case.pk)
        self.state = self.case.stage

    def matching(self) -> dict[str, Any]:
        return dict(self.known)

    def facts(self) -> Mapping[str, Any]:
        return {"echo": "today", "has_route": True}

    def take_step(self, step: str, target: str) -> None:
        self.state = target

    def keep(self, changed: Sequence[str]) -> None:
        """Nothing of its own to save."""


@dataclass
class World:
    """Who and what there is."""

    county: Office
    station: Office
    version: RouteVersion
    people: dict[str, User] = field(default_factory=dict)

    def __getattr__(self, name: str) -> User:
        try:
            return self.__dict__["people"][name]
        except KeyError:
            raise AttributeError(name) from None

    def case(self, *, occurred_at: dt.datetime | None = None, **fields: Any) -> PlainSubject:
        """A case just begun by a contact, with its contact row."""
        channel = Channel.objects.get(code="hall")
        with open_case(by=self.clerk) as opening:
            case = Case(
                contact_no=f"L{Case.objects.count()}{timezone.now():%H%M%S%f}", office=self.station, **fields
            )
            event = opening.begin(
                case,
                "contact.registered",
                stage=Stage.CONTACT,
                matching=MATCHING,
                occurred_at=occurred_at,
                data={"purpose": "connection"},
            )
            Contact.objects.create(
                case=case,
                number=event.number,
                person=PersonData.objects.create(name="王小明"),
                channel=channel,
                office=self.station,
                occurred_at=occurred_at or event.recorded_at,
                recorded_at=event.recorded_at,
                receipt_code=event.leaf[:26],
            )
        return PlainSubject(case)

    def submitted(self, **fields: Any) -> PlainSubject:
        """A case whose route has begun: the intake task is open."""
        subject = self.case(route_version=self.version, **fields)
        self.do(subject, "start_application", "clerk")
        self.do(subject, "submit", "clerk")
        return subject

    def do(self, subject: PlainSubject, name: str, who: str, **given: Any) -> Any:
        """One act by one of the cast; `learns` are matching values the act's fact makes known."""
        learns = given.pop("learns", {})
        with act(subject, name, by=self.people[who], **given) as a:
            subject.known |= learns
        return a.done

    def act(self, subject: PlainSubject, name: str, who: str, **given: Any) -> Any:
        """The door itself, for tests that add to the act."""
        return act(subject, name, by=self.people[who], **given)

    def let_in(self, name: str, subject: PlainSubject) -> None:
        """A customer whose case it is joins the cast."""
        user = User.objects.create_customer("13900000001")
        CaseAccess.objects.create(case=subject.case, user=user, role="applicant", from_at=timezone.now())
        self.people[name] = user

    def walk(self, subject: PlainSubject, *acts: tuple[str, str]) -> PlainSubject:
        for name, who in acts:
            self.do(subject, name, who)
        return subject


TO_SURVEY = (("accept", "clerk"),)
TO_SCHEME = (*TO_SURVEY, ("record_survey", "surveyor"))
TO_AGREEMENT = (*TO_SCHEME, ("draft_scheme", "planner"), ("reply_scheme", "planner"))
TO_CONTRACT = (*TO_AGREEMENT, ("agree_scheme", "clerk"))
TO_WORKS = (*TO_CONTRACT, ("issue_contract", "planner"))
TO_INSPECTION = (*TO_WORKS, ("notify_completion", "clerk"), ("review_design", "reviewer"))
TO_CONNECTION = (*TO_INSPECTION, ("record_inspection", "inspector"))


def build_world() -> World:
    """Everything, written to the test's database. The seeded rules step back: a test says itself which limits there are."""
    Limit.objects.update(status="draft")
    LadderStep.objects.update(in_force=False)
    SeparationRule.objects.update(in_force=False)
    county = Office.objects.create(
        code="370102", name_zh="历城", name_en="Licheng", kind="county", is_catch_all=True
    )
    station = Office.objects.create(
        code="37010201", name_zh="柳埠所", name_en="Liubu", kind="station", parent=county
    )
    Office.objects.create(
        code="37010202", name_zh="仲宫所", name_en="Zhonggong", kind="station", parent=county
    )
    Office.objects.create(code="37020101", name_zh="外县所", name_en="Elsewhere", kind="station")
    Channel.objects.get_or_create(
        code="hall", defaults={"name_zh": "营业厅", "name_en": "Hall", "staffed": True}
    )
    Profile.objects.get_or_create(
        is_ours=True,
        defaults={
            "code": "t",
            "name_zh": "测试",
            "name_en": "Test",
            "utility": "sgcc",
            "region": "sd",
            "app_zh": "a",
            "mini_program_zh": "m",
        },
    )
    CalendarYear.objects.get_or_create(
        year=2026, version=1, defaults={"days_off": [dt.date(2026, 10, 1), dt.date(2026, 10, 2)], "days_on": [dt.date(2026, 9, 27)],
                                        "official": True, **SOURCE},
    )  # fmt: skip
    for code, evidence, second in (
        ("awaiting_documents", True, False),
        ("customer_request", True, True),
        ("idle", False, False),
    ):
        PauseReason.objects.get_or_create(
            code=code,
            defaults={
                "name_zh": code,
                "name_en": code,
                "needs_evidence": evidence,
                "needs_second_person": second,
                **SOURCE,
            },
        )
    world = World(county, station, _route())
    _people(world)
    return world


def limit(code: str, **fields: Any) -> Limit:
    """A limit row; what is not said is a legal limit of five working days."""
    words = {
        "kind": "legal", "scope": "stage", "days": 5, "day_type": "working", "regime": "test", "effective_from": dt.date(2000, 1, 1),
        "status": "in_force", "origin": "law", "name_zh": code, "name_en": code, "pause_reasons": ["awaiting_documents", "idle"], **SOURCE,
    }  # fmt: skip
    return Limit.objects.create(code=code, **(words | fields))


def separation(fact: str, other: str) -> SeparationRule:
    return SeparationRule.objects.create(
        fact=fact, other_fact=other, conditions={"supply_class": ["hv_single"]}, **SOURCE
    )


def _route() -> RouteVersion:
    route = Route.objects.create(
        code="t", name_zh="测试", name_en="Test", business_type="new_supply", supply_class="hv_single"
    )
    version = RouteVersion.objects.create(
        route=route, number=1, name_zh="一", name_en="one", status="published", **SOURCE
    )
    for order, (code, stage, facts, role, competence, more) in enumerate(NODES):
        Node.objects.create(
            version=version, code=code, order=order, facts=facts, role=role, competence=competence, opens_with=stage, name_zh=code,
            name_en=code, **({"needed_for": stage} | more),
        )  # fmt: skip
    return version


def _people(world: World) -> None:
    today = timezone.localdate()
    for name, (office, role, competences) in CAST.items():
        user = User.objects.create_user(name, display_name=name)
        Post.objects.create(
            user=user,
            office=Office.objects.get(code=office),
            role=role,
            from_date=today - dt.timedelta(days=400),
        )
        for code in competences:
            competence, _new = Competence.objects.get_or_create(
                code=code, defaults={"name_zh": code, "name_en": code, "needed_at": "county"}
            )
            Certificate.objects.create(
                holder=user, competence=competence, number=f"{code}-{name}", issued_date=today - dt.timedelta(days=300),
                valid_until=today + dt.timedelta(days=300),
            )  # fmt: skip
        world.people[name] = user


def shift(interval: str) -> None:
    """Let this session's ledger clock run ahead or behind; only a test or demo database allows it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('tongdian.shift', %s, false)", [interval])


def open_tasks(subject: PlainSubject) -> set[tuple[str, int]]:
    return set(Task.objects.filter(case=subject.case, outcome="").values_list("node_code", "round"))


def stage(subject: PlainSubject) -> str:
    return Case.objects.values_list("stage", flat=True).get(pk=subject.case.pk)
