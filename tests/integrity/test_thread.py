"""The thread of this release, through the real services and the real relay: what was held back is seen, what was honest is not."""

import pytest
from django.db import connection

from applications.models import Application
from applications.services import filing, intake
from integrity.models import Flag
from tests.integrity.conftest import DAY, HOUR, MINUTE, MONDAY, contact, recorded_on
from workflow.models import Event
from workflow.relay import relay

WHO = filing.Particulars(
    name="李店主", phone="13900000001", address="人民路 1 号", id_number="11010519491231002X"
)


def apply(cast, *, contact_on, accepted_on, papers=True, claimed=None, earlier=None):
    """A counter's case from first contact to acceptance, recorded on these moments."""
    clerk = cast["wangmin"]
    case = contact(cast, recorded=contact_on, claimed=claimed, papers=papers).case
    with recorded_on(accepted_on):
        application = filing.start_application(
            case, WHO, supply_class="lv_other", by=clerk, capacity=20, usage="commercial"
        )
        intake.submit(application, by=clerk)
        intake.record_echo(application, by=clerk, earlier_at=earlier)
        intake.accept(Application.objects.get(case=case), three_zero=True, by=clerk)
    return case


def flags():
    while relay():
        pass
    return sorted(Flag.objects.values_list("code", flat=True))


def test_papers_kept_in_a_drawer_until_there_is_time(cast):
    case = apply(cast, contact_on=MONDAY, accepted_on=MONDAY + 7 * DAY)
    assert flags() == ["late_acceptance"]
    flag = Flag.objects.get()
    assert flag.about_number == Event.objects.get(stream=case.stream, kind="application.accepted").number
    assert flag.evidence["working_days"] == 5


def test_a_contact_keyed_only_on_the_day_of_acceptance_but_admitted(cast):
    day = MONDAY + 4 * DAY
    apply(cast, contact_on=day, accepted_on=day + HOUR, claimed=MONDAY)
    assert flags() == ["claimed_late", "late_acceptance"]


def test_a_contact_that_only_the_customer_remembers(cast):
    apply(
        cast, contact_on=MONDAY + 7 * DAY, accepted_on=MONDAY + 7 * DAY + HOUR, papers=False, earlier=MONDAY
    )
    assert flags() == ["earlier_echo"]


@pytest.mark.parametrize(
    "times",
    [
        {"contact_on": MONDAY, "accepted_on": MONDAY + HOUR},
        {"contact_on": MONDAY, "accepted_on": MONDAY + DAY},
        {"contact_on": MONDAY + 4 * DAY, "accepted_on": MONDAY + 7 * DAY},
        {"contact_on": MONDAY, "accepted_on": MONDAY + HOUR, "claimed": MONDAY - 20 * MINUTE},
        {"contact_on": MONDAY, "accepted_on": MONDAY + HOUR, "earlier": MONDAY - DAY},
        {"contact_on": MONDAY, "accepted_on": MONDAY + 9 * DAY, "papers": False},
    ],
)
def test_honest_cases_raise_nothing(cast, times):
    apply(cast, **times)
    assert flags() == []


def test_everything_relayed_twice_makes_no_second_flag(cast):
    apply(cast, contact_on=MONDAY, accepted_on=MONDAY + 7 * DAY)
    first = flags()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO workflow_delivery (subscriber, stream, number, kind, attempts, last_error, created_at)"
            " SELECT 'integrity.checks', stream, number, kind, 0, '', now() FROM workflow_event WHERE stream LIKE 'case:%'"
        )
    assert flags() == first
