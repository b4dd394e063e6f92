"""The way along a route: whatever the route, every case can reach its end, and nothing opens before its turn."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflow.world import (
    TO_AGREEMENT,
    TO_CONNECTION,
    TO_CONTRACT,
    TO_INSPECTION,
    TO_SCHEME,
    TO_WORKS,
    open_tasks,
    stage,
)
from workflow.models import ROUTE_STAGES, Stage, Task
from workflow.path import DONE, OPEN, behind, first_stage, holding, may_leave, next_stage, position, to_open
from workflow.transitions import Refused


@dataclass(frozen=True)
class Step:
    code: str
    order: int
    opens_with: str
    needed_for: str
    parallel_group: str = ""
    conditions: dict = field(default_factory=dict)


@st.composite
def routes(draw):
    """Any route: stages left out, nodes needed later, parallel groups."""
    stages = draw(st.lists(st.sampled_from(range(len(ROUTE_STAGES))), min_size=1, max_size=10))
    nodes = []
    for order, place in enumerate(stages):
        needed = draw(st.integers(place, len(ROUTE_STAGES) - 1) | st.just(place))
        group = draw(st.sampled_from(["", "", "a", "b"]))
        nodes.append(Step(f"n{order}", order, ROUTE_STAGES[place], ROUTE_STAGES[needed], group))
    return nodes


def advance(nodes, standing, stage):
    """What the engine does after each task: open what has its turn, leave as many stages as are done."""
    while stage in ROUTE_STAGES:
        for node in to_open(nodes, standing, stage):
            standing[node.code] = OPEN
        if any(n.opens_with == stage and n.code not in standing for n in nodes) or not may_leave(
            nodes, standing, stage
        ):
            break
        stage = next_stage(nodes, stage, standing)
    return stage


@given(routes(), st.randoms(use_true_random=False))
def test_every_route_reaches_its_end_in_any_order_of_work(nodes, chance):
    standing, stage, seen = {}, first_stage(nodes), []
    stage = advance(nodes, standing, stage)
    for _turn in range(len(nodes)):
        assert stage != Stage.ARCHIVED
        waiting = [code for code, how in standing.items() if how == OPEN]
        assert waiting, "nothing is open and the case has not ended: it would starve"
        standing[chance.choice(sorted(waiting))] = DONE
        seen.append(stage)
        stage = advance(nodes, standing, stage)
    assert stage == Stage.ARCHIVED
    assert set(standing) == {node.code for node in nodes}
    assert [ROUTE_STAGES.index(s) for s in seen] == sorted(ROUTE_STAGES.index(s) for s in seen)


@given(routes(), st.randoms(use_true_random=False))
def test_nothing_opens_before_what_its_stage_needs_before_it(nodes, chance):
    standing, stage = {}, first_stage(nodes)
    for _turn in range(2 * len(nodes)):
        stage = advance(nodes, standing, stage)
        for node in nodes:
            if node.code in standing:
                before = [
                    n for n in nodes
                    if n.opens_with == node.opens_with == n.needed_for and n.order < node.order
                    and not (n.parallel_group and n.parallel_group == node.parallel_group)
                ]  # fmt: skip
                assert all(standing.get(n.code) == DONE for n in before)
        waiting = sorted(code for code, how in standing.items() if how == OPEN)
        if waiting:
            standing[chance.choice(waiting)] = DONE


@given(routes(), st.data())
def test_what_lies_behind_is_later_and_never_the_node_itself(nodes, data):
    target = data.draw(st.sampled_from(nodes))
    stale = behind(nodes, target)
    assert target.code not in stale
    for node in nodes:
        beside = (
            node.opens_with == target.opens_with
            and target.parallel_group
            and node.parallel_group == target.parallel_group
        )
        assert (node.code in stale) == (position(node) > position(target) and not beside)


def test_unknown_value_holds_no_condition():
    node = Step("n", 0, "WORKS", "WORKS", conditions={"external_line": [True]})
    assert holding([node], {}) == []
    assert holding([node], {"external_line": None}) == []
    assert holding([node], {"external_line": True}) == [node]


# --- the same, with a real case -----------------------------------------------------------------------------------


def test_walk_to_the_archive(world):
    subject = world.walk(
        world.submitted(),
        *TO_CONNECTION,
        ("sign_contract", "clerk"),
        ("record_metering", "fitter"),
        ("energise_source", "fitter"),
    )
    assert stage(subject) == "ARCHIVING"
    world.do(subject, "archive", "archivist")
    assert stage(subject) == "ARCHIVED"
    assert not open_tasks(subject)
    assert set(Task.objects.filter(case=subject.case).values_list("outcome", flat=True)) == {"done"}


def test_signature_runs_beside_until_it_is_needed(world):
    subject = world.walk(world.submitted(), *TO_CONTRACT)
    assert open_tasks(subject) == {("contract", 1)}
    world.do(subject, "issue_contract", "planner")
    assert stage(subject) == "WORKS"
    assert open_tasks(subject) == {("sign", 1), ("completion", 1), ("design", 1)}


def test_merged_task_is_done_when_both_its_facts_stand(world):
    subject = world.walk(world.submitted(), *TO_SCHEME, ("draft_scheme", "planner"))
    assert open_tasks(subject) == {("scheme", 1)}
    world.do(subject, "reply_scheme", "planner")
    assert open_tasks(subject) == {("agree", 1)}


def test_objection_opens_the_scheme_anew_and_what_follows_when_reached(world):
    subject = world.walk(world.submitted(), *TO_AGREEMENT, ("object_to_scheme", "clerk"))
    assert (stage(subject), open_tasks(subject)) == ("SCHEME", {("scheme", 2)})
    world.walk(subject, ("draft_scheme", "planner"), ("reply_scheme", "planner"))
    assert open_tasks(subject) == {("agree", 2)}
    world.do(subject, "agree_scheme", "clerk")
    assert stage(subject) == "CONTRACT"


def test_rectification_goes_back_a_stage_and_leaves_parallel_work_done(world):
    subject = world.walk(world.submitted(), *TO_INSPECTION, ("require_rectification", "inspector"))
    assert (stage(subject), open_tasks(subject)) == ("WORKS", {("completion", 2), ("sign", 1)})
    world.do(subject, "request_reinspection", "clerk")
    assert (stage(subject), open_tasks(subject)) == ("INSPECTION", {("inspection", 2), ("sign", 1)})


def test_form_shown_in_an_earlier_round_is_stale_in_the_next(world):
    subject = world.walk(world.submitted(), *TO_INSPECTION)
    shown = Task.objects.get(case=subject.case, node_code="inspection").version
    world.walk(subject, ("require_rectification", "inspector"), ("request_reinspection", "clerk"))
    assert Task.objects.get(case=subject.case, node_code="inspection", round=2).version > shown


def test_revision_after_the_scheme_stage_goes_back_to_it(world):
    subject = world.walk(world.submitted(), *TO_CONTRACT, ("revise_scheme", "planner"))
    assert (stage(subject), open_tasks(subject)) == ("SCHEME", {("scheme", 2)})
    world.walk(subject, ("draft_scheme", "planner"), ("reply_scheme", "planner"), ("agree_scheme", "clerk"))
    assert (stage(subject), open_tasks(subject)) == ("CONTRACT", {("contract", 2)})


def test_supervisor_returns_the_case_to_a_node_it_has_reached(world):
    subject = world.walk(world.submitted(), *TO_WORKS)
    with pytest.raises(Refused):
        world.do(subject, "return_to_node", "supervisor", data={"node": "archive"})
    with world.act(subject, "return_to_node", "supervisor", data={"node": "survey"}) as a:
        a.return_to = "survey"
    assert (stage(subject), open_tasks(subject)) == ("SURVEY", {("survey", 2)})
    world.do(subject, "record_survey", "surveyor")
    assert open_tasks(subject) == {("scheme", 2)}


@pytest.mark.parametrize("leave", ["withdraw", "terminate"])
def test_reopened_case_goes_on_where_it_ended(world, leave):
    subject = world.walk(world.submitted(), *TO_WORKS, ("notify_completion", "clerk"))
    world.do(subject, leave, "clerk" if leave == "withdraw" else "supervisor")
    assert not open_tasks(subject)
    world.do(subject, "reopen", "supervisor")
    assert (stage(subject), open_tasks(subject)) == ("WORKS", {("design", 2), ("sign", 2)})


def test_empty_stage_is_skipped(world):
    world.version.nodes.filter(
        code__in=["survey", "contract", "sign", "completion", "design", "inspection"]
    ).delete()
    subject = world.walk(world.submitted(), ("accept", "clerk"))
    assert stage(subject) == "SCHEME"
    world.walk(subject, ("draft_scheme", "planner"), ("reply_scheme", "planner"), ("agree_scheme", "clerk"))
    assert stage(subject) == "CONNECTION"


def test_customers_own_doing_is_not_for_officers_without_the_counter(world):
    subject = world.walk(world.submitted(), *TO_AGREEMENT)
    with pytest.raises(Refused, match="只能由客户本人"):
        world.do(subject, "agree_scheme", "surveyor")
