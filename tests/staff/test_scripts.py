"""The small scripts in a real browser: sending once, files, drafts, keys, and nothing the policy has to stop."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template import engines
from django.test import RequestFactory

pytestmark = pytest.mark.browser

POLICY = "default-src 'self'; script-src 'self'; style-src 'self'"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}

FORM = """{% extends "base_customer.html" %}{% load ui %}{% block content %}{% error_summary form %}
<form method="post" action="/send/" novalidate enctype="multipart/form-data" HOOKS>
{% form_fields form %}<p data-saved></p><button type="submit" class="btn primary" name="go" value="1">送出</button>
</form>{% endblock %}"""

DESK = """{% extends "base_staff.html" %}{% block content %}
<input class="input" name="q" aria-label="查找" data-search><a class="btn" href="/sent/?new" data-key="n">登记</a>
<table class="desk"><tbody data-rows>
<tr><td><input type="checkbox" aria-label="选"></td><td><a href="/sent/?row=1">一</a></td></tr>
<tr><td><input type="checkbox" aria-label="选"></td><td><a href="/sent/?row=2">二</a></td></tr>
</tbody></table>{% include "components/keys_line.html" %}{% endblock %}"""


class PaperForm(forms.Form):
    name = forms.CharField(label="姓名", required=False)
    paper = forms.FileField(
        label="产权证明",
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*", "data-max-bytes": "1000", "data-kinds": "照片"}),
    )


class Site:
    """A site of two pages that remembers what was sent to it."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, bytes]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                site.get(self)

            def do_POST(self):
                site.sent.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(204 if self.path == "/draft/" else 302)
                self.send_header("Location", "/sent/")
                self.end_headers()

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def get(self, handler: BaseHTTPRequestHandler) -> None:
        path, _, query = handler.path.partition("?")
        found = finders.find(path.removeprefix(settings.STATIC_URL)) if path.startswith("/static/") else None
        body = Path(found).read_bytes() if found else self.page(path, query).encode()
        handler.send_response(200)
        handler.send_header("Content-Type", TYPES.get(Path(path).suffix, "text/html; charset=utf-8"))
        handler.send_header("Content-Security-Policy", POLICY)
        handler.end_headers()
        handler.wfile.write(body)

    def page(self, path: str, query: str) -> str:
        if path not in {"/form/", "/desk/"}:
            return "<title>sent</title>sent"
        request = RequestFactory().get(path)
        request.user = type("Nobody", (), {"is_authenticated": False, "is_active": False})()
        source = DESK if path == "/desk/" else FORM.replace("HOOKS", query.replace("&", " "))
        return engines["django"].from_string(source).render({"form": PaperForm()}, request)

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.close()


@pytest.fixture
def tab(browser, site):
    complaints = []
    context = browser.new_context(base_url=site.url)
    context.set_default_timeout(10_000)
    tab = context.new_page()
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on(
        "console",
        lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None,
    )
    yield tab
    context.close()
    assert complaints == []


def photo(size, name="a.jpg", kind="image/jpeg"):
    return {"name": name, "mimeType": kind, "buffer": b"x" * size}


def test_pressing_twice_sends_once_with_the_buttons_name(tab, site):
    tab.goto("/form/")
    tab.evaluate("() => { const b = document.querySelector('.btn.primary'); b.click(); b.click(); }")
    tab.wait_for_url("**/sent/")
    assert len(site.sent) == 1
    assert b'name="go"' in site.sent[0][1]
    tab.go_back()
    tab.click(".btn.primary")
    tab.wait_for_url("**/sent/")
    assert len(site.sent) == 2, "coming back frees the form"


def test_a_file_too_large_or_of_another_kind_is_said_before_sending(tab, site):
    tab.goto("/form/?data-upload")
    tab.set_input_files("input[type=file]", photo(1001))
    assert "文件超过 1.0 KB" in tab.inner_text(".picked")
    tab.click(".btn.primary")
    tab.set_input_files("input[type=file]", photo(10, "a.txt", "text/plain"))
    assert "请选择照片" in tab.inner_text(".picked")
    tab.click(".btn.primary")
    assert site.sent == []
    tab.set_input_files("input[type=file]", photo(900))
    tab.click(".btn.primary")
    tab.wait_for_url("**/sent/")
    assert b"x" * 900 in site.sent[0][1]


def test_sending_files_goes_on_after_the_line_was_broken(tab, site):
    tab.goto("/form/?data-upload")
    tab.set_input_files("input[type=file]", photo(900))
    tab.context.set_offline(True)
    tab.click(".btn.primary")
    tab.locator(".sending p", has_text="恢复后自动继续").wait_for()
    assert tab.is_visible("[data-offline]")
    assert site.sent == []
    tab.context.set_offline(False)
    tab.wait_for_url("**/sent/")
    assert len(site.sent) == 1


def test_a_draft_is_kept_while_typing_without_its_files(tab, site):
    tab.goto("/form/?data-autosave=/draft/")
    tab.set_input_files("input[type=file]", photo(900))
    tab.fill("#id_name", "张三")
    tab.locator("[data-saved]", has_text="已保存").wait_for()
    assert {path for path, _ in site.sent} == {"/draft/"}
    assert "张三".encode() in site.sent[-1][1]
    assert b"xxx" not in site.sent[-1][1]


def test_keys_walk_the_desk(tab):
    tab.goto("/desk/")
    at = "[...document.querySelectorAll('tbody tr')].findIndex((row) => row.classList.contains('at'))"
    tab.keyboard.press("j")
    tab.keyboard.press("j")
    assert tab.evaluate(at) == 1
    tab.keyboard.press("k")
    tab.keyboard.press("x")
    assert tab.evaluate("document.querySelectorAll('tbody :checked').length") == 1
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/sent/?row=1")


def test_keys_rest_while_typing_and_composing(tab):
    tab.goto("/desk/")
    tab.keyboard.press("/")
    tab.keyboard.type("njk")
    assert tab.input_value("[name=q]") == "njk"
    assert tab.url.endswith("/desk/")
    tab.keyboard.press("Escape")
    tab.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'n', isComposing: true, bubbles: true}))"
    )
    assert tab.url.endswith("/desk/")
    tab.keyboard.press("n")
    tab.wait_for_url("**/sent/?new")


def test_a_question_mark_lists_the_keys_of_this_page(tab):
    tab.goto("/desk/")
    tab.keyboard.press("?")
    assert "登记" in tab.inner_text("dialog")
    tab.keyboard.press("j")
    assert tab.evaluate("document.querySelectorAll('tr.at').length") == 0


def test_htmx_is_there_and_may_not_evaluate(tab):
    tab.goto("/form/")
    assert tab.evaluate("[htmx.config.allowEval, htmx.config.includeIndicatorStyles]") == [False, False]


@pytest.mark.parametrize("width", [320, 360, 768, 1366])
def test_no_page_moves_sideways(tab, width):
    tab.set_viewport_size({"width": width, "height": 740})
    for path in ("/form/", "/desk/"):
        tab.goto(path)
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
