"""Without sign-in: the first page, 登记我来过, the receipt, the look-up."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from staff import throttles
from staff.models import Office, Throttle
from tests.applications.customers import HOME, hidden, signed_in, text
from tests.applications.walked import EAST, Walk
from workflow.models import Case, Contact, Event, Limit
from workflow.services.contacts import link_contact

pytestmark = pytest.mark.django_db

NAUGHTY = Path(__file__).resolve().parents[3] / "shared/data/naughty/blns.json"
WISH = {
    "phone": "138 0000 0999",
    "need": "开店要用电 30 kW，找李四",
    "place": "海棠路18号3单元",
    "name": "王小明",
}


@pytest.fixture
def visitor(cast):
    return Client()


def register(visitor, query="", **changes):
    page = visitor.get(f"/contact/{query}")
    carried = {
        name: hidden(page, name)
        for name in ("key", "office", "via", "category")
        if f'name="{name}" value=' in text(page)
    }
    return visitor.post("/contact/", carried | WISH | changes)


def code_of(response):
    assert response.status_code == 302, text(response)
    return response.url.split("/")[2][:26]


def test_the_first_page_shows_the_promise_and_every_tile_leads_on(visitor):
    page = text(visitor.get("/"))
    days = {row.days for row in Limit.objects.filter(code="total", kind="promise", status="in_force")}
    assert f"{min(days)}–{max(days)} 个工作日" in page
    assert "/kinds/rooftop_pv/" in page
    assert "先登记" not in page
    assert "/contact/?category=new_supply" not in page


def test_registering_needs_neither_sign_in_nor_staff_and_gives_a_receipt_at_once(visitor):
    response = register(visitor, f"?office={EAST}&via=hall")
    contact = Contact.objects.get(receipt_code=code_of(response))
    assert (contact.self_registered, contact.office.code, contact.channel_id) == (True, EAST, "hall")
    assert contact.person.phone == "13800000999"
    event = Event.objects.get(stream=contact.case.stream, number=contact.number)
    assert (event.kind, event.actor) == ("contact.registered", "public")
    page = text(visitor.get(response.url))
    assert "用户自助登记" in page
    assert "首次联系回执" in page


def test_pressing_twice_registers_once(visitor):
    page = visitor.get(f"/contact/?category={HOME}")
    sent = {"key": hidden(page), "category": HOME} | WISH
    codes = {code_of(visitor.post("/contact/", sent)) for _press in range(2)}
    assert len(codes) == 1
    assert Contact.objects.count() == Case.objects.count() == 1


def test_the_same_need_again_goes_onto_the_same_case_with_its_own_receipt(visitor):
    first, again = (code_of(register(visitor, f"?category={HOME}")) for _visit in range(2))
    assert first != again
    assert Case.objects.count() == 1
    assert "登记回执" in text(visitor.get(f"/receipt/{again}/"))


def test_an_unknown_office_or_channel_does_not_stop_anybody(visitor):
    contact = Contact.objects.get(
        receipt_code=code_of(register(visitor, "?office=999999&via=phone95598&category=nonsense"))
    )
    assert contact.office == Office.objects.get(is_catch_all=True)
    assert (contact.channel_id, contact.category) == ("web", "")


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("phone", "138", "请填 11 位、以 1 开头的手机号"),
        ("phone", "", "请填写手机号"),
        ("need", "", "请简单写下要办什么"),
        ("place", " ", "请写下地点"),
        ("need", "长" * 201, "最多 200 个字，现在有 201 个"),
    ],
)
def test_a_slip_gets_its_sentence_and_keeps_what_was_typed(visitor, field, typed, sentence):
    response = register(visitor, **{field: typed})
    assert response.status_code == 200
    assert sentence in text(response)
    assert WISH["name"] in text(response)
    assert not Contact.objects.exists()


def test_too_many_from_one_phone_are_asked_to_wait_and_nothing_is_lost(visitor, monkeypatch):
    monkeypatch.setattr(
        throttles.Rate,
        "opened_at",
        lambda self, moment: timezone.now().replace(minute=0, second=0, microsecond=0),
    )
    for n in range(throttles.CONTACTS_OF_PHONE.limit):
        assert register(visitor, need=f"第 {n} 件").status_code == 302
    response = register(visitor, need="再一件")
    assert response.status_code == 429
    assert "再一件" in text(response)
    assert Throttle.objects.exists()


def test_the_posters_code_leads_to_this_offices_form(visitor):
    page = text(visitor.get(f"/contact/qr/{EAST}/"))
    assert f"/contact/?office={EAST}&amp;via=hall" in page
    assert "<svg" in page
    assert visitor.get("/contact/qr/111111/").status_code == 404


# --- the receipt ----------------------------------------------------------------------------------------------


def test_a_receipt_tells_a_stranger_neither_name_nor_house_nor_wish(visitor):
    url = register(visitor, f"?category={HOME}").url
    own, strangers, of_the_code = (
        text(visitor.get(url)),
        text(Client().get(url)),
        text(Client().get(f"/receipt/{url.split('/')[2][:26]}/")),
    )
    assert (
        Client()
        .get(url.replace("/receipt/", "/want/").replace(url.split("/")[2], url.split("/")[2][:26]))
        .status_code
        == 404
    )
    for secret in ("王∗∗", "138∗∗∗∗0999", "海棠路", Contact.objects.get().case.contact_no[-5:]):
        assert secret not in of_the_code, "the code begins a hash of the public log, so it opens nothing"
    assert "海棠路18号3单元" in own
    for secret in ("王小明", "13800000999", "18号", "3单元", "李四"):
        assert secret not in strangers
    assert "王∗∗" in strangers
    assert "138∗∗∗∗0999" in strangers
    assert "海棠路" in strangers


def test_a_receipt_shows_moment_number_limits_and_code_in_groups(visitor):
    code = code_of(register(visitor, f"?category={HOME}"))
    contact = Contact.objects.get(receipt_code=code)
    page = text(visitor.get(f"/receipt/{code}/"))
    assert f"{timezone.localtime(contact.recorded_at):%H:%M:%S}" in page
    assert re.sub(r"^(L\d{8})(\d{6})(\d+)(\d)$", r"\1 \2 \3 \4", contact.case.contact_no) in page
    assert "-".join(re.findall(".{1,4}", code)) in page
    assert "受理后 15 个工作日内（含外线施工；无外线 5 个工作日）" in page
    assert "已存证" in page
    assert "从这一刻起算" not in page
    assert "见证" not in page


def test_receipts_are_found_in_small_letters_too_and_not_otherwise(visitor):
    code = code_of(register(visitor))
    assert visitor.get(f"/receipt/{code.lower()}/").status_code == 200
    assert visitor.get(f"/receipt/{'A' * 26}/").status_code == 404


@pytest.mark.skipif(not NAUGHTY.exists(), reason="the corpus of naughty strings is not here")
def test_naughty_strings_are_shown_as_text_or_refused_with_a_sentence(visitor, monkeypatch):
    monkeypatch.setattr(throttles, "pay", lambda *_: None)
    monkeypatch.setattr("applications.views.contact_public.pay", lambda *_: None)
    for string in [s for s in json.loads(NAUGHTY.read_text()) if s.strip() and len(s) <= 200][::9]:
        response = register(visitor, need=string, name=string[:60], place=string)
        assert response.status_code in (200, 302)
        page = text(visitor.get(response.url)) if response.status_code == 302 else text(response)
        assert "<script>alert" not in page
        assert "<img src=x" not in page.lower()


# --- the look-up ----------------------------------------------------------------------------------------------


@pytest.fixture
def case(cast):
    return Walk(cast, "residential", capacity=8).accepted().application.case


def look_up(visitor, number, tail="0101"):
    return visitor.post("/track/", {"number": number, "tail": tail})


def test_number_and_phone_digits_show_the_stage_and_no_names(visitor, case):
    page = text(look_up(visitor, case.application_no))
    assert "供电公司" in page
    assert "首次联系" in page
    for secret in ("张海棠", "海棠路", "13800000101", "/receipt/"):
        assert secret not in page


def test_spaces_hyphens_and_full_width_digits_are_accepted(visitor, case):
    number = " ".join(re.findall(".{1,6}", case.contact_no)).translate(
        {ord(d): ord(d) + 0xFEE0 for d in "0123456789"}
    )
    assert "首次联系" in text(look_up(visitor, number, "０１０１"))


def test_a_wrong_pair_is_answered_alike_whether_or_not_the_number_exists(visitor, case):
    def said(number, tail):
        return (
            text(look_up(visitor, number, tail))
            .replace(number, "")
            .split("<main", 1)[1]
            .split("csrfmiddlewaretoken")[0]
        )

    assert said(case.application_no, "9999") == said("YK202611243701029999", "9999")


def test_a_number_can_be_tried_ten_times_an_hour(visitor, case, monkeypatch):
    monkeypatch.setattr(
        throttles.Rate,
        "opened_at",
        lambda self, moment: timezone.now().replace(minute=0, second=0, microsecond=0),
    )
    answers = [look_up(visitor, case.application_no, "9999").status_code for _try in range(11)]
    assert answers == [200] * 10 + [429]
    assert look_up(visitor, case.application_no).status_code == 429


def test_a_receipt_code_leads_to_the_receipt(visitor, case):
    code = case.contacts.first().receipt_code
    typed = "-".join(re.findall(".{1,4}", code.lower()))
    assert visitor.post("/track/", {"number": typed}).url == f"/receipt/{code}/"


def test_the_signed_in_customer_is_led_to_the_whole_case_and_nobody_else_is(cast, case):
    assert (
        signed_in(cast["zhanghaitang"]).post("/track/", {"number": case.application_no}).url
        == f"/my/{case.pk}/"
    )
    assert signed_in(cast["hengtai"]).post("/track/", {"number": case.application_no}).status_code == 200


def test_a_joined_case_leads_on_to_the_survivor(visitor, cast, case):
    register(visitor, f"?office={EAST}", phone="13800000101")
    other = Case.objects.exclude(pk=case.pk).get()
    link_contact(other, case, reason="同一件事", by=cast["wangmin"])
    assert "供电公司正在" in text(look_up(visitor, other.contact_no))
    assert (
        signed_in(cast["zhanghaitang"]).post("/track/", {"number": other.contact_no}).url == f"/my/{case.pk}/"
    )


def test_both_languages(visitor, case):
    visitor.cookies["lang"] = "en"
    for url in ("/", "/contact/", "/track/", f"/receipt/{case.contacts.first().receipt_code}/"):
        words = re.sub(r"<[^>]+>", " ", text(visitor.get(url)).split("<main", 1)[1].split("</main")[0])
        assert re.search("[a-z]{4}", words)
        assert not re.search("申请编号|登记我来过|我要办电", words)
