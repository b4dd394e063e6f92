"""The layouts, the error pages, large type and language."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from staff import navigation
from staff.navigation import Entry

ROOT = Path(settings.BASE_DIR)
ERROR_PAGES = ["403.html", "403_csrf.html", "404.html", "500.html", "503.html"]
LAYOUTS = ["base_customer.html", "base_staff.html", "base_board.html"]


class Nobody:
    is_authenticated = False
    is_active = False


@pytest.fixture
def request_of():
    def build(path="/", **cookies):
        request = RequestFactory().get(path)
        request.COOKIES.update(cookies)
        request.user = Nobody()
        return request

    return build


@pytest.mark.parametrize("page", ERROR_PAGES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_error_pages_need_no_request_and_use_no_code_words(page, language):
    with translation.override(language):
        html = render_to_string(page)
    text = re.sub(r"<[^>]+>", " ", html)
    assert not re.search(r"\b(40\d|50\d|CSRF|error|exception)\b", text, re.IGNORECASE)
    assert "95598" in text
    assert 'href="/"' in html


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts_carry_nothing_the_security_policy_stops(layout, request_of):
    html = render_to_string(layout, request=request_of())
    assert "style=" not in html
    assert not re.search(r"\son\w+=", html)
    assert not re.search(r"<script(?![^>]*\ssrc=)", html)
    assert '<html lang="zh-CN">' in html
    assert '<a class="skip" href="#content">' in html
    assert 'id="content"' in html


def test_made_up_data_is_admitted_on_every_page(request_of, settings):
    for layout in LAYOUTS:
        settings.TONGDIAN_ENV = "demo"
        assert "演示数据" in render_to_string(layout, request=request_of())
        settings.TONGDIAN_ENV = "production"
        assert "演示数据" not in render_to_string(layout, request=request_of())


def test_large_type_is_kept_and_can_be_taken_back(client, request_of):
    answer = client.get("/prefs/large/", {"on": "1", "next": "/guide/?kind=home"})
    assert (answer.status_code, answer["Location"]) == (302, "/guide/?kind=home")
    assert answer.cookies["large"].value == "1"
    assert answer.cookies["large"]["httponly"]
    assert client.get("/prefs/large/", {"on": "0"}).cookies["large"].value == "0"
    body = re.compile(r'<body class="customer( large)?"')
    assert body.search(render_to_string("base_customer.html", request=request_of(large="1")))[1]
    assert not body.search(render_to_string("base_customer.html", request=request_of()))[1]


def test_the_language_switch_keeps_the_page(client, request_of):
    html = render_to_string("base_customer.html", request=request_of("/guide/?kind=home&n=2"))
    link = re.search(r'href="(/prefs/[^"]+to=en[^"]+)"', html)[1].replace("&amp;", "&")
    answer = client.get(link)
    assert answer["Location"] == "/guide/?kind=home&n=2"
    assert answer.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"


@pytest.mark.parametrize(
    "target", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", ""]
)
def test_a_preference_never_leads_to_another_site(client, target):
    assert client.get("/prefs/large/", {"on": "1", "next": target})["Location"] == "/"


def test_an_unknown_language_changes_nothing(client):
    answer = client.get("/prefs/language/", {"to": "xx", "next": "/"})
    assert settings.LANGUAGE_COOKIE_NAME not in answer.cookies


def test_preferences_are_not_set_by_post(client):
    assert client.post("/prefs/large/").status_code in {403, 405}


@pytest.fixture
def entries(monkeypatch):
    monkeypatch.setattr(navigation, "_entries", {})
    navigation.offer(
        Entry("大字", "staff:prefs_large", "staff", roles={"intake"}, order=20),
        Entry("登录", "staff:signin", "customer", signed_in=False),
        Entry("语言", "staff:prefs_language", "staff", order=10),
    )


def test_the_bar_shows_what_a_post_opens_in_order(entries):
    shown = navigation.links("staff", frozenset({"intake"}), "/prefs/large/", signed_in=True)
    assert [(link.label, link.current) for link in shown] == [("语言", False), ("大字", True)]
    assert [link.label for link in navigation.links("staff", frozenset(), "/", signed_in=True)] == ["语言"]


def test_the_bar_hides_what_is_only_for_those_not_signed_in(entries):
    assert len(navigation.links("customer", frozenset(), "/", signed_in=False)) == 1
    assert navigation.links("customer", frozenset(), "/", signed_in=True) == []


def test_the_longest_address_is_the_current_one(monkeypatch):
    addresses = {"all": "/cases/", "board": "/cases/board/", "home": "/"}
    monkeypatch.setattr(navigation, "reverse", addresses.get)
    monkeypatch.setattr(navigation, "_entries", {})
    navigation.offer(*(Entry(name, name, "staff") for name in addresses))
    links = navigation.links("staff", frozenset(), "/cases/board/7/", signed_in=True)
    assert [link.label for link in links if link.current] == ["board"]


def test_sheets_hold_no_raw_colour_outside_the_tokens():
    raw = re.compile(r"#[0-9a-fA-F]{3,8}\b")
    for sheet in ("base", "components", "wire", "forms", "tables"):
        text = (ROOT / "static" / "css" / f"{sheet}.css").read_text()
        assert set(raw.findall(text)) <= {"#fff"}, sheet


def _luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one, other):
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _tokens(sheet):
    text = (ROOT / "static" / "css" / sheet).read_text()
    found = {}
    for name, colour in re.findall(r"--([\w-]+): (#[0-9a-f]{6});", text):
        found.setdefault(name, colour)
    return found


@pytest.mark.parametrize(
    ("sheet", "ink", "ground", "least"),
    [
        ("tokens.css", "ink", "paper", 7),
        ("tokens.css", "ink", "card", 7),
        ("tokens.css", "ink-2", "paper", 4.5),
        ("tokens.css", "ink-3", "paper", 4.5),
        ("tokens.css", "ink-2", "line-2", 4.5),
        ("tokens.css", "brand-2", "paper", 4.5),
        ("tokens.css", "brand", "brand-soft", 4.5),
        ("tokens.css", "on-brand-2", "brand", 4.5),
        *(("tokens.css", tone, "card", 4.5) for tone in ("red", "amber", "green", "pause")),
        *(("tokens.css", tone, f"{tone}-soft", 4.5) for tone in ("red", "amber", "green", "pause")),
        ("tokens.css", "edge", "card", 3),
        *(
            ("board.css", tone, "card", 7)
            for tone in ("ink", "ink-2", "ink-3", "red", "amber", "green", "pause")
        ),
    ],
)
def test_words_can_be_read_on_their_ground(sheet, ink, ground, least):
    tokens = _tokens(sheet)
    assert _contrast(tokens[ink], tokens[ground]) >= least


def test_a_customers_page_is_light():
    sheets = ["tokens", "base", "components", "wire", "forms", "tables", "layout", "print"]
    css = sum((ROOT / "static" / "css" / f"{sheet}.css").stat().st_size for sheet in sheets)
    scripts = (ROOT / "static" / "js" / "forms.js").stat().st_size
    assert css + scripts < 60_000, "with htmx (51 kB) and the page itself far below 250 kB"
