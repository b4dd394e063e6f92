"""Whole cases through forms and services: what is recorded, what the log says of it, where the case goes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from applications.models import ExitReason, FeeKind, Scheme, VoltageLevel, digest_of
from applications.services.exits import void
from applications.services.fees import determine_fees
from applications.services.scheme import agree_scheme
from applications.services.survey import record_survey
from applications.services.tables import load_tables
from staff.demo import PASSWORD
from tests.applications.walked import LOW_SCHEME, METERED, SURVEYED, Walk
from workflow.models import Event, EventPayload
from workflow.transitions import KeyReused, Refused, Repeated, Stale

pytestmark = pytest.mark.django_db

HV_SURVEY = SURVEYED | {
    "customer_works": "yes", "external_line": "no", "important_grade": "second", "substation": "城东变", "line": "纬三线",
    "approved_capacity": "315",
}  # fmt: skip
HV_SCHEME = {
    "voltage": "10", "capacity": "315", "line": "纬三线", "mode": "hv_hv", "phase": "3", "ct_ratio": "40：5", "pt_ratio": "10kV/0.1kV",
    "meter_class": "0.5s", "tariff": None, "ownership_boundary": "T 接点", "customer_pays": "受电工程", "yearly_cost": "180000",
}  # fmt: skip


@pytest.fixture
def home(cast):
    return Walk(cast, "residential", capacity=8, usage="residential").accepted()


@pytest.fixture
def shop(cast):
    return Walk(cast, "lv_other", three_zero=False, capacity=30, usage="commercial").accepted()


@pytest.fixture
def factory(cast):
    walk = Walk(
        cast, "hv_single", customer="hengtai", three_zero=False, capacity=400, usage="industrial"
    ).accepted()
    walk.do("record_survey", "jinhao", **HV_SURVEY)
    return walk


def draft(factory: Walk, **changes) -> None:
    tariff = factory.form("draft_scheme", "sunjie")["tariff"].field.queryset.get(code="industrial")
    factory.do("draft_scheme", "sunjie", **(HV_SCHEME | {"tariff": tariff.pk} | changes))


def agreed(factory: Walk) -> None:
    draft(factory)
    factory.do("countersign", "zhaoqiang", opinion="同意")
    factory.do("reply_scheme", "sunjie", method="counter")
    factory.do("agree_scheme", factory.customer)


def texts_of(walk: Walk) -> str:
    """Everything the log says in payloads of this case."""
    return "\n".join(
        EventPayload.objects.filter(stream=walk.application.case.stream).values_list("body", flat=True)
    )


class TestAHome:
    def test_goes_from_acceptance_to_the_archive(self, home):
        home.do("issue_contract", "wangmin", method="online")
        home.do("sign_contract", home.customer)
        home.do("record_survey", "hewei", **SURVEYED)
        home.do("draft_scheme", "hewei", **LOW_SCHEME)
        home.do("record_metering", "hewei", **METERED)
        home.do("energise_source", "hewei")
        assert home.stage == "ARCHIVING"
        home.do("archive", "guoqin", location="一号库 3 架", present=[], reason="纸质资料随后送达")
        assert home.stage == "ARCHIVED"
        assert home.said("case.archived")["complete"] is False

    def test_what_is_recorded_becomes_the_cases_own(self, home):
        home.do("issue_contract", "wangmin", method="online")
        home.do("record_survey", "hewei", **SURVEYED | {"external_line": "yes"})
        home.do("draft_scheme", "hewei", **LOW_SCHEME | {"capacity": "12.5"})
        case = home.application
        assert (case.voltage, case.capacity) == ("0.4", Decimal("12.5"))
        assert (case.external_line, case.customer_works, case.important, case.estate) == (
            True,
            False,
            False,
            False,
        )

    def test_one_visit_keeps_its_order(self, home):
        home.do("issue_contract", "wangmin", method="online")
        with pytest.raises(Refused, match="勘查"):
            home.do("draft_scheme", "hewei", **LOW_SCHEME)
        home.do("record_survey", "hewei", **SURVEYED)
        home.do("draft_scheme", "hewei", **LOW_SCHEME)
        with pytest.raises(Refused, match="装表"):
            home.do("energise_source", "hewei", reading="0")

    def test_no_light_without_a_signed_contract(self, home):
        home.do("issue_contract", "wangmin", method="online")
        home.do("record_survey", "hewei", **SURVEYED)
        home.do("draft_scheme", "hewei", **LOW_SCHEME)
        home.do("record_metering", "hewei", **METERED)
        with pytest.raises(Refused, match="合同"):
            home.do("energise_source", "hewei")
        assert not home.application.energisations.exists()

    def test_the_contract_carries_the_terms_and_the_log_its_digest_alone(self, home):
        home.do("issue_contract", "wangmin", method="online")
        contract = home.application.contracts.get()
        assert "张海棠" in contract.text
        assert "海棠路 1 号" in contract.text
        assert "8 kW" in contract.text
        assert "$" not in contract.text
        assert home.event("contract.issued").documents == [digest_of(contract.text)]
        home.do("sign_contract", home.customer)
        signature = home.application.signatures.get()
        assert (signature.digest, signature.method, signature.party.role) == (
            contract.digest,
            "pad",
            "applicant",
        )
        assert contract.digest in home.event("contract.signed").documents

    def test_the_log_holds_no_person(self, home):
        home.do("issue_contract", "wangmin", method="online")
        home.do("sign_contract", home.customer)
        home.do("record_survey", "hewei", **SURVEYED | {"findings": "与张海棠约定进线位置"})
        home.do("draft_scheme", "hewei", **LOW_SCHEME)
        home.do("withdraw", home.customer, reason="other", note="张海棠搬走了")
        said = texts_of(home)
        for private in ("张海棠", "13800000101", "海棠路", "何伟", "王敏"):
            assert private not in said

    def test_a_survey_that_says_no_gets_no_scheme(self, home):
        home.do("issue_contract", "wangmin", method="online")
        home.do("record_survey", "hewei", **SURVEYED | {"can_supply": "no", "reason": "台区无可开放容量"})
        form = home.form("draft_scheme", "hewei", **LOW_SCHEME)
        assert "勘查结论" in str(form.non_field_errors())
        assert home.said("survey.recorded")["can_supply"] is False
        assert "台区无" not in texts_of(home)


class TestAShop:
    def surveyed(self, shop: Walk) -> None:
        shop.do(
            "record_survey", "lijianguo", **SURVEYED | {"approved_capacity": "30", "customer_works": "yes"}
        )
        shop.do("draft_scheme", "lijianguo", **LOW_SCHEME | {"capacity": "30", "phase": "3"})

    def replied(self, shop: Walk) -> None:
        self.surveyed(shop)
        shop.do("reply_scheme", "lijianguo", method="counter")

    def test_a_reply_says_how_long_it_holds(self, shop):
        self.surveyed(shop)
        day = dt.datetime(2026, 1, 31, 9, 0, tzinfo=dt.UTC)
        shop.do("reply_scheme", "lijianguo", method="counter", occurred_at=day)
        notice = shop.application.replynotices.get()
        assert notice.delivered_at == day
        assert notice.objection_until_date == dt.date(2026, 2, 28)
        assert notice.valid_until_date == dt.date(2026, 4, 30)
        assert shop.application.schemes.get().validity_months == 3

    def test_an_objection_brings_a_second_version(self, shop):
        self.replied(shop)
        shop.do("object_to_scheme", shop.customer, text="希望从 5 号台区接入")
        assert shop.open_nodes() == {"scheme"}
        shop.do(
            "draft_scheme",
            "lijianguo",
            **LOW_SCHEME | {"capacity": "30", "phase": "3", "transformer_area": "海棠 5 号台区"},
        )
        assert list(shop.application.schemes.values_list("number", "cause", "round")) == [
            (1, "first", 1),
            (2, "customer", 2),
        ]
        assert "5 号台区" not in texts_of(shop)

    def test_what_is_agreed_is_the_version_shown(self, shop):
        self.replied(shop)
        form = shop.form("agree_scheme", shop.customer)
        assert form.is_valid()
        shown = form.cleaned_data
        shop.do("object_to_scheme", shop.customer, text="换一个台区")
        shop.do("draft_scheme", "lijianguo", **LOW_SCHEME | {"capacity": "25", "phase": "3"})
        shop.do("reply_scheme", "lijianguo", method="counter")
        late = shop.form("agree_scheme", shop.customer, digest=shown["digest"])
        assert "新的一版" in late.errors["digest"][0]
        service = {name: value for name, value in shown.items() if name != "version"}
        with pytest.raises(Stale):
            shop_agree(shop, **service)

    def test_rectification_opens_the_customers_task_anew(self, shop):
        self.replied(shop)
        shop.do("agree_scheme", shop.customer)
        shop.do("issue_contract", "sunjie", method="online")
        shop.do("sign_contract", "wangmin", method="pad")
        firm = {
            "constructor": "恒信安装公司",
            "licence_no": "4-3-00123-2024",
            "finished_date": timezone.localdate(),
        }
        shop.do("notify_completion", shop.customer, **firm)
        due = timezone.localdate() + dt.timedelta(days=14)
        shop.do("require_rectification", "wutao", defects="1. 接地线截面不足\n2、标识缺失", due_date=due)
        assert shop.application.rectificationnotices.get().defects == ["接地线截面不足", "标识缺失"]
        assert shop.stage == "WORKS"
        with pytest.raises(Refused, match="复验"):
            shop.do("notify_completion", shop.customer, **firm)
        shop.do(
            "request_reinspection", shop.customer, mended="1、2 均已整改", finished_date=timezone.localdate()
        )
        shop.do("record_inspection", "wutao", items="接地\n标识")
        assert shop.stage == "CONNECTION"
        assert shop.application.completionnotices.count() == 2

    def test_a_key_sent_twice_is_done_once(self, shop):
        form = shop.form("record_survey", "lijianguo", **SURVEYED)
        assert form.is_valid()
        given = {"by": shop.cast["lijianguo"], **form.cleaned_data}
        survey_again = dict(given)
        do_survey(shop, **given)
        with pytest.raises(Repeated):
            do_survey(shop, **survey_again)
        with pytest.raises(KeyReused):
            do_survey(shop, **survey_again | {"photos": 9})
        assert shop.application.surveys.count() == 1


def shop_agree(walk: Walk, **fields):
    return agree_scheme(walk.application, by=walk.customer, **fields)


def do_survey(walk: Walk, **fields):
    return record_survey(walk.application, **fields)


class TestAFactory:
    def test_passes_every_stage(self, factory):
        agreed(factory)
        factory.do("issue_contract", "sunjie", method="online")
        factory.do("determine_fees", "sunjie", charges="none")
        assert "payment" not in factory.open_nodes()
        factory.do("sign_contract", factory.customer, method="e_seal", provider_ref="CFCA-2026-0001")
        assert factory.stage == "WORKS"
        assert factory.open_nodes() == {"design"}
        factory.do("submit_design", factory.customer, designer="临川设计院", licence_no="A137000123")
        factory.do("return_design", "luwei", opinions="补充继电保护整定计算书")
        factory.do("submit_design", factory.customer, designer="临川设计院", licence_no="A137000123")
        factory.do("review_design", "luwei", opinions="")
        factory.do(
            "request_mid_inspection",
            factory.customer,
            parts="接地网、电缆沟",
            ready_date=timezone.localdate(),
        )
        factory.do("record_mid_inspection", "luwei", passed="yes", items="接地电阻\n电缆敷设")
        firm = {
            "constructor": "恒信安装公司",
            "licence_no": "4-3-00123-2024",
            "finished_date": timezone.localdate(),
        }
        factory.do("notify_completion", factory.customer, **firm)
        factory.do("record_inspection", "luwei", items="变压器\n开关柜\n接地", remarks="建议加装防鼠板")
        factory.do("record_metering", "qinfeng", **METERED | {"first_reading": "1.5"})
        factory.do("energise_source", "qinfeng", reading="1.5")
        assert factory.stage == "ARCHIVING"
        assert factory.application.designreviews.filter(passed=False).get().opinions == [
            "补充继电保护整定计算书"
        ]
        assert factory.said("source.energised") == {
            "reading": "1.5", "energised_by": str(factory.cast["qinfeng"].pk), "last": True, "before_inspection": False,
        }  # fmt: skip

    def test_a_returned_scheme_is_drafted_anew_as_a_mistake(self, factory):
        draft(factory)
        factory.do("return_scheme", "zhaoqiang", opinion="变比偏小")
        draft(factory, ct_ratio="50/5")
        assert [scheme.cause for scheme in factory.application.schemes.all()] == ["first", "error"]
        assert factory.application.countersignatures.get().agreed is False

    def test_a_revised_scheme_keeps_its_cause(self, factory):
        agreed(factory)
        assert factory.stage == "CONTRACT"
        factory.do("revise_scheme", "sunjie", cause="grid", reason="线路改造，改由纬五线供电")
        assert factory.stage == "SCHEME"
        draft(factory, line="纬五线")
        assert factory.application.schemes.last().cause == "grid"

    def test_the_scheme_is_a_tree_with_a_text_whose_digest_is_sealed(self, factory):
        draft(factory)
        scheme = Scheme.objects.get(application=factory.application)
        point, source = scheme.metering_points.get(), scheme.sources.get()
        assert (point.ct_ratio, point.pt_ratio, point.meter_class) == ("40/5", "10/0.1", "0.5S")
        assert (source.nature, source.line, source.capacity) == ("main", "纬三线", Decimal(315))
        assert scheme.digest == digest_of(scheme.text)
        for term in ("315 kVA", "10 kV", "高供高计", "CT 40/5", "T 接点", "12 个月"):
            assert term in scheme.text
        assert factory.event("scheme.drafted").documents == [scheme.digest]

    def test_unpaid_charges_hold_the_light_and_are_paid_in_full(self, factory):
        kind = allow_a_charge()
        agreed(factory)
        factory.do("issue_contract", "sunjie", method="online")
        factory.do(
            "determine_fees",
            "sunjie",
            charges="listed",
            **{f"price_{kind.pk}": "12.50", f"quantity_{kind.pk}": "315"},
        )
        assert factory.application.unpaid() == Decimal("3937.50")
        assert factory.application.facts()["unpaid"]
        less = factory.form("record_payment", "sunjie", amount="100", receipt_no="S-1")
        assert "3,937.50" in less.errors["amount"][0]
        payer = factory.application.parties.get(role="applicant").pk
        factory.do("record_payment", "sunjie", receipt_no="S-1", payer=payer)
        assert not factory.application.facts()["unpaid"]

    def test_a_second_click_on_a_form_that_was_done_is_known(self, factory):
        agreed(factory)
        factory.do("issue_contract", "sunjie", method="online")
        shown = factory.form("determine_fees", "sunjie", charges="none")
        key = shown.data["key"]
        assert not shown.was_done_before()
        factory.do("determine_fees", "sunjie", charges="none", key=key)
        assert factory.form("determine_fees", "sunjie", charges="", key=key).was_done_before()
        assert not factory.form("determine_fees", "zhaoqiang", charges="", key=key).was_done_before()

    def test_a_charge_outside_the_list_cannot_be_saved(self, factory):
        kind = allow_a_charge()
        agreed(factory)
        form = factory.form(
            "determine_fees",
            "sunjie",
            charges="listed",
            **{f"price_{kind.pk}": "1", f"quantity_{kind.pk}": "1"},
        )
        assert form.is_valid()
        kind.in_force = False
        kind.save()
        with pytest.raises(Refused, match="清单"):
            from_fees(factory, form)
        assert not factory.application.feesheets.exists()

    def test_energised_before_the_inspection_is_stored_and_said(self, factory):
        agreed(factory)
        factory.do("issue_contract", "sunjie", method="online")
        factory.do("determine_fees", "sunjie", charges="none")
        assert "payment" not in factory.open_nodes()
        factory.do("sign_contract", factory.customer)
        factory.do("submit_design", factory.customer, designer="临川设计院", licence_no="A137000123")
        factory.do("review_design", "luwei")
        factory.do(
            "request_mid_inspection", factory.customer, parts="接地网", ready_date=timezone.localdate()
        )
        factory.do("record_mid_inspection", "luwei", passed="no", items="接地", opinions="电阻偏大")
        firm = {
            "constructor": "恒信安装公司",
            "licence_no": "4-3-00123-2024",
            "finished_date": timezone.localdate(),
        }
        factory.do("notify_completion", factory.customer, **firm)
        factory.do("record_inspection", "luwei", items="接地")
        factory.do("record_metering", "qinfeng", **METERED)
        factory.do("energise_source", "qinfeng", occurred_at=timezone.now() - dt.timedelta(days=30))
        assert factory.application.energisations.get().before_inspection
        assert factory.said("source.energised")["before_inspection"] is True


def allow_a_charge():
    kind = FeeKind.objects.get(code="high_reliability")
    kind.in_force, kind.grade, kind.from_date = True, "B", dt.date(2020, 1, 1)
    kind.save()
    return kind


def from_fees(walk: Walk, form):
    return determine_fees(walk.application, by=walk.cast["sunjie"], **form.cleaned_data)


class TestExits:
    def test_withdrawn_and_taken_up_again(self, shop):
        shop.do("withdraw", shop.customer, reason="no_longer_wanted")
        assert shop.stage == "WITHDRAWN"
        shop.do("reopen", "wangmin", note="客户仍要办理")
        assert shop.stage == "SURVEY"
        assert shop.open_nodes() == {"survey"}
        assert [(row.action, row.reason) for row in shop.application.exits.all()] == [
            ("withdraw", ExitReason.NO_LONGER_WANTED), ("reopen", ExitReason.OTHER),
        ]  # fmt: skip

    def test_terminated_for_want_of_capacity(self, shop):
        day = timezone.localdate() + dt.timedelta(days=90)
        shop.do("terminate", "chenli", reason="no_supply_yet", grid_project="WBS-2026-17", review_date=day)
        assert shop.stage == "TERMINATED"
        assert shop.said("case.terminated") == {
            "reason": "no_supply_yet", "grid_project": "WBS-2026-17", "review_date": day.isoformat(),
            "paper": "exit", "paper_number": 1,
        }  # fmt: skip

    def test_void_by_two_persons(self, cast):
        walk = Walk(cast, "residential", capacity=8)
        chief = {"reason": "opened_by_mistake", "approved_by": cast["chenli"].pk}
        with pytest.raises(Refused):
            walk.do("void", "wangmin", **chief, approver_password="not it")
        assert walk.stage == "INTAKE"
        walk.do("void", "wangmin", **chief, approver_password=PASSWORD)
        assert walk.stage == "VOID"
        assert walk.said("case.voided")["approved_by"] == str(cast["chenli"].pk)
        assert PASSWORD not in texts_of(walk)
        assert not walk.application.case.contacts.filter(outcome="").exists()

    def test_nobody_approves_their_own_request(self, cast):
        walk = Walk(cast, "residential", capacity=8)
        form = walk.form(
            "void",
            "wangmin",
            reason="opened_by_mistake",
            approved_by=cast["wangmin"].pk,
            approver_password=PASSWORD,
        )
        assert form.errors["approved_by"]
        with pytest.raises(Refused):
            void_by(walk, cast["wangmin"])
        assert walk.stage == "INTAKE"

    def test_who_approves_has_a_post_for_it(self, cast):
        walk = Walk(cast, "residential", capacity=8)
        with pytest.raises(Refused, match="岗位"):
            void_by(walk, cast["hewei"])
        assert walk.stage == "INTAKE"

    def test_a_supervisor_sends_it_back(self, shop):
        shop.do("record_survey", "lijianguo", **SURVEYED | {"approved_capacity": "30"})
        assert shop.stage == "SCHEME"
        shop.do("return_to_node", "chenli", node="survey", note="容量需复核")
        assert (shop.stage, shop.open_nodes()) == ("SURVEY", {"survey"})
        shop.do("record_survey", "lijianguo", **SURVEYED | {"approved_capacity": "25"})
        assert list(shop.application.surveys.values_list("round", flat=True)) == [1, 2]


def void_by(walk: Walk, approver):
    return void(
        walk.application,
        by=walk.cast["wangmin"],
        approved_by=approver,
        approver_password=PASSWORD,
        reason="other",
    )


def test_a_situation_asks_at_most_three_questions_for_its_facts(factory, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        factory.application.facts()


def test_tables_load_once_and_keep_edits(cast):
    VoltageLevel.objects.filter(code="0.4").update(refuse_from=250)
    assert load_tables().total() == 0
    assert VoltageLevel.objects.get(code="0.4").refuse_from == 250


def test_no_charge_is_in_force_at_the_start(factory):
    agreed(factory)
    factory.do("issue_contract", "sunjie", method="online")
    form = factory.form("determine_fees", "sunjie")
    assert [code for code, _label in form.fields["charges"].choices] == ["none"]


def sentences(walk: Walk) -> dict[str, str]:
    """What the record says of this case, by kind of event."""
    said = {}
    for event in Event.objects.filter(stream=walk.application.case.stream):
        data = EventPayload.objects.get(stream=event.stream, number=event.number).data
        said[event.kind] = render_to_string(
            f"events/{event.kind}.html", {"event": event, "data": data, "names": {}}
        ).strip()
    return said


def test_the_record_is_one_chinese_sentence_an_event(factory):
    agreed(factory)
    factory.do("revise_scheme", "sunjie", cause="grid", reason="线路改造")
    draft(factory, line="纬五线")
    factory.do("return_scheme", "zhaoqiang", opinion="变比偏小")
    factory.do(
        "terminate",
        "chenli",
        reason="no_supply_yet",
        grid_project="WBS-2026-17",
        review_date=timezone.localdate(),
    )
    said = sentences(factory)
    assert said["survey.recorded"] == "勘查结论：具备供电条件，核定容量 315，需要客户受电工程"
    assert (
        said["scheme.drafted"]
        == "拟定第 2 版供电方案：10 kV，容量 315（电网原因：书面重新答复，时限连续计算）"
    )
    assert said["scheme.returned"] == "第 2 版供电方案会签退回"
    assert said["scheme.agreed"] == "客户确认第 1 版供电方案（客户本人设备）"
    assert said["scheme.revised"] == "第 1 版供电方案变更：电网原因：书面重新答复，时限连续计算"
    assert said["case.terminated"].startswith("终止办理：暂不具备供电条件，")
    for kind, sentence in said.items():
        assert any("一" <= letter <= "龥" for letter in sentence), (kind, sentence)


def test_every_act_has_its_event(home):
    home.do("issue_contract", "wangmin", method="online")
    assert Event.objects.filter(stream=home.application.case.stream, kind="contract.issued").count() == 1
