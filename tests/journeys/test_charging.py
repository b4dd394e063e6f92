"""A pile in one's own parking space, applied for on the phone: the property manager's consent is asked for, photographed, checked; one visit."""

from __future__ import annotations

from pathlib import Path

import pytest

from staff.demo import Cast
from tests.applications.categories import play
from tests.journeys.test_residential import ID_NUMBER
from tests.journeys.town import Town, photo, the_application
from workflow.models import Event

pytestmark = pytest.mark.browser

PHONE = "13800000101"
PILE = {"pile_kw": "7", "current": "ac", "space": "leased", "space_no": "B2-7", "estate_consent": "given"}


def test_charging(town: Town, cast: Cast, tmp_path: Path) -> None:
    me = town.customer()
    me.go("/apply/new_supply.charging_private/").signs_in_by_code(PHONE).press("开始")
    me.fill(
        address="海棠花园 3 号楼地下二层", title_kind="deed", owner_is_applicant="yes", office="37010201"
    ).press("继续")
    me.fill(by_agent="no").press("继续")
    me.fill(name="张海棠", id_number=ID_NUMBER).press("继续")
    me.shot("01-pile").fill(**PILE).press("继续")
    me.fill(capacity="3").press("继续")
    me.sees("单桩功率").shot("02-slip")
    me.fill(capacity="7 kW").press("继续")
    me.sees("物业").shot("03-papers")
    me.lands(me.page.locator('a[href$="/papers/estate_consent/"]')).shot("04-consent").fill(
        sheets=photo(tmp_path, "consent.jpg")
    ).press("上传")
    me.sees("1 个文件").press("继续")
    me.sees("B2-7").fill(answer="today").shot("05-check").send("main form")
    application = the_application()
    case = application.case

    clerk = town.officer("wangmin")
    clerk.go(f"/cases/{case.pk}/").sees("B2-7", "物业").shot("06-case")
    clerk.go(f"/cases/{case.pk}/papers/").sees("物业").shot("07-papers-beside")
    clerk.act(case, "accept")
    me.follows(case).shot("08-accepted")
    play(application, cast, until="ARCHIVING")
    me.follows(case, "已经通电").shot("09-live")
    kinds = list(Event.objects.filter(stream=case.stream).values_list("kind", flat=True))
    assert kinds.count("document.received") == 1
    assert kinds.count("survey.recorded") == kinds.count("source.energised") == 1
