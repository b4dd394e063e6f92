"""From an event to at most one flag."""

import pytest
from django.db import connection

from integrity.models import CheckRule, Flag, FlagStatus
from integrity.models.flag import FlagQuerySet
from integrity.services import seeds
from integrity.services.detection import examine_event
from integrity.services.rules import change_rule
from tests.integrity.conftest import MINUTE, MONDAY, contact
from workflow.models import Case, Event, EventPayload


def first_event(case):
    return Event.objects.get(stream=case.stream, number=1)


def test_a_late_contact_raises_one_flag_with_its_evidence(late_case):
    (flag,) = examine_event(first_event(late_case))
    assert (flag.code, flag.case, flag.about_number, flag.status) == (
        "claimed_late",
        late_case,
        1,
        FlagStatus.OPEN,
    )
    assert flag.number.startswith("F-")
    assert flag.evidence["since"] == MONDAY.astimezone(flag.opened_at.tzinfo).isoformat()
    assert (flag.evidence["threshold"], flag.evidence["working_days"]) == (30, 4)


def test_delivered_again_it_is_still_one(late_case):
    examine_event(first_event(late_case))
    assert examine_event(first_event(late_case)) == []
    assert Flag.objects.count() == 1


def test_of_two_deliveries_at_once_the_second_leaves_no_trace(late_case, monkeypatch):
    examine_event(first_event(late_case))
    asked = []
    known = FlagQuerySet.exists

    def not_yet(flags):
        """As if the other one had not committed when it was asked first."""
        asked.append(flags)
        return len(asked) > 1 and known(flags)

    monkeypatch.setattr(FlagQuerySet, "exists", not_yet)
    assert examine_event(first_event(late_case)) == []
    assert len(asked) == 2
    assert Event.objects.filter(kind="flag.raised").count() == 1


def test_a_flag_begins_its_own_sealed_stream_and_touches_no_case(late_case):
    (flag,) = examine_event(first_event(late_case))
    event = Event.objects.get(stream=flag.stream)
    assert (event.kind, event.actor) == ("flag.raised", "integrity")
    assert EventPayload.objects.get(stream=flag.stream).data["rule"] == "claimed_late"
    assert Case.objects.get(pk=late_case.pk).event_number == 1


def test_clean_cases_raise_nothing(cast):
    for n in range(6):
        registered = contact(cast, claimed=MONDAY - 5 * n * MINUTE, phone=f"1390000010{n}", papers=True)
        examine_event(first_event(registered.case))
    assert not Flag.objects.exists()


def test_a_rule_switched_off_raises_nothing(cast, late_case):
    change_rule(
        "claimed_late",
        version=1,
        in_force=False,
        values={"minutes_without_node": 30},
        reason="试运行",
        by=cast["zhenglin"],
    )
    assert examine_event(first_event(late_case)) == []


def test_another_threshold_holds_for_what_is_looked_at_from_then_on(cast, late_case):
    values = {"minutes_without_node": 10 * 24 * 60}
    change_rule("claimed_late", version=1, in_force=True, values=values, reason="试运行", by=cast["zhenglin"])
    assert examine_event(first_event(late_case)) == []


def test_a_new_version_does_not_flag_the_same_event_twice(cast, late_case):
    examine_event(first_event(late_case))
    change_rule(
        "claimed_late",
        version=1,
        in_force=True,
        values={"minutes_without_node": 20},
        reason="收紧",
        by=cast["zhenglin"],
    )
    assert examine_event(first_event(late_case)) == []


def test_other_streams_are_left_alone(late_case):
    (flag,) = examine_event(first_event(late_case))
    assert examine_event(Event.objects.get(stream=flag.stream)) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE integrity_flag SET evidence = '{}'",
        "UPDATE integrity_flag SET about_number = 2",
        "DELETE FROM integrity_flag",
        "UPDATE integrity_checkrule SET in_force = false",
        "DELETE FROM integrity_checkrule",
    ],
)
def test_the_application_can_not_rewrite_flags_or_rules(late_case, statement):
    examine_event(first_event(late_case))
    with pytest.raises(Exception, match=r"permission denied|is refused|keeps"), connection.cursor() as cursor:
        cursor.execute(statement)


def test_seeds_are_loaded_once(cast):
    assert not seeds.load()
    assert set(CheckRule.objects.values_list("code", flat=True)) == {
        "claimed_late",
        "late_acceptance",
        "earlier_echo",
    }
