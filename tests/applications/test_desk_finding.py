"""The one search box: fifty questions, the right case among the first three; nothing of others; nothing in the clear; one index for all."""

from __future__ import annotations

import json
import random

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.utils import timezone
from pypinyin import Style, lazy_pinyin

from applications.models import Premises
from applications.selectors.finding import found, hits
from applications.services.finding import build_terms
from staff.selectors import authority
from tests.applications.customers import signed_in
from tests.applications.walked import EAST, Walk
from workflow.models import Case, CaseTerms, Contact
from workflow.services.contacts import FirstContact, register_contact
from workflow.terms import name_terms, number_terms, phone_terms, place_terms

pytestmark = pytest.mark.django_db

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "海棠秀兰建国雨桐志强丽娟文博思远晓梅国庆明月春生桂英玉珍"
ROADS = [
    "海棠路",
    "中山路",
    "青石巷",
    "云溪路",
    "开发区纬三路",
    "城东小区",
    "东塘村",
    "解放大街",
    "学府路",
    "滨河大道",
]
MANY = 20_000


def visit(cast, name: str, phone: str, place: str, office: str = EAST) -> Case:
    first = FirstContact(
        channel="hall", phone=phone, name=name, need="装表", place=place, category="new_supply.lv_other", office_code=office
    )  # fmt: skip
    return register_contact(first, by=cast["wangmin"]).case


def me_of(cast, who: str = "wangmin"):
    return authority(cast[who], timezone.localdate())


def people(count: int) -> list[tuple[str, str, str]]:
    dice = random.Random(7)
    made = []
    for n in range(count):
        name = dice.choice(SURNAMES) + "".join(dice.sample(GIVEN, 2))
        made.append(
            (
                name,
                f"139{dice.randrange(10**8):08d}",
                f"{dice.choice(ROADS)}{n + 10}号{dice.randrange(1, 9)}单元{dice.randrange(101, 900)}",
            )
        )
    return made


def test_fifty_questions(cast):
    """Name, initials, phone's end, whole phone, address, part of it, number's end, two words: each asked of sixty cases."""
    dice, asked = random.Random(3), []
    made = [(visit(cast, *person), person) for person in people(60)]
    for case, (name, phone, place) in made[:10]:
        initials = "".join(_initial(character) for character in name)
        asked += [
            (name, case),
            (phone, case),
            (place[:8], case),
            (case.contact_no[-5:], case),
            (f"{initials} {phone[-4:]}", case),
        ]
    dice.shuffle(asked)
    assert len(asked) == 50
    me = me_of(cast)
    missed = [text for text, case in asked if case.pk not in found(me, text)[0][:3]]
    assert len(missed) <= 2, missed


def _initial(character: str) -> str:
    return lazy_pinyin(character, style=Style.NORMAL)[0][0]


def test_what_the_box_understands(cast):
    walk = Walk(cast, "residential", capacity=8).accepted()
    case, me = Case.objects.get(pk=walk.application.case.pk), me_of(cast)
    single = visit(cast, "单雄信", "13700004321", "东塘村 7 号")
    for text in ("张海棠", "zht", "ZHT", "zhanghaitang", "海棠", "0101", "1 3 8 0 0 0 0 0 1 0 1", "海棠路1号", "海棠路 1 号", "张 0101",
                 str(case)[-6:], case.contact_no, "ｚｈｔ"):  # fmt: skip
        assert case.pk in found(me, text)[0][:3], text
    for text in ("sxx", "dxx", "单 4321", "shanxiongxin"):
        assert found(me, text)[0][:1] == [single.pk], text
    for text in ("", " ", "李四", "9999", "%", "'", "路" * 80, "\x00"):
        assert found(me, text) == ([], False), text


def test_nobody_finds_what_they_may_not_see(cast):
    mine = visit(cast, "欧阳远航", "13700001111", "海棠路 9 号")
    assert found(me_of(cast), "欧阳远航")[0] == [mine.pk]
    outsider = me_of(cast, "tangli")
    for text in ("欧阳远航", "oyyh", "1111", "海棠路9号", mine.contact_no):
        assert found(outsider, text)[0] == [], text


def test_what_was_replaced_is_found_no_more(cast):
    walk = Walk(cast, "residential", capacity=8)
    case, me = walk.application.case, me_of(cast)
    Premises.objects.filter(application=walk.application).update(address="")
    premises = Premises.objects.get(application=walk.application)
    premises.address = "云溪路 88 号"
    premises.save()
    Contact.objects.filter(case=case).update(place="")
    build_terms([case.pk])
    assert found(me, "云溪路88号")[0] == [case.pk]
    assert found(me, "海棠路1号")[0] == []


def test_nothing_typed_stands_in_address_or_session(cast):
    visit(cast, "张海棠", "13800000101", "海棠路 1 号")
    visit(cast, "张海云", "13800000102", "海棠路 2 号")
    clerk = signed_in(cast["wangmin"])
    answer = clerk.post("/desk/find/", {"q": "张海"})
    assert answer.status_code == 302
    assert "张" not in answer["Location"]
    assert "%E5" not in answer["Location"]
    page = clerk.get(answer["Location"]).content.decode()
    assert "海棠路 1 号" in page
    assert "海棠路 2 号" in page
    kept = [session.get_decoded() for session in Session.objects.all()]
    assert "张海" not in json.dumps(kept, ensure_ascii=False)
    other = signed_in(cast["chenli"])
    assert "张海" not in other.get(answer["Location"]).content.decode()
    whole = clerk.post("/desk/find/", {"q": f" {Case.objects.earliest('opened_at').contact_no} "})
    assert whole["Location"] == f"/cases/{Case.objects.earliest('opened_at').pk}/"


@pytest.mark.long
def test_no_question_reads_all_cases(cast):
    """Twenty thousand cases beside: the plan of every kind of question goes through the index, as the planner chooses by itself."""
    seed = visit(cast, "张海棠", "13800000101", "海棠路 1 号")
    pieces = [
        sorted(name_terms(n) | phone_terms(p) | place_terms(a) | number_terms(f"L2026112437010{i:06d}"))
        for i, (n, p, a) in enumerate(people(400))
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO workflow_case (id, stage, event_number, contact_no, office_id, opened_at) "
            "SELECT gen_random_uuid(), '', 0, 'P' || n, office_id, now() FROM workflow_case, generate_series(1, %s) n WHERE id = %s",
            [MANY, seed.pk],
        )
        cursor.execute("CREATE TEMP TABLE piece (n int, terms bigint[])")
        cursor.executemany("INSERT INTO piece VALUES (%s, %s)", list(enumerate(pieces)))
        cursor.execute(
            "INSERT INTO workflow_caseterms (case_id, terms) SELECT id, terms FROM workflow_case "
            "JOIN piece ON n = abs(hashtext(contact_no)) %% %s WHERE contact_no LIKE 'P%%'", [len(pieces)]
        )  # fmt: skip
    me = me_of(cast)
    assert CaseTerms.objects.count() > MANY
    for text in (
        "张海棠",
        "zht",
        "0101",
        "13800000101",
        "海棠路",
        "中山",
        "王",
        "海棠路 张",
        "370102",
        "24",
        "大道 1 号",
    ):
        plan = hits(me, text)[:41].explain()
        assert "Seq Scan on workflow_case " not in plan, (text, plan)
        assert "Seq Scan on workflow_caseterms" not in plan, (text, plan)
    transaction.set_rollback(True)  # the rows have no first event, which the commit would refuse
