"""The counter's page and the customer's steps ask what a category needs, say what is wrong, and keep what was typed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from applications.categories import BY_CODE, CATEGORIES, ROUGH
from applications.forms.steps import steps_of
from applications.models import Application
from tests.applications.categories import CREDIT_CODE, ID_NUMBER
from tests.applications.customers import applied, signed_in, text
from tests.applications.walked import EAST, shared_bureau
from workflow.models import Case, Contact
from workflow.services.contacts import FirstContact, register_contact

pytestmark = pytest.mark.django_db
CODES = [category.code for category in CATEGORIES]


@pytest.fixture(scope="module")
def office(django_db_setup, django_db_blocker):
    """People and rules, loaded once a module in a transaction around its tests, whose own are savepoints in it."""
    with shared_bureau(django_db_blocker) as people:
        yield people


@pytest.fixture
def cast(office, db):
    return office


def day(ahead: int) -> str:
    return (timezone.localdate() + dt.timedelta(days=ahead)).isoformat()


def answers(code: str) -> dict[str, str]:
    """Right answers to everything a category may ask, beyond who and where."""
    category = BY_CODE[code]
    before = {"capacity_increase": "40", "capacity_decrease": "800"}.get(category.business_type, "100")
    low = category.supply_class == "lv_other"
    return {
        "export": "surplus", "roof": "shared", "filing_no": "", "voltage": "0.4" if low else "10", "piles": "2", "pile_kw": "7 kW", "current": "ac",
        "estate_consent": "given", "space": "leased", "space_no": "B2-7", "protection": "IP54", "purpose": "site", "from_date": day(0),
        "until_date": day(90), "account_no": "3702 0012 3456", "previous_capacity": before, "change_reason": "other", "former_kind": "person",
        "former_name": "李四", "former_id_number": ID_NUMBER, "former_phone": "", "wish": "移到一层表箱", "previous_voltage": "35",
        "usage": "commercial", "capacity": "400" if category.supply_class.startswith("hv") else "60", "wanted_by_date": "",
    }  # fmt: skip


# --- at the counter ----------------------------------------------------------------------------------------------


def begun(cast: Any, code: str = "") -> Case:
    first = FirstContact(
        channel="hall", phone="13900000031", need="用电", place="海棠路 9 号", category=code, office_code=EAST
    )
    return register_contact(first, by=cast["wangmin"]).case


def filled_in(code: str, **changes: str) -> dict[str, str]:
    organisation = BY_CODE[code].applicant == "organisation"
    usual = {
        "category": code, "shown": code, "kind": "person", "name": "恒泰五金厂" if organisation else "王五", "address": "海棠路 9 号",
        "id_number": CREDIT_CODE if organisation else ID_NUMBER, "phone": "13900000031", "title_kind": "deed",
    }  # fmt: skip
    return answers(code) | usual | changes


def post(cast: Any, case: Case, data: dict[str, str]) -> Any:
    return signed_in(cast["wangmin"]).post(f"/cases/{case.pk}/apply/", data)


@pytest.mark.parametrize("code", CODES)
def test_every_category_is_filed_at_the_counter(cast, code):
    case = begun(cast, code)
    response = post(cast, case, filled_in(code))
    assert response.status_code == 302, text(response)
    application = Application.objects.get(case=case)
    assert (application.category, application.state) == (code, "INTAKE")
    if BY_CODE[code].sections[:1] == ("account",):
        assert application.change.account_no == "370200123456"


def test_the_counters_page_asks_what_the_category_needs(cast):
    client, case = signed_in(cast["wangmin"]), begun(cast, "transfer.residential")
    page = text(client.get(f"/cases/{case.pk}/apply/"))
    assert 'name="former_id_number"' in page
    assert 'name="account_no"' in page
    for other in ('name="capacity"', 'name="piles"', 'name="usage"', 'name="kind"'):
        assert other not in page


def test_another_category_shows_its_fields_first_and_keeps_what_was_typed(cast):
    case = begun(cast)
    response = post(cast, case, filled_in("temporary.lv_other", shown="new_supply.residential", name="王五"))
    page = text(response)
    assert response.status_code == 200
    assert 'name="until_date"' in page
    assert 'value="王五"' in page
    assert not Application.objects.filter(case=case).exists()


@pytest.mark.parametrize(
    ("code", "changes", "sentence"),
    [
        ("temporary.lv_other", {"until_date": ""}, "请选择日期"),
        ("temporary.lv_other", {"until_date": day(400)}, "六个月"),
        ("temporary.lv_other", {"from_date": day(30), "until_date": day(20)}, "到期日要在开始日之后"),
        ("temporary.lv_other", {"from_date": day(-90), "until_date": day(-2)}, "这一天已经过去"),
        ("capacity_increase.lv_other", {"capacity": "30"}, "大于现有的 40"),
        ("capacity_increase.lv_other", {"account_no": "A12"}, "户号只有数字"),
        ("capacity_increase.lv_other", {"previous_capacity": ""}, "请填写"),
        ("capacity_decrease.lv_other", {"capacity": "900"}, "小于现有的 800"),
        ("transfer.residential", {"former_name": ""}, "请填写"),
        ("transfer.residential", {"former_id_number": "110105194912310021"}, "有一位不对"),
        ("transfer.residential", {"former_kind": "organisation"}, "信用代码"),
        ("new_supply.charging_private", {"capacity": "3"}, "单桩功率"),
        ("new_supply.charging_private", {"piles": "0"}, "1"),
        ("new_supply.charging_private", {"estate_consent": ""}, "请"),
        ("new_supply.pv_other", {"export": "sell"}, "列表里没有"),
        ("new_supply.pv_other", {"id_number": ID_NUMBER}, "信用代码"),
        ("voltage_change.hv_single", {"previous_voltage": "10"}, "现在的电压"),
        ("meter_move.residential", {"wish": ""}, "请填写"),
    ],
)
def test_a_slip_at_the_counter_gets_its_sentence(cast, code, changes, sentence):
    case = begun(cast, code)
    response = post(cast, case, filled_in(code, **changes))
    assert response.status_code == 422
    assert sentence in text(response)
    assert not Application.objects.filter(case=case).exists()


# --- online ------------------------------------------------------------------------------------------------------


def steps(code: str) -> dict[str, dict[str, str]]:
    """A customer's answers, by step."""
    category = BY_CODE[code]
    organisation = category.applicant == "organisation"
    who = {"by_agent": "no", "kind": "person"}
    person = {"name": "张海棠", "id_number": ID_NUMBER}
    firm = {"name": "恒泰五金厂", "id_number": CREDIT_CODE, "agent_name": "马立新"}
    place = {"address": "海棠路 18 号", "title_kind": "deed", "owner_is_applicant": "yes", "office": EAST}
    found = {
        "place": place,
        "who": who,
        "applicant": firm if organisation else person,
        "details": answers(code),
        "load": answers(code),
    }
    return {step: found[step] for step in steps_of(code)}


@pytest.mark.parametrize("code", CODES)
def test_every_category_is_applied_for_online(cast, code):
    client = signed_in(cast["zhanghaitang"])
    application = applied(client, code, steps(code))
    assert (application.category, application.state) == (code, "INTAKE")
    page = text(client.get(f"/my/{application.case_id}/"))
    assert str(BY_CODE[code].name) in page


def test_the_check_page_masks_the_former_holders_number(cast):
    client = signed_in(cast["zhanghaitang"])
    for step, values in steps("transfer.residential").items():
        assert client.post(f"/apply/transfer.residential/{step}/", values).status_code == 302, step
    page = text(client.get("/apply/transfer.residential/check/"))
    assert ID_NUMBER not in page
    assert "李四" in page


def test_online_too_more_is_more(cast):
    client = signed_in(cast["zhanghaitang"])
    for step, values in steps("capacity_increase.residential").items():
        response = client.post(
            f"/apply/capacity_increase.residential/{step}/",
            values | ({"capacity": "12"} if step == "load" else {}),
        )
    assert response.status_code == 200
    assert "大于现有的 40" in text(response)


def test_papers_follow_the_categorys_own_answers(cast):
    client = signed_in(cast["zhanghaitang"])
    for step, values in steps("new_supply.charging_private").items():
        client.post(f"/apply/new_supply.charging_private/{step}/", values)
    page = text(client.get("/apply/new_supply.charging_private/papers/"))
    assert "车位租赁合同" in page
    assert "车位产权证明" not in page
    assert "物业盖章" in page


# --- tiles -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rough", [rough.code for rough in ROUGH])
def test_a_tile_leads_to_kinds_that_can_be_applied_for(cast, rough):
    page = text(Client().get(f"/kinds/{rough}/"))
    assert "先登记，我们给您回电" not in page.replace("不确定：先登记，我们给您回电", "")
    for category in CATEGORIES:
        assert (
            f"/guide/checklist/{category.code}/" in page
            or f"/apply/{category.code}/" in page
            or category.code in page
        ) is (category.rough == rough)


def test_no_such_tile(cast):
    assert Client().get("/kinds/nonsense/").status_code == 404


def test_every_category_has_its_list_in_the_guide(cast):
    client = Client()
    for code in CODES:
        page = client.get(f"/kinds/{BY_CODE[code].rough}/")
        assert str(BY_CODE[code].name) in text(page)
    assert Contact.objects.count() == 0
