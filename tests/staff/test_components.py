"""Each shared component, rendered: its words, its text for who can't see it, and nothing the security policy stops."""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from staff.presentation import (
    Action,
    Bar,
    BarGroup,
    Countdown,
    HeatCell,
    HeatRow,
    HeatTable,
    Milestone,
    Tile,
    ViewLink,
)

BEIJING = ZoneInfo("Asia/Shanghai")
MOMENT = datetime(2026, 11, 24, 15, 30, 7, tzinfo=BEIJING)
WIRE = [
    Milestone("受理", "done", date(2026, 11, 10)),
    Milestone("勘查", "done"),
    Milestone("供电方案", "now", "正在办", share=48),
    Milestone("装表接电", "todo"),
]


def render(text, **context):
    html = Template("{% load ui %}" + text).render(Context(context))
    assert "style=" not in html
    assert not re.search(r"\son\w+=", html)
    assert "<script" not in html
    return html


def words(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


class ContactForm(forms.Form):
    name = forms.CharField(label="姓名", help_text="和证件上一样")
    note = forms.CharField(label="说明", required=False, widget=forms.Textarea)
    kind = forms.ChoiceField(
        label="用电类别", choices=[("a", "住宅"), ("b", "店铺")], widget=forms.RadioSelect
    )
    agree = forms.BooleanField(label="同意")
    token = forms.CharField(widget=forms.HiddenInput, initial="t-1")

    def clean(self):
        raise forms.ValidationError("整张表有一处不对。")


@pytest.mark.parametrize(
    ("standing", "word"),
    [("red", "已超期"), ("amber", "快到期"), ("green", "正常"), ("pause", "计时中止"), ("ended", "已办结")],
)
def test_a_lamp_says_in_words_what_its_colour_says(standing, word):
    html = render("{% lamp standing %}", standing=standing)
    assert words(html) == word
    assert f'class="lamp {standing}"' in html


def test_a_lamp_takes_a_countdown_or_a_dict():
    assert words(render("{% lamp c %}", c=Countdown("red", "已超期 2 个工作日"))) == "已超期 2 个工作日"
    assert words(render("{% lamp c %}", c={"standing": "amber", "text": "今天到期"})) == "今天到期"


def test_a_countdown_shows_the_last_moment_and_its_rule():
    view = Countdown(
        "green",
        "还剩 3 个工作日",
        datetime(2026, 11, 27, 17, 30, tzinfo=BEIJING),
        "方案答复",
        "自受理次日起算",
    )
    html = render("{% countdown view %}", view=view)
    assert "11月27日 17:30 前" in words(html)
    assert "方案答复" in html
    assert re.search(r"<details>.*自受理次日起算.*</details>", html, re.DOTALL)
    assert "<details" not in render("{% countdown view %}", view=Countdown("green", "还剩 3 个工作日"))


@pytest.mark.parametrize("tag", ["wire", "vwire"])
def test_a_wire_can_be_read_without_seeing_it(tag):
    html = render("{% " + tag + " stations %}", stations=WIRE)
    assert words(html) == "已办： 受理 11月10日 已办： 勘查 正在办： 供电方案 正在办 还没到： 装表接电"
    assert html.count('aria-current="step"') == 1
    assert f'<ol class="{tag}"' in html


@pytest.mark.parametrize(
    ("share", "fill"),
    [(0, "at-0"), (48, "at-50"), (52, "at-50"), (99, "at-100"), (180, "at-100"), (-3, "at-0")],
)
def test_a_wire_fills_in_steps_of_five(share, fill):
    assert f'class="now {fill}"' in render("{% wire s %}", s=[Milestone("x", "now", share=share)])


def test_a_late_station_is_said_to_be_late():
    stations = [Milestone("受理", "done"), Milestone("勘查", "late")]
    assert "正在办，已超期： 勘查" in words(render("{% wire s %}", s=stations))
    assert 'aria-label="第 2 步，共 2 步：勘查，已超期"' in render("{% mini s %}", s=stations)


def test_the_miniature_names_its_step():
    assert 'aria-label="第 3 步，共 4 步：供电方案"' in render("{% mini s %}", s=WIRE)
    assert 'aria-label="全部 1 步已办完"' in render("{% mini s %}", s=[Milestone("受理", "done")])


def test_two_times_stand_side_by_side_and_a_gap_beyond_the_rule_is_drawn():
    earlier = datetime(2026, 11, 6, 10, 0, tzinfo=BEIJING)
    html = render('{% times a b gap="相隔 2 个工作日" share=60 %}', a=earlier, b=MOMENT)
    assert (
        words(html)
        == "发生时间（填报） 2026-11-06 10:00 记录时间（系统） 2026-11-24 15:30:07 相隔 2 个工作日"
    )
    assert 'class="gap at-60"' in html
    assert "gap at-" not in render('{% times a b gap="相隔 5 分钟" %}', a=earlier, b=MOMENT)


def test_what_cannot_be_done_stays_and_says_why():
    html = render("{% act_button a %}", a=Action("答复客户", "/x/", enabled=False, reason="会签未完成。"))
    why = re.search(r'<p class="why" id="([^"]+)">会签未完成。</p>', html)
    assert why
    assert f'aria-describedby="{why[1]}"' in html
    assert 'aria-disabled="true"' in html
    assert " disabled" not in html, "a disabled button can't be focused"
    assert "/x/" not in html


def test_a_row_of_buttons_puts_the_reasons_under_it():
    actions = [
        Action("提交", "/a/", primary=True, key="A"),
        Action("答复", "/b/", enabled=False, reason="会签未完成。"),
    ]
    html = render("{% act_buttons actions %}", actions=actions)
    assert '<a class="btn primary" href="/a/" data-key="a"' in html
    assert html.index("</div>") < html.index("“答复”还不能办：会签未完成。")


def test_a_posting_button_is_a_form_with_its_fields_and_a_token():
    html = render(
        "{% act_button a %}",
        a=Action("受理", "/a/", method="post", fields={"version": "3"}),
        csrf_token="secret",
    )
    assert '<form method="post" action="/a/">' in html
    assert 'name="version" value="3"' in html
    assert 'name="csrfmiddlewaretoken" value="secret"' in html


def test_a_submitting_button_belongs_to_the_form_around_it():
    html = render("{% act_button a %}", a=Action("保存", "", method="submit", fields={"next": "stay"}))
    assert "<form" not in html
    assert '<button type="submit" class="btn" name="next" value="stay">' in html


def test_text_from_people_is_escaped():
    html = render("{% lamp 'red' t %}{% wire s %}", t="<b>x</b>", s=[Milestone("<i>y</i>", "now")])
    assert "<b>x</b>" not in html
    assert "<i>y</i>" not in html


def test_the_qr_code_holds_the_address_and_no_style():
    one, other = (render("{% qr u %}", u=f"https://tongdian.example/r/{end}") for end in "ab")
    assert 'role="img" aria-label="二维码"' in one
    assert one != other
    assert "tongdian.example" not in one


def test_a_form_shows_label_hint_mistake_and_what_is_optional():
    html = render("{% form_fields form %}", form=ContactForm({"name": "", "kind": "a", "token": "t-1"}))
    assert '<label for="id_name">姓名</label>' in html
    assert '说明 <span class="optional">（选填）</span>' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert '<input type="hidden" name="token" value="t-1" id="id_token">' in html
    assert "<legend>用电类别</legend>" in html
    assert html.count("bad") == 2


def test_a_form_can_be_shown_in_part():
    html = render(
        '{% form_fields form only="name" %}{% form_fields form skip="name kind note" %}', form=ContactForm()
    )
    assert html.count('name="name"') == 1
    assert html.count('name="agree"') == 1
    assert 'name="kind"' not in html
    assert html.count('name="token"') == 1


def test_the_summary_leads_to_each_field():
    form = ContactForm({"name": "", "kind": "z", "agree": "on", "token": "t"})
    html = render("{% error_summary form %}", form=form)
    assert 'href="#id_name"' in html
    assert 'href="#id_kind_0"' in html
    assert "整张表有一处不对。" in html
    assert "有 3 处需要改正" in html
    assert 'tabindex="-1"' in html


def test_nothing_to_mend_shows_nothing():
    assert (
        render("{% error_summary form %}{% error_title form none %}", form=ContactForm(), none=None).strip()
        == ""
    )
    assert render("{% error_title form %}", form=ContactForm({"name": ""})) == "错误："


def test_views_mark_the_current_one_and_colour_only_what_is_there():
    links = [
        ViewLink("我的待办", "/a/", 14, current=True),
        ViewLink("已超期", "/b/", 0, standing="red", head="已存视图"),
        ViewLink("今天", "/c/", 2, standing="amber"),
    ]
    html = render("{% views links %}", links=links)
    assert words(html) == "我的待办 14 已存视图 已超期 0 今天 2"
    assert html.count('aria-current="page"') == 1
    assert 'class="n red"' not in html
    assert 'class="n amber"' in html


def test_tiles_are_lamps_with_numbers():
    html = render(
        "{% tiles t %}", t=[Tile("red", "超期", 3, "比上周同日 −4", "/x/"), Tile("green", "正常", 612)]
    )
    assert words(html) == "超期 3 比上周同日 −4 正常 612"
    assert html.count("<a ") == 1


def test_a_heat_table_keeps_its_heads_and_its_zeros():
    table = HeatTable(
        ["受理", "勘查"],
        [
            HeatRow("南塘所", [HeatCell(0), HeatCell(12, "/x/")]),
            HeatRow("城东所", [HeatCell(2), HeatCell(4, level=3)]),
        ],
    )
    html = render("{% heat table %}", table=table)
    assert '<th scope="row">南塘所</th>' in html
    assert '<th scope="col">勘查</th>' in html
    assert '<a class="h-3" href="/x/">12</a>' in html
    assert '<span class="h-1">2</span>' in html
    assert '<span class="h-3">4</span>' in html
    assert '<span class="sr">0</span>' in html


def test_bars_are_as_long_as_their_share_of_the_longest():
    html = render("{% bars g %}", g=[BarGroup("今天", [Bar(5, "red"), Bar(10)])])
    assert 'class="stick red at-50"' in html
    assert 'class="stick  at-100"' in html
    assert words(html) == "今天 5 10"
    assert words(render("{% bars g %}", g=[BarGroup("今天", [Bar(0)])])) == "今天 0"


def test_the_pager_keeps_the_filter():
    request = RequestFactory().get("/desk/", {"view": "late", "page": "2"})
    html = render("{% pager page %}", page=Paginator(range(60), 20).page(2), request=request)
    assert "第 2 页，共 3 页、60 条" in html
    assert "view=late&amp;page=3" in html
    assert render("{% pager page %}", page=Paginator(range(3), 20).page(1), request=request).strip() == ""


def test_moments_and_days_as_tables_and_sentences_write_them():
    html = render(
        "{% when m %}|{% when m seconds=True %}|{% when_long m %}|{% when_near m %}|{% day d %}|{% day_long d %}|{% when none %}",
        m=MOMENT,
        d=date(2026, 11, 24),
        none=None,
    )
    assert [words(part) for part in html.split("|")] == [
        "2026-11-24 15:30",
        "2026-11-24 15:30:07",
        "2026年11月24日（周二）15:30",
        "11月24日 15:30",
        "2026-11-24",
        "2026年11月24日（周二）",
        "–",
    ]
    assert 'datetime="2026-11-24T15:30:07+08:00"' in html


def test_moments_in_english_name_the_zone():
    with translation.override("en"):
        assert words(render("{% when_long m %}", m=MOMENT)) == "24 Nov 2026, 15:30 (Beijing time)"
        assert words(render("{% when_near m %}", m=MOMENT)) == "24 Nov 15:30"


def test_a_moment_in_utc_is_shown_in_beijing():
    assert (
        words(render("{% when m %}", m=datetime(2026, 11, 24, 23, 5, tzinfo=ZoneInfo("UTC"))))
        == "2026-11-25 07:05"
    )


@pytest.mark.parametrize(
    ("text", "value", "shown"),
    [
        ("{{ v|mask_name }}", "张三", "张∗"),
        ("{{ v|mask_name }}", "周小明", "周∗∗"),
        ("{{ v|mask_name }}", "欧阳小小明", "欧∗∗"),
        ("{{ v|mask_name }}", "", ""),
        ("{{ v|mask_phone }}", "13812341234", "138∗∗∗∗1234"),
        ("{{ v|mask_phone }}", "8888123", "∗∗∗∗∗23"),
        ("{{ v|grouped_no }}", "YK2026111037010200983", "YK20261110 370102 0098 3"),
        ("{{ v|grouped_no }}", "L2026111337010201317", "L20261113 370102 0131 7"),
        ("{{ v|grouped_no }}", "旧单 12", "旧单 12"),
        ("{{ v|money }}", 1234, "￥1,234.00"),
        ('{{ v|quantity:"kVA" }}', 1000, "1,000 kVA"),
        ('{{ v|quantity:"kV" }}', 0.4, "0.4 kV"),
        ('{{ v|quantity:"kV" }}', None, "–"),
        ("{{ v|file_size }}", 2_516_582, "2.4 MB"),
        ("{{ v|file_size }}", 900, "0.9 KB"),
    ],
)
def test_numbers_and_names_as_written(text, value, shown):
    assert render(text, v=value) == shown
