"""The neutral question: the same for every late record, whatever became of its flag."""

import pytest
from django.urls import reverse

from integrity.models import Flag, GapAnswer
from integrity.selectors.questions import questions
from integrity.services import review
from integrity.services.detection import examine_event
from integrity.services.gaps import explain_gap
from integrity.services.rules import change_rule
from tests.integrity.conftest import DAY, MINUTE, MONDAY, contact
from workflow.models import Event, EventPayload
from workflow.transitions import Refused


def fragment(client, user, case):
    client.force_login(user)
    response = client.get(reverse("integrity:questions", args=[case.pk]), headers={"HX-Request": "true"})
    return response.content.decode() if response.status_code == 200 else response.status_code


def without_token(text):
    return [line for line in text.splitlines() if "csrfmiddlewaretoken" not in line]


def test_a_late_record_asks_neutrally(client, cast, late_case):
    text = fragment(client, cast["wangmin"], late_case)
    assert "相隔 4 个工作日，请补充说明" in text
    for word in ("疑点", "稽查", "核查", "F-", "D3"):
        assert word not in text


def test_nothing_about_a_flag_can_be_told_from_it(client, cast, late_case):
    before = fragment(client, cast["wangmin"], late_case)
    (flag,) = examine_event(Event.objects.get(stream=late_case.stream, number=1))
    raised = fragment(client, cast["wangmin"], late_case)
    review.take(flag.pk, by=cast["zhenglin"])
    review.ask(flag.pk, by=cast["zhenglin"])
    asked = fragment(client, cast["wangmin"], late_case)
    review.resolve(flag.pk, outcome="dismissed", reason="误报", by=cast["zhenglin"])
    ended = fragment(client, cast["wangmin"], late_case)
    change_rule("claimed_late", version=1, in_force=False, values={}, reason="停用", by=cast["zhenglin"])
    off = fragment(client, cast["wangmin"], late_case)
    assert len({tuple(without_token(text)) for text in (before, raised, asked, ended, off)}) == 1


def test_the_fragment_reads_no_flags(client, cast, late_case, django_assert_max_num_queries):
    client.force_login(cast["wangmin"])
    with django_assert_max_num_queries(45) as captured:
        client.get(reverse("integrity:questions", args=[late_case.pk]))
    assert not [q for q in captured.captured_queries if "integrity_flag" in q["sql"]]


def test_a_clean_case_asks_nothing(client, cast):
    case = contact(cast, claimed=MONDAY - 10 * MINUTE).case
    assert questions(case) == []
    assert "请补充说明" not in fragment(client, cast["wangmin"], case)


def test_the_office_explains_once_and_it_stands_on_the_case(client, cast, late_case):
    client.force_login(cast["wangmin"])
    address = reverse("integrity:questions", args=[late_case.pk])
    assert (
        client.post(address, {"number": 1, "cause": "system_outage", "words": "3 月 3 日停运"}).status_code
        == 302
    )
    answer = GapAnswer.objects.get(case=late_case)
    assert (answer.cause_id, answer.words, answer.by) == ("system_outage", "3 月 3 日停运", cast["wangmin"])
    event = Event.objects.get(stream=late_case.stream, kind="gap.explained")
    payload = EventPayload.objects.get(stream=event.stream, number=event.number)
    assert (payload.data["event"], payload.data["cause"]) == (1, "system_outage")
    assert "停运" not in payload.body.replace("系统停运或网络中断", "")
    text = fragment(client, cast["wangmin"], late_case)
    assert "系统停运或网络中断" in text
    assert "<form" not in text
    assert client.post(address, {"number": 1, "cause": "overload"}).status_code == 409


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ({"number": 1, "cause": ""}, 422),
        ({"number": 1, "cause": "nonsense"}, 422),
        ({"number": 1, "cause": "memory"}, 422),
        ({"number": 1, "cause": "other", "words": "  "}, 422),
        ({"number": 2, "cause": "overload"}, 404),
        ({"number": "x", "cause": "overload"}, 404),
        ({}, 404),
    ],
)
def test_bad_answers_are_refused_and_what_was_typed_is_kept(client, cast, late_case, typed, status):
    client.force_login(cast["wangmin"])
    response = client.post(
        reverse("integrity:questions", args=[late_case.pk]), {**typed, "words": typed.get("words", "已核对")}
    )
    assert response.status_code == status
    if status == 422 and typed.get("words") is None:
        assert "已核对" in response.content.decode()
    assert not GapAnswer.objects.exists()


def test_who_may_not_see_the_case_finds_no_question(client, cast, late_case):
    assert fragment(client, cast["tangli"], late_case) == 404
    assert fragment(client, cast["zhanghaitang"], late_case) == 404


def test_an_auditor_reads_the_question_and_does_not_answer_it(client, cast, late_case):
    text = fragment(client, cast["zhenglin"], late_case)
    assert "请补充说明" in text
    assert "<form" not in text
    with pytest.raises(Refused):
        explain_gap(late_case, number=1, cause="overload", by=cast["zhenglin"])


def test_there_is_nothing_to_explain_where_no_gap_is(cast):
    case = contact(cast, claimed=MONDAY - 10 * MINUTE).case
    with pytest.raises(Refused):
        explain_gap(case, number=1, cause="overload", by=cast["wangmin"])


def test_the_auditor_sees_what_the_office_said(client, cast, late_case):
    (flag,) = examine_event(Event.objects.get(stream=late_case.stream, number=1))
    explain_gap(late_case, number=1, cause="overload", words="三人请假", by=cast["wangmin"])
    client.force_login(cast["zhenglin"])
    page = client.get(reverse("integrity:flag", args=[flag.pk])).content.decode()
    assert "三人请假" in page
    assert Flag.objects.get().status == "open"


def test_a_case_recorded_a_day_late_is_asked_about_like_one_of_a_week(cast):
    day = contact(cast, recorded=MONDAY + DAY, claimed=MONDAY, phone="13900000031").case
    week = contact(cast, recorded=MONDAY + 7 * DAY, claimed=MONDAY, phone="13900000032").case
    assert [len(questions(case)) for case in (day, week)] == [1, 1]
