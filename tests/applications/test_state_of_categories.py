"""No dead end in any category: from every state somebody who exists can go on, or a way out is open (property test)."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, run_state_machine_as_test

from applications.categories import BY_CODE, CATEGORIES
from applications.services import filing
from tests.applications.categories import CREDIT_CODE, ID_NUMBER, capacity_for
from tests.applications.moves import OF_CATEGORIES
from tests.applications.test_state_machine import CLASSES, REACHED_OTHERWISE, CaseMachine, powers, walk
from tests.applications.walked import PHONES, bureau
from workflow.models import Stage

OTHERS = [category.code for category in CATEGORIES if category.code not in CLASSES]
SOME = (
    "new_supply.pv_natural",
    "new_supply.pv_other",
    "temporary.lv_other",
    "transfer.residential",
    "new_supply.hv_dual",
)


class CategoryMachine(CaseMachine):
    """The same machine on a case of another category."""

    @initialize(code=st.sampled_from(OTHERS), filed=st.sampled_from([True, True, True, False]))
    def somebody_asks(self, code: str, filed: bool) -> None:
        self.customer = "hengtai"
        self.begin(code, capacity_for(BY_CODE[code]), filed)

    def _who(self) -> filing.Particulars:
        organisation = BY_CODE[self.code].applicant == "organisation"
        return filing.Particulars(
            name="恒泰五金厂" if organisation else "张海棠", phone=PHONES[self.customer], address="海棠路 1 号",
            kind="organisation" if organisation else "person", id_kind="uscc" if organisation else "ric",
            id_number=CREDIT_CODE if organisation else ID_NUMBER,
        )  # fmt: skip


def play(codes: Any, examples: int, steps: int, *, fixed: bool) -> type[CategoryMachine]:
    """Walk these categories to their end, then let the machine do as it likes."""
    powers.cache_clear()

    class Played(CategoryMachine):
        cast = bureau()
        reached: ClassVar[set[str]] = set()
        done: ClassVar[set[str]] = set()
        refused: ClassVar[set[str]] = set()

    for code in codes:
        detours = ["renew_temporary"] if code.startswith("temporary") else []
        walk(Played(), code, detours)
    chosen = settings(
        max_examples=examples, stateful_step_count=steps, derandomize=fixed, deadline=None, database=None,
        suppress_health_check=list(HealthCheck), phases=[Phase.generate], report_multiple_bugs=False,
    )  # fmt: skip
    run_state_machine_as_test(Played, settings=chosen)
    return Played


@pytest.mark.django_db
def test_other_categories_have_no_dead_end():
    played = play(SOME, 6, 15, fixed=True)
    assert played.done >= set(OF_CATEGORIES)
    assert Stage.ARCHIVED in played.reached


@pytest.mark.long
@pytest.mark.django_db
def test_every_category_a_thousand_times():
    played = play(OTHERS, 1000, 40, fixed=False)
    assert played.done >= set(OF_CATEGORIES)
    assert played.reached == set(Stage) - REACHED_OTHERWISE
