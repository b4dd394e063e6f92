"""A whole case through the API alone: a channel for the customer, officers by session."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from applications.models import Application, Party
from staff.models import User
from staff.selectors import authority
from tests.applications.api import Caller, channel, person
from tests.applications.customers import ID_NUMBER, PLACE
from tests.applications.walked import EAST, LOW_SCHEME, METERED, SURVEYED
from workflow.models import Case, Event

pytestmark = pytest.mark.django_db

PHONE = "13800000777"
WISH = {
    "need": "家里用电 8 kW",
    "place": "海棠路 18 号",
    "name": "张海棠",
    "category": "new_supply.residential",
    "office": EAST,
}
FILING = {
    "category": "new_supply.residential", "place": PLACE, "who": {"by_agent": False},
    "applicant": {"name": "张海棠", "id_number": ID_NUMBER}, "load": {"usage": "residential", "capacity": 8},
    "echo": {"answer": "today"},
}  # fmt: skip


@pytest.fixture
def app(cast) -> Caller:
    return channel("app", phone=PHONE)


@pytest.fixture
def filed(app) -> str:
    answer = app.post("/applications/", FILING)
    assert answer.status_code == 201, answer.content.decode()
    return answer.json()["case"]


def test_a_home_from_contact_to_archive(cast, app):
    contact = app.post("/contacts/", WISH)
    assert contact.status_code == 201
    filed = app.post("/applications/", FILING)
    assert filed.status_code == 201, filed.content.decode()
    case = filed.json()["case"]
    assert case == contact.json()["case"]
    assert Case.objects.get(pk=case).first_contact_channel_id == "app"

    clerk, surveyor = person(cast["wangmin"]), person(cast["hewei"])
    assert clerk.done(case, "accept", three_zero=True)["stage"] == "INTAKE"
    assert clerk.done(case, "issue_contract", method="online")["stage"] == "CONNECTION"
    app.done(case, "sign_contract")
    surveyor.done(case, "record_survey", **SURVEYED)
    surveyor.done(case, "draft_scheme", **LOW_SCHEME)
    surveyor.done(case, "record_metering", **METERED | {"seals": ["F100234", "F100235"]})
    assert surveyor.done(case, "energise_source")["stage"] == "ARCHIVING"
    last = person(cast["guoqin"]).done(
        case, "archive", location="一号库", present=[], reason="纸质资料随后送达"
    )
    assert last["stage"] == "ARCHIVED"

    read = clerk.get(f"/cases/{case}/").json()
    assert (read["stage"], read["application_no"], read["tasks"]) == (
        "ARCHIVED",
        filed.json()["application_no"],
        [],
    )
    assert {stop["state"] for stop in read["milestones"]} == {"done"}
    record = clerk.get(f"/cases/{case}/timeline/").json()
    assert record[0]["kind"] == "case.archived"
    assert all(line["sentence"] for line in record)
    assert {line["via"] for line in record if line["kind"] == "contract.signed"} == {"app"}


def test_the_channel_that_vouched_stands_in_the_record(cast, app, filed):
    applicant = Party.objects.get(application__case=filed, role="applicant")
    assert applicant.phone_verified_how == "channel:app"
    assert applicant.user == User.objects.customer_by_phone(PHONE)
    assert set(Event.objects.filter(stream=f"case:{filed}").values_list("via", flat=True)) == {"app"}


class TestWhatACustomerSees:
    def test_is_no_more_than_on_the_page(self, cast, app, filed):
        read = app.get(f"/cases/{filed}/").json()
        assert not {"tasks", "route", "applicant"} & read.keys()
        assert read["sentence"] == "供电公司正在审核您的材料"
        assert {row["kind"] for row in app.get(f"/cases/{filed}/deadlines/").json()} <= {"legal", "promise"}
        for line in app.get(f"/cases/{filed}/timeline/").json():
            assert line.keys() == {"label", "recorded_at"}

    def test_is_offered_only_what_is_theirs(self, cast, app, filed):
        person(cast["wangmin"]).done(filed, "accept", three_zero=True)
        names = {one["name"] for one in app.get(f"/cases/{filed}/actions/").json()}
        assert "withdraw" in names
        assert not {"accept", "record_survey", "assign", "void"} & names

    def test_an_officers_act_does_not_exist(self, cast, app, filed):
        assert app.post(f"/cases/{filed}/acts/accept/", {"three_zero": True}).status_code == 404

    def test_the_same_case_by_session(self, cast, app, filed):
        mine = person(User.objects.customer_by_phone(PHONE))
        assert [row["id"] for row in mine.get("/cases/").json()["results"]] == [filed]
        assert mine.get(f"/cases/{filed}/").json() == app.get(f"/cases/{filed}/").json()


class TestWhatIsNotTheirs:
    def test_another_phone_finds_nothing(self, cast, filed):
        other = channel("app", phone="13800000778")
        assert other.get(f"/cases/{filed}/").status_code == 404
        assert other.get("/cases/").json()["results"] == []
        assert other.post(f"/cases/{filed}/acts/withdraw/", {"reason": "no_longer_wanted"}).status_code == 404

    def test_another_office_finds_nothing(self, cast, filed):
        case = Case.objects.get(pk=filed)
        assert case.office.code == PLACE["office"]
        elsewhere = next(
            user for user in cast.people.values()
            if user.is_officer and authority(user, timezone.localdate()).posts and not Case.objects.visible_to(user).filter(pk=filed).exists()
        )  # fmt: skip
        for path in ("", "timeline/", "deadlines/", "actions/", "documents/"):
            assert person(elsewhere).get(f"/cases/{filed}/{path}").status_code == 404, path

    def test_nobody_is_asked_to_sign_in(self, cast, filed):
        nobody = Caller(Client())
        for path in (f"/cases/{filed}/", "/cases/", "/node-times/"):
            answer = nobody.get(path)
            assert (answer.status_code, answer.json()["detail"]) == (401, "请先登录。"), path
        assert nobody.get("/schema/").status_code == 401
        assert nobody.post(f"/cases/{filed}/acts/withdraw/").status_code == 401

    def test_a_revoked_token_is_nobody(self, cast, app):
        caller = channel("mini_program")
        assert caller.get("/node-times/").status_code == 200
        caller.headers["Authorization"] += "x"
        assert caller.get("/node-times/").status_code == 401


class TestFiling:
    def test_each_field_says_what_is_wrong(self, cast, app):
        wrong = FILING | {
            "applicant": {"name": "张海棠", "id_number": "110105194912310021"},
            "load": {"usage": "residential"},
        }
        answer = app.post("/applications/", wrong)
        assert answer.status_code == 422
        assert set(answer.json()["errors"]) == {"applicant.id_number", "load.capacity"}
        assert not Application.objects.exists()

    def test_a_number_from_elsewhere_leads_to_its_case(self, cast, app):
        refs = {"external": [{"system": "营销", "kind": "工单号", "value": "3701-1"}]}
        first = app.post("/contacts/", WISH | refs).json()
        filed = app.post("/applications/", FILING | refs).json()
        again = app.post("/applications/", FILING | refs).json()
        assert first["case"] == filed["case"] == again["case"]
        assert Application.objects.count() == 1
        assert app.get(f"/cases/{filed['case']}/").json()["external"] == refs["external"]
        page = person(cast["wangmin"]).client.get(f"/cases/{filed['case']}/").content.decode()
        assert "3701-1" in page

    def test_a_number_of_somebody_elses_case_leads_nowhere(self, cast, app):
        refs = {"external": [{"system": "营销", "kind": "工单号", "value": "3701-1"}]}
        app.post("/contacts/", WISH | refs)
        answer = channel("mini_program", phone="13800000778").post("/contacts/", WISH | refs)
        assert (answer.status_code, answer.json()["code"]) == (409, "refused")
        assert Case.objects.count() == 1

    def test_the_counter_files_on_a_contacts_case(self, cast):
        clerk = person(cast["wangmin"])
        contact = clerk.post("/contacts/", {**WISH, "phone": PHONE, "channel": "phone95598"}).json()
        body = {
            "case": contact["case"], "category": "new_supply.residential", "name": "张海棠", "id_number": ID_NUMBER, "phone": PHONE,
            "address": "海棠路 18 号", "title_kind": "deed", "usage": "residential", "capacity": "8 kW",
            "echo_date": (timezone.localdate() - dt.timedelta(days=9)).isoformat(),
        }  # fmt: skip
        answer = clerk.post("/applications/", body)
        assert answer.status_code == 201, answer.content.decode()
        assert answer.json()["case"] == contact["case"]
        case = Case.objects.get(pk=contact["case"])
        assert (case.stage, case.first_contact_channel_id) == ("INTAKE", "phone95598")
        assert clerk.post("/applications/", body).status_code == 409
