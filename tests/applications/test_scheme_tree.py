"""Schemes as trees: dual sources, checks across rows, options, objections answered, revisions, departments side by side."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from applications.demo.clock import travelled_to
from applications.forms import FORMS
from applications.forms.act import ActForm
from applications.models import Cause, Document, PriceParameter, Scheme, digest_of
from applications.selectors.offers import offers
from applications.selectors.terms import figure
from applications.services.handling import pause
from applications.services.metering import energise_source
from applications.services.scheme import draft_scheme
from staff.demo import PASSWORD
from tests.applications.test_facts_walk import HV_SCHEME, HV_SURVEY
from tests.applications.walked import METERED, Walk
from workflow.models import Deadline, DeadlineRung, EventPayload, Task
from workflow.selectors.situations import situation_of
from workflow.services.clocks import sweep
from workflow.transitions import Refused, Stale

pytestmark = pytest.mark.django_db

SECOND = {
    "source_rows": "2", "point_rows": "2", "nature__2": "standby", "substation__2": "城西变", "line__2": "经七线", "source_capacity": "400",
    "source_capacity__2": "200", "mode__2": "hv_hv", "phase__2": "3", "ct_ratio__2": "20/5", "pt_ratio__2": "10/0.1", "source__2": "2",
    "checked": "on",
}  # fmt: skip


def surveyed(cast, supply_class: str, capacity: int) -> Walk:
    walk = Walk(
        cast, supply_class, customer="hengtai", three_zero=False, capacity=capacity, usage="industrial"
    ).accepted()
    walk.do(
        "record_survey", "jinhao", **HV_SURVEY | {"approved_capacity": str(capacity), "important_grade": ""}
    )
    return walk


def tariff(walk: Walk, name: str = "draft_scheme") -> int:
    return walk.form(name, "sunjie")["tariff"].field.queryset.get(code="industrial").pk


def scheme(walk: Walk, **more: object) -> dict[str, object]:
    pk = tariff(walk)
    second = {"tariff__2": pk} if "point_rows" in more else {}
    return HV_SCHEME | {"tariff": pk, "yearly_cost": ""} | second | more


@pytest.fixture
def dual(cast):
    return surveyed(cast, "hv_dual", 400)


@pytest.fixture
def single(cast):
    return surveyed(cast, "hv_single", 400)


@pytest.fixture
def large(cast):
    return surveyed(cast, "hv_single", 2500)


def draft(walk: Walk, **more: object) -> None:
    walk.do("draft_scheme", "sunjie", **scheme(walk, capacity=figure(walk.application.capacity), **more))


def replied(walk: Walk) -> None:
    walk.do("countersign", "zhaoqiang", opinion="同意")
    walk.do("reply_scheme", "sunjie", method="counter")


class TestTheTree:
    def test_two_sources_and_their_meters_stand_in_text_and_digest(self, dual):
        draft(dual, **SECOND)
        version = Scheme.objects.get(application=dual.application)
        first, second = version.sources.all()
        assert (first.nature, second.nature, second.line, second.capacity) == (
            "main",
            "standby",
            "经七线",
            Decimal(200),
        )
        assert [point.source.number for point in version.metering_points.all()] == [1, 2]
        assert version.receivers.get().capacity == Decimal(400)
        for words in (
            "电源 2：备用电源 · 10 kV · 200 kVA · 城西变 · 经七线",
            "计量点 2：",
            "CT 20/5",
            "电源 2",
        ):
            assert words in version.text
        assert version.digest == digest_of(version.text)
        assert dual.event("scheme.drafted").documents == [version.digest]
        assert [row["nature"] for row in dual.said("scheme.drafted")["sources"]] == ["main", "standby"]
        assert (
            "城西变"
            not in EventPayload.objects.get(
                stream=dual.application.case.stream, number=dual.event("scheme.drafted").number
            ).body
        )

    def test_one_source_is_no_dual_supply(self, dual):
        form = dual.form("draft_scheme", "sunjie", **scheme(dual, capacity="400"))
        assert "至少需要 2 路电源" in form.errors["nature"][0]

    def test_a_single_supply_has_one_source(self, single):
        form = single.form("draft_scheme", "sunjie", **scheme(single, capacity="400", **SECOND))
        assert "最多 1 路电源" in form.errors["nature__2"][0]

    @pytest.mark.parametrize(
        ("changed", "field", "words"),
        [
            ({"line__2": "纬三线", "substation__2": "城东变"}, "line__2", "同一条线路"),
            ({"source_capacity__2": "500"}, "source_capacity__2", "备用"),
            ({"source_capacity": "300"}, "source_capacity", "300"),
            ({"source__2": "1"}, "nature__2", "没有计量"),
            ({"nature": "standby"}, "nature", "主供"),
            ({"line__2": "", "substation__2": "", "pole__2": ""}, "line__2", "电源点"),
        ],
    )
    def test_rows_have_to_fit_each_other(self, dual, changed, field, words):
        form = dual.form("draft_scheme", "sunjie", **scheme(dual, capacity="400", **SECOND | changed))
        assert words in " ".join(form.errors[field])

    def test_a_standby_for_a_part_of_the_load_is_confirmed_once(self, dual):
        rows = SECOND | {"checked": None}
        form = dual.form("draft_scheme", "sunjie", **scheme(dual, capacity="400", **rows))
        assert "一部分" in form.errors["checked"][0]
        draft(dual, **SECOND)
        assert dual.said("scheme.drafted")["confirmed"] == ["standby_covers_a_part"]

    def test_receiving_points_add_up(self, dual):
        two = SECOND | {
            "receiver_rows": "2", "receiver_name": "一号配电房", "receiver_capacity": "250", "receiver_name__2": "二号配电房",
            "receiver_capacity__2": "100", "receiver": "1", "receiver__2": "2", "nature__2": "main", "source_capacity": "250",
            "source_capacity__2": "150",
        }  # fmt: skip
        form = dual.form("draft_scheme", "sunjie", **scheme(dual, capacity="400", **two))
        assert "350" in form.errors["capacity"][0]
        draft(dual, **two | {"receiver_capacity__2": "150"})
        version = Scheme.objects.get(application=dual.application)
        assert "受电点 2：二号配电房 · 150 kVA" in version.text
        assert [source.receiver.number for source in version.sources.all()] == [1, 2]

    def test_the_service_refuses_what_the_form_would(self, dual):
        good = cleaned(dual.form("draft_scheme", "sunjie", **scheme(dual, capacity="400", **SECOND)))
        one = {"sources": good["sources"][:1], "points": good["points"][:1]}
        with pytest.raises(Refused, match="至少需要 2 路电源"):
            from_service(dual, good | one)

    def test_a_row_is_added_and_taken_away_without_losing_what_was_typed(self, dual):
        typed = scheme(
            dual, capacity="400", **SECOND | {"more": "point", "ownership_boundary": "开关柜下桩头"}
        )
        more = dual.form("draft_scheme", "sunjie", **typed).again()
        assert not more.is_bound
        assert more["point_rows"].value() == 3
        assert more["ownership_boundary"].value() == "开关柜下桩头"
        assert more["line__2"].value() == "经七线"
        assert {"mode__3", "source__3"} <= set(more.fields)
        less = dual.form("draft_scheme", "sunjie", **typed | {"more": None, "less": "source:1"}).again()
        assert (less["source_rows"].value(), less["line"].value()) == (1, "经七线")
        assert "source" not in less.fields

    def test_the_next_version_starts_as_the_last_one(self, dual):
        draft(dual, **SECOND)
        dual.do("return_scheme", "zhaoqiang", opinion="变比偏小")
        form = FORMS["draft_scheme"](application=dual.application, user=dual.cast["sunjie"])
        assert (form["source_rows"].value(), form["line__2"].value(), form["source__2"].value()) == (
            2,
            "经七线",
            2,
        )
        assert form["ct_ratio__2"].value() == "20/5"


def cleaned(form: ActForm) -> dict:
    """What the form brings."""
    assert form.is_valid(), form.errors.as_json()
    return dict(form.cleaned_data)


def from_service(walk: Walk, given: dict) -> object:
    """Past the form: what a program would send."""
    sent = {key: value for key, value in given.items() if key not in ("version", "key")}
    return draft_scheme(walk.application, by=walk.cast["sunjie"], **sent)


class TestSourceBySource:
    def to_connection(self, dual: Walk) -> None:
        draft(dual, **SECOND)
        replied(dual)
        dual.do("agree_scheme", dual.customer)
        dual.do("issue_contract", "sunjie", method="online")
        dual.do("determine_fees", "sunjie", charges="none")
        dual.do("sign_contract", dual.customer)
        firm = {
            "constructor": "恒信安装公司",
            "licence_no": "4-3-00123-2024",
            "finished_date": timezone.localdate(),
        }
        dual.do("notify_completion", dual.customer, **firm)
        dual.do("record_inspection", "luwei", items="变压器\n开关柜")

    def test_energised_days_apart_the_clock_stops_at_the_last(self, dual):
        self.to_connection(dual)
        version = dual.application.schemes.get()
        one, two = version.metering_points.all()
        assert "计量点 2" in str(dual.form("record_metering", "qinfeng")["point"])
        dual.do(
            "record_metering",
            "qinfeng",
            **METERED | {"point": one.pk, "ct_ratio": "40/5", "pt_ratio": "10/0.1"},
        )
        clocks = Deadline.objects.filter(
            case=dual.application.case, limit__stop_each=True, started_at__isnull=False
        )
        assert clocks.count() >= 3
        assert dual.open_nodes() == {"connection"}
        dual.do("energise_source", "qinfeng", reading="0")
        assert dual.said("source.energised") | {"energised_by": ""} == {
            "reading": "0", "energised_by": "", "last": False, "before_inspection": False, "number": 1, "of": 2, "left": 1,
        }  # fmt: skip
        assert dual.stage == "CONNECTION"
        assert all(clock.running for clock in clocks.all())
        early = dual.form("energise_source", "qinfeng", reading="0")
        assert "电源 2 还没有装表" in early.errors["source"][0]
        with travelled_to(timezone.now() + dt.timedelta(days=3)):
            second = {"asset_no": "370100202612", "point": two.pk, "ct_ratio": "20/5", "pt_ratio": "10/0.1"}
            dual.do("record_metering", "qinfeng", **METERED | second)
            dual.do("energise_source", "qinfeng", reading="0")
        assert dual.stage == "ARCHIVING"
        assert dual.said("source.energised")["last"] is True
        assert not any(clock.running for clock in clocks.all())
        first, last = dual.application.energisations.order_by("recorded_at")
        stopped = clocks.get(limit__code="connection", limit__kind="legal").stopped_at
        assert first.source.number == 1
        assert stopped - first.recorded_at > dt.timedelta(days=2)
        assert stopped == dual.event("source.energised").recorded_at
        assert last.source.number == 2
        assert [row.point.number for row in dual.application.meterings.order_by("recorded_at")] == [1, 2]

    def test_no_source_twice_and_no_meter_twice(self, dual):
        self.to_connection(dual)
        version = dual.application.schemes.get()
        point, source = version.metering_points.first(), version.sources.first()
        dual.do(
            "record_metering",
            "qinfeng",
            **METERED | {"point": point.pk, "ct_ratio": "40/5", "pt_ratio": "10/0.1"},
        )
        given = cleaned(dual.form("energise_source", "qinfeng", reading="0"))
        dual.do("energise_source", "qinfeng", reading="0")
        with pytest.raises(Stale):
            again(dual, given)
        with pytest.raises(Refused, match="已送电"):
            again(dual, given | {"version": None, "source": source})

    def test_the_record_says_which_source(self, dual):
        self.to_connection(dual)
        point = dual.application.schemes.get().metering_points.first()
        dual.do(
            "record_metering",
            "qinfeng",
            **METERED | {"point": point.pk, "ct_ratio": "40/5", "pt_ratio": "10/0.1"},
        )
        dual.do("energise_source", "qinfeng", reading="0")
        event = dual.event("source.energised")
        words = render_to_string(
            "events/source.energised.html",
            {"event": event, "data": dual.said("source.energised"), "names": {}},
        )
        assert "第 1 路电源（共 2 路）" in words
        assert "还有 1 路" in words


def again(walk: Walk, given: dict) -> object:
    """The same once more, under another key."""
    return energise_source(walk.application, by=walk.cast["qinfeng"], **given | {"key": None})


class TestOptions:
    COMPARED = {
        "pricing": "two_part", "yearly_kwh": "600000", "other_pricing": "single", "other_voltage": "", "other_capacity": "",
    }  # fmt: skip

    def test_two_tariffs_are_compared_with_their_yearly_cost(self, single):
        draft(single, **self.COMPARED)
        version = single.application.schemes.get()
        two_part, one_part = version.options.all()
        prices = PriceParameter.objects.get(voltage="10", pricing="two_part")
        assert (
            two_part.yearly_cost == Decimal(600000) * prices.energy_price + 400 * prices.capacity_price * 12
        )
        assert version.yearly_cost == two_part.yearly_cost
        assert (one_part.pricing, one_part.needs_drafting) == ("single", False)
        assert "方案 2：10 kV · 400 kVA · 单一制电价 · 估算年费用" in version.text
        PriceParameter.objects.update(energy_price=9)
        assert version.options.get(number=1).yearly_cost == two_part.yearly_cost

    def test_the_customer_agrees_to_one_of_the_tariffs(self, single):
        draft(single, **self.COMPARED)
        replied(single)
        undecided = single.form("agree_scheme", single.customer)
        assert "选择一个" in undecided.errors["option"][0]
        assert single.form("choose_option", single.customer)["option"].field.choices == []
        single.do("agree_scheme", single.customer, option="2")
        assert single.application.agreements.get().option.pricing == "single"
        assert single.said("scheme.agreed")["pricing"] == "single"
        single.do("issue_contract", "sunjie", method="online")
        assert "单一制电价" in single.application.contracts.get().text

    def test_another_voltage_chosen_is_drafted_and_is_no_objection(self, single):
        draft(single, **self.COMPARED | {"other_voltage": "35", "other_pricing": "two_part"})
        replied(single)
        names = {
            offer.action.name
            for offer in offers(situation_of(single.application, single.customer), "customer")
            if offer.allowed
        }
        assert names == {"agree_scheme", "object_to_scheme", "choose_option"}
        single.do("choose_option", single.customer, option="2")
        assert single.open_nodes() == {"scheme"}
        form = single.form("draft_scheme", "sunjie")
        assert (form["voltage"].value(), form["pricing"].value()) == ("35", "two_part")
        single.do(
            "draft_scheme", "sunjie", **scheme(single, capacity="400", voltage="35", pt_ratio="35000/100")
        )
        assert single.application.schemes.last().cause == Cause.CUSTOMER
        assert not single.application.objections.exists()

    @pytest.mark.parametrize(
        ("changed", "field", "words"),
        [
            ({"yearly_kwh": ""}, "yearly_kwh", "预计"),
            ({"other_pricing": "two_part"}, "other_pricing", "相同"),
            ({"other_voltage": "0.4", "other_pricing": "two_part"}, "other_pricing", "0.4 kV"),
            ({"pricing": ""}, "pricing", "电价方式"),
        ],
    )
    def test_a_comparison_says_what_it_lacks(self, single, changed, field, words):
        form = single.form(
            "draft_scheme", "sunjie", **scheme(single, capacity="400", **self.COMPARED | changed)
        )
        assert words in form.errors[field][0]

    def test_no_option_is_offered_where_none_is_compared(self, single):
        draft(single)
        replied(single)
        names = {
            offer.action.name
            for offer in offers(situation_of(single.application, single.customer), "customer")
        }
        assert names == {"agree_scheme", "object_to_scheme"}


class TestObjections:
    def test_an_objection_is_answered_with_reasons_and_the_version_goes_out_again(self, single):
        draft(single)
        replied(single)
        single.do("object_to_scheme", single.customer, text="希望由纬五线供电")
        acts = {
            offer.action.name
            for offer in offers(situation_of(single.application, single.cast["sunjie"]))
            if offer.allowed
        }
        assert acts == {"draft_scheme", "answer_objection"}
        single.do("answer_objection", "sunjie", text="纬五线无间隔，2027 年改造后可换接")
        single.do("countersign", "zhaoqiang")
        single.do("reply_scheme", "sunjie", method="counter")
        single.do("agree_scheme", single.customer)
        assert single.application.schemes.count() == 1
        answer = single.application.objectionanswers.get()
        assert (answer.new_version, answer.text) == (False, "纬五线无间隔，2027 年改造后可换接")
        assert "纬五线" not in "".join(
            EventPayload.objects.filter(stream=single.application.case.stream).values_list("body", flat=True)
        )

    def test_a_new_version_is_the_answer_too(self, single):
        draft(single)
        replied(single)
        single.do("object_to_scheme", single.customer, text="希望由纬五线供电")
        draft(single, line="纬五线", answer="已改由纬五线供电")
        answer = single.application.objectionanswers.get()
        assert (answer.new_version, answer.scheme.number, answer.text) == (True, 2, "已改由纬五线供电")
        assert single.said("scheme.drafted")["answers"] == 1
        assert "answer" not in single.form("draft_scheme", "sunjie").fields

    def test_nothing_is_answered_without_an_objection(self, single):
        with pytest.raises(Refused, match="异议"):
            single.do("answer_objection", "sunjie", text="维持")
        draft(single)
        with pytest.raises(Refused):
            single.do("answer_objection", "sunjie", text="维持")

    def test_the_second_answer_has_a_clock_of_its_own(self, single):
        draft(single)
        replied(single)
        single.do("object_to_scheme", single.customer, text="希望由纬五线供电")
        clock = Deadline.objects.get(case=single.application.case, limit__code="scheme_again")
        assert clock.running
        draft(single, line="纬五线")
        replied(single)
        clock.refresh_from_db()
        assert not clock.running


class TestRevisions:
    def agreed(self, walk: Walk) -> None:
        draft(walk)
        replied(walk)
        walk.do("agree_scheme", walk.customer)
        walk.do("issue_contract", "sunjie", method="online")
        walk.do("determine_fees", "sunjie", charges="none")
        walk.do("sign_contract", walk.customer)

    @pytest.mark.parametrize("stage", ["WORKS", "INSPECTION"])
    def test_revised_while_works_or_inspection_run_what_lies_behind_is_done_anew(self, single, stage):
        self.agreed(single)
        if stage == "INSPECTION":
            firm = {
                "constructor": "恒信安装公司",
                "licence_no": "4-3-00123-2024",
                "finished_date": timezone.localdate(),
            }
            single.do("notify_completion", single.customer, **firm)
        assert single.stage == stage
        started = Deadline.objects.get(case=single.application.case, limit__code="first_contact").started_at
        single.do("revise_scheme", "sunjie", cause="grid", reason="线路改造")
        assert (single.stage, single.open_nodes()) == ("SCHEME", {"scheme"})
        draft(single, line="纬五线")
        replied(single)
        single.do("agree_scheme", single.customer)
        assert single.stage == "CONTRACT"
        assert single.application.schemes.last().cause == "grid"
        with pytest.raises(Refused, match="合同"):
            single.do("sign_contract", single.customer)
        clock = Deadline.objects.get(case=single.application.case, limit__code="first_contact")
        assert (clock.started_at, clock.running) == (started, True)

    def test_the_customers_cause_needs_the_customers_request(self, single):
        self.agreed(single)
        form = single.form("revise_scheme", "sunjie", cause="customer", reason="增加容量")
        assert "申请" in form.errors["papers"][0]

    def test_not_after_the_inspection_was_passed(self, single):
        self.agreed(single)
        firm = {
            "constructor": "恒信安装公司",
            "licence_no": "4-3-00123-2024",
            "finished_date": timezone.localdate(),
        }
        single.do("notify_completion", single.customer, **firm)
        single.do("record_inspection", "luwei", items="变压器")
        with pytest.raises(Refused):
            single.do("revise_scheme", "sunjie", cause="error", reason="写错")

    def test_whoever_plans_revises_not_whoever_inspects(self, single):
        self.agreed(single)
        with pytest.raises(Refused):
            single.do("revise_scheme", "luwei", cause="error", reason="写错")


class TestDepartments:
    PLACES = {"countersign_planning", "countersign_operations", "countersign_metering", "countersign_finance"}

    def test_larger_supplies_are_signed_off_side_by_side(self, large):
        draft(large)
        assert large.open_nodes() == self.PLACES
        for who in ("zhaoqiang", "luwei", "qinfeng"):
            large.do("countersign", who, opinion="同意")
        assert large.open_nodes() == {"countersign_finance"}
        large.do("countersign", "shenyi", opinion="同意")
        assert large.open_nodes() == {"reply"}
        assert {row.node_code for row in large.application.countersignatures.all()} == self.PLACES
        assert large.said("scheme.countersigned")["fact"] == "countersignature:finance"

    def test_from_35_kv_on_dispatch_looks_too(self, large):
        draft(large, voltage="35", pt_ratio="35000/100")
        assert large.open_nodes() == self.PLACES | {"countersign_dispatch"}

    def test_below_the_bound_one_signature_is_enough(self, single):
        draft(single)
        assert single.open_nodes() == {"countersign"}

    def test_one_return_and_all_are_asked_anew(self, large):
        draft(large)
        large.do("countersign", "luwei", opinion="同意")
        large.do("return_scheme", "qinfeng", opinion="变比偏小")
        assert large.open_nodes() == {"scheme"}
        draft(large, ct_ratio="200/5")
        assert large.open_nodes() == self.PLACES
        assert set(
            Task.objects.filter(
                case=large.application.case, node_code__in=self.PLACES, outcome=""
            ).values_list("round", flat=True)
        ) == {2}

    def test_silence_escalates_and_is_no_consent(self, large):
        draft(large)
        task = Task.objects.get(case=large.application.case, node_code="countersign_finance")
        with travelled_to(timezone.now() + dt.timedelta(days=20)):
            sweep(500)
        rung = DeadlineRung.objects.filter(deadline__task=task, rung="missed")
        assert rung.exists()
        assert large.open_nodes() == self.PLACES
        with pytest.raises(Refused):
            large.do("reply_scheme", "sunjie", method="counter")


class TestAccessDesign:
    def asked(self, walk: Walk, side: str, voltage: str = "10") -> None:
        walk.do("request_access_design", "sunjie", side=side, designer="省电力设计院", voltage=voltage)

    def test_asked_for_and_received(self, single):
        self.asked(single, "utility")
        with pytest.raises(Refused, match="已登记过"):
            self.asked(single, "utility")
        single.do("receive_access_design", "sunjie")
        asked = single.application.accessdesignrequests.get()
        assert (asked.designer, asked.receipt.received_date) == ("省电力设计院", timezone.localdate())
        assert "省电力设计院" not in str(single.said("access_design.requested"))

    def test_no_clock_stands_still_for_it_below_110_kv(self, single):
        self.asked(single, "customer")
        with pytest.raises(Refused, match="计时继续"):
            pause_for_design(single)

    def test_at_110_kv_the_assessed_clock_alone_stands_still_until_it_comes(self, single):
        self.asked(single, "customer", "110")
        pause_for_design(single)
        clocks = Deadline.objects.filter(case=single.application.case)
        assert clocks.get(limit__code="scheme_reply_assessed").due_at is None
        assert clocks.get(limit__code="scheme_reply", limit__kind="legal").due_at is not None
        single.do("receive_access_design", "sunjie")
        assert clocks.get(limit__code="scheme_reply_assessed").due_at is not None
        assert not single.application.case.pauses.filter(ended_at=None).exists()

    def test_our_own_designer_is_no_reason(self, single):
        self.asked(single, "utility", "110")
        with pytest.raises(Refused, match="客户自行委托"):
            pause_for_design(single)


def pause_for_design(walk: Walk) -> None:
    """计时中止, approved by a second person, on the strength of a paper."""
    paper = Document.objects.create(application=walk.application, item_code="other", sha256="a" * 64)
    pause(
        walk.application, by=walk.cast["chenli"], reason="customer_design", paper=paper, approved_by=walk.cast["zhaoqiang"],
        approver_password=PASSWORD,
    )  # fmt: skip
