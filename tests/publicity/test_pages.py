"""The guide: read without signing in, Chinese first, from the rules in force; my list reopens as it was."""

import re
from itertools import product
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from applications import checklists
from applications.models import ChecklistItem, FeeKind
from publicity.models import Cost
from publicity.selectors.categories import KNOWN, shown_categories
from publicity.selectors.process import process_of
from publicity.selectors.promises import headline, in_a_line, limits_of
from publicity.services import seeds
from workflow.models import Channel, Limit, Profile, RouteVersion

pytestmark = pytest.mark.django_db  # rules and lists are in every test database

HOME, SHOP, FACTORY = "new_supply.residential", "new_supply.lv_other", "new_supply.hv_single"
PAGES = ["guide", "guide_checklist", "guide_process", "guide_service"]


def text_of(response) -> str:
    """What a reader sees, spaces squeezed."""
    body = re.sub(
        r"<head>.*?</head>|<script.*?</script>|<[^>]+>", " ", response.content.decode(), flags=re.DOTALL
    )
    return " ".join(body.split())


def list_page(client, category: str, **answers: str):
    return client.get(reverse("guide_checklist_list", args=[category]), answers, follow=True)


def answer_words(category: str):
    """Every way to answer, in the words of the address."""
    questions = checklists.questions_of(checklists.rows_of(category, checklists.current_edition(category)))
    for words in product(*(q.choices for q in questions)):
        yield questions, dict(zip((q.field for q in questions), words, strict=True))


@pytest.mark.parametrize("name", PAGES)
def test_pages_open_without_signing_in_in_chinese_and_in_english(client, name):
    chinese = client.get(reverse(name))
    assert chinese.status_code == 200
    assert re.search(r"[一-鿿]{4}", text_of(chinese))
    assert not re.search(r"%\([a-z]+\)s|\{\{|\{%", text_of(chinese))
    client.cookies["lang"] = "en"
    assert 'lang="en"' in client.get(reverse(name)).content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_pages_refuse_to_be_posted_to(client, name):
    assert client.post(reverse(name)).status_code == 405


def test_the_guide_names_every_channel_the_receipt_and_the_halls(client, cast):
    seen = text_of(client.get(reverse("guide")))
    for channel in Channel.objects.filter(in_force=True):
        assert channel.name_zh in seen
        assert channel.how_zh in seen
    assert "当场给您带编号的回执" in seen
    assert cast["wangmin"].posts.first().office.name_zh in seen
    assert Profile.objects.get(is_ours=True).hotline in seen


def test_a_channel_out_of_force_is_not_named(client):
    Channel.objects.filter(code="mini_program").update(in_force=False)
    assert "小程序" not in text_of(client.get(reverse("guide")))


def test_who_is_not_sure_can_ask_for_a_call(client):
    for name in ("guide", "guide_checklist"):
        assert f'href="{reverse("self_register")}"' in client.get(reverse(name)).content.decode()


@pytest.mark.parametrize("category", [HOME, SHOP, FACTORY])
def test_every_way_to_answer_shows_exactly_the_papers_of_the_rules(client, category):
    today = timezone.localdate()
    for questions, words in answer_words(category):
        conditions = {q.field: q.choices[words[q.field]][0] for q in questions}
        expected = checklists.checklist(category, conditions, today)
        seen = list_page(client, category, **words)
        names = re.findall(r"<li>\s*<p><b>(.*?)</b>", seen.content.decode())
        assert names == [item.name_zh for item in expected.items]


def test_a_list_says_form_issuer_what_may_follow_days_costs_and_sources(client):
    seen = text_of(list_page(client, HOME, owner_is_applicant="no", title_proof="yes", by_agent="yes"))
    title = ChecklistItem.objects.get(category=HOME, code="title")
    for words in (
        title.form_zh,
        title.issued_by_zh,
        "可容缺，装表接电前补",
        "可共享，我们先查",
        title.source,
    ):
        assert words in seen
    assert "来源：官方页面" in seen
    assert "受理后 5 个工作日内（无外线施工）" in seen
    assert "受理后 15 个工作日内（含外线施工）" in seen
    assert "目录外不收任何费用" in seen
    assert "条款号待核" in seen
    assert "不是法规原文" in seen


def test_the_address_holds_category_answers_and_edition(client):
    response = client.get(
        reverse("guide_checklist_list", args=[SHOP]),
        {"owner_is_applicant": "yes", "organisation": "company", "by_agent": "no", "regulated": "no"},
    )
    assert response.status_code == 302
    kept = parse_qs(urlsplit(response["Location"]).query)
    assert kept["organisation"] == ["company"]
    assert kept["edition"] == [str(checklists.current_edition(SHOP).number)]


def test_reopening_shows_the_same_edition_and_says_that_a_newer_one_exists(client):
    words = {"owner_is_applicant": "yes", "title_proof": "yes", "by_agent": "no"}
    first = list_page(client, HOME, **words)
    address = first.redirect_chain[-1][0]
    assert "已有新版" not in text_of(first)
    row = ChecklistItem.objects.get(category=HOME, code="identity")
    before, row.name_zh = row.name_zh, "新的名称"
    row.save()
    again = client.get(address)
    assert before in text_of(again)
    assert "新的名称" not in text_of(again)
    assert "已有新版" in text_of(again)
    newest = (
        re.search(r'class="screen-only" href="([^"]+)"', again.content.decode())
        .group(1)
        .replace("&amp;", "&")
    )
    fresh = client.get(newest, follow=True)
    assert "新的名称" in text_of(fresh)
    assert "已有新版" not in text_of(fresh)


@pytest.mark.parametrize("edition", ["999999999", "abc", "-1", "²", "12345678901234567890"])
def test_an_unknown_edition_is_answered_with_the_newest_and_a_sentence(client, edition):
    words = {"owner_is_applicant": "yes", "title_proof": "yes", "by_agent": "no", "edition": edition}
    response = client.get(reverse("guide_checklist_list", args=[HOME]), words)
    assert response.status_code == 200
    assert "找不到网址里的清单版本" in text_of(response)


@pytest.mark.parametrize("category", ["nothing", "new_supply.moonlight", "..", "new_supply.residential%00"])
def test_an_unknown_category_does_not_exist(client, category):
    assert client.get(f"/guide/checklist/{category}/").status_code == 404


def test_unanswered_questions_are_asked_again_with_a_sentence_and_the_answers_kept(client):
    response = client.get(
        reverse("guide_checklist_list", args=[HOME]), {"by_agent": "yes", "title_proof": "perhaps", "go": ""}
    )
    page = response.content.decode()
    assert "请选一项" in page
    assert re.search(r'name="by_agent" value="yes"[^>]*checked', page)
    assert not re.search(r'value="perhaps"', page)


def test_the_codes_lead_to_applying_and_back_to_this_list(client, settings):
    settings.TONGDIAN_BASE_URL = "https://bandian.example.cn"
    response = list_page(client, HOME, owner_is_applicant="yes", title_proof="yes", by_agent="no")
    assert response.context["apply_url"] == f"https://bandian.example.cn{reverse('apply', args=[HOME])}"
    assert response.context["list_url"] == "https://bandian.example.cn" + response.redirect_chain[-1][0]
    assert response.content.decode().count('class="qr"') == 2


def test_promises_are_ours_and_in_force_alone():
    today = timezone.localdate()
    for category in shown_categories():
        shown = limits_of(category, today)
        assert shown or category.code not in (HOME, SHOP, FACTORY)
        foreign = Limit.objects.exclude(status="in_force") | Limit.objects.exclude(utility__in=["", "sgcc"])
        assert not {limit.regime for limit in shown} & (
            set(foreign.values_list("regime", flat=True))
            - set(Limit.objects.filter(status="in_force").values_list("regime", flat=True))
        )
        assert all(limit.kind in ("legal", "promise") for limit in shown)


def test_another_company_gets_none_of_this_ones_promises():
    Profile.objects.filter(is_ours=True).update(is_ours=False)
    Profile.objects.filter(code="csg").update(is_ours=True)
    shown = limits_of(KNOWN[FACTORY], timezone.localdate())
    assert shown
    assert not [limit for limit in shown if "国家电网" in limit.regime]


def test_a_low_voltage_customer_plans_by_the_whole_process_a_high_voltage_one_by_the_shortest_of_each_stage():
    today = timezone.localdate()
    with translation.override("zh-hans"):
        assert [limit.sentence for limit in headline(KNOWN[HOME], today)] == [
            "受理后 5 个工作日内（无外线施工）",
            "受理后 15 个工作日内（含外线施工）",
        ]
        factory = headline(KNOWN[FACTORY], today)
        assert factory[0].sentence == "受理后 15 个工作日内"
        assert len({limit.code for limit in factory}) == len(factory) >= 4
        assert in_a_line(KNOWN[FACTORY], today) == factory[:1]


def test_a_limit_whose_time_is_over_is_not_promised():
    today = timezone.localdate()
    Limit.objects.filter(code="total").update(effective_to=today - timezone.timedelta(days=1))
    assert not [limit for limit in limits_of(KNOWN[HOME], today) if limit.code == "total"]


def test_the_process_follows_the_route_chosen_for_new_cases(client):
    with translation.override("zh-hans"):
        way = process_of(KNOWN[FACTORY]).ways[0]
        assert way.steps == 4
        assert "资料归档" not in [station.name for leg in way.legs for station in leg.stations]
        review = next(s for leg in way.legs for s in leg.stations if s.name == "设计文件审查")
        assert review.only_for == "重要用户或住宅小区"
        assert [w.steps for w in process_of(KNOWN[SHOP]).ways] == [2, 3]
        assert len(way.milestones) <= 6
    seen = text_of(client.get(reverse("guide_process")))
    assert "重要用户或住宅小区" in seen
    older = RouteVersion.objects.get(route__code="hv_single", number=1)
    RouteVersion.objects.filter(route__code="hv_single").update(for_new_cases=False)
    RouteVersion.objects.filter(pk=older.pk).update(for_new_cases=True)
    assert older.name_zh in text_of(client.get(reverse("guide_process")))


def test_without_a_route_the_page_says_so(client):
    RouteVersion.objects.update(for_new_cases=False)
    assert "还没有启用的流程" in text_of(client.get(reverse("guide_process")))


def test_the_choice_of_firms_is_the_customers_and_the_lines_are_named_in_order(client):
    seen = text_of(client.get(reverse("guide_process")))
    assert "国能发监管〔2020〕65 号" in seen
    assert "有人指定或推荐施工单位？请反映" in seen
    assert "有意见请拨 95598；对处理不满意，可拨 12398 能源监管热线" in seen


def test_what_is_promised_is_shown_with_source_and_grade(client):
    seen = text_of(client.get(reverse("guide_service")))
    assert "来源：转载件，待核（供电企业公示栏转载件（2016-05）" in seen
    assert "放假安排已公布到 2026-12-31" in seen
    assert "所以不收费" in seen


def test_a_charge_in_force_appears_in_the_published_list(client):
    FeeKind.objects.filter(code="high_reliability").update(in_force=True, grade="B")
    seen = text_of(client.get(reverse("guide_service")))
    assert "高可靠性供电费" in seen
    assert "所以不收费" not in seen


def test_costs_load_once_and_an_edited_sentence_stays():
    assert seeds.load()["cost"] == 0
    cost = Cost.objects.get(category=SHOP, code="three_zero")
    cost.text_zh = "本单位改写"
    cost.save()
    newer = next(row for row in seeds.seeded_costs() if row.code == "three_zero")
    newer.version = 2
    assert seeds._add(newer)
    assert Cost.objects.get(category=SHOP, code="three_zero", in_force=True).text_zh == "本单位改写"


def test_every_cost_names_its_source_and_what_is_unverified_is_not_told_as_a_cost():
    for cost in seeds.seeded_costs():
        cost.clean_fields()
        assert cost.source
        assert cost.grade in "ABX"


@pytest.mark.parametrize("name", PAGES)
def test_pages_carry_no_style_script_or_handler_of_their_own(client, name):
    page = client.get(reverse(name)).content.decode()
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", page)


@pytest.mark.parametrize("name", PAGES)
def test_pages_ask_the_database_little(client, name, django_assert_max_num_queries):
    client.get(reverse(name))
    with django_assert_max_num_queries(25):
        client.get(reverse(name))
