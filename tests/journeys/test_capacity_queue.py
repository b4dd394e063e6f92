"""容量受限: a transformer area is full, two shops wait by their first contact, a release serves the head, who is supplied."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import timezone

from applications.demo.clock import travelled_to
from applications.models import CapacityAsset
from tests.applications.categories import play
from tests.applications.walked import EAST, LOW_SCHEME, PHONES, SURVEYED, Walk
from tests.journeys.test_threads import days_ago
from tests.journeys.town import Town, case_events
from workflow.models import Event

pytestmark = pytest.mark.browser

SCHEME = LOW_SCHEME | {"capacity": "30", "phase": "3"}


def shop(cast, customer: str, begun: float) -> Walk:
    """A shop of 30 kW, surveyed, that first came so many days ago."""
    with travelled_to(days_ago(begun)):
        walk = Walk(
            cast, "lv_other", customer=customer, three_zero=False, capacity=30, usage="commercial"
        ).accepted()
    with travelled_to(days_ago(begun - 1)):
        walk.do("record_survey", "lijianguo", **SURVEYED | {"approved_capacity": "30"})
    return walk


def figures(town: Town, folder: Path) -> CapacityAsset:
    """The supervisor brings the month's figures in; a slip is said with its row."""
    sheet = folder / "figures.csv"
    header = "类型,编号,名称,供电单位编码,可开放容量,单位,截至日期,来源\n"
    row = f"台区,TQ-0003,海棠 3 号台区,{EAST},{{}},kVA,{timezone.localdate()},调度月度清单\n"
    supervisor = town.officer("chenli")
    sheet.write_text(header + row.format("五"))
    supervisor.go("/desk/capacity/import/").fill(sheet=str(sheet)).shot("01-import").send("main form")
    supervisor.sees("未做任何改动", "“五”不是数字").shot("02-slip")
    sheet.write_text(header + row.format("5"))
    supervisor.fill(sheet=str(sheet)).send("main form")
    supervisor.sees("海棠 3 号台区").shot("03-assets")
    return CapacityAsset.objects.get()


def waits(town: Town, walk: Walk, asset: CapacityAsset) -> None:
    case, planner = walk.application.case, town.officer("lijianguo")
    planner.act(case, "check_capacity", asset=asset.pk)
    planner.act(case, "queue_for_capacity")


def test_capacity_queue(town: Town, cast, tmp_path: Path) -> None:
    later, earlier = shop(cast, "zhanghaitang", 6), shop(cast, "hengtai", 9)
    asset, head = figures(town, tmp_path), earlier.application.case
    planner, supervisor = town.officer("lijianguo"), town.officer("chenli")
    planner.go(f"/cases/{head.pk}/act/check_capacity/").shot("04-look")
    waits(town, later, asset)
    waits(town, earlier, asset)
    planner.go(f"/cases/{head.pk}/").sees("第 1 位", "不足").shot("05-queued")

    known = case_events(head)
    planner.go(f"/cases/{head.pk}/act/draft_scheme/").fill("main form", **SCHEME, asset=asset.pk).send(
        "main form"
    )
    planner.shot("06-no-scheme")
    assert case_events(head) == known

    me, stranger = town.customer(), town.customer("stranger")
    me.go("/signin/").signs_in_by_code(PHONES["hengtai"])
    me.follows(head, "第 1 位").shot("07-my-place")
    stranger.go("/capacity/").sees("海棠 3 号台区", "30 kVA").sees_not("张海棠", head.application_no).shot(
        "08-public"
    )

    supervisor.go(f"/desk/capacity/{asset.pk}/").shot("09-asset")
    supervisor.go(f"/cases/{later.application.case_id}/act/release_capacity/").fill(
        "main form", amount="50", reason="台区增容"
    ).send("main form")
    supervisor.shot("10-not-his-turn")
    assert not Event.objects.filter(kind="capacity.released").exists()
    supervisor.act(head, "release_capacity", amount="50", reason="台区增容 WBS-2026-18").shot("11-released")
    me.follows(head).sees_not("第 1 位").shot("12-no-longer-waiting")
    planner.act(head, "draft_scheme", **SCHEME, asset=asset.pk).shot("13-drafted")
    planner.go(f"/desk/capacity/{asset.pk}/").shot("14-asset")

    play(earlier.application, cast, until="ARCHIVING")
    me.follows(head, "已经通电").shot("15-served")
    town.officer("lijianguo").go(f"/cases/{later.application.case_id}/").sees("第 1 位")
    assert earlier.said("capacity.released")["waited"] == 2
