"""The rules a database starts with: loaded once, never over an edited row, sourced, and fit for the engine."""

from collections.abc import Iterable
from itertools import product
from typing import Any

import pytest

from staff.models import Competence, Office
from staff.policies import Role
from workflow import actions
from workflow.deadlines import most_specific
from workflow.models import (
    ROUTE_STAGES,
    CalendarYear,
    Channel,
    Clause,
    EventPayload,
    Limit,
    Node,
    PauseReason,
    Profile,
    Route,
    RouteVersion,
    SeparationRule,
)
from workflow.path import DONE, holding, kind_of, may_leave, next_stage, to_open
from workflow.selectors.rules import version_for
from workflow.services.route_seeds import route_seeds
from workflow.services.seeds import load

pytestmark = pytest.mark.django_db

SOURCED = (Limit, Clause, PauseReason, RouteVersion, SeparationRule, CalendarYear)
FIELDS = {
    "business_type",
    "supply_class",
    "three_zero",
    "customer_works",
    "external_line",
    "grid_works",
    "fees_due",
    "important",
    "estate",
    "voltage",
    "capacity",
    "paper",
}


@pytest.fixture(autouse=True)
def _seeds(db: None) -> None:
    """Each test stands on the database's own seeds: loaded once, with the template."""


def in_force(matching: dict[str, Any], kind: str) -> dict[str, int | None]:
    ours = Profile.objects.get(is_ours=True)
    limits = Limit.objects.filter(
        status="in_force", kind=kind, utility__in=["", ours.utility], region__in=["", ours.region]
    )
    return {
        limit.code: limit.days for limit in most_specific(limits, {"business_type": "new_supply"} | matching)
    }


def test_loading_again_adds_nothing() -> None:
    before = {model: list(model.objects.values()) for model in (*SOURCED, Node, Channel, Profile, Route)}
    assert load().total() == 0
    assert {model: list(model.objects.values()) for model in before} == before


def test_an_edited_row_is_never_overwritten() -> None:
    Clause.objects.filter(code="opinion_2025").update(text_zh="已按原文核对")
    PauseReason.objects.filter(code="customer_request").update(in_force=False)
    Profile.objects.filter(is_ours=True).update(is_ours=False)
    Profile.objects.filter(code="csg").update(is_ours=True)
    version = RouteVersion.objects.get(route__code="hv_single", number=2)
    RouteVersion.objects.filter(route=version.route).update(for_new_cases=False)
    RouteVersion.objects.filter(route=version.route, number=1).update(for_new_cases=True)
    assert load().total() == 0
    assert Clause.objects.get(code="opinion_2025").text_zh == "已按原文核对"
    assert not PauseReason.objects.get(code="customer_request").in_force
    assert Profile.objects.get(is_ours=True).code == "csg"
    assert version.route.versions.get(for_new_cases=True).number == 1


def test_an_upgrade_adds_what_is_new_beside_what_is_there() -> None:
    CalendarYear.objects.filter(year=2026).delete()
    edited = CalendarYear.objects.create(year=2026, version=1, official=False, source="暂按", grade="X")
    limit = Limit.objects.filter(code="connection", kind="legal").first()
    assert limit is not None
    Limit.objects.filter(pk=limit.pk).update(version=3, days=1)
    Limit.objects.filter(code="node_archive").delete()
    added = load()
    assert (added["calendaryear"], added["limit"]) == (1, 1)
    assert CalendarYear.objects.get(pk=edited.pk).official is False
    assert CalendarYear.objects.get(year=2026, version=2).official is True
    assert Limit.objects.get(pk=limit.pk).days == 1


def test_a_channel_gets_the_catch_all_office_once_there_is_one() -> None:
    assert Channel.objects.filter(catch_all_office=None).count() == 6
    office = Office.objects.create(
        code="370102", kind="county", name_zh="临川县", name_en="Linchuan", is_catch_all=True
    )
    load()
    assert set(Channel.objects.values_list("catch_all_office", flat=True)) == {office.pk}


@pytest.mark.parametrize("model", SOURCED)
def test_every_row_names_its_source_and_grade(model: Any) -> None:
    rows = list(model.objects.all())
    assert rows
    assert [row for row in rows if not row.source.strip() or row.grade not in set("ABCDUX")] == []


def test_nothing_unverified_is_in_force() -> None:
    assert not Limit.objects.filter(status="in_force", grade__in=["C", "D", "U"]).exists()
    assert not Limit.objects.filter(status="in_force", days=None).exclude(code="first_contact").exists()
    assert not Clause.objects.filter(grade="U").exclude(number="").exists()
    foreign = Limit.objects.filter(status="in_force").exclude(utility__in=["", "sgcc"])
    assert not foreign.exists()
    assert not Limit.objects.filter(status="in_force").exclude(region="").exists()


def test_the_calendar_is_sealed_year_by_year() -> None:
    years = list(CalendarYear.objects.values_list("year", "official"))
    assert years == [*((year, True) for year in range(2004, 2027)), (2027, False)]
    said = EventPayload.objects.get(stream="calendar:2026").data
    assert said["on"] == ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]
    assert "2027" not in "".join(said["off"])


@pytest.mark.parametrize(
    ("matching", "legal", "promised"),
    [
        (
            {"supply_class": "residential"},
            {"scheme_reply": 3, "connection": 3},
            {"scheme_reply": 3, "connection": 3, "total": 15},
        ),
        (
            {"supply_class": "residential", "external_line": False},
            {"scheme_reply": 3, "connection": 3},
            {"scheme_reply": 3, "connection": 3, "total": 5},
        ),
        (
            {"supply_class": "lv_other", "three_zero": True, "customer_works": False, "external_line": True},
            {"scheme_reply": 8, "design_review": 8, "mid_inspection": 3, "inspection": 5, "connection": 5},
            {"scheme_reply": 7, "connection": 5, "total": 15},
        ),
        (
            {"supply_class": "hv_single", "important": True},
            {"scheme_reply": 20, "design_review": 20, "mid_inspection": 5, "inspection": 7, "connection": 7},
            {"scheme_reply": 15, "connection": 5},
        ),
        (
            {"supply_class": "hv_dual"},
            {"scheme_reply": 45, "design_review": 20, "mid_inspection": 5, "inspection": 7, "connection": 7},
            {"scheme_reply": 30, "connection": 5},
        ),
        ({"supply_class": "hv_multi"}, {}, {}),
        ({"supply_class": "pv_natural"}, {}, {"scheme_reply": 20, "inspection": 10}),
        ({"supply_class": "pv_other"}, {}, {}),
        (
            {"supply_class": "charging_private", "external_line": False},
            {"scheme_reply": 8, "connection": 5},
            {"total": 5},
        ),
        (
            {"supply_class": "charging_station", "voltage": "10"},
            {"scheme_reply": 20, "design_review": 20, "mid_inspection": 5, "inspection": 7, "connection": 7},
            {},
        ),
        (
            {"supply_class": "charging_station", "voltage": "0.4"},
            {"scheme_reply": 8, "design_review": 8, "mid_inspection": 3, "inspection": 5, "connection": 5},
            {"total": 15},
        ),
        (
            {"business_type": "capacity_increase", "supply_class": "residential"},
            {"scheme_reply": 3, "connection": 3},
            {"scheme_reply": 3, "connection": 3, "total": 15},
        ),
        ({"business_type": "temporary", "supply_class": "lv_other"}, {}, {}),
        ({"business_type": "rename", "supply_class": "residential"}, {}, {}),
        ({"business_type": "transfer", "supply_class": "hv_single"}, {}, {}),
        ({"business_type": "meter_move", "supply_class": "lv_other"}, {}, {}),
    ],
)
def test_what_a_case_of_ours_is_measured_by(
    matching: dict[str, Any], legal: dict[str, int], promised: dict[str, int]
) -> None:
    assert in_force(matching, "legal") == legal
    assert in_force(matching, "promise") == promised


@pytest.mark.parametrize(
    ("matching", "own"),
    [
        ({"supply_class": "hv_multi"}, {"scheme_reply": 45, "inspection": 7, "connection": 7}),
        ({"supply_class": "pv_natural"}, {"connection": 5}),
        ({"supply_class": "pv_other"}, {"scheme_reply": 20, "inspection": 10, "connection": 5}),
        (
            {"business_type": "temporary", "supply_class": "hv_single"},
            {"scheme_reply": 20, "inspection": 7, "connection": 7},
        ),
        ({"business_type": "rename", "supply_class": "lv_other"}, {"change": 3}),
        ({"business_type": "transfer", "supply_class": "residential"}, {"change": 3}),
        ({"business_type": "meter_move", "supply_class": "residential"}, {"connection": 5}),
        ({"business_type": "capacity_decrease", "supply_class": "lv_other"}, {"connection": 5}),
    ],
)
def test_where_no_figure_could_be_read_our_own_rule_reminds_us(
    matching: dict[str, Any], own: dict[str, int]
) -> None:
    said = in_force(matching, "internal")
    stages = {"scheme_reply", "inspection", "connection", "change"}
    assert {code: days for code, days in said.items() if code in stages} == own


def test_connection_starts_with_what_comes_before_it() -> None:
    def starts(**matching: Any) -> list[str]:
        limits = Limit.objects.filter(code="connection", kind="legal", status="in_force")
        return most_specific(limits, {"business_type": "new_supply"} | matching)[0].start_kinds

    assert starts(supply_class="hv_single") == ["inspection.recorded", "contract.signed"]
    assert starts(supply_class="lv_other", customer_works=True) == ["inspection.recorded", "contract.signed"]
    assert starts(supply_class="lv_other", customer_works=None) == ["scheme.replied", "contract.signed"]
    assert starts(supply_class="residential") == ["scheme.drafted", "contract.signed"]


def test_limits_listen_to_events_that_can_occur_and_pause_for_listed_reasons() -> None:
    known = actions.all_event_kinds()
    reasons = set(PauseReason.objects.values_list("code", flat=True))
    for limit in Limit.objects.all():
        heard = {kind for slot in [*limit.start_kinds, *limit.stop_kinds] for kind in slot.split("|")}
        assert heard <= known, limit.code
        assert set(limit.pause_reasons) <= reasons, limit.code
        assert set(limit.conditions) <= FIELDS, limit.code


def test_own_time_of_a_node_names_a_node_that_exists() -> None:
    nodes = set(Node.objects.filter(doer="officer").values_list("code", flat=True))
    timed = set(Limit.objects.filter(scope="node").values_list("node", flat=True))
    assert timed <= nodes


ROUTES = [(seed["route"]["code"], seed["version"]["number"]) for seed in route_seeds()]


@pytest.mark.parametrize("version", ROUTES)
def test_nodes_are_well_formed(version: tuple[str, int]) -> None:
    nodes = list(Node.objects.filter(version__route__code=version[0], version__number=version[1]))
    competences = set(Competence.objects.values_list("code", flat=True))
    codes = {node.code for node in nodes}
    for node in nodes:
        assert {kind_of(fact) for fact in node.facts} <= {action.fact for action in actions.all_actions()}, (
            node.code
        )
        assert set(node.conditions) <= FIELDS, node.code
        assert node.returns_to in codes | {""}, node.code
        assert ROUTE_STAGES.index(node.opens_with) <= ROUTE_STAGES.index(node.needed_for), node.code
        if node.doer == "officer":
            assert node.role in set(Role), node.code
            assert node.competence in competences, node.code
        else:
            assert not node.role
            assert not node.competence


def published_steps(code: str, number: int) -> int:
    return Node.objects.filter(version__route__code=code, version__number=number, promise_count=True).count()


def test_steps_of_the_published_lists() -> None:
    assert [published_steps(code, 1) for code in ("residential", "lv_other", "hv_single")] == [6, 7, 10]
    assert [published_steps(code, 2) for code in ("residential", "lv_other", "hv_single")] == [2, 3, 4]


def walk(nodes: Iterable[Node], matching: dict[str, Any]) -> tuple[list[str], list[str]]:
    """Stages passed and facts in the order they can be recorded, every open node done at once."""
    here = holding(nodes, matching)
    standing: dict[str, str] = {}
    stages, facts, stage = ["INTAKE"], [], "INTAKE"
    while stage != "ARCHIVED":
        ready = to_open(here, standing, stage)
        for node in ready:
            standing[node.code] = DONE
            facts += node.facts
        if not ready:
            assert may_leave(here, standing, stage), f"stuck in {stage}"
            stage = next_stage(here, stage)
            stages.append(stage)
    return stages, facts


ANSWERS = {
    "three_zero": (True, False, None),
    "customer_works": (True, False),
    "important": (True, False),
    "estate": (True, False),
}


CONNECTS = {"survey", "scheme", "contract", "signature", "metering", "energisation", "archive"}
PASSES = {
    "rename": {"change_consent", "contract", "signature", "archive"},
    "transfer": {"change_consent", "handover", "contract", "signature", "archive"},
    "meter_move_lv": {"survey", "metering", "energisation", "archive"},
    "meter_move_hv": {"survey", "metering", "energisation", "archive"},
    "capacity_decrease_lv": CONNECTS - {"scheme"},
    "capacity_decrease_hv": (CONNECTS - {"scheme"}) | {"inspection"},
    "temporary_lv_other": CONNECTS | {"removal"},
    "temporary_hv": CONNECTS | {"removal"},
    "pv_natural": CONNECTS | {"hosting", "inspection", "filing"},
    "pv_other": CONNECTS | {"hosting", "inspection", "filing"},
}
"""What a category's route comes by, whatever the answers; the others are connected like a new supply."""


@pytest.mark.parametrize(("code", "number"), ROUTES)
def test_every_case_comes_to_its_end_with_each_fact_once(code: str, number: int) -> None:
    nodes = list(Node.objects.filter(version__route__code=code, version__number=number))
    for values in product(*ANSWERS.values()):
        matching = dict(zip(ANSWERS, values, strict=True))
        stages, facts = walk(nodes, matching)
        assert stages[-2:] == ["ARCHIVING", "ARCHIVED"], matching
        assert len(facts) == len(set(facts)), matching
        assert "acceptance" in facts[:2]
        assert facts[-1] == "archive"
        assert PASSES.get(code, CONNECTS) <= {kind_of(fact) for fact in facts}
        if "signature" in facts:
            last = "energisation" if "energisation" in facts else "archive"
            assert facts.index("contract") < facts.index("signature") < facts.index(last)


def test_the_merged_routes() -> None:
    def passed(code: str, **matching: Any) -> tuple[list[str], list[str]]:
        return walk(Node.objects.filter(version__route__code=code, version__for_new_cases=True), matching)

    assert passed("residential")[0] == ["INTAKE", "CONNECTION", "ARCHIVING", "ARCHIVED"]
    three_zero = passed("lv_other", three_zero=True, customer_works=False)
    assert three_zero[0] == ["INTAKE", "SURVEY", "CONNECTION", "ARCHIVING", "ARCHIVED"]
    assert "agreement" not in three_zero[1]
    assert "agreement" in passed("lv_other", three_zero=None, customer_works=False)[1]
    ordinary = passed("hv_single", important=False, estate=False)[1]
    assert not {"design", "design_review", "mid_request", "mid_inspection"} & set(ordinary)
    for kind in (
        {"important": True, "estate": True},
        {"important": True, "estate": False},
        {"important": False, "estate": True},
    ):
        assert {"design", "design_review", "mid_request", "mid_inspection"} <= set(
            passed("hv_single", **kind)[1]
        )


@pytest.mark.parametrize(
    ("business_type", "supply_class", "code"),
    [
        ("new_supply", "hv_dual", "hv_dual"),
        ("capacity_increase", "hv_dual", "capacity_increase_hv"),
        ("capacity_increase", "residential", "capacity_increase_residential"),
        ("capacity_decrease", "hv_single", "capacity_decrease_hv"),
        ("capacity_decrease", "lv_other", "capacity_decrease_lv"),
        ("rename", "hv_single", "rename"),
        ("temporary", "hv_single", "temporary_hv"),
    ],
)
def test_the_most_specific_route_wins(business_type: str, supply_class: str, code: str) -> None:
    version = version_for(business_type, supply_class)
    assert version is not None
    assert version.route.code == code


def test_a_kind_nobody_can_apply_for_has_no_route() -> None:
    assert version_for("temporary", "residential") is None
    assert version_for("nonsense", "hv_single") is None


def test_separation_is_for_high_voltage_alone() -> None:
    pairs = {frozenset((rule.fact, rule.other_fact)) for rule in SeparationRule.objects.all()}
    assert pairs == {
        frozenset(pair)
        for pair in (
            ("acceptance", "archive"),
            ("survey", "countersignature"),
            ("survey", "inspection"),
            ("mid_inspection", "archive"),
            ("design_review", "archive"),
        )
    }
    assert all(
        rule.conditions == {"supply_class": ["hv_single", "hv_dual", "hv_multi"]}
        for rule in SeparationRule.objects.all()
    )
