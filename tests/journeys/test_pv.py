"""分布式光伏 of a household: applied for on the phone, what the grid can take in looked up first, bought by us, filed by us."""

from __future__ import annotations

import pytest
from django.utils import timezone

from staff.demo import Cast
from tests.applications.categories import play
from tests.applications.walked import LOW_SCHEME, SURVEYED
from tests.journeys.test_high_voltage import FIRM
from tests.journeys.test_residential import ID_NUMBER
from tests.journeys.town import Town, case_events, the_application
from workflow.models import Event

pytestmark = [pytest.mark.browser, pytest.mark.long]

PHONE = "13800000101"


def test_pv(town: Town, cast: Cast) -> None:
    me = town.customer()
    me.go("/apply/new_supply.pv_natural/").signs_in_by_code(PHONE).press("开始")
    me.fill(address="海棠村 7 号", title_kind="village", owner_is_applicant="yes", office="37010201").press(
        "继续"
    )
    me.fill(by_agent="no").press("继续")
    me.fill(name="张海棠", id_number=ID_NUMBER).press("继续")
    me.fill(export="surplus", roof="own").shot("01-plant").press("继续")
    me.fill(capacity="12 kWp").press("继续")
    me.shot("02-papers").press("继续")
    me.sees("12 kWp", "自发自用").fill(answer="today").shot("03-check").send("main form")
    me.shot("04-receipt")
    application = the_application()
    case = application.case
    play(application, cast, until="SURVEY")

    planner = town.officer("lijianguo")
    planner.act(case, "record_survey", **SURVEYED | {"approved_capacity": "12", "customer_works": "yes"})
    planner.go(f"/cases/{case.pk}/").shot("05-surveyed")
    known = case_events(case)
    scheme = LOW_SCHEME | {"capacity": "12"}
    planner.go(f"/cases/{case.pk}/act/draft_scheme/").fill("main form", **scheme).send("main form")
    planner.sees("消纳").shot("06-first-look")
    assert case_events(case) == known
    planner.act(case, "assess_hosting", open_kwp="60", result="fits").shot("07-fits")
    planner.act(case, "draft_scheme", **scheme)
    planner.act(case, "reply_scheme", method="online")
    me.follows(case, "您的供电方案").shot("08-scheme")
    me.do(case, "agree_scheme")
    play(application, cast, until="WORKS")
    me.follows(case, "购售电").shot("09-contract")
    me.do(case, "notify_completion", finished_date=timezone.localdate(), **FIRM)
    me.follows(case, "并网").shot("10-inspection")
    play(application, cast, until="ARCHIVING")
    me.follows(case).shot("11-on-grid")
    town.officer("wangmin").act(
        case, "record_filing", number="2026-370102-77", filed_date=timezone.localdate()
    ).shot("12-filed")
    play(application, cast)
    application.reload()
    assert (application.contracts.get().kind, application.capacity_unit) == ("pv", "kWp")
    kinds = list(Event.objects.filter(stream=case.stream).order_by("number").values_list("kind", flat=True))
    assert kinds.index("hosting.assessed") < kinds.index("scheme.drafted")
    me.follows(case).shot("13-archived")
