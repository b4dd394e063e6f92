"""Every category from the first contact to the archive, by the real services; and what each refuses."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from applications.categories import BY_CODE, CATEGORIES, of_rough
from applications.checklists import checklist, conditions_of
from applications.demo.plays import PLAYS, Scene
from applications.models import Application, Party, TemporaryRenewal, ThreeZeroRule
from applications.selectors.labels import stage_names
from applications.selectors.three_zero import three_zero_of
from applications.services import change, filing, intake, pv, temporary
from applications.services.particulars import Details
from staff.demo import Cast
from tests.applications.categories import details_for, filed, open_nodes, play
from tests.applications.walked import PHONES, shared_bureau
from workflow.models import Deadline, Event, EventPayload, Profile
from workflow.selectors.rules import current_stamp, version_for
from workflow.transitions import Refused

pytestmark = pytest.mark.django_db

CODES = [category.code for category in CATEGORIES]


@pytest.fixture(scope="module")
def office(django_db_setup: None, django_db_blocker: Any) -> Iterator[Cast]:
    """People and rules, loaded once a module in a transaction around its tests, whose own are savepoints in it."""
    with shared_bureau(django_db_blocker) as people:
        yield people


@pytest.fixture
def cast(office: Cast, db: None) -> Cast:
    return office


@pytest.mark.parametrize("code", CODES)
def test_every_category_comes_from_the_counter_to_the_archive(cast: Cast, code: str) -> None:
    category = BY_CODE[code]
    assert version_for(category.business_type, category.supply_class)
    application = filed(cast, code)
    asked = checklist(application.category, conditions_of(application), timezone.localdate())
    assert asked is not None
    assert "application_form" in asked.codes()
    assert {"identity", "licence", "body_certificate"} & set(asked.codes()), "who applies is shown by a paper"
    facts = play(application, cast)
    assert facts[-1] == "archive"
    assert application.state == application.case.stage == "ARCHIVED"
    assert not open_nodes(application)
    assert not Deadline.objects.filter(
        case=application.case, stopped_at=None, started_at__isnull=False
    ).exists()


def test_no_person_enters_the_log(cast: Cast) -> None:
    application = filed(cast, "transfer.residential")
    play(application, cast)
    said = "\n".join(
        EventPayload.objects.filter(stream=application.case.stream).values_list("body", flat=True)
    )
    for private in ("李四", "张海棠", "11010519491231002X", "370200123456", PHONES["hengtai"]):
        assert private not in said


def test_a_category_without_its_answers_is_not_begun(cast: Cast) -> None:
    for code in (code for code in CODES if BY_CODE[code].sections):
        with pytest.raises(Refused, match="请先填写这类业务"), transaction.atomic():
            filed(cast, code, details=Details())


def test_what_nobody_can_apply_for_is_not_begun(cast: Cast) -> None:
    with pytest.raises(Refused, match="没有这类业务"):
        filed(cast, "rename.residential", supply_class="pv_natural")


# --- rename and transfer ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["transfer.residential", "rename.lv_other", "meter_move.residential"])
def test_a_change_of_holder_name_or_place_changes_no_capacity(cast: Cast, code: str) -> None:
    with pytest.raises(Refused, match="不改变容量"):
        filed(cast, code, capacity=Decimal(120))


def test_both_parties_are_identified_and_the_former_one_agrees_before_acceptance(cast: Cast) -> None:
    application = filed(cast, "transfer.residential")
    assert set(application.parties.values_list("role", flat=True)) == {"applicant", "former"}
    with pytest.raises(Refused, match="原户主同意"):
        intake.accept(application, by=cast["wangmin"], three_zero=False)
    with pytest.raises(Refused, match="核实身份"):
        change.record_change_consent(application, by=cast["wangmin"], method="paper", identified=False)
    change.record_change_consent(application, by=cast["wangmin"], method="paper", identified=True)
    intake.accept(application, by=cast["wangmin"], three_zero=False)
    assert application.changeconsents.get().party.role == "former"


def test_without_the_former_holder_nothing_is_begun(cast: Cast) -> None:
    category = BY_CODE["transfer.residential"]
    with pytest.raises(Refused, match="原户主"):
        filed(cast, category.code, details=Details(change=details_for(category).change))


def test_what_is_owed_stays_with_the_former_holder(cast: Cast) -> None:
    application = filed(cast, "transfer.residential")
    play(application, cast, until="CONTRACT")
    with pytest.raises(Refused, match="结清"):
        change.record_handover(
            application,
            by=cast["wangmin"],
            reading=Decimal(100),
            read_date=timezone.localdate(),
            settled=False,
        )


def test_the_former_holder_sees_nothing_of_the_new_ones_case(cast: Cast) -> None:
    application = filed(cast, "transfer.residential")
    former = Party.objects.get(application=application, role="former")
    assert former.user is None
    assert set(application.case.accesses.values_list("role", flat=True)) <= {"applicant", "agent"}


# --- capacity ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "capacity"), [("capacity_increase.lv_other", 40), ("capacity_decrease.lv_other", 800)]
)
def test_more_is_more_and_less_is_less(cast: Cast, code: str, capacity: int) -> None:
    with pytest.raises(Refused, match="现有"):
        filed(cast, code, capacity=Decimal(capacity))


def test_a_pile_needs_its_power(cast: Cast) -> None:
    with pytest.raises(Refused, match="单桩"):
        filed(cast, "new_supply.charging_private", capacity=Decimal(3))


# --- PV ----------------------------------------------------------------------------------------------------------


def test_a_plants_scheme_waits_for_what_the_grid_can_take_in(cast: Cast) -> None:
    application = filed(cast, "new_supply.pv_natural")
    play(application, cast, until="SCHEME")
    with pytest.raises(Refused, match="消纳"):
        PLAYS["scheme"](Scene(application, cast["lijianguo"], random.Random(1)))
    play(application, cast)
    assert application.hostings.get().result == "fits"
    assert application.filings.get().filer == "grid"
    assert application.contracts.get().kind == "pv"
    assert "自发自用" in application.contracts.get().text
    assert application.capacity_unit == "kWp"


def test_a_firm_files_its_plant_before_power_is_on(cast: Cast) -> None:
    application = filed(cast, "new_supply.pv_other")
    play(application, cast, until="WORKS")
    assert "filing" in open_nodes(application)
    pv.record_filing(
        application, by=cast["wangmin"], number="2026-1", filer="owner", filed_date=timezone.localdate()
    )
    application.pv.refresh_from_db()
    assert application.pv.filing_no == "2026-1"


def test_the_limits_of_a_households_plant(cast: Cast) -> None:
    application = filed(cast, "new_supply.pv_natural")
    play(application, cast, until="INSPECTION")
    running = {
        d.limit.code: d.limit.days
        for d in Deadline.objects.filter(case=application.case, limit__kind="promise").select_related("limit")
    }
    assert running == {"scheme_reply": 20, "inspection": 10}


# --- temporary ---------------------------------------------------------------------------------------------------


def test_a_temporary_supply_ends_within_six_months(cast: Cast) -> None:
    today = timezone.localdate()
    row = {"purpose": "site", "from_date": today, "until_date": today + dt.timedelta(days=200)}
    with pytest.raises(Refused, match="六个月"):
        filed(cast, "temporary.lv_other", details=Details(temporary=row))
    with pytest.raises(Refused, match="到期日要在开始日之后"):
        filed(cast, "temporary.lv_other", details=Details(temporary=row | {"until_date": today}))


def test_a_temporary_supply_is_renewed_then_taken_down_and_only_then_archived(cast: Cast) -> None:
    application = filed(cast, "temporary.lv_other")
    play(application, cast, until="ARCHIVING")
    assert open_nodes(application) == ["removal"]
    before = application.temporary.until_date
    clerk = cast["wangmin"]
    with pytest.raises(Refused, match="往后延"):
        temporary.renew_temporary(application, by=clerk, until_date=before, reason="工期延长")
    with pytest.raises(Refused, match="最长到"):
        temporary.renew_temporary(
            application, by=clerk, until_date=before + dt.timedelta(days=300), reason="工期延长"
        )
    later = before + dt.timedelta(days=60)
    temporary.renew_temporary(application, by=clerk, until_date=later, reason="工期延长")
    application.temporary.refresh_from_db()
    assert application.temporary.until_date == later
    assert TemporaryRenewal.objects.get().before_date == before
    said = EventPayload.objects.get(
        stream=application.case.stream, number=_last(application, "temporary.renewed")
    ).data
    assert (said["before_date"], said["until_date"]) == (before.isoformat(), later.isoformat())
    assert "工期" not in str(said)
    meter = application.meterings.get()
    removal = {"last_reading": Decimal(900), "settled": True}
    with pytest.raises(Refused, match=meter.asset_no):
        temporary.record_removal(application, by=cast["hewei"], asset_no="0000", **removal)
    temporary.record_removal(application, by=cast["hewei"], asset_no=meter.asset_no, **removal)
    with pytest.raises(Refused, match="已经拆除"):
        temporary.renew_temporary(
            application, by=clerk, until_date=later + dt.timedelta(days=30), reason="又要用"
        )
    assert open_nodes(application) == ["archive"]


def test_only_a_temporary_supply_is_renewed(cast: Cast) -> None:
    application = filed(cast, "new_supply.residential")
    play(application, cast, until="ARCHIVING")
    with pytest.raises(Refused, match="只有临时用电"):
        temporary.renew_temporary(
            application, by=cast["wangmin"], until_date=timezone.localdate(), reason="要"
        )


def _last(application: Application, kind: str) -> int:
    return Event.objects.filter(stream=application.case.stream, kind=kind).latest("number").number


# --- three-zero --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("capacity", "on", "region", "applies", "rule"),
    [
        (160, dt.date(2026, 3, 2), "370102", True, "opinion_2025_lv"),
        (161, dt.date(2026, 3, 2), "370102", False, "opinion_2025_lv"),
        (160, dt.date(2021, 3, 2), "370102", True, "opinion_2020_lv"),
        (160, dt.date(2019, 3, 2), "370102", False, None),
        (100, dt.date(2026, 3, 2), "421303", True, "suizhou_lv"),
        (101, dt.date(2026, 3, 2), "421303", False, "suizhou_lv"),
        (101, dt.date(2020, 12, 1), "421303", True, "opinion_2020_lv"),
    ],
)
def test_three_zero_goes_by_region_day_and_capacity(
    cast: Cast, capacity: int, on: dt.date, region: str, applies: bool, rule: str | None
) -> None:
    application = filed(cast, "new_supply.lv_other", capacity=Decimal(capacity))
    verdict = three_zero_of(application, on, region)
    assert (verdict.applies, verdict.rule.code if verdict.rule else None) == (applies, rule)


def test_three_zero_follows_this_bureaus_region(cast: Cast) -> None:
    application = filed(cast, "new_supply.lv_other", capacity=Decimal(120))
    assert three_zero_of(application, timezone.localdate()).applies
    Profile.objects.filter(is_ours=True).update(region="421303")
    assert not three_zero_of(application, timezone.localdate()).applies


def test_a_departure_from_the_rule_has_its_reason(cast: Cast) -> None:
    application = filed(cast, "new_supply.lv_other", capacity=Decimal(30))
    with pytest.raises(Refused, match="写明理由"):
        intake.accept(application, by=cast["wangmin"], three_zero=False)
    intake.accept(application, by=cast["wangmin"], three_zero=False, three_zero_basis="客户自愿出资")
    accepted = application.acceptances.get()
    assert (accepted.three_zero, accepted.three_zero_by_rule, accepted.three_zero_rule.code) == (
        False,
        True,
        "opinion_2025_lv",
    )
    said = EventPayload.objects.get(
        stream=application.case.stream, number=_last(application, "application.accepted")
    ).data
    assert (said["departs"], said["three_zero_rule"]) == (True, "opinion_2025_lv")
    assert application.three_zero_basis == "客户自愿出资"


def test_a_kind_no_rule_covers_is_not_three_zero(cast: Cast) -> None:
    application = filed(cast, "new_supply.hv_single")
    intake.accept(application, by=cast["wangmin"], three_zero=False)
    assert application.three_zero is False
    assert application.acceptances.get().three_zero_rule is None


def test_nothing_unverified_decides_three_zero(cast: Cast) -> None:
    assert not ThreeZeroRule.objects.filter(grade="U").exists()
    assert all(rule.source for rule in ThreeZeroRule.objects.all())


# --- words -------------------------------------------------------------------------------------------------------


def test_stages_are_called_as_the_category_calls_them(cast: Cast) -> None:
    stamp = current_stamp()
    plant = stage_names({"business_type": "new_supply", "supply_class": "pv_natural"}, stamp)
    assert (plant["CONTRACT"], plant["INSPECTION"], plant["CONNECTION"]) == (
        "购售电及并网合同",
        "并网验收",
        "装表并网",
    )
    assert stage_names({"business_type": "new_supply", "supply_class": "hv_dual"}, stamp) == {}
    assert stage_names({"business_type": "meter_move", "supply_class": "hv_single"}, stamp) == {
        "CONNECTION": "移装电能表"
    }


def test_every_category_stands_under_a_tile() -> None:
    assert {category.code for category in CATEGORIES} == {
        c.code for rough in {c.rough for c in CATEGORIES} for c in of_rough(rough)
    }


def test_revised_answers_are_judged_like_the_first(cast: Cast) -> None:
    application = filed(cast, "capacity_increase.lv_other")
    who = filing.Particulars(name="张海棠", phone=PHONES["hengtai"], address="海棠路 1 号")
    with pytest.raises(Refused):
        filing.revise_particulars(
            application,
            who,
            by=cast["wangmin"],
            capacity=Decimal(10),
            details=details_for(BY_CODE["capacity_increase.lv_other"]),
        )
