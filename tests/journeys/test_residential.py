"""A resident on a phone, from the first page to lights on: each step the bureau takes is seen on the customer's page."""

import pytest

from tests.journeys.town import ALL, Town, photo, stage_of, the_application
from workflow.models import Event

pytestmark = pytest.mark.browser

PHONE = "13800000101"
ID_NUMBER = "11010519491231002X"
SURVEY = {
    "can_supply": "yes", "external_line": "no", "customer_works": "no", "transformer_area": "海棠 3 号台区", "pole": "12 号杆",
    "distance_m": "35", "photos": "4", "approved_capacity": "8",
}  # fmt: skip
SCHEME = {
    "capacity": "8", "transformer_area": "海棠 3 号台区", "ownership_boundary": "表箱出线端", "utility_pays": "下户线、表箱、电能表",
}  # fmt: skip


def applies(town: Town, folder) -> None:
    """Home → list of papers → sign in by code → step by step → check → send → receipt."""
    me = town.customer()
    me.go("/").shot("01-home")
    me.lands(me.page.locator("ul.choices a").first)
    for question in me.page.locator("main fieldset").all():
        question.locator("input").first.check()
    me.press("看我的清单").sees("身份证").shot("02-checklist")
    me.press("现在申请").shot("03-signin").signs_in_by_code(PHONE)
    me.shot("04-steps").press("开始")
    me.fill(
        address="海棠路 18 号 2 单元 301", title_kind="deed", owner_is_applicant="yes", office="37010201"
    ).shot("05-place").press("继续")
    me.fill(by_agent="no").press("继续")
    me.fill(name="张海棠", id_number="110105194912310021").press("继续")
    me.sees("有一位不对").shot("06-slip")
    assert me.page.locator('[name="name"]').input_value() == "张海棠"
    me.fill(id_number=ID_NUMBER).press("继续")
    me.fill(usage="residential", capacity="8 kW").press("继续")
    me.shot("07-papers")
    me.lands(me.page.locator('a[href$="/papers/identity/"]')).fill(consent=True, sheets=photo(folder)).shot(
        "08-upload"
    ).press("上传")
    me.sees("1 个文件").press("继续")
    me.sees("张海棠", "海棠路 18 号").fill(answer="today").shot("09-check").send("main form")
    me.shot("10-receipt").sees("首次联系回执", "住宅")


def test_residential(town, tmp_path):
    applies(town, tmp_path)
    me, application = town.customer(), the_application()
    case = application.case
    me.press("办到哪一步了")
    me.sees("供电公司正在审核您的材料").shot("11-track")

    clerk = town.officer("wangmin")
    clerk.go("/desk/").shot("12-desk").sees("海棠路 18 号")
    clerk.lands(clerk.page.locator(f'a[href="/cases/{case.pk}/"]').first).shot("13-case").sees(
        "客户表示今天首次提出用电", "本网站"
    )
    clerk.act(case, "accept").shot("14-accepted")
    me.follows(case, "已受理，供电公司正在办理下一步").shot("15-accepted")
    clerk.act(case, "issue_contract", method="online")
    me.follows(case, "等您办理", "供用电合同").do(case, "sign_contract").shot("16-signed")

    fitter = town.officer("hewei", {"width": 390, "height": 844})
    fitter.go("/desk/").shot("17-fitter-desk")
    fitter.act(case, "record_survey", **SURVEY).shot("18-surveyed")
    me.follows(case, "供电公司正在装表接电").shot("19-surveyed")
    fitter.act(case, "draft_scheme", **SCHEME)
    fitter.act(
        case, "record_metering", asset_no="3701 0020 2611", seals="F100234\nF100235", first_reading="0"
    )
    fitter.act(case, "energise_source", reading="0.5").shot("20-energised")
    me.follows(case, "已经通电").shot("21-lights-on")
    town.officer("guoqin").act(case, "archive", present=ALL, location="一号柜 3 层").shot("22-archived")
    me.follows(case, "已经通电").sees_not("撤回申请").shot("23-archived")
    assert stage_of(case) == "ARCHIVED"
    kinds = list(Event.objects.filter(stream=case.stream).order_by("number").values_list("kind", flat=True))
    assert (kinds[0], kinds[-1]) == ("contact.registered", "case.archived")
