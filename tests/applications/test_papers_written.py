"""Papers that acts issue: kept as issued, their digest in the event, read as page and PDF by whoever may."""

from __future__ import annotations

import datetime as dt
import io
import json

import pypdf
import pytest
from django.utils import timezone
from django.utils.translation import override

from applications.models import IssuedPaper, Scheme, TariffCategory, digest_of
from applications.selectors.issued import papers_of, sheet_of
from applications.selectors.sheets import COMPOSERS
from applications.services.papers import request_documents
from applications.sheets.parts import loaded
from applications.sheets.pdf import render
from staff.sessions import BACKEND
from tests.applications.papers import code_of, factory, fonts_of, words_of
from tests.applications.walked import Walk
from workflow.models import EventPayload

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(cast):
    return Walk(cast, "residential", capacity=8, usage="residential")


def issued(walk: Walk, kind: str) -> IssuedPaper:
    return walk.application.issuedpapers.get(kind=kind)


def browser(client, user):
    client.force_login(user, backend=BACKEND)
    return client


def test_acceptance_gives_a_receipt_with_masked_names_and_the_promise(home):
    home.accepted()
    paper = issued(home, "acceptance")
    words = loaded(paper.content).words()
    for said in (
        "受理回执",
        "张∗",
        "138∗∗∗∗0101",
        "新装",
        "8 kW",
        "王敏",
        "其后首个工作日为第 1 日",
        "95598",
        "12398",
    ):
        assert said in words, said
    assert "张海棠" not in words
    assert paper.digest in home.event("application.accepted").documents
    assert paper.digest == digest_of(words)
    assert home.said("application.accepted")["paper"] == "acceptance"


def test_a_request_names_every_paper_with_its_own_reason_and_day(home, cast):
    request_documents(
        home.application, {"identity": "国徽面缺失", "title": ""}, by=cast["wangmin"],
        faults={"identity": "pages_missing", "title": "missing"},
    )  # fmt: skip
    words = loaded(issued(home, "request").content).words()
    for said in ("一次性告知书", "张海棠", "缺页；国徽面缺失；请补拍缺少的页", "没有交来", "海棠路 1 号"):
        assert said in words, said
    assert "国徽面" not in json.dumps(home.said("documents.requested"), ensure_ascii=False)
    assert home.said("documents.requested")["faults"] == {
        "identity": "pages_missing",
        "title": "missing",
    }


class TestAFactory:
    """One case through the papers of a high-voltage connection."""

    @pytest.fixture
    def replied(self, cast):
        walk = factory(cast)
        application = walk.application
        scheme = Scheme.objects.create(
            application=application, number=1, voltage="10", capacity=315, capacity_unit="kVA", ownership_boundary="T 接点",
            customer_pays="受电工程", yearly_cost=180000, validity_months=12, text="方案", digest=digest_of("方案"),
        )  # fmt: skip
        return walk, scheme

    def test_the_reply_has_the_fields_of_the_trade_s_form_in_order(self, replied):
        walk, scheme = replied
        application = walk.application
        application.replynotices.create(
            scheme=scheme, method="counter", delivered_to=application.parties.get(role="applicant"), delivered_at=timezone.now(),
            objection_until_date=dt.date(2027, 1, 1), valid_until_date=dt.date(2027, 12, 1),
        )  # fmt: skip
        scheme.sources.create(number=1, voltage="10", capacity=315, line="纬三线")
        tariff = TariffCategory.objects.get(code="industrial")
        scheme.metering_points.create(
            number=1,
            mode="hv_hv",
            phase="3",
            ct_ratio="40/5",
            pt_ratio="10000/100",
            meter_class="0.5S",
            tariff=tariff,
        )
        sheet = _composed("scheme-reply", application)
        said = words_of(render(sheet))
        fields = [
            "户号", "申请编号", "户名", "用电地址", "用电类别", "行业分类", "拟定客户分级", "供电容量", "联系人", "联系电话", "单价",
            "数量/容量", "应收金额", "依据", "电源编号", "电源性质", "电压", "容量", "电源点信息", "计量点组号", "电价类别", "定量定比",
            "电能表精度", "规格及接线方式", "互感器精度", "变比", "日期",
        ]  # fmt: skip
        place = 0
        for field in fields:
            found = said.find(field, place)
            assert found >= place, field
            place = found
        for value in (
            "张海棠",
            "海棠路1号",
            "315kVA",
            "纬三线",
            "CT40/5",
            "PT10000/100",
            "二级",
            "138****0202",
            scheme.digest,
        ):
            assert value in said, value


def _composed(kind, application):
    with override("zh-hans"):
        return COMPOSERS[kind](application, 1, timezone.now())


class TestReading:
    def test_the_office_and_the_customer_read_the_same_paper(self, client, home, cast):
        home.accepted()
        case = home.application.case
        page = browser(client, cast["wangmin"]).get(f"/cases/{case.pk}/papers/acceptance/1/")
        assert "受理回执" in page.content.decode()
        officers = client.get(f"/cases/{case.pk}/papers/acceptance/1/pdf/")
        mine = browser(client, home.customer).get(f"/my/{case.pk}/papers/acceptance/1/pdf/")
        assert officers.content == mine.content
        assert mine["Content-Type"] == "application/pdf"
        assert "no-store" in mine["Cache-Control"]
        assert all(fonts_of(mine.content))
        assert code_of(mine.content).endswith(f"/receipt/{case.contacts.get().receipt_key}/")

    def test_others_find_nothing(self, client, home, cast):
        home.accepted()
        case = home.application.case
        stranger = browser(client, cast["hengtai"])
        assert stranger.get(f"/my/{case.pk}/papers/acceptance/1/").status_code == 404
        assert stranger.get(f"/my/{case.pk}/papers/acceptance/1/pdf/").status_code == 404
        assert stranger.get(f"/cases/{case.pk}/papers/acceptance/1/").status_code == 404
        mine = browser(client, home.customer)
        assert mine.get(f"/my/{case.pk}/papers/acceptance/2/").status_code == 404
        assert mine.get(f"/my/{case.pk}/papers/nonsense/1/").status_code == 404
        client.logout()
        assert client.get(f"/my/{case.pk}/papers/acceptance/1/pdf/").status_code == 302

    def test_a_receipt_is_open_to_whoever_holds_its_code_and_names_nobody(self, client, home):
        contact = home.application.case.contacts.get()
        answer = client.get(f"/receipt/{contact.receipt_key}/pdf/")
        said = words_of(answer.content)
        assert answer.status_code == 200
        assert "张海棠" not in said
        assert "13800000101" not in said
        assert len(pypdf.PdfReader(io.BytesIO(answer.content)).pages) == 1
        assert contact.receipt_code[:4] in said
        assert client.get("/receipt/AAAA/pdf/").status_code == 404

    def test_what_was_issued_stays_whatever_is_corrected_afterwards(self, home):
        home.accepted()
        application = home.application
        before = sheet_of(application.case, application, "acceptance", 1)
        person = application.parties.get(role="applicant").person
        type(person).objects.filter(pk=person.pk).update(name="别人")
        assert sheet_of(application.case, application, "acceptance", 1) == before
        assert [paper.kind for paper in papers_of(application.case, application)] == ["acceptance", "receipt"]

    def test_the_contract_s_paper_carries_the_digest_that_is_signed(self, home):
        home.accepted()
        home.do("issue_contract", "wangmin", method="online")
        contract = home.application.contracts.get()
        sheet = sheet_of(home.application.case, home.application, "contract", 1)
        assert contract.digest in sheet.words()
        assert sheet.seal.code == contract.digest
        assert "张海棠" in sheet.words()


def test_the_log_holds_digests_and_no_words(home, cast):
    home.accepted()
    bodies = EventPayload.objects.filter(stream=home.application.case.stream).values_list("body", flat=True)
    assert not [body for body in bodies if "张海棠" in body or "海棠路" in body]
