"""Every form's bad input: each slip gets a sentence at its field that says how to mend it, and nothing is stored."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.template import Context, Template
from django.utils import timezone

from applications.forms import FORMS
from applications.forms.act import ActForm
from applications.forms.fields import LinesField, ct_field, pt_field
from applications.models import Exit, FeeKind, Metering, Scheme, Survey, TariffCategory
from applications.services import SERVICES
from staff.demo import PASSWORD
from tests.applications.walked import LOW_SCHEME, METERED, SURVEYED, Walk
from workflow import actions
from workflow.models import Event, Stage

pytestmark = pytest.mark.django_db

STANDARD = (
    "这个字段是必填项",
    "此字段是必填项",
    "This field is required",
    "输入一个数字",
    "选择一个有效的选项",
    "确保",
)
"""How Django itself would say it: too little to go on with."""
AHEAD = timezone.localdate() + dt.timedelta(days=30)
BEHIND = timezone.localdate() - dt.timedelta(days=30)


@pytest.fixture
def home(cast):
    return Walk(cast, "residential", capacity=8, usage="residential")


@pytest.fixture
def factory(cast):
    return Walk(cast, "hv_single", customer="hengtai", three_zero=False, capacity=400, usage="industrial")


def errors_of(form: ActForm) -> dict[str, list[str]]:
    """Sentences by field; none of them is Django's own."""
    found = {field: [str(sentence) for sentence in sentences] for field, sentences in form.errors.items()}
    for sentences in found.values():
        assert not [sentence for sentence in sentences if any(half in sentence for half in STANDARD)]
    return found


def check(
    walk: Walk, name: str, who: Any, good: dict[str, Any], slips: list[tuple[dict[str, Any], str, str]]
) -> None:
    """The good input passes; each slip fails at its field with a sentence that holds those words."""
    form = walk.form(name, who, good)
    assert form.is_valid(), form.errors.as_json()
    for slip, field, words in slips:
        errors = errors_of(walk.form(name, who, good, **slip))
        assert words in "".join(errors.get(field, [])), (slip, errors)


def test_acts_and_forms_and_services_match():
    recorded = {a.name for a in actions.all_actions() if a.name in SERVICES}
    assert set(FORMS) <= recorded
    needs_one = {a.name for a in actions.all_actions() if a.task_fact and a.name in SERVICES}
    assert needs_one <= set(FORMS)


@pytest.mark.parametrize("name", sorted(name for name, form in FORMS.items() if issubclass(form, ActForm)))
def test_every_form_can_be_shown_and_is_plain_about_what_is_missing(home, name):
    how = {"application": home.application, "user": home.cast["sunjie"]}
    events = Event.objects.count()
    page = Template("{% load ui %}{% form_fields form %}").render(Context({"form": FORMS[name](**how)}))
    assert 'name="key"' in page
    assert "style=" not in page
    form = FORMS[name]({}, **how)
    form.is_valid()
    errors_of(form)
    assert Event.objects.count() == events


def test_a_time_ahead_or_misspelt_is_refused_everywhere(home):
    ahead = (timezone.localtime() + dt.timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M")
    timed = [name for name in FORMS if "occurred_at" in home.form(name, "sunjie").fields]
    assert len(timed) > 25
    for name in timed:
        assert "还没到" in errors_of(home.form(name, "sunjie", occurred_at=ahead))["occurred_at"][0], name
        assert (
            "2026-11-24 15:30"
            in errors_of(home.form(name, "sunjie", occurred_at="昨天下午"))["occurred_at"][0]
        ), name


class TestSurvey:
    def test_slips(self, home):
        check(home, "record_survey", "lijianguo", SURVEYED, [
            ({"can_supply": ""}, "can_supply", "“是”或“否”"),
            ({"can_supply": "no"}, "reason", "原因"),
            ({"approved_capacity": ""}, "approved_capacity", "可供容量"),
            ({"approved_capacity": "八"}, "approved_capacity", "不是数字"),
            ({"approved_capacity": "0"}, "approved_capacity", "最小为 1"),
            ({"transformer_area": "", "pole": ""}, "transformer_area", "电源点"),
            ({"external_line": ""}, "external_line", "“是”或“否”"),
            ({"surveyors": []}, "surveyors", "到场"),
            ({"surveyors": ["0198f000-0000-7000-8000-000000000000"]}, "surveyors", "重新选择"),
            ({"distance_m": "-3"}, "distance_m", "最小为 0"),
            ({"photos": "many"}, "photos", "不是数字"),
            ({"findings": "长" * 1001}, "findings", "最多 1000 个字，现在有 1001 个"),
            ({"important_grade": "first"}, "checked", "核对等级"),
        ])  # fmt: skip
        assert not Survey.objects.exists()

    def test_a_remark_is_confirmed_once_and_kept(self, home):
        unusual = SURVEYED | {"important_grade": "first"}
        assert "checked" not in home.form("record_survey", "lijianguo", SURVEYED).fields
        form = home.form("record_survey", "lijianguo", unusual, checked="on")
        assert form.is_valid(), form.errors
        assert form.cleaned_data["confirmed"] == ["important_at_low_voltage"]

    def test_units_and_full_width_digits_are_accepted(self, home):
        form = home.form("record_survey", "lijianguo", SURVEYED, approved_capacity="１２．５ kW")
        assert form.is_valid(), form.errors
        assert str(form.cleaned_data["approved_capacity"]) == "12.5"


class TestScheme:
    def test_slips_at_low_voltage(self, home):
        good = LOW_SCHEME | {"tariff": TariffCategory.objects.get(code="residential").pk}
        check(home, "draft_scheme", "lijianguo", good, [
            ({"capacity": "630"}, "capacity", "0.4 kV 的供电容量须小于 400"),
            ({"capacity": "160"}, "checked", "容量达到 100"),
            ({"voltage": "10"}, "voltage", "低压申请"),
            ({"voltage": "3"}, "voltage", "列表"),
            ({"ct_ratio": "40-5"}, "ct_ratio", "变比写成“一次/二次”，二次为 5 或 1，例如 40/5"),
            ({"ct_ratio": "40/6"}, "ct_ratio", "二次为 5 或 1"),
            ({"pt_ratio": "10000/100"}, "pt_ratio", "高供高计"),
            ({"mode": "hv_lv", "ct_ratio": "40/5"}, "mode", "低供低计"),
            ({"meter_class": "very good"}, "meter_class", "0.5S"),
            ({"tariff": ""}, "tariff", "选择一项"),
            ({"ownership_boundary": ""}, "ownership_boundary", "请填写"),
            ({"transformer_area": "", "pole": ""}, "transformer_area", "电源点"),
            ({"yearly_cost": "-1"}, "yearly_cost", "最小为 0"),
        ])  # fmt: skip
        assert not Scheme.objects.exists()

    def test_slips_at_high_voltage(self, factory):
        good = {
            "voltage": "10", "capacity": "315", "line": "纬三线", "mode": "hv_hv", "phase": "3", "ct_ratio": "40/5",
            "pt_ratio": "10000/100", "tariff": TariffCategory.objects.get(code="industrial").pk, "ownership_boundary": "T 接点",
        }  # fmt: skip
        check(factory, "draft_scheme", "sunjie", good, [
            ({"voltage": "0.4"}, "voltage", "10 kV 及以上"),
            ({"ct_ratio": ""}, "ct_ratio", "电流互感器"),
            ({"pt_ratio": ""}, "pt_ratio", "电压互感器"),
            ({"pt_ratio": "10/1"}, "pt_ratio", "二次为 100 V"),
            ({"mode": "lv_lv", "pt_ratio": ""}, "mode", "高供高计或高供低计"),
            ({"phase": "1"}, "phase", "三相"),
            ({"line": ""}, "line", "电源点"),
        ])  # fmt: skip

    def test_slips_about_a_version(self, home):
        check(home, "reply_scheme", "lijianguo", {"method": "counter"}, [
            ({"method": ""}, "method", "选择一项"),
            ({"delivered_to": ""}, "delivered_to", "选择一项"),
        ])  # fmt: skip
        check(home, "revise_scheme", "sunjie", {"cause": "grid", "reason": "线路改造"}, [
            ({"cause": "first"}, "cause", "列表"),
            ({"reason": ""}, "reason", "书面告知"),
        ])  # fmt: skip
        check(
            home,
            "return_scheme",
            "zhaoqiang",
            {"opinion": "变比偏小"},
            [({"opinion": " "}, "opinion", "一次写全")],
        )
        assert (
            "新的一版" in errors_of(home.form("agree_scheme", home.customer, digest="sha-256:0"))["digest"][0]
        )
        assert "希望怎样修改" in errors_of(home.form("object_to_scheme", home.customer, text=""))["text"][0]

    def test_a_customer_is_not_asked_who_they_are(self, home):
        assert "party" not in home.form("agree_scheme", home.customer).fields
        assert "party" in home.form("agree_scheme", "wangmin").fields


class TestFeesAndContract:
    def test_slips_about_charges(self, factory):
        kind = FeeKind.objects.get(code="high_reliability")
        kind.in_force, kind.grade, kind.from_date = True, "B", dt.date(2020, 1, 1)
        kind.save()
        price, quantity = f"price_{kind.pk}", f"quantity_{kind.pk}"
        check(factory, "determine_fees", "sunjie", {"charges": "listed", price: "12.5", quantity: "315"}, [
            ({"charges": ""}, "charges", "是否收费"),
            ({"charges": "none"}, "charges", "清空"),
            ({price: "", quantity: ""}, "charges", "至少一项"),
            ({quantity: ""}, quantity, "同时填写"),
            ({price: "-1"}, price, "最小为 0"),
        ])  # fmt: skip
        check(factory, "record_payment", "sunjie", {}, [
            ({"amount": "5"}, "amount", "应收 ￥0.00"),
            ({"amount": "5"}, "receipt_no", "收据"),
            ({"amount": "5"}, "payer", "付款人"),
            ({"paid_date": AHEAD}, "paid_date", "还没到"),
        ])  # fmt: skip

    def test_slips_about_the_contract(self, home):
        check(home, "issue_contract", "wangmin", {"method": "counter"}, [
            ({"kind": "high"}, "kind", "不符"),
            ({"issued_to": ""}, "issued_to", "选择一项"),
        ])  # fmt: skip
        assert (
            "先阅读" in errors_of(home.form("sign_contract", home.customer, digest="sha-256:0"))["digest"][0]
        )
        assert "列表" in errors_of(home.form("sign_contract", home.customer, method="paper"))["method"][0]
        assert "照片" in errors_of(home.form("sign_contract", "wangmin", method="paper"))["paper"][0]
        assert (
            "服务商" in errors_of(home.form("sign_contract", "wangmin", method="e_seal"))["provider_ref"][0]
        )


class TestWorksAndInspection:
    def test_slips_about_works(self, factory):
        firm = {"constructor": "恒信安装公司", "licence_no": "4-3-00123-2024", "finished_date": BEHIND}
        check(factory, "submit_design", factory.customer, {"designer": "临川设计院", "licence_no": "A137000123"}, [
            ({"designer": ""}, "designer", "设计单位"),
            ({"licence_no": "12"}, "licence_no", "4 至 40 位"),
        ])  # fmt: skip
        check(factory, "return_design", "luwei", {"opinions": "补充计算书"}, [
            ({"opinions": "\n \n"}, "opinions", "每行一条"),
            ({"opinions": "好\n" + "长" * 301}, "opinions", "第 2 行超过 300 个字"),
        ])  # fmt: skip
        check(factory, "request_mid_inspection", factory.customer, {"parts": "接地网", "ready_date": AHEAD}, [
            ({"ready_date": "下周"}, "ready_date", "2026-11-24"),
            ({"parts": ""}, "parts", "隐蔽工程"),
        ])  # fmt: skip
        check(factory, "record_mid_inspection", "luwei", {"passed": "yes", "items": "接地"}, [
            ({"passed": "no"}, "opinions", "不合格"),
            ({"items": ""}, "items", "检查了哪些"),
        ])  # fmt: skip
        check(factory, "notify_completion", factory.customer, firm, [
            ({"finished_date": AHEAD}, "finished_date", "还没到"),
            ({"constructor": ""}, "constructor", "施工单位"),
            ({"licence_no": ""}, "licence_no", "许可证"),
        ])  # fmt: skip
        check(
            factory,
            "request_reinspection",
            factory.customer,
            firm | {"mended": "1 已整改"},
            [({"mended": ""}, "mended", "整改情况")],
        )

    def test_slips_about_the_inspection(self, factory):
        check(
            factory, "record_inspection", "luwei", {"items": "接地"}, [({"items": ""}, "items", "检查了哪些")]
        )
        check(factory, "require_rectification", "luwei", {"defects": "标识缺失", "due_date": AHEAD}, [
            ({"defects": ""}, "defects", "所有缺陷"),
            ({"due_date": BEHIND}, "due_date", "已经过去"),
            ({"defects": "\n".join("x" * 41)}, "defects", "最多 40 行"),
        ])  # fmt: skip


class TestMeteringAndArchive:
    def test_slips_about_the_meter(self, home):
        check(home, "record_metering", "hewei", METERED | {"phase": "1"}, [
            ({"asset_no": "12"}, "asset_no", "6 至 32 位"),
            ({"asset_no": ""}, "asset_no", "条码"),
            ({"seals": ""}, "seals", "至少填写一个封印"),
            ({"first_reading": "-0.5"}, "first_reading", "最小为 0"),
            ({"first_reading": "nan"}, "first_reading", "不是数字"),
            ({"ct_ratio": "5/40"}, "ct_ratio", "二次为 5 或 1"),
        ])  # fmt: skip
        check(home, "energise_source", "hewei", {"reading": "0"}, [
            ({"reading": "-1"}, "reading", "最小为 0"),
            ({"reading": ""}, "reading", "请填写数字"),
            ({"energised_by": ""}, "energised_by", "选择一项"),
        ])  # fmt: skip

    def test_a_meter_hung_elsewhere_and_a_reading_gone_back(self, home):
        first = Metering.objects.create(
            application=home.application,
            asset_no="370100202611",
            seals=["F1"],
            phase="1",
            first_reading="12.5",
        )
        assert "12.5" in errors_of(home.form("energise_source", "hewei", reading="12"))["reading"][0]
        other = Walk(home.cast, "residential", customer="hengtai", capacity=8)
        form = other.form("record_metering", "hewei", METERED | {"phase": "1"})
        assert "另一张工单" in errors_of(form)["checked"][0]
        assert first.asset_no == form.cleaned_data["asset_no"]

    def test_slips_about_the_archive(self, home):
        home.accepted()
        form = home.form("archive", "guoqin", location="一号库", present=["fact:acceptance"])
        assert form.is_valid(), form.errors
        check(home, "archive", "guoqin", {"location": "一号库", "reason": "随后补"}, [
            ({"reason": ""}, "reason", "未勾选：受理"),
            ({"location": ""}, "location", "存放位置"),
            ({"number": ""}, "number", "档案编号"),
            ({"present": ["fact:nothing"]}, "present", "列表"),
        ])  # fmt: skip


class TestExits:
    def test_slips(self, home):
        check(home, "withdraw", home.customer, {"reason": "no_longer_wanted"}, [
            ({"reason": "other"}, "note", "一两句话"),
            ({"reason": "capacity_queue"}, "reason", "列表"),
            ({"reason": ""}, "reason", "选择一项"),
        ])  # fmt: skip
        lost = {"reason": "customer_lost", "attempts": "2026-11-20 电话\n2026-11-21 短信\n2026-11-23 上门"}
        check(home, "terminate", "chenli", lost, [
            ({"attempts": "2026-11-20 电话"}, "attempts", "3 次"),
            ({"reason": "no_supply_yet"}, "review_date", "复核日期"),
            ({"reason": "no_supply_yet", "review_date": BEHIND}, "review_date", "已经过去"),
        ])  # fmt: skip
        void = {
            "reason": "opened_by_mistake",
            "approved_by": home.cast["chenli"].pk,
            "approver_password": PASSWORD,
        }
        check(home, "void", "wangmin", void, [
            ({"approved_by": ""}, "approved_by", "选择一项"),
            ({"approved_by": home.cast["wangmin"].pk}, "approved_by", "列表"),
            ({"approver_password": ""}, "approver_password", "密码"),
        ])  # fmt: skip
        check(home, "reopen", "wangmin", {"note": "客户仍要办理"}, [({"note": ""}, "note", "一两句话")])
        assert (
            "列表" in errors_of(home.form("return_to_node", "chenli", node="survey", note="复核"))["node"][0]
        )
        assert not Exit.objects.exists()
        assert home.stage == Stage.INTAKE


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("40/5", "40/5"),
        (" 40 : 5 ", "40/5"),
        ("４０／５", "40/5"),
        ("40A/5A", "40/5"),
        ("200/1", "200/1"),
        ("", ""),
    ],
)
def test_a_ratio_is_brought_to_one_form(typed, kept):
    assert ct_field().clean(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"), [("10000/100", "10000/100"), ("10kV/0.1kV", "10/0.1"), ("35/0.1", "35/0.1")]
)
def test_a_voltage_ratio_too(typed, kept):
    assert pt_field().clean(typed) == kept


def test_numbering_typed_before_a_line_is_taken_off():
    field = LinesField(longest=50)
    assert field.clean("1. 接地\n2、标识\n（3）门锁\n- 照明\n10 kV 母线\n1.5 米间距") == [
        "接地", "标识", "门锁", "照明", "10 kV 母线", "1.5 米间距",
    ]  # fmt: skip
