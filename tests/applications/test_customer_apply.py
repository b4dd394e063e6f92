"""Applying online: steps kept as typed, papers looked into, sent once."""

from __future__ import annotations

import datetime as dt
import io
import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from applications import uploads
from applications.models import Application, Document, Draft, Party
from staff.models import Office
from tests.applications.customers import (
    ANSWERS,
    CREDIT_CODE,
    FACTORY,
    FIRM,
    HOME,
    ID_NUMBER,
    SHOP,
    applied,
    fill,
    hidden,
    photo,
    send,
    signed_in,
    text,
    upload,
)
from workflow.models import Case, CaseAccess, Contact, Event, EventPayload

pytestmark = pytest.mark.django_db

NAUGHTY = Path(__file__).resolve().parents[3] / "shared/data/naughty"
IDENTITY = f"/apply/{HOME}/papers/identity/"
TITLE = f"/apply/{HOME}/papers/title/"


@pytest.fixture
def customer(cast):
    return signed_in(cast["zhanghaitang"])


# --- steps ----------------------------------------------------------------------------------------------------


def test_applying_asks_to_sign_in_first_and_comes_back(cast):
    assert Client().get(f"/apply/{HOME}/").url == f"/signin/?next=%2Fapply%2F{HOME}%2F"


def test_a_rough_kind_leads_to_its_choice_and_nonsense_nowhere(customer):
    assert customer.get("/apply/rooftop_pv/").url == "/kinds/rooftop_pv/"
    assert customer.get("/apply/temporary.residential/").status_code == 404
    assert customer.get("/apply/new_supply.nonsense/").status_code == 404
    assert customer.get(f"/apply/{HOME}/nonsense/").status_code == 404


def test_officers_have_no_such_page(cast):
    assert signed_in(cast["wangmin"]).get(f"/apply/{HOME}/").status_code == 404


def test_another_device_goes_on_where_the_first_stopped(cast, customer):
    customer.post(f"/apply/{HOME}/place/", ANSWERS["place"])
    page = text(signed_in(cast["zhanghaitang"]).get(f"/apply/{HOME}/place/"))
    assert ANSWERS["place"]["address"] in page
    assert "已保存" in page
    assert Case.objects.count() == 0, "a draft is no contact yet"


def test_typing_is_kept_without_being_judged(customer):
    assert (
        customer.post(f"/apply/{HOME}/applicant/save/", {"name": "张", "id_number": "11"}).status_code == 204
    )
    page = text(customer.get(f"/apply/{HOME}/applicant/"))
    assert 'value="11"' in page
    assert "18 位" not in page


def test_answers_are_encrypted_in_the_database(customer):
    fill(customer)
    raw = Draft.objects.extra(select={"raw": "encode(answers, 'hex')"}).values_list("raw", flat=True).get()
    assert ID_NUMBER.encode().hex() not in raw


@pytest.mark.parametrize(
    ("step", "field", "typed", "sentence"),
    [
        ("place", "address", "", "请填写用电地址"),
        ("place", "title_kind", "castle", "列表里没有这一项"),
        ("place", "owner_is_applicant", "", "请选择“是”或“否”"),
        ("who", "by_agent", "", "请二选一"),
        ("applicant", "name", "", "请填写姓名"),
        ("applicant", "id_number", "11010519491231002", "身份证号是 18 位，现在有 17 位"),
        ("applicant", "id_number", "110105194912310021", "有一位不对"),
        ("applicant", "id_number", "11010519491331002X", "身份证号"),
        ("load", "capacity", "八", "这不是数字"),
        ("load", "capacity", "", "请填一个数字"),
        ("load", "wanted_by_date", "2020-01-01", "这一天已经过去"),
        ("load", "wanted_by_date", "明天", "日期不对，请写成 2026-11-24 这样"),
    ],
)
def test_a_slip_gets_its_sentence_and_stays_as_typed(customer, step, field, typed, sentence):
    fill(customer)
    response = customer.post(f"/apply/{HOME}/{step}/", ANSWERS[step] | {field: typed})
    assert response.status_code == 200
    assert sentence in text(response)
    if typed and field != "title_kind":
        assert typed in text(customer.get(f"/apply/{HOME}/{step}/"))


@pytest.mark.parametrize("typed", ["１１０１０５１９４９１２３１００２Ｘ", " 110105 19491231 002x "])
def test_spaces_and_full_width_are_accepted(customer, typed):
    fill(customer, answers=ANSWERS | {"applicant": {"name": "张海棠", "id_number": typed}})
    assert applied(customer).parties.get(role="applicant").person.id_number == ID_NUMBER


def test_sending_waits_for_every_step(customer):
    customer.post(f"/apply/{HOME}/place/", ANSWERS["place"])
    assert customer.get(f"/apply/{HOME}/check/").url == f"/apply/{HOME}/who/"
    assert customer.get(f"/apply/{HOME}/papers/").url == f"/apply/{HOME}/who/"
    assert customer.post(f"/apply/{HOME}/check/", {"answer": "today"}).url == f"/apply/{HOME}/who/"


def test_the_check_page_masks_the_id_number_and_changes_come_back_to_it(customer):
    fill(customer)
    page = text(customer.get(f"/apply/{HOME}/check/"))
    assert ID_NUMBER not in page
    assert "∗∗∗∗002X" in page
    response = customer.post(f"/apply/{HOME}/load/?then=check", ANSWERS["load"] | {"capacity": "12"})
    assert response.url == f"/apply/{HOME}/check/"
    assert "12 kW" in text(customer.get(response.url))


def test_a_draft_can_be_thrown_away_until_something_of_it_has_reached_us(customer):
    fill(customer)
    customer.post(f"/apply/{HOME}/discard/")
    assert not Draft.objects.exists()
    fill(customer)
    upload(customer, IDENTITY, photo())
    customer.post(f"/apply/{HOME}/discard/")
    assert Draft.objects.exists()


# --- sending --------------------------------------------------------------------------------------------------


def test_sending_makes_contact_application_and_number_and_shows_the_receipt(cast, customer):
    application = applied(customer)
    case = application.case
    assert (case.stage, application.state) == ("INTAKE", "INTAKE")
    assert case.application_no
    assert case.office == Office.objects.get(code="37010201")
    assert application.echo == "today"
    assert Party.objects.get(application=application).phone_verified_how == "code"
    kinds = list(Event.objects.filter(stream=case.stream).order_by("number").values_list("kind", flat=True))
    assert kinds == ["contact.registered", "application.started", "echo.recorded", "application.submitted"]
    requests = {EventPayload.objects.get(stream=case.stream, number=n).data["request"] for n in (1, 2, 3, 4)}
    assert len(requests) == 1, "one form is no hurried keying"


def test_pressing_twice_going_back_and_sending_again_make_one_case(customer):
    fill(customer)
    page = customer.get(f"/apply/{HOME}/check/")
    sent = {"key": hidden(page), "answer": "today"}
    urls = {customer.post(f"/apply/{HOME}/check/", sent).url for _press in range(3)} | {
        customer.get(f"/apply/{HOME}/check/").url
    }
    assert len(urls) == 1
    assert Case.objects.count() == Application.objects.count() == Contact.objects.count() == 1


def test_an_earlier_day_becomes_a_contact_claimed_by_the_customer(customer):
    fill(customer)
    day = timezone.localdate() - dt.timedelta(days=8)
    response = send(
        customer, answer="earlier", earlier_date=day.isoformat(), whom="窗口小李", where="城东营业厅"
    )
    case = Case.objects.get()
    assert timezone.localdate(case.first_contact_at) == day
    assert case.contacts.count() == 2
    assert "窗口小李" not in "".join(p.body for p in EventPayload.objects.filter(stream=case.stream))
    assert f"{day.day}日" in text(customer.get(response.url))
    assert "您所述" in text(customer.get(f"/my/{case.pk}/"))


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"answer": ""}, "请二选一"),
        ({"answer": "earlier"}, "请填日期"),
        ({"answer": "earlier", "earlier_date": "2099-01-01"}, "这一天还没到"),
    ],
)
def test_the_echo_question_wants_an_answer(customer, said, sentence):
    fill(customer)
    response = send(customer, **said)
    assert response.status_code == 200
    assert sentence in text(response)
    assert not Case.objects.exists()


def test_a_firm_applies_at_high_voltage_with_its_credit_code_through_an_agent(cast):
    client = signed_in(cast["hengtai"])
    response = client.post(
        f"/apply/{FACTORY}/applicant/", FIRM["applicant"] | {"id_number": "91110000600037341X"}
    )
    assert "统一社会信用代码" in text(response)
    application = applied(client, FACTORY, FIRM)
    applicant, agent = (application.parties.get(role=role) for role in ("applicant", "agent"))
    assert (applicant.kind, applicant.person.id_number, applicant.person.id_kind) == (
        "organisation",
        CREDIT_CODE,
        "uscc",
    )
    assert agent.person.name == "马立新"
    assert Event.objects.get(stream=application.case.stream, kind="application.submitted").behalf == "agent"
    assert application.capacity_unit == "kVA"


def test_somebody_applies_for_a_parent_and_both_can_follow_it(cast, customer):
    answers = ANSWERS | {
        "who": {"by_agent": "yes"},
        "applicant": {
            "name": "马老太",
            "id_number": ID_NUMBER,
            "phone": "13800000202",
            "agent_name": "张海棠",
        },
    }
    case = applied(customer, HOME, answers).case
    assert set(CaseAccess.objects.filter(case=case).values_list("user__phone_index", flat=True)) == {
        cast["zhanghaitang"].phone_index, cast["hengtai"].phone_index,
    }  # fmt: skip
    assert signed_in(cast["hengtai"]).get(f"/my/{case.pk}/").status_code == 200


def test_a_shop_may_be_a_person_or_a_firm(customer):
    fill(customer, SHOP, {"place": ANSWERS["place"], "who": {"kind": "organisation", "by_agent": "no"}})
    assert "统一社会信用代码" in text(customer.get(f"/apply/{SHOP}/applicant/"))
    customer.post(f"/apply/{SHOP}/who/", {"kind": "person", "by_agent": "no"})
    assert "身份证号" in text(customer.get(f"/apply/{SHOP}/applicant/"))


def test_no_personal_data_enters_the_log(customer):
    application = applied(customer)
    said = json.dumps(
        [p.body for p in EventPayload.objects.filter(stream=application.case.stream)], ensure_ascii=False
    )
    for secret in ("张海棠", ID_NUMBER, "13800000101", "海棠路"):
        assert secret not in said


def test_markup_is_shown_as_text(customer):
    nasty = '"><script>alert(1)</script>'
    fill(
        customer,
        answers=ANSWERS
        | {
            "place": ANSWERS["place"] | {"address": nasty},
            "applicant": {"name": nasty, "id_number": ID_NUMBER},
        },
    )
    page = text(customer.get(f"/apply/{HOME}/check/"))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


# --- papers ---------------------------------------------------------------------------------------------------


def test_the_first_paper_is_the_first_contact(customer):
    fill(customer)
    assert upload(customer, IDENTITY, photo()).status_code == 302
    case = Case.objects.get()
    assert case.stage == "DRAFT"
    first = case.first_contact_at
    assert applied_now(customer).case == case
    case.refresh_from_db()
    assert case.first_contact_at == first
    assert case.contacts.count() == 1


def applied_now(client):
    response = send(client)
    return Application.objects.get(case__contacts__receipt_code=response.url.split("/")[2][:26])


def test_answers_changed_after_the_first_paper_are_what_is_sent(customer):
    fill(customer)
    upload(customer, IDENTITY, photo())
    customer.post(f"/apply/{HOME}/place/", ANSWERS["place"] | {"address": "滨河路 7 号"})
    customer.post(f"/apply/{HOME}/load/", ANSWERS["load"] | {"capacity": "16"})
    application = applied_now(customer)
    assert application.premises.address == "滨河路 7 号"
    assert application.capacity == 16
    assert application.parties.count() == 1


def test_several_sheets_of_one_paper_stand_side_by_side_until_they_are_replaced(customer):
    fill(customer)
    upload(customer, IDENTITY, photo("front.jpg"), photo("back.jpg", colour="grey"))
    upload(customer, IDENTITY, photo("third.jpg", colour="black"))
    assert Document.objects.filter(replaced=False).count() == 3
    upload(customer, IDENTITY, photo("new.jpg", colour="red"), mode="replace")
    assert Document.objects.filter(replaced=False).count() == 1
    assert Document.objects.count() == 4, "what was replaced is kept"


def test_the_same_sending_twice_adds_nothing(customer):
    fill(customer)
    key = hidden(customer.get(IDENTITY))
    for _press in range(2):
        customer.post(IDENTITY, {"key": key, "sheets": [photo()], "consent": "on"})
    assert Document.objects.count() == 1


def test_a_photo_of_an_identity_paper_needs_its_own_consent_unticked_at_first(customer):
    fill(customer)
    page = text(customer.get(IDENTITY))
    assert 'name="consent"' in page
    assert "checked" not in page.split('name="consent"')[1].split(">")[0]
    response = customer.post(IDENTITY, {"key": hidden(customer.get(IDENTITY)), "sheets": [photo()]})
    assert "带到营业厅" in text(response)
    assert not Document.objects.exists()
    assert 'name="consent"' not in text(customer.get(TITLE))


def test_good_files_stay_and_each_bad_one_gets_its_sentence(customer):
    fill(customer)
    response = upload(
        customer,
        TITLE,
        photo("good.jpg"),
        SimpleUploadedFile("empty.jpg", b""),
        SimpleUploadedFile("virus.jpg", b"MZ" + b"\0" * 600),
    )
    page = text(response)
    assert "empty.jpg：这个文件是空的" in page
    assert "virus.jpg：这种文件打不开" in page
    assert "good.jpg" in page
    assert Document.objects.count() == 1


def test_the_paper_list_is_the_checklists_for_these_answers(customer):
    fill(
        customer,
        answers=ANSWERS | {"place": ANSWERS["place"] | {"owner_is_applicant": "no", "title_kind": "village"}},
    )
    page = text(customer.get(f"/apply/{HOME}/papers/"))
    assert "村（居）委会" in page
    assert "房主同意用电的书面意见" in page
    assert customer.get(TITLE).status_code == 404


def png(width, height):
    body = io.BytesIO()
    Image.new("1", (width, height)).save(body, "PNG")
    return body.getvalue()


PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\nstartxref\n9\n%%EOF\n"


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "空的"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "打不开"),
        (b"<html><script>alert(1)</script></html>", "打不开"),
        (photo().read()[:400], "已损坏"),
        (png(9000, 5000), "4000 万像素"),
        (PDF[:-8], "不完整"),
        (PDF.replace(b"<<>>\nstartxref", b"<</Encrypt 5 0 R>>\nstartxref"), "有密码"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\0" * 200, "HEIC"),
        (b"GIF89a" + b"\0" * 100, "打不开"),
    ],
)
def test_what_can_not_be_used_is_told_by_its_content(body, sentence):
    with pytest.raises(uploads.Unfit) as why:
        uploads.examine(SimpleUploadedFile("paper.jpg", body, "image/jpeg"))
    assert sentence in why.value.sentence


def test_a_file_over_20_mb_is_refused_before_it_is_opened():
    big = SimpleUploadedFile("big.jpg", photo().read())
    big.size = uploads.MAX_BYTES + 1
    with pytest.raises(uploads.Unfit, match="20 MB"):
        uploads.examine(big)


@pytest.mark.parametrize(
    ("body", "kind"), [(photo().read(), "image/jpeg"), (png(20, 20), "image/png"), (PDF, "application/pdf")]
)
def test_what_can_be_used_is_named_by_its_content_whatever_it_calls_itself(body, kind):
    assert uploads.examine(SimpleUploadedFile("x.exe", body, "text/html")).media_type == kind


def test_more_than_ten_at_once_are_asked_to_come_again():
    good, bad = uploads.examine_all([photo(f"{n}.jpg") for n in range(12)])
    assert len(good) == 10
    assert [name for name, _sentence in bad] == ["10.jpg", "11.jpg"]


@pytest.mark.skipif(not NAUGHTY.exists(), reason="the corpus of naughty files is not here")
def test_every_naughty_file_is_taken_or_refused_with_a_sentence():
    paths = [p for p in sorted(NAUGHTY.glob("*.*")) if p.suffix not in {".csv", ".json"}]
    _good, bad = zip(
        *(uploads.examine_all([SimpleUploadedFile(p.name, p.read_bytes())]) for p in paths), strict=True
    )
    unfit = {name for found in bad for name, sentence in found if sentence}
    assert {
        "img_broken.png",
        "img_decompression_bomb.gif",
        "img_truncated_jpeg.jpg",
        "pdf_password.pdf",
        "img_hopper.webp",
    } <= unfit
    assert not unfit & {"exif_Canon_40D.jpg", "pdf_minimal-document.pdf", "exif_gps_DSCN0010.jpg"}
