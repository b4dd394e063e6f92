"""Ways out: what each needs, its written notice, the scheme that lapses or is extended, re-opening and applying again."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from applications.models import Exit, ExitRule, Scheme, SchemeLapse, digest_of
from applications.selectors.chains import chain_of
from applications.selectors.ways_out import read_attempt
from applications.services import exits
from applications.services.validity import find_lapsed
from applications.sheets.parts import loaded
from staff.demo import PASSWORD
from staff.sessions import BACKEND
from tests.applications.papers import factory
from tests.applications.walked import Walk
from workflow.models import Case, Deadline, Event
from workflow.transitions import Refused

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate
DAY = dt.timedelta(days=1)


@pytest.fixture
def home(cast):
    return Walk(cast, "residential", capacity=8, usage="residential").accepted()


def notice(walk: Walk) -> str:
    """The words of the latest notice of an exit."""
    return loaded(walk.application.issuedpapers.filter(kind="exit").latest("number").content).words()


def attempts(*lines: str) -> list[str]:
    return [f"{(TODAY() - DAY * n).isoformat()} {way}" for n, way in enumerate(lines, 1)]


def replied(cast, until: dt.date) -> Walk:
    """A factory whose scheme was replied and holds until that day."""
    walk = factory(cast)
    application = walk.application
    scheme = Scheme.objects.create(
        application=application, number=1, voltage="10", capacity=315, capacity_unit="kVA", ownership_boundary="T 接点",
        validity_months=12, text="方案", digest=digest_of("方案"),
    )  # fmt: skip
    application.replynotices.create(
        scheme=scheme, method="counter", delivered_to=application.parties.get(role="applicant"), delivered_at=timezone.now(),
        valid_until_date=until,
    )  # fmt: skip
    return walk


class TestWhatEachNeeds:
    def test_a_refusal_rests_on_a_clause_and_says_why_in_writing(self, cast):
        walk = Walk(cast, "residential", capacity=8)
        walk.do("refuse", "wangmin", reason="不在本公司供电区域", clause="supervision_2009_time")
        words = notice(walk)
        assert walk.stage == "REFUSED"
        for said in (
            "不予受理告知书",
            "张海棠",
            "不在本公司供电区域",
            "供电监管办法",
            "条款号待核",
            "缺少材料不是不予受理的理由",
        ):
            assert said in words, said
        assert "供电区域" not in str(walk.said("application.refused"))

    def test_no_supply_yet_names_project_and_day(self, home):
        given = {"reason": "no_supply_yet", "note": "台区无备用间隔"}
        for lacking in ({}, {"grid_project": "WBS-1"}, {"review_date": TODAY() + 30 * DAY}):
            with pytest.raises(Refused):
                exits.terminate(home.application, by=home.cast["chenli"], **given, **lacking)
        assert not Exit.objects.exists()
        exits.terminate(
            home.application,
            by=home.cast["chenli"],
            **given,
            grid_project="WBS-1",
            review_date=TODAY() + 30 * DAY,
        )
        words = notice(home)
        assert "暂不具备供电条件告知书" in words
        assert "WBS-1" in words
        assert "台区无备用间隔" in words

    @pytest.mark.parametrize(
        "made",
        [("phone", "message"), ("phone", "phone", "phone"), ()],
        ids=["two only", "one way only", "none"],
    )
    def test_a_customer_is_not_lost_after_too_little(self, home, made):
        with pytest.raises(Refused, match="至少 3 次、2 种"):
            exits.terminate(
                home.application, by=home.cast["chenli"], reason="customer_lost", attempts=attempts(*made)
            )
        assert home.application.issuedpapers.filter(kind="exit").count() == 0

    def test_the_same_attempt_written_thrice_counts_once(self, home):
        thrice = ["2026-11-20 phone", "2026-11-20 phone", "2026-11-21 visit"]
        with pytest.raises(Refused):
            exits.terminate(home.application, by=home.cast["chenli"], reason="customer_lost", attempts=thrice)

    def test_three_attempts_in_two_ways_stand_in_the_notice(self, home):
        home.do(
            "terminate",
            "chenli",
            reason="customer_lost",
            attempts="2026-11-20 电话\n2026-11-21 短信\n2026-11-22 电话",
        )
        words = notice(home)
        assert "无法与您取得联系的告知书" in words
        for said in ("2026年11月20日", "电话", "短信", "恢复办理"):
            assert said in words, said
        assert Exit.objects.get().attempts == ["2026-11-20 phone", "2026-11-21 message", "2026-11-22 phone"]
        assert home.said("case.terminated")["attempts"] == 3

    def test_a_withdrawal_is_told_neutrally_with_the_way_back(self, home):
        home.do("withdraw", home.customer, reason="no_longer_wanted")
        words = notice(home)
        for said in ("撤回登记告知", "如非您本人意愿", "任何人不得要求您撤回", "您本人（手机号登录）"):
            assert said in words, said

    def test_void_names_the_second_person(self, cast):
        walk = Walk(cast, "residential", capacity=8)
        walk.do(
            "void",
            "wangmin",
            reason="opened_by_mistake",
            approved_by=cast["chenli"].pk,
            approver_password=PASSWORD,
        )
        assert "误建作废告知书" in notice(walk)
        assert cast["chenli"].get_full_name() in notice(walk)

    def test_a_reason_taken_out_of_force_is_on_no_list(self, home):
        rule = ExitRule.objects.get(action="terminate", code="other")
        rule.in_force = False
        rule.save()
        with pytest.raises(Refused):
            exits.terminate(home.application, by=home.cast["chenli"], reason="other", note="无")
        assert "other" not in dict(home.form("terminate", "chenli").fields["reason"].choices)

    def test_every_way_out_has_its_digest_in_its_event(self, home):
        home.do("withdraw", home.customer, reason="filed_twice")
        paper = home.application.issuedpapers.get(kind="exit")
        assert paper.digest in home.event("case.withdrawn").documents


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("2026-11-20 电话", (dt.date(2026, 11, 20), "phone")),
        ("2026年11月20日 上门", (dt.date(2026, 11, 20), "visit")),
        ("２０２６-11-20 短信通知", (dt.date(2026, 11, 20), "message")),
        ("2026-11-20 telephone", (dt.date(2026, 11, 20), "phone")),
        ("2026-13-40 电话", None),
        ("电话", None),
        ("2026-11-20", None),
    ],
)
def test_attempts_are_read_as_people_write_them(line, read):
    assert read_attempt(line) == read


class TestValidity:
    def test_what_still_holds_has_not_lapsed(self, cast):
        walk = replied(cast, TODAY())
        assert find_lapsed() == 0
        with pytest.raises(Refused, match="尚未失效"):
            exits.terminate(walk.application, by=cast["chenli"], reason="scheme_lapsed")

    def test_the_sweep_finds_a_lapse_once_and_offers_it_to_the_planner(self, cast, client):
        walk = replied(cast, TODAY() - DAY)
        with pytest.raises(Refused):
            exits.terminate(walk.application, by=cast["sunjie"], reason="scheme_lapsed")
        assert (find_lapsed(), find_lapsed()) == (1, 0)
        assert SchemeLapse.objects.get().valid_until_date == TODAY() - DAY
        assert Event.objects.filter(kind="scheme.lapsed", stream=walk.application.case.stream).count() == 1
        client.force_login(cast["sunjie"], backend=BACKEND)
        page = client.get(f"/cases/{walk.application.case.pk}/").content.decode()
        assert "按方案逾期失效终止" in page

    def test_a_planner_ends_a_lapsed_case_for_that_reason_alone(self, cast):
        walk = replied(cast, TODAY() - DAY)
        find_lapsed()
        offered = walk.form("terminate", "sunjie").fields["reason"].choices
        assert [code for code, _name in offered] == ["scheme_lapsed"]
        with pytest.raises(Refused, match="方案员只能因"):
            exits.terminate(walk.application, by=cast["sunjie"], reason="other", note="无")
        exits.terminate(walk.application, by=cast["sunjie"], reason="scheme_lapsed")
        assert "供电方案逾期失效告知书" in notice(walk)
        assert walk.application.case.stage == "TERMINATED"

    def test_extended_once_with_both_days_kept(self, cast):
        first = TODAY() + 10 * DAY
        walk = replied(cast, first)
        later = first + 60 * DAY
        walk.do("extend_validity", "sunjie", until_date=later, reason="设备到货延迟", method="paper")
        kept = walk.application.schemeextensions.get()
        assert (kept.original_date, kept.until_date) == (first, later)
        assert walk.application.facts()["valid_until"] == later
        words = loaded(walk.application.issuedpapers.get(kind="extension").content).words()
        assert "设备到货延迟" in words
        assert "设备到货" not in str(walk.said("scheme.extended"))
        assert walk.said("scheme.extended")["original"] == first.isoformat()
        with pytest.raises(Refused, match="已经延长过一次"):
            walk.do("extend_validity", "sunjie", until_date=later + DAY, reason="再延", method="paper")

    @pytest.mark.parametrize(
        ("days", "words"), [(0, "本来就有效至"), (-1, "本来就有效至"), (900, "最晚延长到")]
    )
    def test_neither_shorter_nor_beyond_the_period(self, cast, days, words):
        first = TODAY() + 10 * DAY
        walk = replied(cast, first)
        form = walk.form(
            "extend_validity", "sunjie", until_date=first + days * DAY, reason="原因", method="paper"
        )
        assert words in form.errors["until_date"][0]

    def test_what_has_lapsed_is_not_extended(self, cast):
        walk = replied(cast, TODAY() - DAY)
        with pytest.raises(Refused, match="不能再延长"):
            walk.do("extend_validity", "sunjie", until_date=TODAY() + DAY, reason="原因", method="paper")


class TestTakenUpAgain:
    def test_the_clock_and_the_chain_run_through(self, home):
        case = home.application.case
        before = {
            d.limit.code: d.started_at
            for d in Deadline.objects.filter(case=case).select_related("limit")
            if not d.node_code
        }
        first = case.first_contact_at
        home.do("withdraw", home.customer, reason="no_longer_wanted")
        assert not Deadline.objects.filter(case=case, stopped_at=None, started_at__isnull=False).exists()
        home.do("reopen", "wangmin", note="客户仍要办理")
        total = Deadline.objects.select_related("limit").get(case=case, limit__code="first_contact")
        assert (total.stopped_at, total.started_at) == (None, before["first_contact"])
        running = Deadline.objects.filter(case=case, stopped_at=None, node_code="").select_related("limit")
        assert {
            d.limit.code: d.started_at for d in running if d.limit.code in before
        }.items() <= before.items()
        case.refresh_from_db()
        assert case.first_contact_at == first

    def test_applied_again_it_continues_the_ended_case(self, home, cast, client):
        home.do("withdraw", home.customer, reason="no_longer_wanted")
        again = Walk(cast, "residential", capacity=8, usage="residential")
        case = Case.objects.get(pk=again.application.case.pk)
        assert case.continues_id == home.application.case.pk
        assert again.said("application.submitted")["continues"] == str(home.application.case.pk)
        chain = chain_of(case)
        assert chain.began_at == home.application.case.first_contact_at
        client.force_login(cast["wangmin"], backend=BACKEND)
        page = client.get(f"/cases/{case.pk}/").content.decode()
        assert "自首次联系起" in page

    def test_a_running_case_is_not_continued(self, home, cast):
        other = Walk(cast, "residential", capacity=8)
        assert Case.objects.get(pk=other.application.case.pk).continues_id is None

    def test_beyond_its_rule_s_days_a_new_chain_begins(self, home, cast):
        home.do("withdraw", home.customer, reason="no_longer_wanted")
        ExitRule.objects.filter(action="withdraw").update(refile_days=None)
        again = Walk(cast, "residential", capacity=8)
        assert Case.objects.get(pk=again.application.case.pk).continues_id is None

    def test_another_phone_elsewhere_is_another_need(self, home, cast):
        home.do("withdraw", home.customer, reason="no_longer_wanted")
        home.application.premises.address = "城西路 99 号"
        home.application.premises.save()
        other = Walk(cast, "residential", customer="hengtai", capacity=8)
        assert Case.objects.get(pk=other.application.case.pk).continues_id is None

    def test_an_ended_case_is_continued_once(self, home, cast):
        home.do("withdraw", home.customer, reason="no_longer_wanted")
        first, second = (Walk(cast, "residential", capacity=8) for _turn in range(2))
        found = Case.objects.filter(pk__in=[first.application.case.pk, second.application.case.pk])
        assert sorted(case.continues_id is not None for case in found) == [False, True]
