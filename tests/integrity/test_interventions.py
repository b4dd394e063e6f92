"""过问登记: seen by nobody but the discipline office; tip-offs name nobody; a nil declaration once a quarter."""

import datetime as dt
import re

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from integrity.models import Intervention, NilDeclaration, TipOff
from integrity.services import interventions as verbs
from tests.applications.customers import hidden, signed_in, text
from tests.applications.walked import Walk, bureau
from workflow.models import Event, EventPayload
from workflow.services.contacts import report_told_to_wait
from workflow.transitions import Refused

pytestmark = pytest.mark.django_db

WHO = "张副局长"
WORDS = "让先办这家"


@pytest.fixture
def cast(db):
    return bureau()


@pytest.fixture
def case(cast):
    return Walk(cast, "lv_other", capacity=30).accepted().application.case


def register(client, case, **changes):
    page = client.get(reverse("intervention:new"))
    values = {
        "key": hidden(page), "kind": "asked", "asker": "superior", "wanted": "sooner", "about": str(case), "who": WHO, "words": WORDS,
    }  # fmt: skip
    return client.post(reverse("intervention:new"), values | changes)


def test_an_officer_registers_who_asked_and_gets_a_code_alone(cast, case):
    done = register(signed_in(cast["wangmin"]), case)
    assert done.status_code == 200
    assert WHO not in text(done)
    row = Intervention.objects.get()
    assert (row.case, row.who, row.words, row.registrant) == (case, WHO, WORDS, cast["wangmin"])
    event = Event.objects.get(kind="intervention.registered")
    assert event.stream == f"integrity:{row.pk}"
    body = EventPayload.objects.get(stream=event.stream).body
    assert WHO not in body
    assert WORDS not in body


def test_nobody_but_the_discipline_office_sees_it(cast, case):
    register(signed_in(cast["wangmin"]), case)
    page = reverse("integrity:interventions")
    for name in ("wangmin", "chenli", "zhenglin", "hanlei", "gaomin", "sunjie", "zhanghaitang"):
        client = signed_in(cast[name])
        assert client.get(page).status_code == 404, name
        assert page not in text(client.get(reverse("home"), follow=True)), name
    assert Client().get(page).status_code == 302
    # not on the case, nor in its story, nor among its flags, nor in its stream
    for name, url in (
        ("wangmin", reverse("case", args=[case.pk])),
        ("chenli", reverse("case", args=[case.pk])),
        ("zhenglin", reverse("integrity:story", args=[case.pk])),
        ("zhenglin", reverse("integrity:flags")),
    ):
        seen = text(signed_in(cast[name]).get(url))
        assert WHO not in seen
        assert WORDS not in seen
        assert "有人过问" not in seen
    assert not Event.objects.filter(stream=case.stream, kind="intervention.registered").exists()
    seen = text(signed_in(cast["linqing"]).get(page))
    assert WHO in seen
    assert WORDS in seen
    assert "王敏" in seen
    assert Event.objects.filter(
        kind="audit.interventions_read", stream=f"integrity:{cast['linqing'].pk}"
    ).exists()


def test_the_registrant_sees_no_list_either(cast, case):
    client = signed_in(cast["wangmin"])
    register(client, case)
    assert WHO not in text(client.get(reverse("intervention:new")))


def test_orders_to_hold_or_hurry_are_registered_likewise_and_a_second_click_is_one(cast, case):
    client = signed_in(cast["lijianguo"])
    page = client.get(reverse("intervention:new"))
    values = {"key": hidden(page), "kind": "hold", "asker": "superior", "wanted": "later"}
    first = client.post(reverse("intervention:new"), values)
    again = client.post(reverse("intervention:new"), values)
    codes = [re.search(r'class="code">([^<]+)<', text(page)).group(1) for page in (first, again)]
    assert codes[0] == codes[1]
    assert Intervention.objects.get().kind == "hold"


def test_an_unknown_number_is_kept_as_typed_and_tells_nothing(cast, case):
    client = signed_in(cast["tangli"])
    assert register(client, case, about="YK2099000000000000000").status_code == 200
    assert register(client, case).status_code == 200, "a case of another station is answered the same"
    assert Intervention.objects.filter(case=None).get().about == "YK2099000000000000000"


def test_what_is_missing_is_asked_for_and_what_was_typed_is_kept(cast, case):
    bad = register(signed_in(cast["wangmin"]), case, asker="", happened_date="2099-01-01")
    assert bad.status_code == 422
    assert WORDS in text(bad)
    assert not Intervention.objects.exists()


def test_rows_are_added_and_never_changed(cast, case):
    register(signed_in(cast["wangmin"]), case)
    for statement in (
        "UPDATE integrity_intervention SET kind = 'hurry'",
        "DELETE FROM integrity_intervention",
        "DELETE FROM integrity_tipoff",
        "DELETE FROM integrity_nildeclaration",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_tip_off_names_nobody_and_its_code_leads_to_the_answer(cast):
    client = signed_in(cast["hewei"])
    done = client.post(reverse("intervention:tip_off"), {"words": "某所收件不登记", "about": ""})
    assert done.status_code == 200
    tip = TipOff.objects.get()
    event = Event.objects.get(kind="tip_off.handed_in")
    assert (event.actor, event.device, event.via, event.station) == ("public", None, None, None)
    code = next(
        word for word in text(done).replace("<", " ").replace(">", " ").split() if word.count("-") == 3 and len(word) == 19
    )  # fmt: skip
    assert code.replace("-", "") not in tip.code_index
    look = Client().post(reverse("intervention:tip_off_look"), {"code": code.lower()})
    assert "还没有答复" in text(look)
    officer = signed_in(cast["linqing"])
    assert "某所收件不登记" in text(officer.get(reverse("integrity:interventions")))
    officer.post(reverse("integrity:tip_off_answer", args=[tip.pk]), {"answer": "已核实并整改"})
    assert "已核实并整改" in text(Client().post(reverse("intervention:tip_off_look"), {"code": code}))
    tip.refresh_from_db()
    with pytest.raises(Refused):
        verbs.answer_tip_off(tip, answer="改口", by=cast["linqing"])
    assert Client().post(reverse("intervention:tip_off_look"), {"code": "AAAA-BBBB"}).status_code == 422
    assert signed_in(cast["chenli"]).post(
        reverse("integrity:tip_off_answer", args=[tip.pk]), {"answer": "x"}
    ).status_code == 404  # fmt: skip


def test_a_nil_declaration_is_made_once_a_quarter_and_the_silent_are_listed(cast, monkeypatch):
    now = dt.datetime(2026, 11, 24, 10, tzinfo=dt.UTC)
    monkeypatch.setattr(timezone, "now", lambda: now)
    discipline = signed_in(cast["linqing"])
    assert "李建国" in text(discipline.get(reverse("integrity:interventions")))
    client = signed_in(cast["lijianguo"])
    client.post(reverse("intervention:nil"))
    client.post(reverse("intervention:nil"))
    row = NilDeclaration.objects.get()
    assert (row.year, row.quarter) == (2026, 3)
    assert "已申报" in text(client.get(reverse("intervention:new")))
    assert "李建国" not in text(discipline.get(reverse("integrity:interventions")))
    with pytest.raises(Refused):
        verbs.declare_nil(by=cast["lijianguo"], year=2026, quarter=4)


def test_customers_who_were_told_to_wait_stand_on_the_same_page_and_on_no_other(cast, case):
    report_told_to_wait(
        case, whom="counter", said="just_wait", on_date=None, by=cast["zhanghaitang"], key="w1"
    )
    seen = text(signed_in(cast["linqing"]).get(reverse("integrity:interventions")))
    assert reverse("integrity:story", args=[case.pk]) in seen
    for name in ("wangmin", "chenli"):
        assert "just_wait" not in text(signed_in(cast[name]).get(reverse("case", args=[case.pk])))
    assert not Event.objects.filter(stream=case.stream, kind="told_to_wait.reported").exists()
