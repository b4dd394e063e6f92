"""Clocks of real cases: started, paused and stopped by facts, never by stages or by what somebody would like."""

import datetime as dt

import pytest
from django.utils import timezone

from tests.workflow.world import TO_AGREEMENT, TO_INSPECTION, TO_SURVEY, limit
from workflow.models import Deadline, DeadlineRung, Event, Limit, Pause
from workflow.services.clocks import pause, resume
from workflow.transitions import Refused, act

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def clocks(subject, code):
    return list(Deadline.objects.filter(case=subject.case, limit__code=code).order_by("round", "limit"))


def clock_of(subject, code):
    (deadline,) = clocks(subject, code)
    return deadline


def recorded(subject, kind):
    return Event.objects.filter(stream=subject.case.stream, kind=kind).order_by("number").last().recorded_at


def test_submitting_a_contact_starts_a_clock_end_to_end(world, a_limit):
    """OpenRegister #3350: the engine was never called."""
    subject = world.case()
    deadline = clock_of(subject, "intake")
    assert deadline.started_at == recorded(subject, "contact.registered")
    assert deadline.due_at > deadline.started_at
    assert (deadline.next_rung, deadline.next_rung_at < deadline.due_at) == ("due_soon", True)


def test_starts_at_the_claim_and_stops_at_the_record(world, a_limit):
    """A late entry does not pay: the start is when it happened. A backdated one neither: the end is when it was recorded."""
    claimed = timezone.now() - 30 * HOUR
    subject = world.case(occurred_at=claimed)
    assert clock_of(subject, "intake").started_at == claimed
    world.do(subject, "start_application", "clerk")
    subject.case.route_version = world.version
    subject.case.save(update_fields=["route_version"])
    world.do(subject, "submit", "clerk")
    world.do(subject, "accept", "clerk", occurred_at=claimed + HOUR)
    assert clock_of(subject, "intake").stopped_at == recorded(subject, "application.accepted")


def test_customers_claim_alone_moves_no_legal_limit(world):
    limit("intake", start_kinds=["contact.registered"], stop_kinds=["application.accepted"])
    limit(
        "first_contact",
        kind="internal",
        days=None,
        start_kinds=["contact.registered"],
        stop_kinds=["case.archived"],
    )
    subject = world.case()
    earlier = timezone.now() - 90 * HOUR
    with act(subject, "register_contact", by=None, occurred_at=earlier):
        pass
    assert clock_of(subject, "intake").started_at == earlier  # nobody says it was the customer
    subject = world.case()
    user = type(world.clerk).objects.create_customer("13812345678")
    with act(subject, "register_contact", by=user, occurred_at=earlier):
        pass
    assert clock_of(subject, "intake").started_at == recorded_first(subject)
    assert clock_of(subject, "first_contact").started_at == earlier


def recorded_first(subject):
    return Event.objects.filter(stream=subject.case.stream).order_by("number").first().recorded_at


def test_clock_waits_for_all_its_starts_and_runs_from_the_latest(world):
    limit(
        "connection", start_kinds=["inspection.recorded", "contract.signed"], stop_kinds=["source.energised"]
    )
    subject = world.walk(world.submitted(), *TO_INSPECTION, ("record_inspection", "inspector"))
    assert clock_of(subject, "connection").started_at is None
    world.do(subject, "sign_contract", "clerk")
    assert clock_of(subject, "connection").started_at == recorded(subject, "contract.signed")


def test_each_round_has_its_own_clock(world):
    limit(
        "inspection", start_kinds=["completion.notified|reinspection.requested"],
        stop_kinds=["inspection.recorded", "rectification.required"], per_round=True,
    )  # fmt: skip
    subject = world.walk(
        world.submitted(),
        *TO_INSPECTION,
        ("require_rectification", "inspector"),
        ("request_reinspection", "clerk"),
    )
    one, two = clocks(subject, "inspection")
    assert (one.round, one.stop_reason) == (1, "rectification.required")
    assert (two.round, two.started_at, two.stopped_at) == (
        2,
        recorded(subject, "reinspection.requested"),
        None,
    )


def test_return_and_re_entry_opens_the_nodes_clock_anew(world):
    """ruoyi-vue-pro#1018, caluma#1863: after a return the timer was not made again."""
    limit("node_scheme", scope="node", node="scheme", kind="internal", days=2)
    subject = world.walk(world.submitted(), *TO_AGREEMENT, ("object_to_scheme", "clerk"))
    one, two = clocks(subject, "node_scheme")
    assert (one.node_code, one.round, one.stopped_at is not None) == ("scheme", 1, True)
    assert (two.round, two.stopped_at, two.task.round) == (2, None, 2)
    assert two.started_at == recorded(subject, "scheme.objected")


def test_nodes_clock_runs_between_records_so_a_late_entry_burdens_who_made_it(world):
    limit("node_survey", scope="node", node="survey", kind="internal", days=2)
    subject = world.submitted()
    world.do(subject, "accept", "clerk", occurred_at=timezone.now() - 50 * HOUR)
    assert clock_of(subject, "node_survey").started_at == recorded(subject, "application.accepted")


def test_withdrawal_stops_every_clock_and_says_why(world, a_limit):
    """kie#6966: timers survived an abort."""
    limit("total", start_kinds=["application.accepted"], stop_kinds=["source.energised"])
    subject = world.walk(world.submitted(), *TO_SURVEY, ("withdraw", "clerk"))
    assert not Deadline.objects.filter(case=subject.case, stopped_at=None).exists()
    assert not Deadline.objects.filter(case=subject.case, next_rung_at__isnull=False).exists()
    assert clock_of(subject, "total").stop_reason == "case.withdrawn"


def test_reopening_lets_clocks_run_on_from_their_old_start(world):
    limit("total", start_kinds=["application.accepted"], stop_kinds=["source.energised"])
    subject = world.walk(world.submitted(), *TO_SURVEY)
    before = clock_of(subject, "total")
    world.walk(subject, ("withdraw", "clerk"), ("reopen", "supervisor"))
    after = clock_of(subject, "total")
    assert (after.started_at, after.due_at, after.stopped_at) == (before.started_at, before.due_at, None)
    assert after.next_rung_at == before.next_rung_at


def test_limit_whose_condition_becomes_known_later_starts_where_it_would_have(world):
    """External line or not is seen at the survey, the limit counts from acceptance."""
    for external, days in ((True, 15), (False, 5)):
        limit("total", start_kinds=["application.accepted"], stop_kinds=["source.energised"], days=days,
              conditions={"external_line": [external]})  # fmt: skip
    subject = world.walk(world.submitted(), *TO_SURVEY)
    assert clocks(subject, "total") == []
    world.do(subject, "record_survey", "surveyor", learns={"external_line": True})
    deadline = clock_of(subject, "total")
    assert (deadline.limit.days, deadline.started_at) == (15, recorded(subject, "application.accepted"))


def test_change_of_category_keeps_the_old_clock_beside_the_new(world):
    """What was promised is not lengthened backwards."""
    limit("total", start_kinds=["application.accepted"], stop_kinds=["source.energised"], days=5)
    limit(
        "total",
        start_kinds=["application.accepted"],
        stop_kinds=["source.energised"],
        days=15,
        conditions={"external_line": [True]},
    )
    subject = world.walk(world.submitted(), *TO_SURVEY)
    world.do(subject, "record_survey", "surveyor", learns={"external_line": True})
    old, new = clocks(subject, "total")
    assert (old.limit.days, new.limit.days) == (5, 15)
    assert old.started_at == new.started_at
    assert old.due_at < new.due_at


def test_new_version_of_a_limit_starts_no_second_clock(world, a_limit):
    subject = world.submitted()
    Limit.objects.filter(pk=a_limit.pk).update(status="superseded")
    limit(
        "intake", start_kinds=["contact.registered"], stop_kinds=["application.accepted"], days=9, version=2
    )
    with act(subject, "register_contact", by=world.clerk):
        pass
    assert clock_of(subject, "intake").limit == a_limit


def test_stopping_a_clock_after_its_time_is_a_breach_even_with_the_sweep_off(world, shifted, a_limit):
    shifted("-30 days")
    subject = world.submitted()
    shifted("")
    world.do(subject, "accept", "clerk")
    deadline = clock_of(subject, "intake")
    rung = DeadlineRung.objects.get(deadline=deadline, rung="missed")
    event = Event.objects.get(stream=subject.case.stream, number=rung.number)
    assert (event.kind, rung.due_at) == ("deadline.missed", deadline.due_at)


# --- pauses -------------------------------------------------------------------------------------------------------


def paused(world, subject, reason="idle", **given):
    return pause(subject, reason=reason, by=world.clerk, **given)


def test_pause_begins_and_ends_at_the_record(world, a_limit):
    subject = world.submitted()
    paused(world, subject)
    assert (clock_of(subject, "intake").due_at, clock_of(subject, "intake").next_rung_at) == (None, None)
    resume(subject, reason="idle", by=world.clerk)
    row = Pause.objects.get(case=subject.case)
    assert (row.began_at, row.ended_at) == (
        recorded(subject, "clock.paused"),
        recorded(subject, "clock.resumed"),
    )
    assert clock_of(subject, "intake").due_at is not None


def test_paused_days_do_not_count(world, shifted, a_limit):
    shifted("-28 days")
    subject = world.submitted()
    paused(world, subject)
    shifted("")
    resume(subject, reason="idle", by=world.clerk)
    assert clock_of(subject, "intake").due_at > timezone.now()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"reason": "outage_plan"}, "列明"),
        ({"reason": "awaiting_documents"}, "证明"),
        ({"reason": "customer_request", "evidence": "sha-256:1"}, "第二人"),
    ],
)
def test_pause_is_refused_with_a_sentence(world, a_limit, given, says):
    subject = world.submitted()
    with pytest.raises(Refused, match=says):
        paused(world, subject, **given)
    assert not Pause.objects.exists()
    assert clock_of(subject, "intake").due_at is not None


def test_nobody_is_their_own_second_person(world):
    """BOPS, LITE: one could review oneself through the API."""
    subject = world.submitted()
    for second in (world.clerk, type(world.clerk).objects.create_customer("13812345678")):
        with pytest.raises(Refused):
            paused(world, subject, "customer_request", evidence="sha-256:1", approved_by=second)
    paused(world, subject, "customer_request", evidence="sha-256:1", approved_by=world.neighbour)
    assert Pause.objects.get().approved_by == world.neighbour
    assert Event.objects.get(kind="clock.paused", stream=subject.case.stream).documents == ["sha-256:1"]


def test_second_pause_for_the_same_reason_is_refused(world):
    subject = world.submitted()
    paused(world, subject)
    with pytest.raises(Refused):
        paused(world, subject)
    with pytest.raises(Refused):
        resume(subject, reason="awaiting_documents", by=world.clerk)


def test_overdue_clock_is_not_hidden_by_a_pause(world, shifted, a_limit):
    shifted("-30 days")
    subject = world.submitted()
    shifted("")
    before = clock_of(subject, "intake").due_at
    paused(world, subject)
    assert clock_of(subject, "intake").due_at == before
    assert DeadlineRung.objects.filter(deadline=clock_of(subject, "intake"), rung="missed").exists()


def test_change_of_rule_in_mid_pause_forgets_nothing(world, shifted):
    """glpi#15605: changing the policy forgot the pause so far."""
    limit("total", start_kinds=["contact.registered"], stop_kinds=["source.energised"])
    limit(
        "total",
        start_kinds=["contact.registered"],
        stop_kinds=["source.energised"],
        days=6,
        conditions={"external_line": [True]},
    )
    shifted("-28 days")
    subject = world.submitted()
    paused(world, subject)
    shifted("")
    world.do(subject, "accept", "clerk", learns={"external_line": True})
    resume(subject, reason="idle", by=world.clerk)
    old, new = clocks(subject, "total")
    assert new.limit.days == 6
    assert new.due_at > old.due_at > timezone.now()
