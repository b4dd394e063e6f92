"""A customer who changes his mind: withdrawn on the phone, taken up again at the counter with its chain and its time, and served."""

from __future__ import annotations

import pytest

from applications.demo.clock import travelled_to
from staff.demo import Cast
from tests.applications.categories import play
from tests.applications.walked import PHONES, SURVEYED, Walk
from tests.journeys.test_threads import days_ago
from tests.journeys.town import Town, stage_of
from workflow.models import Deadline, Event

pytestmark = pytest.mark.browser


def test_withdrawal(town: Town, cast: Cast) -> None:
    with travelled_to(days_ago(4)):
        walk = Walk(cast, "lv_other", three_zero=False, capacity=60, usage="commercial").accepted()
    with travelled_to(days_ago(3)):
        walk.do("record_survey", "lijianguo", **SURVEYED | {"approved_capacity": "60"})
    case = walk.application.case
    began = Deadline.objects.get(case=case, limit__code="first_contact").started_at
    me = town.customer()
    me.go("/signin/").signs_in_by_code(PHONES["zhanghaitang"])
    me.follows(case, "撤回申请").press("撤回申请").shot("01-withdrawing")
    me.send("main form")
    assert stage_of(case) == "SCHEME", "without a reason nothing is withdrawn"
    me.shot("02-reason-asked")
    me.fill("main form", reason="no_longer_wanted").send("main form")
    assert stage_of(case) == "WITHDRAWN"
    me.follows(case, "已撤回").shot("03-withdrawn")
    assert me.page.locator('a[href$="/do/withdraw/"]').count() == 0

    clerk = town.officer("wangmin")
    clerk.go(f"/cases/{case.pk}/").shot("04-case-withdrawn")
    assert clerk.page.locator("ol.wire li.done").count() == 2, "how far it came stays visible"
    clerk.act(case, "reopen", note="客户来电：店面仍要开，请继续办理").shot("05-reopened")
    assert stage_of(case) == "SCHEME"
    me.follows(case, "正在制定供电方案", "现场勘查").shot("06-goes-on")
    clock = Deadline.objects.filter(case=case, limit__code="first_contact").latest("round")
    assert (clock.started_at, clock.running) == (began, True), (
        "the chain's time goes on from the first contact"
    )

    play(walk.application, cast)
    me.follows(case, "已经通电").shot("07-served")
    assert me.page.locator("ol.vwire li:not(.done)").count() == 0
    numbers = list(Event.objects.filter(stream=case.stream).order_by("number").values_list("number", "kind"))
    assert [number for number, _kind in numbers] == list(range(1, len(numbers) + 1))
    assert [kind for _number, kind in numbers].count("case.reopened") == 1
    town.officer("chenli").go(f"/cases/{case.pk}/").sees("不再需要").shot("08-record")
