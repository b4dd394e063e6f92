"""高压双电源: one objection, two rounds of mending, and two sources that go live days apart; the clock stops at the last."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from applications.demo.clock import travelled_to
from applications.models import Scheme, TariffCategory
from staff.demo import Cast
from tests.applications.categories import filed, play
from tests.applications.papers import HV_SURVEY
from tests.applications.walked import PHONES, Walk
from tests.journeys.test_high_voltage import FIRM
from tests.journeys.test_threads import days_ago
from tests.journeys.town import Person, Town, stage_of
from workflow.models import Deadline, Event

pytestmark = [pytest.mark.browser, pytest.mark.long]

SCHEME = {
    "capacity": "400", "substation": "城东变", "line": "纬三线", "nature": "main", "mode": "hv_hv", "phase": "3",
    "ct_ratio": "40/5", "pt_ratio": "10000/100", "meter_class": "0.5S", "ownership_boundary": "开关站出线间隔", "utility_pays": "外线至产权分界点",
    "customer_pays": "受电工程",
}  # fmt: skip
SECOND = {
    "nature__2": "standby", "substation__2": "城西变", "line__2": "经七线", "source_capacity__2": "400", "mode__2": "hv_hv", "phase__2": "3",
    "ct_ratio__2": "40/5", "pt_ratio__2": "10000/100", "meter_class__2": "0.5S", "source__2": "2",
}  # fmt: skip
METER = {"seals": "F200", "phase": "3", "ct_ratio": "40/5", "pt_ratio": "10000/100", "first_reading": "1.5"}
CABLE = {
    "side": "grid",
    "kind": "cable",
    "extent": "10 千伏电缆 240 米",
    "payer": "utility",
    "boundary": "外线至产权分界点",
}


def resumed(application, cast: Cast) -> Walk:
    """Go on with a case filed elsewhere."""
    walk = Walk.__new__(Walk)
    walk.application, walk.cast, walk.customer = application, cast, cast["hengtai"]
    return walk


def surveyed(cast: Cast) -> Walk:
    """Filed three weeks ago, surveyed the day after: a line of ours has to be built."""
    with travelled_to(days_ago(21)):
        walk = resumed(filed(cast, "new_supply.hv_dual", usage="industrial"), cast)
        play(walk.application, cast, until="SURVEY")
    with travelled_to(days_ago(20)):
        survey = HV_SURVEY | {"approved_capacity": "400", "important_grade": "", "external_line": "yes"}
        walk.do("record_survey", "jinhao", **survey)
    return walk


def agrees_on_two_sources(town: Town, walk: Walk, me: Person) -> None:
    """One source is no dual supply; a second one is added on the page; the customer objects once."""
    case, planner, approver = walk.application.case, town.officer("sunjie"), town.officer("zhaoqiang")
    planner.go(f"/cases/{case.pk}/act/draft_scheme/").fill("main form", **SCHEME).send("main form")
    planner.sees("至少需要 2 路电源").shot("01-one-source")
    for group in ("source", "point"):
        planner.page.locator(f'button[name="more"][value="{group}"]').click()
        planner.page.locator(f'[name="{"line" if group == "source" else "mode"}__2"]').wait_for()
    tariff = TariffCategory.objects.get(code="industrial").pk
    planner.fill("main form", source_capacity="400", **SECOND, tariff__2=tariff).shot("02-two-sources")
    planner.send("main form")
    assert Scheme.objects.get().sources.count() == 2, planner.words()
    approver.act(case, "countersign", opinion="同意")
    planner.act(case, "reply_scheme", method="online")
    me.follows(case, "纬三线", "经七线").shot("03-my-scheme")
    me.do(case, "object_to_scheme", text="备用电源希望改由纬五线供电")
    planner.go(f"/cases/{case.pk}/act/draft_scheme/").shot("04-objection")
    planner.act(case, "draft_scheme", line__2="纬五线", answer="备用电源已改由纬五线供电")
    approver.act(case, "countersign", opinion="同意")
    planner.act(case, "reply_scheme", method="online")
    me.follows(case, "纬五线", "备用电源已改由纬五线供电").do(case, "agree_scheme").shot("05-agreed")


def builds(town: Town, walk: Walk) -> None:
    """Contract, charges, design; the first source's works are finished, the second one's take longer."""
    play(walk.application, walk.cast, until="WORKS")
    walk.do("sign_contract", walk.customer)
    walk.do("add_works", "sunjie", **CABLE, source_number="1", project_no="WBS-26-1")
    walk.do("add_works", "sunjie", **CABLE, source_number="2", project_no="WBS-26-2")
    walk.do("finish_works", "sunjie", item=walk.application.worksitems.get(number=1).pk)


def mends_twice(town: Town, walk: Walk, me: Person) -> None:
    """Two rounds: what was not mended is named again."""
    case, inspector, today = walk.application.case, town.officer("luwei"), timezone.localdate()
    done = {"finished_date": today, **FIRM}
    me.do(case, "notify_completion", **done)
    for number, defects in enumerate(("接地线截面不足\n母线标识缺失", "母线标识缺失"), 1):
        inspector.act(
            case, "require_rectification", defects=defects, due_date=today + dt.timedelta(days=14)
        ).shot(f"06-to-mend-{number}")
        me.follows(case, "母线标识缺失").shot(f"07-i-mend-{number}")
        me.do(case, "request_reinspection", mended="均已整改", **done)
    inspector.act(case, "record_inspection", items="接地\n标识\n备自投").shot("08-passed")


def goes_live_twice(town: Town, walk: Walk, me: Person) -> None:
    """The first source goes live today, the second when its line is there; only then the clock stops."""
    case, fitter = walk.application.case, town.officer("qinfeng")
    for asset in ("370100202611", "370100202612"):
        fitter.act(case, "record_metering", asset_no=asset, **METER)
    fitter.act(case, "energise_source", reading="1.5").shot("09-first-live")
    assert stage_of(case) == "CONNECTION"
    clocks = Deadline.objects.filter(case=case, limit__stop_each=True, started_at__isnull=False)
    assert clocks.exists()
    assert not clocks.filter(stopped_at__isnull=False).exists()
    me.follows(case).shot("10-one-live")
    fitter.go(f"/cases/{case.pk}/act/energise_source/").fill("main form", reading="1.5").send("main form")
    fitter.sees("还没有完工").shot("11-line-is-missing")
    with travelled_to(timezone.now() + dt.timedelta(days=6)):
        walk.do(
            "finish_works",
            "sunjie",
            item=walk.application.worksitems.get(number=2).pk,
            finished_date=timezone.localdate(),
        )
        walk.do("energise_source", "qinfeng", reading="1.5")
    last = walk.event("source.energised")
    assert set(clocks.values_list("stopped_at", flat=True)) == {last.recorded_at}
    me.follows(case, "已经通电").shot("12-both-live")
    fitter.go(f"/cases/{case.pk}/").shot("13-record")


def test_dual_source(town: Town, cast: Cast) -> None:
    walk = surveyed(cast)
    case, me = walk.application.case, town.customer()
    me.go("/signin/").signs_in_by_code(PHONES["hengtai"])
    agrees_on_two_sources(town, walk, me)
    builds(town, walk)
    mends_twice(town, walk, me)
    goes_live_twice(town, walk, me)
    kinds = list(Event.objects.filter(stream=case.stream).values_list("kind", flat=True))
    counted = [kinds.count(k) for k in ("scheme.objected", "rectification.required", "source.energised")]
    assert counted == [1, 2, 2]
