"""Pages about rules: what they say, who may change what, and what a change leaves behind."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from staff.demo import Cast, build_cast
from staff.models import Competence, Post
from staff.policies import Role
from staff.sessions import BACKEND
from workflow.arrangements import doubts, read, spans
from workflow.comparison import compare, count
from workflow.models import CalendarYear, Clause, Event, EventPayload, Limit, Node, Route, RouteVersion
from workflow.selectors.calendars import current_calendar
from workflow.services.calendars import packaged_days
from workflow.services.limits import add_version
from workflow.services.seeds import load
from workflow.views import words

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
NOTICE_2026 = """一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（周日）至23日（周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。"""
MADE_UP_2027 = """1月1日至3日放假。
2月5日至2月11日放假。1月30日、2月13日上班。
4月3日至5日放假。5月1日至5日放假，5月8日另行通知。
2027-06-09 放假
2027-09-15 放假
10月1日至7日放假。
9月26日、10月9日上班"""


@pytest.fixture
def cast(db: None, monkeypatch: pytest.MonkeyPatch) -> Cast:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return build_cast(TODAY)


def holder(role: Role) -> Any:
    return Post.objects.filter(role=role, office__kind="county").select_related("user").earliest("pk").user


@pytest.fixture
def administrator(cast: Cast, client: Client) -> Client:
    client.force_login(holder(Role.ADMINISTRATOR), backend=BACKEND)
    return client


@pytest.fixture
def clerk(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast["wangmin"], backend=BACKEND)
    return client


def version(code: str, number: int) -> RouteVersion:
    return RouteVersion.objects.get(route__code=code, number=number)


def pages() -> list[str]:
    old, new = version("hv_single", 1), version("hv_single", 2)
    return [
        reverse("workflow:routes"),
        reverse("workflow:route_version", args=[new.pk]),
        reverse("workflow:compare_versions", args=[old.pk, new.pk]),
        reverse("workflow:calendars"),
        reverse("workflow:limits"),
    ]


# --- who sees what --------------------------------------------------------------------------------------------


def test_officers_read_all_of_it_and_change_nothing(clerk: Client) -> None:
    for page in pages():
        assert clerk.get(page).status_code == 200
    assert clerk.get(reverse("workflow:publish_calendar")).status_code == 404
    new = version("hv_single", 1)
    assert (
        clerk.post(reverse("workflow:choose_version", args=[new.pk]), {"reason": "试一试"}).status_code == 404
    )
    assert "choose" not in clerk.get(reverse("workflow:route_version", args=[new.pk])).content.decode()


def test_customers_and_strangers_find_nothing(cast: Cast) -> None:
    stranger, customer = Client(), Client()
    customer.force_login(cast["zhanghaitang"], backend=BACKEND)
    for page in pages():
        assert stranger.get(page).status_code == 302
        assert customer.get(page).status_code == 404


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_speaks_both_languages(clerk: Client, language: str) -> None:
    clerk.cookies["lang"] = language
    for page in pages():
        text = clerk.get(page).content.decode()
        assert ("流程" in text) is (language == "zh-hans") or "Routes" in text


def test_unknown_and_mismatched_versions_are_404(clerk: Client) -> None:
    one, other = version("hv_single", 1), version("residential", 2)
    assert clerk.get(reverse("workflow:compare_versions", args=[one.pk, other.pk])).status_code == 404
    assert clerk.get(reverse("workflow:route_version", args=[987654])).status_code == 404


# --- comparing ------------------------------------------------------------------------------------------------


def nodes(code: str, number: int) -> list[Node]:
    return list(Node.objects.filter(version__route__code=code, version__number=number))


def test_the_title_says_what_it_comes_to(clerk: Client) -> None:
    old, new = version("hv_single", 1), version("hv_single", 2)
    text = clerk.get(reverse("workflow:compare_versions", args=[old.pk, new.pk])).content.decode()
    assert (
        "高压单电源新装（非重要用户、非住宅小区）：节点由 19 个减到 13 个，对外环节由 10 个减到 4 个" in text
    )
    assert "“装表”、“送电”并入“装表接电”" in text


def test_what_became_of_each_node() -> None:
    found = compare(nodes("residential", 1), nodes("residential", 2))
    said = {
        ("+".join(line.name for line in row.before), "+".join(line.name for line in row.after)): row.verdict
        for row in found.rows
    }
    assert said == {
        ("业务受理", "受理"): "kept",
        ("起草供用电合同", "提供标准合同文本"): "kept",
        ("签订供用电合同", "客户签订合同"): "kept",
        ("现场勘查+制定供电方案+装表接电", "上门勘查并装表接电"): "merged",
        ("答复供电方案", ""): "cut",
        ("确定及收取业务费用", ""): "cut",
        ("资料归档", "资料归档"): "kept",
    }
    signing = next(row for row in found.rows if row.after and row.after[0].name == "客户签订合同")
    assert signing.notes == ("parallel", "earlier")
    assert [fact for fact, _was, _now in found.moved] == [
        "survey", "scheme", "contract", "signature", "metering", "energisation",
    ]  # fmt: skip


def test_comparing_a_version_with_itself_finds_nothing() -> None:
    load()
    same = compare(nodes("lv_other", 2), nodes("lv_other", 2))
    assert {row.verdict for row in same.rows} == {"kept"}
    assert [row.notes for row in same.rows if row.notes] == []
    assert same.moved == ()
    assert all(group.before == group.after for group in same.groups)


def test_backwards_it_adds_splits_and_goes_up() -> None:
    load()
    found = compare(nodes("hv_single", 2), nodes("hv_single", 1))
    assert {row.verdict for row in found.rows} == {"kept", "split"}
    with translation.override("zh-hans"):
        said = words.headline("高压", found.shortest, alone=False)
    assert "节点由 13 个增到 19 个" in said


def test_counts_by_kind_of_customer() -> None:
    load()
    found = compare(nodes("hv_single", 1), nodes("hv_single", 2))
    with translation.override("zh-hans"):
        named = {words.customers(group.answers): group for group in found.groups}
    assert set(named) == {"非重要用户、非住宅小区", "重要用户或住宅小区"}
    important = named["重要用户或住宅小区"]
    assert (important.before.officer, important.after.officer) == (14, 12)
    assert (important.before.customer, important.after.customer) == (5, 5)
    assert count(nodes("hv_single", 2), {"important": True, "estate": False}) == important.after


# --- choosing -------------------------------------------------------------------------------------------------


def test_an_administrator_chooses_with_a_reason_that_is_sealed(administrator: Client) -> None:
    old = version("residential", 1)
    address = reverse("workflow:choose_version", args=[old.pk])
    answer = administrator.post(address, {"reason": "试点暂停，恢复原流程"}, follow=True)
    assert "新工单从现在起用" in answer.content.decode()
    old.refresh_from_db()
    assert old.for_new_cases
    assert Route.objects.get(code="residential").versions.filter(for_new_cases=True).count() == 1
    event = Event.objects.filter(stream=f"route:{old.route_id}").latest("number")
    said = EventPayload.objects.get(stream=event.stream, number=event.number).data
    assert (event.kind, event.actor) == ("route.chosen", f"a:{holder(Role.ADMINISTRATOR).pk.hex}")
    assert said == {"version": old.pk, "number": 1, "before": 3, "reason": "试点暂停，恢复原流程"}


@pytest.mark.parametrize("reason", ["", "   ", "好"])
def test_without_a_reason_nothing_changes_and_the_text_is_kept(administrator: Client, reason: str) -> None:
    old = version("residential", 1)
    answer = administrator.post(reverse("workflow:choose_version", args=[old.pk]), {"reason": reason})
    assert answer.status_code == 422
    assert "原因" in answer.content.decode()
    assert version("residential", 3).for_new_cases


def test_choosing_what_is_chosen_is_refused(administrator: Client) -> None:
    chosen = version("residential", 3)
    answer = administrator.post(
        reverse("workflow:choose_version", args=[chosen.pk]), {"reason": "再选一次看看"}
    )
    assert answer.status_code == 409
    assert "新工单已经在用这一版。" in answer.content.decode()


def test_a_draft_is_refused(administrator: Client) -> None:
    old = version("residential", 1)
    RouteVersion.objects.filter(pk=old.pk).update(status="draft")
    answer = administrator.post(reverse("workflow:choose_version", args=[old.pk]), {"reason": "草稿也想用"})
    assert answer.status_code == 409
    assert version("residential", 3).for_new_cases


def test_a_version_nobody_could_work_is_refused_by_name(administrator: Client) -> None:
    Competence.objects.create(code="drone", name_zh="无人机巡查", name_en="Drone survey", needed_at="station")
    old = version("residential", 1)
    Node.objects.filter(version=old, code="survey").update(competence="drone")
    answer = administrator.post(reverse("workflow:choose_version", args=[old.pk]), {"reason": "恢复原流程"})
    assert answer.status_code == 409
    assert "目前没有在岗人员持有以下证书：无人机巡查" in answer.content.decode()
    assert version("residential", 3).for_new_cases


def test_a_get_never_chooses(administrator: Client) -> None:
    assert (
        administrator.get(reverse("workflow:choose_version", args=[version("residential", 1).pk])).status_code
        == 405
    )


# --- limits ---------------------------------------------------------------------------------------------------


def test_limits_in_force_come_first_and_open_numbers_are_said_to_be_open(clerk: Client) -> None:
    text = clerk.get(reverse("workflow:limits")).content.decode()
    scheme = text[text.index('id="limit-SCHEME"') : text.index('id="limit-WORKS"')]
    assert scheme.index("现行适用") < scheme.index("未采用：草案或待核") < scheme.index("已被替代")
    assert "《供电监管办法》（2009）办电各环节时限，条款号待核" in scheme
    assert "天数待核" in scheme


def test_limits_of_one_class(clerk: Client) -> None:
    text = clerk.get(reverse("workflow:limits"), {"supply_class": "hv_single"}).content.decode()
    assert "20 个工作日" in text
    assert "45 个工作日" not in text
    assert clerk.get(reverse("workflow:limits"), {"supply_class": "' OR 1=1"}).status_code == 200


def test_a_changed_limit_is_a_new_version_and_the_old_one_is_retired(cast: Cast) -> None:
    limit = Limit.objects.get(code="node_archive")
    limit.days, limit.effective_from = 2, date(2026, 12, 1)
    add_version(limit, by=holder(Role.ADMINISTRATOR), today=TODAY)
    old, new = Limit.objects.filter(code="node_archive").order_by("version")
    assert (old.version, old.days, old.status, old.effective_to) == (1, 3, "in_force", date(2026, 11, 30))
    assert (new.version, new.days, new.status, new.effective_to) == (2, 2, "in_force", None)
    assert new.history.get().history_user == holder(Role.ADMINISTRATOR)
    assert load().total() == 0


def test_a_version_that_applies_at_once_supersedes(cast: Cast) -> None:
    limit = Limit.objects.get(code="node_archive")
    limit.effective_from = TODAY
    add_version(limit, by=holder(Role.ADMINISTRATOR), today=TODAY)
    assert list(
        Limit.objects.filter(code="node_archive").order_by("version").values_list("status", flat=True)
    ) == [
        "superseded",
        "in_force",
    ]


# --- the calendar ---------------------------------------------------------------------------------------------


def test_the_notice_of_2026_reads_as_the_year_was() -> None:
    reading = read(NOTICE_2026, 2026)
    assert reading.mistakes == []
    assert (reading.days_off, reading.days_on) == packaged_days(2026)


def test_lines_and_csv_read_alike() -> None:
    lines = read("2027-02-08 至 2027-02-12 放假\n2027-02-14 上班", 2027)
    csv = read(
        "date,is_workday\n" + "".join(f"2027-02-{day:02},0\n" for day in range(8, 13)) + "2027-02-14,1\n",
        2027,
    )
    with_weekday = read("2027-02-08,1,0,Spring Festival\n2027-02-09,2,1,", 2027)
    assert lines.mistakes == csv.mistakes == []
    assert (lines.days_off, lines.days_on) == (csv.days_off, csv.days_on)
    assert [day.day for day in lines.days_off] == [8, 9, 10, 11, 12]
    assert (with_weekday.days_off, with_weekday.days_on) == ([date(2027, 2, 8)], [])


@pytest.mark.parametrize(
    "text",
    [
        "", "随便写写", "2月30日放假", "2027-02-08", "2月8日放假，2月14日上班", "2月12日至2月8日放假", "12月31日至2028年1月2日放假",
        "2月8日放假\n2月8日上班", "2月9日上班", "2027-13-01,0",
    ],
)  # fmt: skip
def test_what_is_not_understood_is_said_and_never_guessed(text: str) -> None:
    assert read(text, 2027).mistakes


def test_unlikely_years_raise_doubts() -> None:
    known = current_calendar().workdays_of(2027)
    with translation.override("zh-hans"):
        few = doubts(read("5月1日至5日放假", 2027), known, TODAY)
        past = doubts(read("1月5日放假", 2026), current_calendar().workdays_of(2026), TODAY)
    assert [sentence for sentence in few if "2027-01-01 是法定节假日" in sentence]
    assert [sentence for sentence in few if "全年" in sentence]
    assert [sentence for sentence in past if "已经过去" in sentence]


def test_runs_of_days_bridge_weekends() -> None:
    days = [date(2026, 2, 16), date(2026, 2, 17), date(2026, 2, 20), date(2026, 2, 23), date(2026, 4, 6)]
    assert spans(days) == [
        (date(2026, 2, 16), date(2026, 2, 17)),
        (date(2026, 2, 20), date(2026, 2, 23)),
        (date(2026, 4, 6), date(2026, 4, 6)),
    ]


def given(**changes: str) -> dict[str, str]:
    return {
        "year": "2027",
        "days": MADE_UP_2027.replace("，5月8日另行通知", ""),
        "official": "1",
        "source": "关于 2027 年放假安排的通知",
        "grade": "A",
        "reason": "放假安排已公布",
        **changes,
    }


def test_a_year_is_read_back_before_it_is_published(administrator: Client) -> None:
    address = reverse("workflow:publish_calendar")
    shown = administrator.post(address, given())
    assert shown.status_code == 200
    assert (date(2027, 2, 5), date(2027, 2, 11)) in shown.context["days_off"]
    assert "读到的 2027 年安排如下" in shown.content.decode()
    assert CalendarYear.objects.filter(year=2027).count() == 1

    seen = shown.context["form"].digest
    done = administrator.post(address, given(seen=seen, meant="on"), follow=True)
    assert "2027 年第 2 版已启用" in done.content.decode()
    assert "工作日已公布到" in done.content.decode()
    calendar = current_calendar()
    assert calendar.published_until == date(2027, 12, 31)
    assert not calendar.is_workday(date(2027, 2, 8))
    assert calendar.is_workday(date(2027, 2, 13))
    assert not calendar.nth_workday(date(2026, 12, 23), 15).provisional
    event = Event.objects.filter(stream="calendar:2027").latest("number")
    assert (event.kind, event.actor) == ("calendar.published", f"a:{holder(Role.ADMINISTRATOR).pk.hex}")
    assert (
        EventPayload.objects.get(stream="calendar:2027", number=event.number).data["reason"]
        == "放假安排已公布"
    )


def test_the_old_version_still_reckons_as_it_did(administrator: Client) -> None:
    before = current_calendar()
    address = reverse("workflow:publish_calendar")
    seen = administrator.post(address, given()).context["form"].digest
    administrator.post(address, given(seen=seen, meant="on"))
    assert current_calendar().version > before.version
    assert current_calendar(before.version).nth_workday(date(2026, 12, 23), 15) == before.nth_workday(
        date(2026, 12, 23), 15
    )
    assert before.nth_workday(date(2026, 12, 23), 15).provisional


def test_another_text_than_was_shown_is_shown_again(administrator: Client) -> None:
    address = reverse("workflow:publish_calendar")
    seen = administrator.post(address, given()).context["form"].digest
    again = administrator.post(address, given(seen=seen, meant="on", days="1月1日放假"))
    assert again.status_code == 200
    assert CalendarYear.objects.filter(year=2027).count() == 1


def test_doubts_have_to_be_confirmed(administrator: Client) -> None:
    address = reverse("workflow:publish_calendar")
    days = "1月1日放假"
    shown = administrator.post(address, given(days=days))
    assert "全年 260 个工作日不寻常" in shown.content.decode()
    seen = shown.context["form"].digest
    assert administrator.post(address, given(days=days, seen=seen)).status_code == 200
    assert CalendarYear.objects.filter(year=2027).count() == 1
    administrator.post(address, given(days=days, seen=seen, meant="on"))
    assert CalendarYear.objects.filter(year=2027).count() == 2


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"days": "2月30日放假"}, "没有“2月30日”这样的日期"),
        ({"days": "垃圾"}, "没有读到日期"),
        ({"year": "2033"}, "最多录入到 2028 年"),
        ({"year": "abc"}, "年"),
        ({"source": ""}, "来源"),
        ({"official": "0", "year": "2026", "days": NOTICE_2026}, "不能再改回暂按"),
    ],
)
def test_mistakes_are_said_and_what_was_typed_is_kept(
    administrator: Client, changes: dict[str, str], sentence: str
) -> None:
    address = reverse("workflow:publish_calendar")
    answer = administrator.post(address, given(**changes))
    if answer.status_code == 200:
        answer = administrator.post(address, given(**changes, seen=answer.context["form"].digest, meant="on"))
    assert answer.status_code in (409, 422)
    text = answer.content.decode()
    assert sentence in text
    assert given(**changes)["days"].splitlines()[0] in text


# --- administration -------------------------------------------------------------------------------------------


def test_the_administration_edits_rules_with_history_and_shows_the_record_only(administrator: Client) -> None:
    user = holder(Role.ADMINISTRATOR)
    type(user).objects.filter(pk=user.pk).update(is_staff=True, is_superuser=True)
    clause = Clause.objects.get(code="opinion_2025")
    address = reverse("admin:workflow_clause_change", args=[clause.pk])
    fields = {
        name: getattr(clause, name)
        for name in ("code", "title_zh", "title_en", "text_zh", "text_en", "source", "grade")
    }
    assert administrator.post(address, {**fields, "number": "第三条"}).status_code == 302
    assert Clause.objects.get(pk=clause.pk).number == "第三条"
    assert clause.history.latest().history_user == user
    assert Event.objects.filter(stream=f"history:workflow_clause:{clause.pk}").count() == 2
    for model in ("case", "task", "deadline", "contact"):
        assert administrator.get(reverse(f"admin:workflow_{model}_changelist")).status_code == 200
        assert administrator.get(reverse(f"admin:workflow_{model}_add")).status_code == 403


def test_an_edited_limit_becomes_the_next_version(administrator: Client) -> None:
    user = holder(Role.ADMINISTRATOR)
    type(user).objects.filter(pk=user.pk).update(is_staff=True, is_superuser=True)
    limit = Limit.objects.get(code="node_archive")
    address = reverse("admin:workflow_limit_change", args=[limit.pk])
    form = administrator.get(address).context["adminform"].form
    sent = {name: form.initial.get(name) for name in form.fields}
    sent = {
        name: ",".join(value) if isinstance(value, list) else value
        for name, value in sent.items()
        if value is not None
    }
    sent |= {"days": 2, "effective_from": "2026-11-24", "stop_each": "", "per_round": ""}
    same_day = administrator.post(address, {**sent, "effective_from": str(limit.effective_from)})
    assert "要晚于" in same_day.content.decode()
    assert administrator.post(address, sent).status_code == 302
    assert list(
        Limit.objects.filter(code="node_archive").order_by("version").values_list("days", "status")
    ) == [
        (3, "superseded"),
        (2, "in_force"),
    ]
