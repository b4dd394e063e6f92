"""Works of both sides beside each other, reasons for waiting, money given back, meters on slips and in photographs."""

from __future__ import annotations

import datetime as dt
import hashlib
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from PIL import Image

from applications.demo.clock import travelled_to
from applications.forms import FORMS
from applications.models import FeeKind, WorksItem
from applications.selectors.issued import sheet_of
from applications.selectors.standing import stands
from applications.selectors.waits import waits_among
from applications.services import SERVICES
from applications.services.works_items import add_works
from staff.demo import PASSWORD
from tests.applications.test_facts_walk import HV_SURVEY
from tests.applications.test_scheme_tree import SECOND, draft, replied
from tests.applications.walked import LOW_SCHEME, METERED, SURVEYED, Walk, bureau
from workflow.events import Circumstance
from workflow.models import Deadline, Pause, Task, WaitCause
from workflow.transitions import Refused

pytestmark = pytest.mark.django_db

FIRM = {"constructor": "恒信安装公司", "licence_no": "4-3-00123-2024"}
CABLE = {
    "side": "grid",
    "kind": "cable",
    "extent": "10 kV 电缆 240 米",
    "payer": "utility",
    "boundary": "T 接点",
}


@pytest.fixture
def dual(cast):
    """Two sources, lines to be built for both, contract and charges done."""
    walk = Walk(cast, "hv_dual", customer="hengtai", three_zero=False, capacity=400, usage="industrial")
    surveyed = HV_SURVEY | {"approved_capacity": "400", "important_grade": "", "external_line": "yes"}
    walk.accepted().do("record_survey", "jinhao", **surveyed)
    draft(walk, **SECOND, transformer_class="0.2s", share_kind__2="ratio", share_value__2="30")
    replied(walk)
    walk.do("agree_scheme", walk.customer)
    return walk


def contracted(walk: Walk, **charges: object) -> None:
    walk.do("issue_contract", "sunjie", method="online")
    walk.do("determine_fees", "sunjie", **charges or {"charges": "none"})
    walk.do("sign_contract", walk.customer)


def task_of(walk: Walk, node: str) -> Task:
    return Task.objects.get(case=walk.application.case, node_code=node, outcome="")


def photo(colour: str) -> SimpleUploadedFile:
    kept = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(kept, "JPEG")
    return SimpleUploadedFile(f"{colour}.jpg", kept.getvalue(), "image/jpeg")


def test_each_source_waits_for_its_own_works_and_the_clock_for_the_last(dual):
    contracted(dual)
    assert dual.open_nodes() == {"grid_works", "completion"}
    free = dual.form("add_works", "sunjie", CABLE | {"payer": "customer", "clause": ""})
    assert "条款" in free.errors["clause"][0]
    dual.do("add_works", "sunjie", **CABLE, source_number="1", project_no="WBS-26-1")
    dual.do("add_works", "sunjie", **CABLE | {"kind": "bay", "source_number": "2"})
    dual.do("add_works", "sunjie", **CABLE | {"side": "customer", "kind": "receiving", "payer": "customer"})
    one, two, own = WorksItem.objects.order_by("number")
    asked = dual.form("report_works", "sunjie", {"item": two.pk, "news": "outage"})
    assert set(asked.errors) == {"reference", "expected_date"}
    day = timezone.localdate() + dt.timedelta(days=9)
    dual.do("report_works", "sunjie", item=two.pk, news="material_asked", reference="LL-7")
    assert task_of(dual, "grid_works").wait_cause == WaitCause.MATERIAL
    dual.do("report_works", "sunjie", item=two.pk, news="outage", reference="TD-12", expected_date=day)
    (wait,) = waits_among([task_of(dual, "grid_works")])
    assert (wait.cause, wait.holder, wait.expected_date) == (WaitCause.OUTAGE_PLAN, "在我方", day)

    other = dual.form("finish_works", "sunjie", {"item": one.pk, "paid_by": "customer"})
    assert "应出资方" in str(other.errors["checked"])
    dual.do("finish_works", "sunjie", item=one.pk)
    assert dual.said("works.finished")["left"] == 1
    dual.do("notify_completion", dual.customer, **FIRM, finished_date=timezone.localdate())
    dual.do("record_inspection", "luwei", items="变压器")
    assert (dual.stage, dual.open_nodes()) == ("CONNECTION", {"grid_works", "connection"})

    first, second = dual.application.schemes.get().metering_points.all()
    hung = METERED | {"pt_ratio": "10/0.1"}
    dual.do("record_metering", "qinfeng", **hung | {"point": first.pk, "ct_ratio": "40/5"})
    dual.do(
        "record_metering", "qinfeng", **hung | {"point": second.pk, "ct_ratio": "20/5", "asset_no": "370100202699"}
    )  # fmt: skip
    clocks = Deadline.objects.filter(
        case=dual.application.case, limit__stop_each=True, started_at__isnull=False
    )
    dual.do("energise_source", "qinfeng", reading="0")
    assert dual.said("source.energised")["last"] is False
    assert clocks.exists()
    assert all(clock.running for clock in clocks.all())
    held = dual.form("energise_source", "qinfeng", reading="0")
    assert "第 2 项还没有完工" in held.errors["source"][0]
    with travelled_to(timezone.now() + dt.timedelta(days=9)):
        dual.do("finish_works", "sunjie", item=two.pk, finished_date=timezone.localdate())
        assert dual.stage == "CONNECTION"
        dual.do("energise_source", "qinfeng", reading="0")
    assert dual.stage == "ARCHIVING"
    assert {clock.stopped_at for clock in clocks.all()} == {dual.event("source.energised").recorded_at}
    assert not hasattr(
        WorksItem.objects.get(pk=own.pk), "finish"
    )  # the customer's end with the completion notice


def test_a_reason_for_waiting_is_told_to_everybody_and_stops_no_clock(dual):
    contracted(dual)
    case = dual.application.case
    clocks = {c.pk: (c.due_at, c.running) for c in Deadline.objects.filter(case=case)}
    task = task_of(dual, "grid_works")
    day = timezone.localdate() + dt.timedelta(days=20)
    dual.do("state_wait", "sunjie", about=task.pk, cause="third_party", expected_date=day, words="等物业开门")
    assert {c.pk: (c.due_at, c.running) for c in Deadline.objects.filter(case=case)} == clocks
    assert not Pause.objects.filter(case=case).exists()
    said = dual.said("wait.stated")
    assert said == {"node": "grid_works", "cause": "third_party", "expected_date": day.isoformat()}
    (plain,) = stands(case, dual.customer).waits()
    assert plain.startswith("正在等待第三方")
    assert "物业开门" not in plain
    dual.do("state_wait", "sunjie", about=task.pk, cause="", expected_date="")
    assert stands(case, dual.customer).waits() == []
    nothing = dual.form("state_wait", "sunjie", {"about": task.pk, "cause": ""})
    assert "在等什么" in nothing.errors["cause"][0]


def test_no_works_are_needed_after_all_and_home_waits_beside_its_meter(cast):
    home = Walk(cast, "residential", capacity=8, usage="residential").accepted()
    home.do("issue_contract", "wangmin", method="online")
    home.do("sign_contract", home.customer)
    home.do("record_survey", "hewei", **SURVEYED | {"external_line": "yes"})
    assert home.open_nodes() == {"connection", "grid_works"}
    home.do("draft_scheme", "hewei", **LOW_SCHEME)
    home.do("record_metering", "hewei", **METERED)
    with pytest.raises(Refused, match="还没有登记"):
        home.do("energise_source", "hewei", reading="0")
    assert "note" in home.form("finish_works", "hewei", {"note": ""}).errors
    home.do("finish_works", "hewei", note="原有下户线可用")
    home.do("energise_source", "hewei", reading="0")
    assert home.stage == "ARCHIVING"
    with pytest.raises(Refused):
        add_works(home.application, by=cast["chenli"], **CABLE)


def test_money_comes_with_a_receipt_and_goes_back_by_two(dual):
    kind = FeeKind.objects.get(code="high_reliability")
    kind.in_force, kind.grade, kind.from_date = True, "B", dt.date(2020, 1, 1)
    kind.save()
    listed = {"charges": "listed", f"price_{kind.pk}": "12.50", f"quantity_{kind.pk}": "400"}
    contracted(dual, **listed)
    assert "payment" in dual.open_nodes()
    payer = dual.application.parties.get(role="applicant").pk
    dual.do("record_payment", "sunjie", receipt_no="S-1", payer=payer)
    receipt = sheet_of(dual.application.case, dual.application, "fee-receipt", 1)
    assert receipt
    assert "￥5,000.00" in receipt.words()
    assert "S-1" in receipt.words()
    back = {
        "amount": "2000", "reason": "less_built", "voucher_no": "TF-9",
        "approved_by": dual.cast["chenli"].pk, "approver_password": PASSWORD,
    }  # fmt: skip
    assert (
        "最多可退" in dual.form("refund_payment", "sunjie", back | {"amount": "5000.01"}).errors["amount"][0]
    )
    with pytest.raises(Refused):
        dual.do("refund_payment", "sunjie", **back | {"approver_password": "not it"})
    assert not dual.application.refunds.exists()
    dual.do("refund_payment", "sunjie", **back)
    said = dual.said("payment.refunded")
    assert (said["amount"], said["voucher_no"], said["paper"]) == ("2000", "TF-9", "refund")
    assert said["approved_by"] == str(dual.cast["chenli"].pk)
    assert dual.application.unpaid() == 0
    assert "￥2,000.00" in sheet_of(dual.application.case, dual.application, "refund", 1).words()
    assert "￥3,000.00" in str(dual.form("refund_payment", "sunjie")["payment"])


def test_the_list_allows_nothing_that_is_doubted(db):
    bureau()
    with pytest.raises(Exception, match="feekind_in_force_has_a_basis"):
        FeeKind.objects.filter(code="temporary_connection").update(in_force=True)


def test_meters_come_on_a_slip_and_stay_in_photographs(cast):
    home = Walk(cast, "residential", capacity=8, usage="residential").accepted()
    home.do("issue_contract", "wangmin", method="online")
    home.do("sign_contract", home.customer)
    home.do("record_survey", "hewei", **SURVEYED)
    home.do("draft_scheme", "hewei", **LOW_SCHEME)
    assert "meters" in home.form("issue_meters", "hewei", {"number": "LY-1", "meters": "37"}).errors
    home.do("issue_meters", "hewei", number="LY-1", meters="370100202611\n3701 0020 2612", transformers="")
    stranger = home.form("record_metering", "hewei", METERED | {"asset_no": "370100209999"})
    assert "领表单" in str(stranger.errors["checked"])
    photos = [photo("red"), photo("blue")]
    sent = home.form("record_metering", "hewei", METERED | {"issue_slip": ""}).data
    how = {"application": home.application, "user": cast["hewei"], "version": home.version("record_metering")}
    files = MultiValueDict({"photos": [SimpleUploadedFile("a.jpg", b"no picture", "image/jpeg")]})
    assert "photos" in FORMS["record_metering"](sent, files, **how).errors
    form = FORMS["record_metering"](sent, MultiValueDict({"photos": photos}), **how)
    assert form.is_valid(), form.errors
    SERVICES["record_metering"](
        home.application, by=cast["hewei"], circumstance=Circumstance(via="visit"), **form.cleaned_data
    )
    metering = home.application.meterings.get()
    assert (metering.issue_slip, metering.photos.count()) == ("LY-1", 2)
    said = home.event("metering.recorded").documents
    photos[0].seek(0)
    assert f"sha-256:{hashlib.sha256(photos[0].read()).hexdigest()}" in said
    assert {f"sha-256:{p.sha256}" for p in metering.photos.all()} <= set(said)


def test_the_reply_names_transformers_class_and_fixed_share(dual):
    words = sheet_of(dual.application.case, dual.application, "scheme-reply", 1).words()
    assert "互感器精度" in words
    assert "0.2S" in words
    assert "定比 30 %" in words
    assert "互感器精度 0.2S" in dual.application.schemes.get().text
