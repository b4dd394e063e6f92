"""Several of one kind: departments asked beside each other, sources energised one after another, conditions by size."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.workflow.world import TO_CONNECTION, TO_SCHEME, limit, open_tasks, stage
from workflow.actions import fact_label
from workflow.deadlines import applies
from workflow.models import Deadline, Node, SeparationRule, Task
from workflow.transitions import Refused, Stale

DEPARTMENTS = ("planning", "dispatch")


@pytest.fixture
def departments(world):
    """Two departments look at every scheme, beside each other; each needs its own post."""
    world.version.nodes.filter(code="scheme").update(facts=["scheme"], order=20)
    for place, name in enumerate(DEPARTMENTS, 30):
        Node.objects.create(
            version=world.version, code=f"countersign_{name}", order=place, facts=[f"countersignature:{name}"], name_zh=name,
            name_en=name, role="reviewer" if name == "planning" else "inspector", opens_with="SCHEME", needed_for="SCHEME",
            parallel_group="countersign", returns_to="scheme",
        )  # fmt: skip
    world.version.nodes.filter(code="agree").update(order=50)
    return world


def drafted(world):
    return world.walk(world.submitted(), *TO_SCHEME, ("draft_scheme", "planner"))


def test_departments_are_asked_beside_each_other_and_each_answers_for_itself(departments):
    subject = drafted(departments)
    assert open_tasks(subject) == {("countersign_planning", 1), ("countersign_dispatch", 1)}
    departments.do(subject, "countersign", "inspector")
    assert open_tasks(subject) == {("countersign_planning", 1)}
    task = Task.objects.get(case=subject.case, node_code="countersign_dispatch")
    assert list(task.facts) == ["countersignature:dispatch"]
    departments.do(subject, "countersign", "reviewer")
    assert open_tasks(subject) == {("agree", 1)}


def test_nobody_answers_for_another_department(departments):
    subject = drafted(departments)
    planning = Task.objects.get(case=subject.case, node_code="countersign_planning")
    with pytest.raises(Refused):
        departments.do(subject, "countersign", "inspector", task=planning.pk)
    departments.do(subject, "countersign", "reviewer", task=planning.pk)
    assert open_tasks(subject) == {("countersign_dispatch", 1)}
    with pytest.raises(Refused):
        departments.do(subject, "countersign", "reviewer")


def test_a_form_for_a_task_that_is_closed_does_not_answer_for_the_next(departments):
    departments.version.nodes.filter(code="countersign_dispatch").update(role="reviewer")
    subject = drafted(departments)
    planning = Task.objects.get(case=subject.case, node_code="countersign_planning")
    departments.do(subject, "countersign", "reviewer", task=planning.pk, version=planning.version)
    with pytest.raises(Stale):
        departments.do(subject, "countersign", "reviewer", task=planning.pk, version=planning.version)
    assert open_tasks(subject) == {("countersign_dispatch", 1)}


def test_one_return_asks_everybody_anew(departments):
    subject = drafted(departments)
    departments.do(subject, "countersign", "inspector")
    departments.do(subject, "return_scheme", "reviewer")
    assert open_tasks(subject) == {("scheme", 2)}
    departments.do(subject, "draft_scheme", "planner")
    assert open_tasks(subject) == {("countersign_planning", 2), ("countersign_dispatch", 2)}


def test_a_return_takes_the_question_back_from_whoever_has_not_answered(departments):
    subject = drafted(departments)
    departments.do(subject, "return_scheme", "reviewer")
    other = Task.objects.get(case=subject.case, node_code="countersign_dispatch")
    assert (other.outcome, other.current) == ("superseded", False)
    assert open_tasks(subject) == {("scheme", 2)}


def test_separation_keeps_a_person_from_every_departments_share(departments):
    departments.version.nodes.filter(code="countersign_dispatch").update(role="surveyor")
    departments.version.nodes.filter(code="countersign_planning").update(role="surveyor")
    rule = {"fact": "survey", "other_fact": "countersignature", "conditions": {}, "source": "t", "grade": "X"}
    SeparationRule.objects.create(**rule)
    subject = drafted(departments)
    with pytest.raises(Refused, match="职责分离"):
        departments.do(subject, "countersign", "surveyor")


def test_a_share_is_called_by_its_kind_where_it_has_no_word_of_its_own():
    assert fact_label("countersignature:somewhere") == fact_label("countersignature")


def test_several_sources_are_one_fact_that_stands_with_the_last(world):
    limit("connection", start_kinds=["inspection.recorded"], stop_kinds=["source.energised"], stop_each=True)
    subject = world.walk(
        world.submitted(), *TO_CONNECTION, ("sign_contract", "clerk"), ("record_metering", "fitter")
    )
    with world.act(subject, "energise_source", "fitter") as a:
        a.data["last"] = False
        a.incomplete = True
    clock = Deadline.objects.get(case=subject.case, limit__code="connection")
    task = Task.objects.get(case=subject.case, node_code="connection")
    assert (stage(subject), clock.running, list(task.facts)) == ("CONNECTION", True, ["metering"])
    assert task.taken_at is not None
    with world.act(subject, "energise_source", "fitter", version=task.version) as a:
        a.data["last"] = True
    clock.refresh_from_db()
    assert (stage(subject), clock.running) == ("ARCHIVING", False)


@pytest.mark.parametrize(
    ("capacity", "bounds", "holds"),
    [
        ("2000", [">=2000"], True), ("1999.9", [">=2000"], False), ("1999.9", ["<2000"], True), ("2000", ["<2000"], False),
        ("5", [">=100", "<10"], True), (None, ["<2000"], False), (None, ["<2000", None], True),
    ],
)  # fmt: skip
def test_a_condition_may_name_a_bound(capacity, bounds, holds):
    size = None if capacity is None else Decimal(capacity)
    assert applies({"capacity": bounds}, {"capacity": size}) is holds
