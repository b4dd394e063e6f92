"""Detectors on made-up logs: the dishonest case is seen, the honest one beside it is not."""

import datetime as dt

import pytest

from integrity.checks import CHECKS
from integrity.checks.facts import CaseLog, Entry
from tests.integrity.conftest import DAY, HOUR, MINUTE, MONDAY
from workflow.calendar import WorkingCalendar

CALENDAR = WorkingCalendar.from_rows([])
LATE = {"minutes_without_node": 30, "exempt_kinds": ["correction.recorded", "case.adopted", "legacy."]}
DAYS = {"working_days": 1}


def log_of(*events):
    """Entries from (kind, recorded, more) in order."""
    entries = [
        Entry(stream="case:x", number=n, kind=kind, actor="a:1", recorded_at=moment, **more)
        for n, (kind, moment, more) in enumerate(events, 1)
    ]
    return CaseLog(tuple(entries), CALENDAR)


def examine(code, log, values):
    return CHECKS[code].examine(log, log.entries[-1], values)


# --- claimed_late -------------------------------------------------------------------------------


def survey(**more):
    return log_of(("survey.recorded", MONDAY, {"allowance": 24 * HOUR, **more}))


def test_a_claim_within_the_nodes_allowance_is_honest():
    assert examine("claimed_late", survey(occurred_at=MONDAY - 24 * HOUR), LATE) is None


def test_a_claim_beyond_the_nodes_allowance_is_seen_with_both_times():
    finding = examine("claimed_late", survey(occurred_at=MONDAY - 25 * HOUR), LATE)
    assert (finding.since_at, finding.until_at) == (MONDAY - 25 * HOUR, MONDAY)
    assert (finding.measured, finding.threshold, finding.unit) == (25 * 60, 24 * 60, "minutes")


def test_working_days_between_skip_the_weekend():
    friday = MONDAY - 3 * DAY
    assert examine("claimed_late", survey(occurred_at=friday), LATE).working_days == 1


def test_without_a_claim_nothing_is_late():
    assert examine("claimed_late", survey(), LATE) is None


@pytest.mark.parametrize(("minutes", "seen"), [(30, False), (31, True)])
def test_without_a_node_the_rules_own_minutes_count(minutes, seen):
    log = log_of(("contact.registered", MONDAY, {"occurred_at": MONDAY - minutes * MINUTE}))
    assert (examine("claimed_late", log, LATE) is not None) is seen


def test_what_the_customer_claims_is_no_late_entry_of_ours():
    old = MONDAY - 9 * DAY
    for more in ({"behalf": "self"}, {"behalf": "agent"}, {"data": {"claimed_by": "customer"}}):
        assert (
            examine(
                "claimed_late", log_of(("contact.registered", MONDAY, {"occurred_at": old, **more})), LATE
            )
            is None
        )


def test_the_counter_keying_for_the_customer_is_ours():
    log = log_of(("contact.registered", MONDAY, {"occurred_at": MONDAY - DAY, "behalf": "staff"}))
    assert examine("claimed_late", log, LATE) is not None


@pytest.mark.parametrize("kind", ["correction.recorded", "case.adopted", "legacy.survey"])
def test_kinds_that_speak_of_the_past_by_nature_are_exempt(kind):
    assert examine("claimed_late", log_of((kind, MONDAY, {"occurred_at": MONDAY - 99 * DAY})), LATE) is None


def offline(*, nonce, captured, occurred):
    return survey(nonce_at=MONDAY - nonce, captured_at=MONDAY - captured, occurred_at=MONDAY - occurred)


def test_offline_work_between_nonce_and_synchronisation_is_judged_by_the_device():
    assert (
        examine("claimed_late", offline(nonce=30 * HOUR, captured=20 * HOUR, occurred=26 * HOUR), LATE)
        is None
    )


@pytest.mark.parametrize(
    "times",
    [
        {
            "nonce": 10 * HOUR,
            "captured": 20 * HOUR,
            "occurred": 26 * HOUR,
        },  # captured before the job was handed out
        {
            "nonce": 25 * HOUR,
            "captured": 20 * HOUR,
            "occurred": 26 * HOUR,
        },  # happened before it was handed out
        {"nonce": 60 * HOUR, "captured": 50 * HOUR, "occurred": 51 * HOUR},  # synchronised later than allowed
        {"nonce": 60 * HOUR, "captured": -HOUR, "occurred": 26 * HOUR},  # a device ahead of the server
    ],
)
def test_a_device_that_can_not_be_believed_helps_nobody(times):
    assert examine("claimed_late", offline(**times), LATE) is not None


# --- late_acceptance -----------------------------------------------------------------------------

PAPERS = {"data": {"papers_left": True}, "behalf": "staff"}
ACCEPTED = "application.accepted"


def test_acceptance_on_the_next_working_day_is_honest():
    friday = MONDAY + 4 * DAY
    log = log_of(("contact.registered", friday, PAPERS), (ACCEPTED, friday + 3 * DAY, {}))
    assert examine("late_acceptance", log, DAYS) is None


def test_papers_left_and_accepted_days_later_is_seen():
    log = log_of(("contact.registered", MONDAY, PAPERS), (ACCEPTED, MONDAY + 7 * DAY, {}))
    finding = examine("late_acceptance", log, DAYS)
    assert (finding.measured, finding.working_days, finding.threshold) == (5, 5, 1)
    assert finding.details["first_contact"] == {"stream": "case:x", "number": 1, "basis": "recorded"}


def test_a_claimed_contact_counts_from_its_claim():
    contact = {**PAPERS, "occurred_at": MONDAY}
    log = log_of(("contact.registered", MONDAY + 3 * DAY, contact), (ACCEPTED, MONDAY + 3 * DAY, {}))
    finding = examine("late_acceptance", log, DAYS)
    assert finding.since_at == MONDAY
    assert finding.details["first_contact"]["basis"] == "claimed"


def test_advice_without_papers_is_no_held_back_case():
    contact = {"data": {"papers_left": False}, "behalf": "staff"}
    log = log_of(("contact.registered", MONDAY, contact), (ACCEPTED, MONDAY + 7 * DAY, {}))
    assert examine("late_acceptance", log, DAYS) is None


def test_days_the_customer_needed_for_papers_are_not_ours():
    log = log_of(
        ("contact.registered", MONDAY, PAPERS),
        ("documents.requested", MONDAY + DAY, {}),
        ("documents.supplied", MONDAY + 10 * DAY, {"behalf": "self"}),
        (ACCEPTED, MONDAY + 11 * DAY, {}),
    )
    assert examine("late_acceptance", log, DAYS) is None


def test_papers_supplied_and_then_left_lying_is_seen():
    log = log_of(
        ("contact.registered", MONDAY, PAPERS),
        ("documents.requested", MONDAY, {}),
        ("documents.supplied", MONDAY + DAY, {"behalf": "self"}),
        (ACCEPTED, MONDAY + 4 * DAY, {}),
    )
    assert examine("late_acceptance", log, DAYS).measured == 3


def test_an_application_the_customer_fills_in_is_in_the_customers_hands():
    log = log_of(
        ("contact.registered", MONDAY, {"data": {"papers_left": True}, "behalf": "self"}),
        ("application.started", MONDAY, {"behalf": "self"}),
        ("application.submitted", MONDAY + 8 * DAY, {"behalf": "self"}),
        (ACCEPTED, MONDAY + 9 * DAY, {}),
    )
    assert examine("late_acceptance", log, DAYS) is None


def test_an_application_the_clerk_fills_in_for_days_is_in_ours():
    log = log_of(
        ("contact.registered", MONDAY, PAPERS),
        ("application.started", MONDAY, {"behalf": "staff"}),
        ("application.submitted", MONDAY + 8 * DAY, {"behalf": "staff"}),
        (ACCEPTED, MONDAY + 8 * DAY, {}),
    )
    assert examine("late_acceptance", log, DAYS).measured == 6


def test_one_visit_in_one_form_is_not_hurried_keying_and_raises_nothing():
    request = {"data": {"papers_left": True, "request": "r1"}, "behalf": "staff"}
    log = log_of(("contact.registered", MONDAY, request), (ACCEPTED, MONDAY, {"data": {"request": "r1"}}))
    assert examine("late_acceptance", log, DAYS) is None


def test_one_form_that_admits_an_earlier_contact_is_as_late_as_it_says():
    request = {"data": {"papers_left": True, "request": "r1"}, "behalf": "staff", "occurred_at": MONDAY}
    moment = MONDAY + 4 * DAY
    log = log_of(("contact.registered", moment, request), (ACCEPTED, moment, {"data": {"request": "r1"}}))
    assert examine("late_acceptance", log, DAYS).details["one_visit"] is True


def test_the_contact_of_a_joined_case_counts():
    earlier = Entry("case:y", 1, "contact.registered", "a:1", MONDAY, data={"papers_left": True})
    log = log_of(
        ("contact.registered", MONDAY + 7 * DAY, {"behalf": "staff"}), (ACCEPTED, MONDAY + 7 * DAY, {})
    )
    assert examine("late_acceptance", log, DAYS) is None
    joined = CaseLog(log.entries, CALENDAR, (earlier,))
    assert examine("late_acceptance", joined, DAYS).details["first_contact"]["stream"] == "case:y"


# --- earlier_echo --------------------------------------------------------------------------------


def echo(earlier, answer="earlier", contact_on=MONDAY, **contact):
    return log_of(
        ("contact.registered", contact_on, {"behalf": "staff", **contact}),
        ("echo.recorded", contact_on + HOUR, {"data": {"answer": answer, "earlier_at": earlier}}),
    )


@pytest.mark.parametrize("earlier", ["2026-02-25T09:00:00+08:00", "2026-02-25"])
def test_an_answer_days_before_the_record_is_seen_as_outside_evidence(earlier):
    finding = examine("earlier_echo", echo(earlier), DAYS)
    assert finding.working_days == 3
    assert finding.external_at == finding.since_at
    assert finding.until_at == MONDAY


def test_a_memory_may_be_wrong_by_a_day():
    assert examine("earlier_echo", echo("2026-02-27"), DAYS) is None


def test_an_answer_of_today_is_clean():
    assert examine("earlier_echo", echo(None, answer="today"), DAYS) is None


def test_a_contact_we_had_entered_honestly_for_that_day_is_clean():
    claimed = dt.datetime(2026, 2, 25, 9, 0, tzinfo=MONDAY.tzinfo)
    assert examine("earlier_echo", echo("2026-02-25T09:00:00+08:00", occurred_at=claimed), DAYS) is None


def test_the_customers_own_claim_does_not_count_as_our_record():
    log = log_of(
        ("contact.registered", MONDAY, {"behalf": "staff"}),
        ("contact.registered", MONDAY, {"occurred_at": MONDAY - 9 * DAY, "data": {"claimed_by": "customer"}}),
        (
            "echo.recorded",
            MONDAY,
            {"data": {"answer": "earlier", "earlier_at": (MONDAY - 9 * DAY).isoformat()}},
        ),
    )
    assert examine("earlier_echo", log, DAYS).until_at == MONDAY
