"""The life of a flag: begun, asked, decided, each an event of its own stream; and the decisions about rules."""

import dataclasses

import pytest
from django.urls import reverse

from integrity.models import CheckRule, Flag, FlagStatus
from integrity.policies import Review, why_not
from integrity.services import review
from integrity.services.detection import examine_event
from integrity.services.rules import change_rule
from workflow.models import Case, Event, EventPayload
from workflow.transitions import Refused, Stale, actor_name

FINE = Review("open", False, False, "a:1", frozenset({"a:2"}), 1, frozenset({1}))


@pytest.fixture
def flag(late_case):
    (flag,) = examine_event(Event.objects.get(stream=late_case.stream, number=1))
    return flag


def life(flag):
    return list(Event.objects.filter(stream=flag.stream).order_by("number").values_list("kind", "actor"))


def changed(**values):
    return dataclasses.replace(FINE, **values)


@pytest.mark.parametrize(
    ("values", "doing"),
    [
        ({"me": "a:2"}, "take"),
        ({"me": "a:2", "status": "under_review"}, "resolve"),
        ({"audited": frozenset()}, "take"),
        ({"status": "under_review"}, "take"),
        ({"status": "open"}, "resolve"),
        ({"status": "confirmed"}, "resolve"),
        ({"status": "dismissed"}, "ask"),
        ({"asked": True}, "ask"),
        ({"answered": True}, "ask"),
    ],
)
def test_policies_refuse_with_a_sentence(values, doing):
    assert why_not(changed(**values), doing)


@pytest.mark.parametrize(
    ("values", "doing"), [({}, "take"), ({}, "ask"), ({"status": "under_review"}, "resolve")]
)
def test_policies_let_through(values, doing):
    assert why_not(changed(**values), doing) is None


@pytest.mark.parametrize("outcome", ["explained", "confirmed", "dismissed"])
def test_a_review_is_sealed_step_by_step(cast, flag, outcome):
    auditor = cast["zhenglin"]
    review.take(flag.pk, by=auditor)
    review.ask(flag.pk, by=auditor)
    review.resolve(flag.pk, outcome=outcome, reason="停运记录核对一致", by=auditor)
    kinds = ["flag.raised", "flag.taken", "flag.explanation_requested", f"flag.{outcome}"]
    assert [kind for kind, _actor in life(flag)] == kinds
    assert {actor for _kind, actor in life(flag)[1:]} == {actor_name(auditor)}
    done = Flag.objects.get(pk=flag.pk)
    assert (done.status, done.ended_by, done.reviewer) == (outcome, auditor, auditor)


def test_the_reason_is_kept_apart_and_its_digest_sealed(cast, flag):
    review.take(flag.pk, by=cast["zhenglin"])
    review.resolve(flag.pk, outcome="confirmed", reason="张三承认压单", by=cast["zhenglin"])
    payload = EventPayload.objects.get(stream=flag.stream, number=3)
    assert "张三" not in payload.body
    assert payload.data["words_sha256"]
    assert flag.notes.get().words == "张三承认压单"


def test_a_decision_needs_a_review_a_reason_and_a_known_outcome(cast, flag):
    with pytest.raises(Refused):
        review.resolve(flag.pk, outcome="confirmed", reason="x", by=cast["zhenglin"])
    review.take(flag.pk, by=cast["zhenglin"])
    for outcome, reason in [("confirmed", "  "), ("open", "x"), ("nonsense", "x")]:
        with pytest.raises(Refused):
            review.resolve(flag.pk, outcome=outcome, reason=reason, by=cast["zhenglin"])
    assert Flag.objects.get(pk=flag.pk).status == FlagStatus.UNDER_REVIEW


def test_a_decision_stays(cast, flag):
    review.take(flag.pk, by=cast["zhenglin"])
    review.resolve(flag.pk, outcome="dismissed", reason="误报", by=cast["zhenglin"])
    with pytest.raises(Refused):
        review.resolve(flag.pk, outcome="confirmed", reason="反悔", by=cast["linqing"])


def test_who_must_not_know_of_it_is_told_nothing(cast, flag):
    for name in ("wangmin", "chenli"):
        with pytest.raises(review.NoSuchFlag):
            review.take(flag.pk, by=cast[name])


def test_no_step_changes_the_case(cast, flag):
    before = Case.objects.filter(pk=flag.case_id).values().get()
    review.take(flag.pk, by=cast["zhenglin"])
    review.resolve(flag.pk, outcome="confirmed", reason="属实", by=cast["zhenglin"])
    assert Case.objects.filter(pk=flag.case_id).values().get() == before


# --- the page ------------------------------------------------------------------------------------


def test_the_page_explains_itself(client, cast, flag):
    client.force_login(cast["zhenglin"])
    page = client.get(reverse("integrity:flag", args=[flag.pk])).content.decode()
    for words in (
        flag.number,
        "D3",
        "补登晚",
        "第 1 版",
        "30 分钟",
        "4 个工作日",
        "系统停运或网络中断",
        "2026-03-06 10:00",
        "2026-03-02 10:00",
    ):
        assert words in page


def test_buttons_follow_the_review(client, cast, flag):
    client.force_login(cast["zhenglin"])
    address = reverse("integrity:flag", args=[flag.pk])
    assert (
        client.post(
            reverse("integrity:flag_resolve", args=[flag.pk]), {"outcome": "confirmed", "reason": "x"}
        ).status_code
        == 409
    )
    assert client.post(reverse("integrity:flag_take", args=[flag.pk])).status_code == 302
    assert Flag.objects.get(pk=flag.pk).status == "under_review"
    kept = client.post(reverse("integrity:flag_resolve", args=[flag.pk]), {"reason": "已核对停运记录"})
    assert kept.status_code == 422
    assert "已核对停运记录" in kept.content.decode()
    done = client.post(
        reverse("integrity:flag_resolve", args=[flag.pk]),
        {"outcome": "explained", "reason": "已核对停运记录"},
    )
    assert (done.status_code, done.url) == (302, address)
    assert "已核对停运记录" in client.get(address).content.decode()


def test_an_indicator_names_nobody(client, cast, flag):
    rule = CheckRule.objects.get(code="late_acceptance")
    evidence = {**flag.evidence, "unit": "working_days", "measured": 4, "threshold": 1}
    indicator = Flag.objects.create(
        number="F-2026-9999", rule=rule, code=rule.code, case=flag.case, about_stream=flag.about_stream, about_number=1,
        evidence=evidence, opened_at=flag.opened_at,
    )  # fmt: skip
    client.force_login(cast["zhenglin"])
    assert "王敏" not in client.get(reverse("integrity:flag", args=[indicator.pk])).content.decode()
    assert "王敏" in client.get(reverse("integrity:flag", args=[flag.pk])).content.decode()


def test_the_list_filters_by_address(client, cast, flag):
    client.force_login(cast["zhenglin"])
    address = reverse("integrity:flags")
    for query, shown in [({}, True), ({"rule": "claimed_late"}, True), ({"rule": "earlier_echo"}, False), ({"status": "confirmed"}, False),
                         ({"status": ""}, True), ({"rule": "nonsense", "status": "nonsense", "office": "x"}, True)]:  # fmt: skip
        assert (flag.number in client.get(address, query).content.decode()) is shown, query


# --- rules ---------------------------------------------------------------------------------------


def test_a_rule_is_changed_by_a_new_version_with_a_reason_sealed(cast):
    rule = change_rule(
        "late_acceptance",
        version=1,
        in_force=True,
        values={"working_days": 3},
        reason="试点",
        by=cast["zhenglin"],
    )
    assert (rule.version, rule.values["working_days"], rule.decided_by) == (2, 3, cast["zhenglin"])
    assert CheckRule.objects.get(code="late_acceptance", version=1).values["working_days"] == 1
    assert list(rule.causes.all()) == list(
        CheckRule.objects.get(code="late_acceptance", version=1).causes.all()
    )
    payload = EventPayload.objects.get(stream="integrity:rule:late_acceptance").data
    assert (payload["old_values"], payload["values"], payload["reason"]) == (
        {"working_days": 1},
        {"working_days": 3},
        "试点",
    )


def test_a_version_that_was_overtaken_is_stale(cast):
    decide = {"version": 1, "in_force": True, "by": cast["zhenglin"]}
    change_rule("late_acceptance", values={"working_days": 3}, reason="一", **decide)
    with pytest.raises(Stale):
        change_rule("late_acceptance", values={"working_days": 5}, reason="二", **decide)


@pytest.mark.parametrize("name", ["linqing", "wangmin", "hanlei", "chenli"])
def test_only_an_auditor_of_the_whole_bureau_decides(cast, name):
    with pytest.raises(Refused):
        change_rule("late_acceptance", version=1, in_force=False, values={}, reason="x", by=cast[name])


def test_no_reason_or_no_change_is_refused(cast):
    for values, reason in [({"working_days": 4}, " "), ({"working_days": 1}, "x")]:
        with pytest.raises(Refused):
            change_rule(
                "late_acceptance", version=1, in_force=True, values=values, reason=reason, by=cast["zhenglin"]
            )


def test_the_rule_page_decides(client, cast):
    client.force_login(cast["zhenglin"])
    address = reverse("integrity:rule", args=["late_acceptance"])
    typed = {"version": 1, "in_force": "on", "working_days": 2}
    assert client.post(address, typed).status_code == 422
    assert client.post(address, {**typed, "reason": "试点"}).status_code == 302
    assert client.post(address, {**typed, "reason": "试点"}).status_code == 409
    page = client.get(address).content.decode()
    assert "试点" in page
    assert client.get(reverse("integrity:rule", args=["nonsense"])).status_code == 404


def test_the_discipline_office_reads_rules_and_can_not_change_them(client, cast):
    client.force_login(cast["linqing"])
    address = reverse("integrity:rule", args=["late_acceptance"])
    assert b"<textarea" not in client.get(address).content
    typed = {"version": 1, "in_force": "on", "working_days": 2, "reason": "x"}
    assert client.post(address, typed).status_code == 409
