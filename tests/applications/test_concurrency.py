"""Eight people press the same button at the same instant, and a button is pressed twice: one does it, the others read a sentence."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from applications.forms import FORMS
from applications.models import Acceptance, Application, Signature, Survey
from applications.services import SERVICES
from staff.models import Certificate, Competence, Office, Post, User
from staff.services import grant_certificate
from tests.applications.customers import HOME, fill, hidden, signed_in
from tests.applications.walked import EAST, SURVEYED, Walk, bureau
from workflow.models import Case, Contact, Event
from workflow.selectors import calendars
from workflow.transitions import Refusal

pytestmark = pytest.mark.django_db(transaction=True)

CROWD = 8


@pytest.fixture(autouse=True)
def _fresh_calendars(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    calendars._calendar.cache_clear()


@pytest.fixture
def cast(transactional_db):
    return bureau()


def at_once(work: Callable[[int], Any], crowd: int = CROWD) -> list[Any]:
    """Each in a thread of its own, let go together; what came back, exceptions too."""
    answers: list[Any] = [None] * crowd
    gate = threading.Barrier(crowd)

    def run(place: int) -> None:
        try:
            gate.wait(30)
            answers[place] = work(place)
        except Exception as failure:  # noqa: BLE001 - looked at by the test
            answers[place] = failure
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(crowd)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def colleagues(cast: Any, role: str, competence: str, office: str = EAST) -> list[User]:
    """Eight people who hold the same post and the same certificate."""
    today = timezone.localdate()
    place, kind = Office.objects.get(code=office), Competence.objects.get(code=competence)
    crowd = []
    for place_in_line in range(CROWD):
        user = User.objects.create_user(f"{role}{place_in_line}", display_name=f"同事{place_in_line}")
        Post.objects.create(user=user, office=place, role=role, from_date=today - dt.timedelta(days=30))
        grant_certificate(
            by=cast["gaomin"], holder=user, competence=kind, number=f"Z-{role}-{place_in_line}", today=today,
            issued_date=today - dt.timedelta(days=30), valid_until=today + dt.timedelta(days=300),
        )  # fmt: skip
        crowd.append(user)
    assert Certificate.objects.filter(holder__in=crowd).count() == CROWD
    return crowd


def filled_in(walk: Walk, name: str, by: User, **changes: Any) -> dict[str, Any]:
    """The form as each of them has it open, before anybody sends it."""
    form = walk.form(name, by, **changes)
    assert form.is_valid(), form.errors.as_json()
    return form.cleaned_data


def all_press(walk: Walk, name: str, crowd: list[User], **changes: Any) -> list[Any]:
    """Everybody has the form open; now all send it."""
    forms = [filled_in(walk, name, person, **changes) for person in crowd]

    def press(place: int) -> Any:
        application = Application.objects.select_related("case__office").get(pk=walk.application.pk)
        return SERVICES[name](application, by=crowd[place], **forms[place])

    return at_once(press)


def one_did_it(answers: list[Any], walk: Walk, kind: str) -> None:
    """One winner, seven sentences, one event."""
    refused = [answer for answer in answers if isinstance(answer, Refusal)]
    assert len(refused) == CROWD - 1, answers
    assert all(refusal.sentence.endswith("。") and len(refusal.sentence) > 10 for refusal in refused)
    assert Event.objects.filter(stream=walk.application.case.stream, kind=kind).count() == 1
    events = list(Event.objects.filter(stream=walk.application.case.stream).values_list("number", flat=True))
    assert sorted(events) == list(range(1, len(events) + 1))


def test_eight_clerks_accept(cast):
    walk = Walk(cast, "residential", capacity=8)
    one_did_it(
        all_press(walk, "accept", colleagues(cast, "intake", "intake"), three_zero="yes"),
        walk,
        "application.accepted",
    )
    assert Acceptance.objects.count() == 1


def test_eight_surveyors_record(cast):
    walk = Walk(cast, "lv_other", three_zero=False, capacity=200, usage="commercial").accepted()
    crowd = colleagues(cast, "surveyor", "survey_lv")
    answers = all_press(
        walk, "record_survey", crowd, **SURVEYED | {"approved_capacity": "200"}, surveyors=[crowd[0].pk]
    )
    one_did_it(answers, walk, "survey.recorded")
    assert Survey.objects.count() == 1


def test_eight_devices_sign(cast):
    walk = Walk(cast, "residential", capacity=8).accepted()
    walk.do("issue_contract", "wangmin", method="online")
    one_did_it(all_press(walk, "sign_contract", [walk.customer] * CROWD), walk, "contract.signed")
    assert Signature.objects.count() == 1


def test_eight_do_what_excludes_each_other(cast):
    """Half withdraw it, half accept it: one of the two happens, never both."""
    walk = Walk(cast, "residential", capacity=8)
    crowd = colleagues(cast, "intake", "intake")
    away = filled_in(walk, "withdraw", walk.customer, reason="no_longer_wanted")
    accepted = [filled_in(walk, "accept", person, three_zero="yes") for person in crowd]

    def press(place: int) -> Any:
        application = Application.objects.select_related("case__office").get(pk=walk.application.pk)
        if place % 2:
            return SERVICES["withdraw"](application, by=walk.customer, **away | {"key": f"w{place}"})
        return SERVICES["accept"](application, by=crowd[place], **accepted[place])

    answers = at_once(press)
    assert all(isinstance(answer, Refusal) or hasattr(answer, "number") for answer in answers), answers
    told = list(
        Event.objects.filter(stream=walk.application.case.stream, state_to__isnull=False).order_by("number")
    )
    assert [e.state_from for e in told[1:]] == [e.state_to for e in told[:-1]]
    assert Event.objects.filter(stream=walk.application.case.stream, kind="case.withdrawn").count() == 1


def pressed_twice(client: Client, url: str, body: dict[str, Any], times: int = 4) -> list[Any]:
    """The same body from the same browser, as a double click sends it."""
    cookies = client.cookies

    def press(_place: int) -> Any:
        browser = Client()
        browser.cookies.load({name: morsel.value for name, morsel in cookies.items()})
        return browser.post(url, body)

    return at_once(press, times)


def led_on(answers: list[Any]) -> set[str]:
    """Every press leads on, and where to."""
    assert {getattr(answer, "status_code", answer) for answer in answers} <= {302, 303}, answers
    return {answer.url for answer in answers}


def test_a_contact_saved_twice_is_one_case(cast):
    clerk = signed_in(cast["wangmin"])
    page = clerk.get("/desk/contacts/new/")
    body = {
        "key": hidden(page),
        "phone": "13900001111",
        "need": "装表",
        "place": "海棠路 3 号",
        "channel": "hall",
        "purpose": "connection",
    }
    answers = pressed_twice(clerk, "/desk/contacts/new/", body)
    assert len(led_on(answers)) == 1
    assert Case.objects.count() == Contact.objects.count() == 1
    again = clerk.post("/desk/contacts/new/", body)  # back, and sent once more
    assert led_on([again]) == led_on(answers)
    assert Case.objects.count() == 1


def test_self_registered_twice_is_one_case(cast):
    visitor = Client()
    page = visitor.get(f"/contact/?office={EAST}&via=hall")
    body = {
        "key": hidden(page),
        "office": EAST,
        "via": "hall",
        "category": "",
        "phone": "13900002222",
        "need": "装表",
        "place": "海棠路 4 号",
    }
    assert len(led_on([*pressed_twice(visitor, "/contact/", body), visitor.post("/contact/", body)])) == 1
    assert Case.objects.count() == Contact.objects.count() == 1


def test_an_application_sent_twice_is_one_case(cast):
    customer = signed_in(cast["zhanghaitang"])
    fill(customer)
    url = f"/apply/{HOME}/check/"
    body = {"key": hidden(customer.get(url)), "answer": "today"}
    answers = [*pressed_twice(customer, url, body), customer.post(url, body)]
    assert len(led_on(answers)) == 1
    assert Case.objects.count() == Application.objects.count() == 1
    stream = Case.objects.get().stream
    assert Event.objects.filter(stream=stream, kind="application.submitted").count() == 1
    assert Event.objects.filter(stream=stream, kind="contact.registered").count() == 1


def test_an_act_clicked_twice_is_one_event(cast):
    walk = Walk(cast, "residential", capacity=8)
    case, clerk = walk.application.case, signed_in(cast["wangmin"])
    shown = FORMS["accept"](
        application=walk.application, user=cast["wangmin"], version=walk.version("accept")
    )
    body = {name: shown[name].value() for name in shown.fields if shown[name].value() is not None} | {
        "three_zero": "yes"
    }
    url = f"/cases/{case.pk}/act/accept/"
    answers = [*pressed_twice(clerk, url, body), clerk.post(url, body)]
    assert led_on(answers) == {f"/cases/{case.pk}/"}
    assert Event.objects.filter(stream=case.stream, kind="application.accepted").count() == 1
    assert Acceptance.objects.count() == 1


def test_the_crowd_would_notice_a_missing_lock(cast, monkeypatch):
    """Negative control: without the case's one lock more than one gets through, or the database has to stop them."""
    walk = Walk(cast, "residential", capacity=8)

    def without_lock(case_id, _actor):
        query = "SELECT id, (SELECT stamp FROM workflow_rulesstamp) AS stamp FROM workflow_case WHERE id = %s"
        return Case.objects.raw(query, [case_id])[0].stamp

    monkeypatch.setattr("workflow.transitions.lock", without_lock)
    answers = all_press(walk, "accept", colleagues(cast, "intake", "intake"), three_zero="yes")
    done = [answer for answer in answers if hasattr(answer, "number")]
    stopped = [
        answer for answer in answers if isinstance(answer, Exception) and not isinstance(answer, Refusal)
    ]
    assert len(done) > 1 or stopped
