"""Keys, versions, refusals, tokens, papers, node times, and what the API says of itself."""

from __future__ import annotations

import csv
import io
import re
from io import StringIO

import jsonschema
import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import InternalError, ProgrammingError, transaction
from django.test import Client
from django.utils import timezone
from PIL import Image

from applications.forms import FORMS
from applications.models import ChannelToken, Document, TokenScope
from applications.services.channel_tokens import issue_token, revoke_token
from tests.applications.api import Caller, channel, person
from tests.applications.walked import PHONES, SURVEYED, Walk
from workflow.models import Case, Channel, Event, IdempotencyKey, Task

pytestmark = pytest.mark.django_db

WISH = {
    "phone": "13800000777",
    "need": "开店要用电 30 kW",
    "place": "海棠路 18 号",
    "category": "new_supply.lv_other",
}


@pytest.fixture
def home(cast):
    walk = Walk(cast, "residential", capacity=8, usage="residential").accepted()
    walk.do("issue_contract", "wangmin", method="online")
    return walk


@pytest.fixture
def case(home):
    return str(home.application.case.pk)


def photo(shade: int = 200) -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), (shade, shade, shade)).save(out, "JPEG")
    return SimpleUploadedFile("身份证.jpg", out.getvalue(), "image/jpeg")


class TestKeys:
    def test_without_one_nothing_is_done(self, cast, case):
        answer = person(cast["wangmin"]).post(
            f"/cases/{case}/acts/issue_contract/", {"method": "online"}, key=""
        )
        assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_missing")

    def test_a_repeat_gets_the_first_answer(self, cast, case):
        surveyor = person(cast["hewei"])
        version = surveyor.offer(case, "record_survey")["version"]
        body = self.survey(surveyor, case) | {"version": version}
        first = surveyor.post(f"/cases/{case}/acts/record_survey/", body, key='"k-1"')
        assert first.status_code == 201, first.content.decode()
        events = Event.objects.count()
        again = surveyor.post(f"/cases/{case}/acts/record_survey/", body, key="k-1")
        assert (again.status_code, again.headers["Idempotency-Replayed"]) == (201, "true")
        assert "Idempotency-Replayed" not in first.headers
        assert again.json() == first.json()
        assert Event.objects.count() == events

    def test_a_repeat_is_known_though_the_answer_was_lost(self, cast, case):
        surveyor = person(cast["hewei"])
        body = self.survey(surveyor, case) | {"version": surveyor.offer(case, "record_survey")["version"]}
        first = surveyor.post(f"/cases/{case}/acts/record_survey/", body, key="k-1")
        IdempotencyKey.objects.filter(scope__startswith="api:").update(stream="", number=0)
        again = surveyor.post(f"/cases/{case}/acts/record_survey/", body, key="k-1")
        assert (again.status_code, again.json()) == (201, first.json())
        assert again.headers["Idempotency-Replayed"] == "true"

    def test_another_body_under_it_is_refused(self, cast, case):
        surveyor = person(cast["hewei"])
        body = self.survey(surveyor, case) | {"version": surveyor.offer(case, "record_survey")["version"]}
        surveyor.post(f"/cases/{case}/acts/record_survey/", body, key="k-1")
        other = surveyor.post(f"/cases/{case}/acts/record_survey/", body | {"photos": "5"}, key="k-1")
        assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")

    def test_a_refused_request_may_be_corrected_under_it(self, cast, case):
        surveyor = person(cast["hewei"])
        whole = self.survey(surveyor, case) | {"version": surveyor.offer(case, "record_survey")["version"]}
        assert (
            surveyor.post(
                f"/cases/{case}/acts/record_survey/", whole | {"can_supply": None}, key="k-1"
            ).status_code
            == 422
        )
        assert surveyor.post(f"/cases/{case}/acts/record_survey/", whole, key="k-1").status_code == 201

    def test_nobody_meets_anothers_answer(self, cast):
        one, other = channel("app"), channel("mini_program")
        first = one.post("/contacts/", WISH, key="same")
        second = other.post("/contacts/", WISH | {"phone": "13800000778"}, key="same")
        assert (first.status_code, second.status_code) == (201, 201)
        assert first.json()["receipt_code"] != second.json()["receipt_code"]

    def test_a_contact_is_registered_once(self, cast):
        app = channel("app")
        first, again = app.post("/contacts/", WISH, key="c"), app.post("/contacts/", WISH, key="c")
        assert (again.json(), again.headers["Idempotency-Replayed"]) == (first.json(), "true")
        assert Case.objects.count() == 1
        assert Case.objects.get().contacts.count() == 1

    @staticmethod
    def survey(surveyor: Caller, case: str) -> dict[str, object]:
        shown = surveyor.offer(case, "record_survey")["fields"]["properties"]
        return {name: schema["default"] for name, schema in shown.items() if "default" in schema} | SURVEYED


class TestRefusals:
    def test_the_sentence_is_the_pages(self, cast, case):
        clerk = person(cast["wangmin"])
        answer = clerk.post(f"/cases/{case}/acts/record_survey/", {"version": 1})
        assert (answer.status_code, answer.json()["code"]) == (409, "refused")
        assert answer.json()["detail"] == clerk.offer(case, "record_survey")["why_not"]
        page = clerk.client.get(f"/cases/{case}/act/record_survey/").content.decode()
        assert answer.json()["detail"] in page

    def test_fields_have_the_forms_sentences(self, cast, home, case):
        answer = person(cast["hewei"]).act(case, "record_survey", photos="many", can_supply=None)
        assert answer.status_code == 422
        said = answer.json()["errors"]
        form = FORMS["record_survey"]({"photos": "many"}, application=home.application, user=cast["hewei"])
        assert {name: said[name] for name in ("can_supply", "photos")} == {
            name: [str(one) for one in form.errors[name]] for name in ("can_supply", "photos")
        }

    def test_a_field_that_is_not_there_is_said(self, cast, case):
        answer = person(cast["hewei"]).act(case, "record_survey", can_suply=True, **SURVEYED)
        assert (answer.status_code, set(answer.json()["errors"])) == (422, {"can_suply"})

    def test_what_was_seen_has_to_be_said(self, cast, case):
        answer = person(cast["hewei"]).post(f"/cases/{case}/acts/record_survey/", SURVEYED)
        assert (answer.status_code, answer.json()["code"]) == (428, "version_missing")

    def test_what_has_changed_is_not_overwritten(self, cast, case):
        surveyor = person(cast["hewei"])
        body = TestKeys.survey(surveyor, case)
        Task.objects.filter(case=case, outcome="").update(version=7)
        path = f"/cases/{case}/acts/record_survey/"
        condition = surveyor.post(path, body, **{"If-Match": '"3"'})
        assert (condition.status_code, condition.json()["code"]) == (412, "stale")
        field = surveyor.post(path, body | {"version": 3})
        assert (field.status_code, field.json()["code"]) == (409, "stale")
        assert field.json()["detail"] == condition.json()["detail"]
        assert surveyor.post(path, body, **{"If-Match": '"7"'}).status_code == 201

    def test_a_session_needs_its_csrf_token(self, cast, case):
        client = Client(enforce_csrf_checks=True)
        client.force_login(cast["wangmin"], backend="staff.backends.PostBackend")
        assert Caller(client).get(f"/cases/{case}/").status_code == 200
        assert Caller(client).post(f"/cases/{case}/acts/pause/").status_code == 403

    def test_english_is_spoken_to_who_asks_for_it(self, cast):
        answer = Caller(Client()).get("/cases/", **{"Accept-Language": "en"})
        assert answer.json()["detail"] == "Please sign in."


class TestTokens:
    def test_open_what_they_name(self, cast, case):
        narrow = channel("app", (TokenScope.CONTACTS,), phone=PHONES["zhanghaitang"])
        assert narrow.get(f"/cases/{case}/").status_code == 403
        assert narrow.post("/contacts/", WISH).status_code == 201

    def test_are_issued_once_and_kept_as_a_digest(self, cast):
        out, err = StringIO(), StringIO()
        call_command(
            "issue_channel_token",
            "95598 平台",
            channel="phone95598",
            scope=["contacts"],
            stdout=out,
            stderr=err,
        )
        secret = out.getvalue().strip()
        token = ChannelToken.objects.get(name="95598 平台")
        assert secret not in str(ChannelToken.objects.values().get())
        assert secret.startswith(token.beginning)
        caller = Caller(Client(), Authorization=f"Channel {secret}")
        assert caller.post("/contacts/", WISH).status_code == 201
        assert Event.objects.filter(stream=f"history:applications_channeltoken:{token.pk}").exists()

    def test_end_when_they_are_revoked(self, cast):
        token, secret = issue_token(
            "小程序", Channel.objects.get(code="mini_program"), ["contacts"], by=cast["wangmin"]
        )
        revoke_token(token, by=cast["wangmin"])
        assert Caller(Client(), Authorization=f"Channel {secret}").post("/contacts/", WISH).status_code == 401
        with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
            ChannelToken.objects.filter(pk=token.pk).delete()

    def test_a_number_that_is_none_is_refused(self, cast):
        assert channel("app", phone="123").get("/cases/").status_code == 401


class TestTheAdministration:
    def test_shows_a_token_once_and_revokes_it(self, cast):
        admin = next(user for user in cast.people.values() if user.is_staff)
        pages = person(admin).client
        url = "/admin/applications/channeltoken/"
        issued = pages.post(
            f"{url}add/", {"name": "小程序", "channel": "mini_program", "scopes": ["contacts"]}
        )
        token = ChannelToken.objects.get()
        secret = re.search(r"<code>([\w-]{40,})</code>", issued.content.decode())
        assert secret is not None
        caller = Caller(Client(), Authorization=f"Channel {secret[1]}")
        assert caller.post("/contacts/", WISH).status_code == 201
        assert secret[1] not in pages.get(url).content.decode()
        assert pages.get(f"{url}{token.pk}/delete/").status_code == 403
        pages.post(url, {"action": "revoke", "_selected_action": [token.pk]})
        assert caller.post("/contacts/", WISH).status_code == 401


class TestPapers:
    def test_a_photo_comes_in_once(self, cast, home, case):
        app = channel("app", phone=PHONES["zhanghaitang"])
        item = "title"
        key = {"Idempotency-Key": "paper"}
        answers = [
            app.client.post(
                f"/api/v1/cases/{case}/documents/", {"item": item, "file": photo()}, headers=app.headers | key
            )
            for _ in range(2)
        ]
        assert [a.status_code for a in answers] == [201, 201], answers[0].content.decode()
        assert answers[0].json() == answers[1].json()
        document = Document.objects.get(item_code=item)
        assert (document.received_channel_id, document.given_by_customer) == ("app", True)
        assert [row["item"] for row in app.get(f"/cases/{case}/documents/").json()] == [item]

    def test_an_identity_photo_needs_consent(self, cast, case):
        app = channel("app", phone=PHONES["zhanghaitang"])
        assert app.upload(f"/cases/{case}/documents/", item="identity", file=photo()).json()[
            "errors"
        ].keys() == {"consent"}
        assert (
            app.upload(f"/cases/{case}/documents/", item="identity", file=photo(), consent="true").status_code
            == 201
        )

    def test_what_can_not_be_opened_says_why(self, cast, case):
        bad = SimpleUploadedFile("a.jpg", b"nothing")
        answer = person(cast["wangmin"]).upload(f"/cases/{case}/documents/", item="title", file=bad)
        assert answer.status_code == 422
        assert answer.json()["errors"]["file"]


class TestNodeTimes:
    def test_in_both_forms(self, cast, home, case):
        other_system = channel("web", (TokenScope.NODE_TIMES,))
        rows = other_system.get("/node-times/?since=2020-01-01").json()["results"]
        assert {row["case"] for row in rows} == {case}
        assert {row["node"] for row in rows} == set(
            Task.objects.filter(case=case).values_list("node_code", flat=True)
        )
        text = other_system.get("/node-times/?format=csv").content.decode()
        table = list(csv.DictReader(StringIO(text)))
        assert [line["node"] for line in table] == [row["node"] for row in rows]
        assert table[0]["number"] == str(home.application.case)

    def test_only_since_then(self, cast, home):
        other_system = channel("web", (TokenScope.NODE_TIMES,))
        later = (timezone.now() + timezone.timedelta(days=1)).isoformat()
        assert other_system.get(f"/node-times/?since={later}").json()["results"] == []
        assert other_system.get("/node-times/?since=gestern").status_code == 422

    def test_are_not_for_customers(self, cast, home):
        assert person(home.customer).get("/node-times/").status_code == 404

    def test_pages_lead_on_without_gap_or_repeat(self, cast, home, monkeypatch):
        monkeypatch.setattr("applications.api.node_times.PAGE", 1)
        other_system = channel("web", (TokenScope.NODE_TIMES,))
        path, seen = "/node-times/?since=2020-01-01", []
        while path:
            answer = other_system.get(path).json()
            seen += [row["node"] for row in answer["results"]]
            path = answer["next"].partition("/api/v1")[2] if answer["next"] else ""
        assert sorted(seen) == sorted(Task.objects.values_list("node_code", flat=True))


class TestItself:
    @pytest.fixture
    def schema(self, db):
        out = StringIO()
        call_command("spectacular", validate=True, fail_on_warn=True, stdout=out)
        return yaml.safe_load(out.getvalue())

    def test_has_an_operation_for_every_act(self, cast, schema):
        for name in FORMS:
            operation = schema["paths"][f"/api/v1/cases/{{id}}/acts/{name}/"]["post"]
            assert operation["operationId"] == name
            asked = operation["requestBody"]["content"]["application/json"]["schema"]["properties"]
            assert set(FORMS[name].base_fields) - {"key"} <= asked.keys()
            names = {parameter["name"] for parameter in operation["parameters"]}
            assert {"Idempotency-Key", "If-Match"} <= names
            assert {"201", "401", "404", "409", "412", "422"} <= operation["responses"].keys()

    def test_answers_as_it_says(self, cast, case, schema):
        clerk = person(cast["wangmin"])
        for path, name in (
            ("", "Case"),
            ("timeline/", "Entry"),
            ("deadlines/", "Deadline"),
            ("actions/", "Action"),
        ):
            answer = clerk.get(f"/cases/{case}/{path}").json()
            rows = answer if isinstance(answer, list) else [answer]
            assert rows
            for row in rows:
                jsonschema.validate(
                    row,
                    _strict(schema["components"]["schemas"][name])
                    | {"components": _strict(schema["components"])},
                )

    def test_is_read_by_whoever_is_signed_in_and_tried_by_officers(self, cast, home):
        assert person(home.customer).get("/schema/").status_code == 200
        assert (
            person(home.customer).client.get("/api/v1/docs/", headers={"Accept": "text/html"}).status_code
            == 404
        )
        page = person(cast["wangmin"]).client.get("/api/v1/docs/", headers={"Accept": "text/html"})
        text = page.content.decode()
        assert page.status_code == 200
        assert "<script>" not in text
        assert "<style" not in text
        assert "swagger-ui-bundle" in text


def _strict(schema):
    """OpenAPI 3.0's `nullable` in JSON schema's words; references as they stand."""
    if isinstance(schema, list):
        return [_strict(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: _strict(value) for name, value in schema.items() if name != "nullable"}
    return {"anyOf": [found, {"type": "null"}]} if schema.get("nullable") is True else found
