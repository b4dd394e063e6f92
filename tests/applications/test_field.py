"""Field work: appointments, tasks taken along under a nonce, captured offline, handed back; what comes too late is kept and shown."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from applications.models import Capture, Survey, VisitItem
from applications.services import SERVICES
from staff.selectors import qualified
from tests.applications.walked import Walk, bureau
from workflow.captured import counts_at
from workflow.models import Appointment, DayOrder, Deadline, Event, EventPayload, TakenAlong, Task, TaskHolder
from workflow.services import tasks as task_services
from workflow.services.field import nonce_of, taken_by_nonce
from workflow.services.recomputing import recompute
from workflow.transitions import Refused

NOON = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@pytest.mark.parametrize(
    ("captured", "nonce", "counted"),
    [
        (NOON - HOUR, NOON - 2 * HOUR, NOON - HOUR),
        (NOON - HOUR, NOON - HOUR, NOON - HOUR),
        (NOON, NOON - HOUR, NOON),
        (NOON - 3 * HOUR, NOON - 2 * HOUR, NOON),  # before the server handed the nonce out
        (NOON + dt.timedelta(seconds=1), NOON - HOUR, NOON),  # after it came
        (NOON - 25 * HOUR, NOON - 26 * HOUR, NOON),  # longer ago than the node allows
        (NOON - 24 * HOUR, NOON - 26 * HOUR, NOON - 24 * HOUR),
        (NOON - HOUR, None, NOON),  # no nonce, no belief
        (None, NOON - HOUR, NOON),
    ],
)
def test_a_device_is_believed_between_nonce_and_record_alone(captured, nonce, counted):
    assert counts_at(NOON, captured, nonce, 24 * HOUR) == counted


@pytest.fixture
def survey(db) -> Walk:
    """A low-voltage case waiting for its survey."""
    return Walk(bureau(), "lv_other", three_zero=False).accepted()


@pytest.fixture
def surveyor(survey: Walk) -> Any:
    return survey.cast["lijianguo"]


def task_of(walk: Walk) -> Task:
    return Task.objects.select_related("node", "case").get(
        case=walk.application.case, outcome="", node__facts__contains=["survey"]
    )


def photo(colour: str = "white") -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "JPEG")
    return out.getvalue()


def answers(walk: Walk, who: Any, **changes: Any) -> dict[str, Any]:
    """What the survey's form brings, as a browser sends it."""
    given = {
        "can_supply": "yes", "reason": "", "surveyors": [str(who.pk)], "load_kind": "ordinary", "approved_capacity": "30", "line": "",
        "substation": "", "pole": "12号杆", "transformer_area": "海棠3号台区", "distance_m": "35", "external_line": "no",
        "customer_works": "no", "important_grade": "", "photos": "1", "findings": "表箱位置已商定", "occurred_at": "",
    }  # fmt: skip
    return given | changes


def take(client: Any, walk: Walk, who: Any) -> TakenAlong:
    client.force_login(who)
    task = task_of(walk)
    answer = client.post(reverse("field_act", args=[task.pk, "take_along"]), {"task": str(task.pk)})
    assert answer.status_code == 302, answer.content.decode()
    return TakenAlong.objects.get(task=task, closed_at=None)


def send(client: Any, taken: TakenAlong, body: dict[str, Any], **more: Any) -> Any:
    """As field.js sends it."""
    sent = {**body, "nonce": nonce_of(taken), "key": "k" * 32, **more}
    url = reverse("field_act", args=[taken.task_id, "record_survey"])
    return client.post(url, sent, headers={"accept": "application/json"})


def just_now() -> str:
    return timezone.now().isoformat()


def payload(event: Event) -> dict[str, Any]:
    return EventPayload.objects.get(stream=event.stream, number=event.number).data


def test_a_survey_filled_in_offline_is_one_event_with_both_times_and_its_photographs(
    client, survey, surveyor, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    taken = take(client, survey, surveyor)
    page = client.get(reverse("field_visit", args=[taken.task_id])).content.decode()
    assert nonce_of(taken) in page
    assert "13800000101" not in page, "no telephone number lies on the phone"
    assert "张海棠" not in page
    ticks = list(VisitItem.objects.filter(fact="survey", supply_classes=[]).values_list("code", flat=True))
    captured = just_now()
    picture, signature = photo(), photo("black")
    files = lambda: {  # noqa: E731 - read once, made anew
        "visit-pictures": [SimpleUploadedFile("a.jpg", picture, "image/jpeg")],
        "visit-signature": SimpleUploadedFile("s.jpg", signature, "image/jpeg"),
    }
    body = answers(survey, surveyor, **{"visit-ticked": ticks[:2]})
    first = send(client, taken, {**body, **files()}, captured_at=captured)
    assert first.status_code == 200, first.content.decode()
    assert first.json()["state"] == "done"
    again = send(client, taken, {**body, **files()}, captured_at=captured)
    assert again.json()["number"] == first.json()["number"], (
        "the answer was lost on the way; nothing is done twice"
    )

    event = survey.event("survey.recorded")
    assert Survey.objects.count() == 1
    assert event.captured_at.isoformat() == dt.datetime.fromisoformat(captured).isoformat()
    assert taken.nonce_at == event.nonce_at <= event.captured_at == event.occurred_at <= event.recorded_at
    for one in (picture, signature):
        assert f"sha-256:{hashlib.sha256(one).hexdigest()}" in event.documents
    said = payload(event)
    assert (said["pictures"], said["signed"], said["ticked"]) == (1, True, sorted(ticks[:2]))
    stopped = Deadline.objects.filter(case=survey.application.case, stop_reason="survey.recorded")
    assert stopped, "a clock runs on the survey"
    assert {one.stopped_at for one in stopped} == {event.captured_at}
    assert not list(recompute())[-1].drifted, "the log alone tells the same"
    taken.refresh_from_db()
    assert taken.closed_because == TakenAlong.Closing.DONE


@pytest.mark.parametrize("minutes", [-60, 60])
def test_an_unbelievable_device_time_is_kept_and_counts_for_nothing(client, survey, surveyor, minutes):
    taken = take(client, survey, surveyor)
    captured = timezone.now() + dt.timedelta(minutes=minutes)
    assert (
        send(client, taken, answers(survey, surveyor), captured_at=captured.isoformat()).json()["state"]
        == "done"
    )
    event = survey.event("survey.recorded")
    assert event.captured_at == captured
    assert event.occurred_at is None
    stopped = Deadline.objects.filter(case=survey.application.case, stop_reason="survey.recorded")
    assert {one.stopped_at for one in stopped} == {event.recorded_at}


def test_mistakes_stay_on_the_phone_and_nothing_is_recorded(client, survey, surveyor):
    taken = take(client, survey, surveyor)
    events = Event.objects.count()
    for captured in (just_now(), "yesterday", "", "2026-11-24T25:61"):
        answer = send(client, taken, answers(survey, surveyor, can_supply=""), captured_at=captured)
        assert answer.status_code == 422
        assert answer.json()["fields"]["can_supply"]
    assert Event.objects.count() == events
    assert not Capture.objects.exists()


def test_a_nonce_is_of_one_person_and_made_by_the_server_alone(client, survey, surveyor):
    taken = take(client, survey, surveyor)
    assert taken_by_nonce(nonce_of(taken), surveyor) == taken
    assert taken_by_nonce(nonce_of(taken), survey.cast["wangmin"]) is None
    assert taken_by_nonce(taken.pk.hex, surveyor) is None
    assert taken_by_nonce(f"{taken.pk.hex}:forged", surveyor) is None
    client.force_login(survey.cast["wangmin"])
    send(client, taken, answers(survey, surveyor), captured_at=just_now())
    assert not Survey.objects.exists()


def test_who_falls_ill_hands_back_and_what_comes_later_is_kept_and_shown(
    client, survey, surveyor, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    taken = take(client, survey, surveyor)
    captured = just_now()
    assert client.post(reverse("field_hand_back"), {"reason": "ill"}).status_code == 302
    taken.refresh_from_db()
    task = task_of(survey)
    assert taken.closed_because == TakenAlong.Closing.HANDED_BACK
    assert task.taken_at is None
    assert not TaskHolder.objects.filter(task=task, until_at=None).exists()
    assert payload(survey.event("task.handed_back"))["reason"] == "ill"

    body = {**answers(survey, surveyor), "visit-pictures": SimpleUploadedFile("a.jpg", photo(), "image/jpeg")}
    late = send(client, taken, body, captured_at=captured)
    assert late.json()["state"] == "kept"
    assert (
        send(client, taken, answers(survey, surveyor), captured_at=captured).json()["url"]
        == late.json()["url"]
    )
    assert not Survey.objects.exists()
    capture = Capture.objects.get()
    assert json.loads(capture.body)["transformer_area"] == ["海棠3号台区"]
    event = survey.event("capture.kept")
    assert event.documents[0].removeprefix("sha-256:") == hashlib.sha256(photo()).hexdigest()
    assert "海棠" not in json.dumps(payload(event), ensure_ascii=False), "the log holds no text from the site"

    colleague = surveyor
    take(client, survey, colleague)
    assert (
        reverse("field_capture", args=[capture.pk])
        in client.get(reverse("field_visit", args=[task.pk])).content.decode()
    )
    page = client.get(late.json()["url"]).content.decode()
    assert "海棠3号台区" in page
    form = {**answers(survey, colleague), "key": "another"}
    assert client.post(late.json()["url"], form).status_code == 302
    assert Survey.objects.get().transformer_area == "海棠3号台区"
    capture.refresh_from_db()
    assert capture.settled_by == colleague


def _roles(user: Any) -> set[str]:
    return set(user.posts.values_list("role", flat=True))


def test_somebody_was_quicker_and_both_values_are_shown(client, survey, surveyor):
    taken = take(client, survey, surveyor)
    captured = just_now()
    survey.do("record_survey", surveyor, **answers(survey, surveyor, approved_capacity="20"))
    answer = send(
        client, taken, answers(survey, surveyor, approved_capacity="30"), captured_at=captured
    ).json()
    assert answer["state"] == "kept"
    page = client.get(answer["url"]).content.decode()
    assert "30" in page
    assert "<td>20" in page
    assert Survey.objects.count() == 1
    assert client.post(answer["url"], {"leave": "1"}).status_code == 302
    assert payload(survey.event("capture.settled"))["used"] is False


def test_a_task_given_into_other_hands_ends_what_was_taken_along(client, survey, surveyor):
    taken = take(client, survey, surveyor)
    node, here = taken.task.node, survey.application.case.office
    others = [
        u
        for u in qualified(node.competence, here.parent, timezone.localdate(), role=node.role)
        if u != surveyor
    ]
    other = others[0]
    boss = next(u for u in survey.cast.people.values() if "supervisor" in _roles(u))
    task_services.assign(survey.application, task_of(survey), to=other, by=boss, reason="换人")
    taken.refresh_from_db()
    assert taken.closed_because == TakenAlong.Closing.OTHER_HANDS
    with pytest.raises(Refused):
        SERVICES["take_along"](survey.application, by=surveyor, task=task_of(survey))


def slot(days: int, hour: int = 9) -> dict[str, str]:
    day = timezone.localdate() + dt.timedelta(days=days)
    return {"day": day.isoformat(), "begin": f"{hour:02d}:00", "end": f"{hour + 2:02d}:00"}


def test_times_are_offered_agreed_and_missed_each_on_record(client, survey, surveyor):
    client.force_login(surveyor)
    task = task_of(survey)
    url = lambda name: reverse("field_act", args=[task.pk, name])  # noqa: E731
    rows = {f"{name}_{n}": value for n in (1, 2) for name, value in slot(n).items()}
    wrong = client.post(url("offer_appointment"), {"task": str(task.pk), **rows, "end_1": "08:00"})
    assert wrong.status_code == 422
    assert client.post(url("offer_appointment"), {"task": str(task.pk), **rows}).status_code == 302
    appointment = Appointment.objects.get()
    assert len(appointment.slots) == 2
    assert appointment.offered_within(appointment.slots[0][1])
    assert not appointment.offered_within(appointment.slots[0][0])
    chosen = "/".join(appointment.offered[1])
    said = {"appointment": str(appointment.pk), "choice": chosen, "said_by": "phone"}
    assert client.post(url("agree_appointment"), said).status_code == 302
    appointment.refresh_from_db()
    assert (appointment.from_at, appointment.to_at) == appointment.slots[1]
    agreed = payload(survey.event("appointment.agreed"))
    assert (agreed["offered"], agreed["said_by"]) == (True, "phone")
    early = client.post(
        url("miss_appointment"), {"appointment": str(appointment.pk), "missed_by": "customer"}
    )
    assert early.status_code == 409
    wish = {"choice": "own", **{f"{name}_own": value for name, value in slot(9).items()}}
    assert client.post(url("agree_appointment"), {**said, **wish}).status_code == 302
    assert payload(survey.event("appointment.agreed"))["offered"] is False
    assert client.post(url("offer_appointment"), {"task": str(task.pk), **rows}).status_code == 302
    appointment.refresh_from_db()
    assert appointment.outcome == "replaced"
    assert Appointment.objects.filter(outcome="").count() == 1
    Appointment.objects.filter(outcome="").update(
        from_at=timezone.now() - 2 * HOUR, to_at=timezone.now() - HOUR
    )
    standing = Appointment.objects.get(outcome="")
    gone = client.post(url("miss_appointment"), {"appointment": str(standing.pk), "missed_by": "customer"})
    assert gone.status_code == 302
    assert payload(survey.event("appointment.missed"))["by"] == "customer"
    page = client.get(reverse("case", args=[survey.application.case_id])).content.decode()
    assert "客户未赴约" in page


def test_the_day_is_in_order_and_can_be_rearranged(client, survey, surveyor):
    other = Walk(survey.cast, "lv_other", customer="hengtai", three_zero=False).accepted()
    tasks = {}
    for walk, hour in ((survey, 15), (other, 9)):
        taken = take(client, walk, surveyor)
        tasks[walk] = taken.task
        begin = timezone.localtime().replace(hour=hour, minute=0, second=0, microsecond=0)
        Appointment.objects.create(
            task=taken.task,
            offered=[],
            offered_at=timezone.now(),
            offered_number=1,
            offered_by=surveyor,
            from_at=begin,
            to_at=begin + HOUR,
        )

    def order() -> list[str]:
        page = client.get(reverse("field_day")).content.decode().split("<h2>")
        today = next(part for part in page if part.startswith("今天"))
        return sorted((str(t.pk) for t in tasks.values()), key=lambda pk: today.index(f"/field/{pk}/"))

    first, second = str(tasks[other].pk), str(tasks[survey].pk)
    assert order() == [first, second]
    day = timezone.localdate().isoformat()
    client.post(reverse("field_order"), {"day": day, "shown": [first, second], "move": f"down:{first}"})
    assert order() == [second, first]
    assert DayOrder.objects.get().user == surveyor
    assert client.post(reverse("field_order"), {"day": "once"}).status_code == 404
    assert client.get(reverse("field_day") + "?day=2026-13-45").status_code == 200


def test_who_may_not_see_the_case_sees_no_visit_of_it(client, survey, surveyor):
    task = task_of(survey)
    stranger = next(
        u for u in survey.cast.people.values()
        if u.kind == "officer" and u.posts.exists() and not u.posts.filter(office__code__in=["370102", "37010201"]).exists()
    )  # fmt: skip
    for who, status in ((surveyor, 200), (stranger, 404), (survey.customer, 404)):
        client.force_login(who)
        assert client.get(reverse("field_visit", args=[task.pk])).status_code == status, who.username
        assert client.get(reverse("field_act", args=[task.pk, "offer_appointment"])).status_code == status
    client.logout()
    assert client.get(reverse("field_visit", args=[task.pk])).status_code == 302
    assert client.get(reverse("field_worker")).headers["Content-Type"].startswith("text/javascript")
    assert client.get(reverse("field_manifest")).json()["scope"] == "/field/"


def test_without_javascript_the_page_is_an_ordinary_form(client, survey, surveyor):
    client.force_login(surveyor)
    task = task_of(survey)
    url = reverse("field_act", args=[task.pk, "record_survey"])
    assert client.post(url, answers(survey, surveyor, can_supply="")).status_code == 422
    assert client.post(url, {**answers(survey, surveyor), "key": "plain"}).status_code == 302
    event = survey.event("survey.recorded")
    assert (event.captured_at, event.nonce_at, event.via) == (None, None, "visit")
