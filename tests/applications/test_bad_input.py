"""Whatever is typed into any form: no 500, a sentence at the field, what was typed is kept, and markup is shown as text."""

from __future__ import annotations

import datetime as dt
import html
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.test import Client
from django.utils import timezone

from applications.forms import FORMS
from applications.services import SERVICES
from tests.applications.customers import HOME, SHOP, fill, signed_in
from tests.applications.walked import Walk
from workflow.models import Event

pytestmark = pytest.mark.django_db

BLNS = Path(__file__).resolve().parents[3] / "shared/data/naughty/blns.json"
MARKUP = "<script>alert(1)</script>"
NUMBERS = ("-1", "1e400", "NaN", "Infinity", "१२", "0x10", "99999999999999999999", "1,2,3", "--")
NOTHING_TO_TYPE = 6
"""Acts whose form asks nothing that has to be answered (countersigned without an opinion …): at most so many were done."""
SHORTEST = {"zh": 5, "en": 11}
"""Characters of a sentence: 请填写。 is none, and English needs more of them."""
ENDINGS = "。？！.?!"
ACTS = sorted(set(FORMS) & set(SERVICES))
PAGES = {
    "/desk/contacts/new/": "wangmin",
    "/contact/": "",
    "/track/": "",
    f"/apply/{HOME}/place/": "zhanghaitang",
    f"/apply/{HOME}/who/": "zhanghaitang",
    f"/apply/{HOME}/applicant/": "zhanghaitang",
    f"/apply/{HOME}/load/": "zhanghaitang",
    f"/apply/{HOME}/check/": "zhanghaitang",
    f"/apply/{SHOP}/who/": "zhanghaitang",
}


@pytest.fixture
def home(cast):
    return Walk(cast, "residential", capacity=8, usage="residential").accepted()


@pytest.fixture
def clerk(cast):
    return signed_in(cast["wangmin"])


def form_of(response: Any) -> forms.Form:
    """The form the page shows."""
    found = response.context["form"]
    assert isinstance(found, forms.BaseForm)
    return found


def empty_of(form: forms.Form) -> dict[str, Any]:
    """Every field sent with nothing in it, but for what the form carries along."""
    return {name: "" if not form[name].is_hidden else form[name].value() or "" for name in form.fields}


def spoilt(form: forms.Form, text: str, number: str, day: str) -> dict[str, Any]:
    """Every field sent with something of its kind that is wrong."""
    sent = empty_of(form)
    for name, field in form.fields.items():
        if form[name].is_hidden:
            continue
        if isinstance(field, forms.DecimalField | forms.IntegerField | forms.FloatField):
            sent[name] = number
        elif isinstance(field, forms.DateField | forms.DateTimeField):
            sent[name] = day
        else:
            sent[name] = text
    return sent


def visible(form: forms.Form) -> list[forms.Field]:
    """What somebody can type into."""
    return [bound.field for bound in form.visible_fields()]


def free_text(form: forms.Form) -> list[str]:
    """Fields into which people write what they like."""
    return [
        name
        for name, field in form.fields.items()
        if type(field) is forms.CharField
        and not form[name].is_hidden
        and not isinstance(field.widget, forms.PasswordInput)
    ]


def too_short(sentence: str) -> bool:
    """Half a sentence, or only a word."""
    return len(sentence) < SHORTEST["en" if sentence.isascii() else "zh"]


def judge(response: Any, sent: dict[str, Any], where: str) -> list[str]:
    """What is wrong with the answer: a 500, a half sentence, something typed and lost."""
    wrong = []
    if response.status_code >= 500:
        return [f"{where}: {response.status_code}"]
    if response.status_code in (302, 303, 404, 429) or not response.context or "form" not in response.context:
        return []
    form = form_of(response)
    for name, sentences in form.errors.items():
        wrong += [f"{where}.{name}: {s}" for s in map(str, sentences) if too_short(s) or s[-1] not in ENDINGS]
    body = response.content.decode()
    for name in free_text(form):
        typed = str(sent.get(name, "")).strip()
        if (
            typed
            and typed.isprintable()
            and html.escape(typed) not in body
            and typed not in html.unescape(body)
        ):
            wrong.append(f"{where}.{name}: {typed[:40]!r} was lost")
    return wrong


def post(client: Client, url: str, sent: dict[str, Any], where: str) -> list[str]:
    client.raise_request_exception = False
    return judge(client.post(url, sent), sent, where)


def acts_of(home: Walk) -> dict[str, str]:
    return {name: f"/cases/{home.application.case.pk}/act/{name}/" for name in ACTS}


def fresh(client: Client, url: str) -> forms.Form | None:
    """The form as it is shown; nothing where the page leads on at once."""
    response = client.get(url)
    return (
        form_of(response)
        if response.status_code == 200 and response.context and "form" in response.context
        else None
    )


def everywhere(cast: Any, home: Walk, clerk: Client) -> list[tuple[Client, str, str, forms.Form]]:
    """Every form there is, with whoever opens it."""
    customer, found = signed_in(cast["zhanghaitang"]), []
    fill(customer)
    people = {"wangmin": clerk, "zhanghaitang": customer, "": Client()}
    pages = {url: (people[who], url) for url, who in PAGES.items()}
    pages |= {name: (clerk, url) for name, url in acts_of(home).items()}
    for where, (client, url) in pages.items():
        form = fresh(client, url)
        if form is not None:
            found.append((client, url, where, form))
    return found


def test_there_are_forms_everywhere(cast, home, clerk):
    found = everywhere(cast, home, clerk)
    assert len(found) >= len(PAGES) + 30, sorted(where for *_rest, where, _form in found)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_nothing_typed(cast, home, clerk, language):
    wrong, events = [], Event.objects.filter(stream=home.application.case.stream).count()
    for client, url, where, form in everywhere(cast, home, clerk):
        client.cookies["lang"] = language
        wrong += post(client, url, empty_of(form), where)
    assert sorted(set(wrong)) == []
    assert Event.objects.filter(stream=home.application.case.stream).count() - events <= NOTHING_TO_TYPE


def test_markup_is_text_and_stays(cast, home, clerk):
    wrong = []
    for client, url, where, form in everywhere(cast, home, clerk):
        sent = spoilt(form, MARKUP, "many", "yesterday")
        client.raise_request_exception = False
        response = client.post(url, sent)
        wrong += judge(response, sent, where)
        if MARKUP in response.content.decode():
            wrong.append(f"{where}: markup came back alive")
    assert sorted(set(wrong)) == []


def test_numbers_that_are_none(home, clerk):
    """Each form with a number in it gets three of them, beginning with another one."""
    wrong, numeric = [], forms.DecimalField | forms.IntegerField
    shown = [(name, url, fresh(clerk, url)) for name, url in acts_of(home).items()]
    counting = [
        (name, url, form)
        for name, url, form in shown
        if form and any(isinstance(f, numeric) for f in visible(form))
    ]
    assert len(counting) > 5
    for place, (name, url, form) in enumerate(counting):
        for number in (NUMBERS * 2)[place % len(NUMBERS) :][:3]:
            wrong += post(clerk, url, spoilt(form, "好", number, "2026-02-30"), name)
    assert sorted(set(wrong)) == []


def test_too_long_and_too_late(cast, home, clerk):
    ahead = timezone.localdate() + dt.timedelta(days=400)
    wrong = []
    days = (f"{ahead}", f"{ahead}T10:30", "0001-01-01", "9999-12-31")
    for place, (client, url, where, form) in enumerate(everywhere(cast, home, clerk)):
        for day in (days[place % 4], days[(place + 1) % 4]):
            wrong += post(client, url, spoilt(form, "长" * 20_000, "1", day), where)
    assert sorted(set(wrong)) == []


@pytest.mark.skipif(
    not BLNS.exists(), reason="the list of naughty strings (../shared/data/naughty) is not here"
)
def test_naughty_strings(cast, home, clerk):
    """Each form gets a few of them, beginning with another one; together they get all."""
    strings = json.loads(BLNS.read_text())
    wrong = []
    for place, (client, url, where, form) in enumerate(everywhere(cast, home, clerk)):
        for text in strings[place % 120 :: 120]:
            wrong += post(client, url, spoilt(form, text, text, text), where)
    assert sorted(set(wrong)) == []


def test_sentences_are_in_the_readers_language(cast, home, clerk):
    """No field error is Django's English for a reader of Chinese."""
    half = []
    for client, url, where, form in everywhere(cast, home, clerk):
        response = client.post(url, spoilt(form, "x", "many", "yesterday"))
        if response.context and "form" in response.context:
            for name, sentences in form_of(response).errors.items():
                half += [
                    f"{where}.{name}: {s}" for s in map(str, sentences) if re.fullmatch(r"[\x00-\x7f]+", s)
                ]
    assert sorted(set(half)) == []
