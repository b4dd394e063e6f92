"""The customer's own case: what it shows, what only the customer can do, and who else can't."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from applications.models import Contract, Document, DocumentRequest, Scheme
from applications.services import papers
from tests.applications.customers import HOME, applied, fill, hidden, photo, signed_in, text, upload
from tests.applications.walked import LOW_SCHEME, SURVEYED, Walk
from workflow.models import Contact, Deadline, Event, EventPayload, Pause
from workflow.services.clocks import pause, resume

pytestmark = pytest.mark.django_db

HV_SURVEY = SURVEYED | {
    "customer_works": "yes",
    "external_line": "no",
    "substation": "城东变",
    "line": "纬三线",
    "approved_capacity": "315",
}
HV_SCHEME = {
    "voltage": "10", "capacity": "315", "line": "纬三线", "mode": "hv_hv", "phase": "3", "ct_ratio": "40/5", "pt_ratio": "10000/100",
    "meter_class": "0.5S", "ownership_boundary": "T 接点", "customer_pays": "受电工程",
}  # fmt: skip


@pytest.fixture
def customer(cast):
    return signed_in(cast["zhanghaitang"])


@pytest.fixture
def home(cast):
    return Walk(cast, "residential", capacity=8, usage="residential").accepted()


@pytest.fixture
def shop(cast):
    walk = Walk(cast, "lv_other", three_zero=False, capacity=30, usage="commercial").accepted()
    walk.do("record_survey", "lijianguo", **SURVEYED)
    tariff = walk.form("draft_scheme", "lijianguo")["tariff"].field.queryset.first()
    walk.do("draft_scheme", "lijianguo", **(LOW_SCHEME | {"tariff": tariff.pk}))
    walk.do("reply_scheme", "lijianguo", method="online")
    return walk


def page_of(client, walk):
    return text(client.get(f"/my/{walk.application.case.pk}/"))


def act_url(walk, name):
    return f"/my/{walk.application.case.pk}/do/{name}/"


def press(client, walk, name, **changes):
    """Send the act's form as it is shown, changed as said."""
    page = text(client.get(act_url(walk, name)))
    shown = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    return client.post(act_url(walk, name), shown | changes)


def redirected(response):
    assert response.status_code == 302, text(response)
    return response.url


def status(response):
    """The answer's code; a file is read to its end, which closes it."""
    if response.streaming:
        b"".join(response.streaming_content)
    return response.status_code


# --- who sees it ----------------------------------------------------------------------------------------------


def test_nobody_else_finds_any_of_it(cast, customer, home):
    case = home.application.case
    upload(customer, f"/my/{case.pk}/papers/title/", photo())
    document = Document.objects.get()
    pages = [
        f"/my/{case.pk}/", f"/my/{case.pk}/do/withdraw/", f"/my/{case.pk}/do/sign_contract/", f"/my/{case.pk}/papers/title/",
        f"/my/{case.pk}/question/", f"/my/{case.pk}/told-to-wait/", f"/documents/{document.pk}/",
    ]  # fmt: skip
    other = signed_in(cast["hengtai"])
    assert [status(customer.get(url)) for url in pages] == [200] * len(pages)
    assert [status(other.get(url)) for url in pages] == [404] * len(pages)
    assert [
        other.post(url, {"text": "x", "reason": "no_longer_wanted"}).status_code for url in pages[:6]
    ] == [405, *[404] * 5]
    assert other.post(f"/my/{case.pk}/supply/").status_code == 404
    assert Client().get(pages[0]).status_code == 302
    assert case.application_no not in text(other.get("/my/"))


def test_acts_of_officers_are_no_pages_of_the_customers(customer, home):
    for name in ("accept", "record_payment", "void", "terminate", "nonsense"):
        assert customer.get(act_url(home, name)).status_code == 404


def test_the_list_shows_cases_and_drafts(customer, home):
    customer.post("/apply/new_supply.lv_other/place/", {"address": "滨河路 7 号"})
    page = text(customer.get("/my/"))
    assert "海棠路 1 号" in page
    assert "/apply/new_supply.lv_other/" in page


# --- what it shows --------------------------------------------------------------------------------------------


def test_the_page_says_where_it_is_and_explains_its_date(customer, home):
    page = page_of(customer, home)
    deadline = Deadline.objects.filter(
        case=home.application.case, stopped_at=None, limit__kind__in=["legal", "promise"]
    ).order_by("due_at")[0]
    due = timezone.localtime(deadline.due_at)
    assert f"{due.month}月{due.day}日 {due:%H:%M} 前" in page
    assert f"共 {deadline.limit.days} 个" in page
    assert "不含周末和法定节假日" in page
    assert deadline.limit.regime in page
    contact = home.application.case.contacts.earliest("number")
    assert f"/receipt/{contact.receipt_key}/" in page


def test_customers_never_see_our_own_limits(customer, home):
    internal = Deadline.objects.filter(case=home.application.case, limit__kind="internal").exclude(
        limit__code="intake"
    )
    page = page_of(customer, home)
    assert internal.exists()
    assert not [d.limit.name_zh for d in internal if f">{d.limit.name_zh}・" in page]


def test_at_most_six_milestones_below_first_contact_and_acceptance(cast):
    walk = Walk(cast, "hv_single", customer="hengtai", three_zero=False, capacity=400).accepted()
    wire = page_of(signed_in(cast["hengtai"]), walk).split('class="vwire"')[1].split("</ol>")[0]
    names = re.findall(r"<b>([^<]+)</b>", wire)
    assert names[:2] == ["首次联系", "受理"]
    assert 1 <= len(names[2:]) <= 6
    assert "归档" not in "".join(names)


def test_a_pause_is_shown_with_its_reason_and_can_be_disputed(cast, customer, home):
    pause(home.application, reason="awaiting_documents", by=cast["wangmin"], evidence="sha-256:" + "0" * 64)
    row = Pause.objects.get()
    page = page_of(customer, home)
    assert "计时中止" in page
    assert row.reason.name_zh in page
    url = f"/my/{home.application.case.pk}/pauses/{row.pk}/"
    assert url in page
    assert (
        redirected(customer.post(url, {"key": "k1", "text": "材料当天就交了"}))
        == f"/my/{home.application.case.pk}/"
    )
    said = Contact.objects.latest("recorded_at")
    assert (said.purpose, said.case) == ("complaint", home.application.case)
    assert "材料当天就交了" in said.need
    resume(home.application, reason="awaiting_documents", by=cast["wangmin"])
    assert "曾计时中止" in page_of(customer, home)


# --- papers asked for -----------------------------------------------------------------------------------------


@pytest.fixture
def asked(cast, customer):
    walk = Walk(cast, "residential", capacity=8)
    papers.request_documents(
        walk.application,
        {"identity": "照片反光，看不清号码", "title": "缺第二页"},
        by=cast["wangmin"],
        note="请一次补齐",
    )
    return walk


def test_every_paper_asked_for_says_what_is_wrong_and_only_those_are_asked_again(customer, asked):
    page = page_of(customer, asked)
    for words in ("等您补充材料", "照片反光，看不清号码", "缺第二页", "请一次补齐", "请先把要求的材料都传齐"):
        assert words in page
    wanted = re.findall(rf"/my/{asked.application.case.pk}/papers/(\w+)/", page)
    assert sorted(set(wanted) - {"receipt", "request"}) == ["identity", "title"]


def test_papers_are_supplied_once_all_have_come(customer, asked):
    case = asked.application.case
    upload(customer, f"/my/{case.pk}/papers/identity/", photo(), photo("back.jpg", colour="grey"))
    response = customer.post(f"/my/{case.pk}/supply/", follow=True)
    assert "1" in re.search(r'class="notice red">([^<]+)', text(response)).group(1)
    upload(customer, f"/my/{case.pk}/papers/title/", photo("deed.jpg"))
    assert "传齐了，提交" in page_of(customer, asked)
    for _press in range(2):
        customer.post(f"/my/{case.pk}/supply/")
    assert DocumentRequest.objects.get().answered_at
    assert Event.objects.filter(stream=case.stream, kind="documents.supplied").count() == 1
    assert "供电公司正在审核您的材料" in page_of(customer, asked)


def test_a_paper_sent_again_takes_the_place_of_the_one_that_was_wrong(cast, customer):
    fill(customer)
    upload(customer, f"/apply/{HOME}/papers/identity/", photo("blurred.jpg"))
    application = applied_with(customer)
    papers.request_documents(application, {"identity": "看不清"}, by=cast["wangmin"])
    upload(customer, f"/my/{application.case.pk}/papers/identity/", photo("front.jpg"))
    upload(customer, f"/my/{application.case.pk}/papers/identity/", photo("back.jpg"))
    names = [d.original_name for d in application.documents.filter(replaced=False).order_by("received_at")]
    assert names == ["front.jpg", "back.jpg"]
    assert application.documents.count() == 3


def applied_with(client):
    return applied(client)


def test_a_bad_file_is_told_and_nothing_else_is_lost(customer, asked):
    url = f"/my/{asked.application.case.pk}/papers/title/"
    response = upload(customer, url, photo("page1.jpg"), SimpleUploadedFile("page2.jpg", b""))
    assert "page2.jpg：这个文件是空的" in text(response)
    assert Document.objects.get().original_name == "page1.jpg"


def test_a_download_is_a_file_of_ours_and_never_a_page(cast, customer, asked):
    url = f"/my/{asked.application.case.pk}/papers/title/"
    upload(customer, url, photo("张海棠的房产证.jpg"))
    document = Document.objects.get()
    answer = customer.get(f"/documents/{document.pk}/")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="title-1.jpg"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert b"".join(answer.streaming_content)[:2] == b"\xff\xd8"
    Document.objects.filter(pk=document.pk).update(media_type="text/html")
    answer = customer.get(f"/documents/{document.pk}/")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert status(answer) == 200
    assert status(signed_in(cast["wangmin"]).get(f"/documents/{document.pk}/")) == 200
    assert status(signed_in(cast["tangli"]).get(f"/documents/{document.pk}/")) == 404


# --- scheme, contract, works ----------------------------------------------------------------------------------


def test_the_scheme_is_read_on_the_page_and_agreed_to_as_shown(customer, shop):
    page = page_of(customer, shop)
    assert "请您查看供电方案并答复" in page
    assert LOW_SCHEME["ownership_boundary"] in page
    redirected(press(customer, shop, "agree_scheme"))
    agreement = shop.application.agreements.get()
    assert agreement.digest == Scheme.objects.get().digest
    assert agreement.method == "own_device"
    assert "您已同意" in page_of(customer, shop)


def test_objecting_needs_words_and_sends_the_scheme_back(customer, shop):
    response = press(customer, shop, "object_to_scheme", text=" ")
    assert response.status_code == 200
    assert "请写明希望怎样修改" in text(response)
    redirected(press(customer, shop, "object_to_scheme", text="计量点请设在院内"))
    assert shop.application.objections.get().text == "计量点请设在院内"
    assert "供电公司正在制定供电方案" in page_of(customer, shop)


def test_another_version_than_the_one_shown_is_not_agreed_to(customer, shop):
    response = press(customer, shop, "agree_scheme", digest="sha-256:" + "0" * 64)
    assert response.status_code == 200
    assert not shop.application.agreements.exists()


def test_a_draft_of_ours_is_no_scheme_yet(cast, customer):
    walk = Walk(cast, "lv_other", three_zero=False, capacity=30, usage="commercial").accepted()
    walk.do("record_survey", "lijianguo", **SURVEYED)
    tariff = walk.form("draft_scheme", "lijianguo")["tariff"].field.queryset.first()
    walk.do("draft_scheme", "lijianguo", **(LOW_SCHEME | {"tariff": tariff.pk}))
    assert LOW_SCHEME["ownership_boundary"] not in page_of(customer, walk)


def test_the_contract_is_read_and_signed(customer, home):
    home.do("issue_contract", "wangmin", method="online")
    assert "签订合同" in page_of(customer, home)
    page = text(customer.get(act_url(home, "sign_contract")))
    assert Contract.objects.get().text.splitlines()[0] in page
    redirected(press(customer, home, "sign_contract", method="pad"))
    assert home.application.signatures.get().digest == Contract.objects.get().digest
    assert act_url(home, "sign_contract") not in page_of(customer, home)


def test_what_is_not_the_customers_turn_is_a_sentence(customer, home):
    assert "notice amber" in text(customer.get(act_url(home, "agree_scheme")))
    response = customer.post(act_url(home, "notify_completion"), {"constructor": "临川恒安"})
    assert response.status_code == 200


def test_works_are_reported_with_papers_of_their_own(cast):
    client = signed_in(cast["hengtai"])
    walk = Walk(
        cast, "hv_single", customer="hengtai", three_zero=False, capacity=400, usage="industrial"
    ).accepted()
    walk.do("record_survey", "jinhao", **HV_SURVEY)
    tariff = walk.form("draft_scheme", "sunjie")["tariff"].field.queryset.get(code="industrial")
    walk.do("draft_scheme", "sunjie", **(HV_SCHEME | {"tariff": tariff.pk}))
    walk.do("countersign", "zhaoqiang")
    walk.do("reply_scheme", "sunjie", method="online")
    redirected(press(client, walk, "agree_scheme"))
    walk.do("issue_contract", "sunjie", method="online")
    walk.do("determine_fees", "sunjie", charges="none")
    response = upload(
        client,
        f"/my/{walk.application.case.pk}/papers/completion/?then=notify_completion",
        photo("竣工图.jpg"),
    )
    assert redirected(response) == act_url(walk, "notify_completion")
    paper = walk.application.documents.get(item_code="completion")
    sent = {"constructor": "临川恒安", "licence_no": "4-3-00077-2024", "papers": str(paper.pk)}
    response = press(client, walk, "notify_completion", **sent)
    assert response.status_code == 200
    assert "临川恒安" in text(response), "what was typed is kept"
    redirected(
        press(client, walk, "notify_completion", **sent, finished_date=timezone.localdate().isoformat())
    )
    assert walk.application.completionnotices.get().papers.get() == paper
    assert "供电公司正在竣工检验" in page_of(client, walk)


def test_withdrawing_is_the_customers_own_decision(customer, home):
    page = text(customer.get(act_url(home, "withdraw")))
    assert "任何人不得要求您撤回后重新申请" in page
    redirected(press(customer, home, "withdraw", reason="no_longer_wanted"))
    page = page_of(customer, home)
    assert "已撤回" in page
    assert act_url(home, "withdraw") not in page


# --- what a customer says -------------------------------------------------------------------------------------


def test_a_question_is_a_contact_of_the_case_with_its_own_limit_once_however_often_it_is_sent(customer, home):
    case = home.application.case
    url = f"/my/{case.pk}/question/"
    sent = {"key": hidden(customer.get(url)), "text": "几号来装表？"}
    for _press in range(2):
        assert redirected(customer.post(url, sent)) == f"/my/{case.pk}/"
    contact = case.contacts.get(purpose="advice")
    assert contact.need == "几号来装表？"
    assert Deadline.objects.filter(case=case, limit__code="intake", stopped_at=None).count() == 1
    assert customer.get(f"/receipt/{contact.receipt_code}/").status_code == 200


def test_told_to_wait_is_sealed_where_the_cases_handlers_do_not_see_it(cast, customer, home):
    case = home.application.case
    before = case.contacts.count(), Event.objects.filter(stream=case.stream).count()
    url = f"/my/{case.pk}/told-to-wait/"
    sent = {"key": hidden(customer.get(url)), "whom": "counter", "said": "no_capacity", "on_date": ""}
    codes = {
        re.search(r'class="code">([^<]+)', text(customer.post(url, sent))).group(1) for _press in range(2)
    }
    assert len(codes) == 1
    event = Event.objects.get(stream=f"integrity:{case.pk}")
    assert event.kind == "told_to_wait.reported"
    said = EventPayload.objects.get(stream=event.stream, number=event.number).data
    assert (said["whom"], said["said"], said["case"]) == ("counter", "no_capacity", str(case.pk))
    assert (case.contacts.count(), Event.objects.filter(stream=case.stream).count()) == before
    assert "no_capacity" not in text(signed_in(cast["wangmin"]).get(f"/cases/{case.pk}/"))


def test_told_to_wait_wants_both_answers(customer, home):
    response = customer.post(
        f"/my/{home.application.case.pk}/told-to-wait/", {"key": "k", "whom": "", "said": ""}
    )
    assert text(response).count("请从列表中选择一项") >= 2
    assert not Event.objects.filter(kind="told_to_wait.reported").exists()
