"""A factory's supply, from the agent's phone to lights on: returned, objected to, mended once, and every answer on the record."""

import datetime as dt

import pytest
from django.utils import timezone

from tests.journeys.town import ALL, Person, Town, stage_of, the_application
from workflow.models import Case, Event

pytestmark = pytest.mark.browser

PHONE = "13800000202"
CREDIT_CODE = "91110000600037341L"
SURVEY = {
    "can_supply": "yes", "external_line": "no", "customer_works": "yes", "important_grade": "second", "substation": "城东变", "line": "纬三线",
    "distance_m": "240", "photos": "6", "approved_capacity": "630",
}  # fmt: skip
SCHEME = {
    "voltage": "10", "capacity": "630", "substation": "城东变", "line": "纬三线", "mode": "hv_hv", "phase": "3", "ct_ratio": "40/5",
    "pt_ratio": "10000/100", "meter_class": "0.5S", "ownership_boundary": "T 接点电源侧", "utility_pays": "公共线路", "customer_pays": "受电工程",
}  # fmt: skip
FIRM = {"constructor": "恒信安装公司", "licence_no": "4-3-00123-2024"}


def applies(town: Town) -> None:
    """The firm's agent, with the unified social credit code; a slip in it is said at the field."""
    me = town.customer("agent")
    me.go("/apply/new_supply.hv_single/").signs_in_by_code(PHONE).press("开始")
    me.fill(
        address="开发区纬三路 12 号", title_kind="deed", owner_is_applicant="yes", office="37010203"
    ).press("继续")
    me.fill(by_agent="yes").press("继续")
    me.fill(name="临川恒泰五金厂", id_number="911100006000373410", agent_name="马立新").press("继续")
    me.sees("统一社会信用代码").shot("01-slip")
    assert me.page.locator('[name="name"]').input_value() == "临川恒泰五金厂"
    me.fill(id_number=CREDIT_CODE).press("继续")
    me.fill(usage="industrial", capacity="630 kVA").press("继续")
    me.press("继续").fill(answer="today").shot("02-check").send("main form")
    me.shot("03-receipt").sees("工厂、大用户")


def agrees_on_a_scheme(town: Town, case: Case, me: Person) -> None:
    """Countersigning returns it once, the customer objects once: three versions."""
    planner, approver = town.officer("sunjie"), town.officer("zhaoqiang")
    planner.act(case, "draft_scheme", **SCHEME).shot("06-drafted")
    approver.act(case, "return_scheme", opinion="电流互感器变比偏小").shot("07-returned")
    planner.act(case, "draft_scheme", **SCHEME | {"ct_ratio": "50/5"})
    approver.act(case, "countersign", opinion="同意")
    planner.act(case, "reply_scheme", method="online")
    me.follows(case, "您的供电方案", "50/5").shot("08-scheme")
    me.do(case, "object_to_scheme", text="希望改由纬五线供电").shot("09-objected")
    planner.act(case, "draft_scheme", **SCHEME | {"ct_ratio": "50/5", "line": "纬五线"})
    approver.act(case, "countersign")
    planner.act(case, "reply_scheme", method="online")
    me.follows(case, "纬五线").do(case, "agree_scheme").shot("10-agreed")


def builds(town: Town, case: Case, me: Person) -> None:
    """Contract and charges; design, mid-construction inspection; completion, defects mended, inspected again."""
    planner, inspector = town.officer("sunjie"), town.officer("luwei")
    planner.act(case, "issue_contract", method="online")
    planner.act(case, "determine_fees", charges="none").shot("11-fees")
    me.follows(case).do(case, "sign_contract").shot("12-signed")
    me.do(case, "submit_design", designer="临川设计院", licence_no="A137000123").shot("13-design")
    inspector.act(case, "review_design").shot("14-reviewed")
    today, later = timezone.localdate(), timezone.localdate() + dt.timedelta(days=14)
    me.do(case, "request_mid_inspection", parts="接地网、电缆沟", ready_date=today)
    inspector.act(case, "record_mid_inspection", passed="yes", items="接地电阻\n电缆敷设")
    me.do(case, "notify_completion", finished_date=today, **FIRM)
    inspector.act(
        case, "require_rectification", defects="1. 接地线截面不足\n2. 标识缺失", due_date=later
    ).shot("15-defects")
    me.follows(case, "请按检验意见整改", "接地线截面不足").shot("16-to-mend")
    me.do(case, "request_reinspection", mended="1、2 均已整改", finished_date=today, **FIRM)
    inspector.act(case, "record_inspection", items="接地\n标识").shot("17-inspected")


def test_high_voltage(town):
    applies(town)
    me, case = town.customer("agent"), the_application().case
    clerk = town.officer("songyan")
    clerk.go(f"/cases/{case.pk}/").sees("临川恒泰五金厂").shot("04-case")
    clerk.act(case, "accept")
    town.officer("jinhao").act(case, "record_survey", **SURVEY).shot("05-surveyed")
    me.follows(case, "正在制定供电方案")
    agrees_on_a_scheme(town, case, me)
    builds(town, case, me)
    fitter = town.officer("qinfeng")
    fitter.act(
        case,
        "record_metering",
        asset_no="3701 0020 2699",
        seals="F200",
        phase="3",
        ct_ratio="50/5",
        pt_ratio="10000/100",
        first_reading="1.5",
    )
    fitter.act(case, "energise_source", reading="1.5").shot("18-energised")
    me.follows(case, "已经通电").shot("19-lights-on")
    town.officer("heyan").act(case, "archive", present=ALL, location="高压一号柜").shot("20-archived")
    assert stage_of(case) == "ARCHIVED"
    kinds = list(Event.objects.filter(stream=case.stream).values_list("kind", flat=True))
    assert (
        kinds.count("scheme.drafted"),
        kinds.count("scheme.returned"),
        kinds.count("scheme.objected"),
    ) == (3, 1, 1)
    assert (kinds.count("rectification.required"), kinds.count("reinspection.requested")) == (1, 1)
    town.officer("chenli").go(f"/cases/{case.pk}/").shot("21-record")
