"""What the pages of a desk cost, and who may open which: counts instead of seconds, 404 for what may not be seen, never a 500."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, get_resolver

from applications.demo.clock import real_now, travelled_to
from applications.services.papers import receive_document
from staff.models import User
from tests.applications.customers import photo, signed_in
from tests.applications.walked import EAST, Walk
from workflow.models import Case, Contact
from workflow.services.contacts import FirstContact, register_contact

pytestmark = pytest.mark.django_db

MOST = 15
VIEWS = ("mine", "unassigned", "today", "overdue", "papers", "contacts", "all")


@pytest.fixture
def home(cast):
    with travelled_to(real_now() - dt.timedelta(days=3)):
        return Walk(cast, "residential", capacity=8, usage="residential").accepted()


def costs(client: Client, path: str) -> int:
    """Queries of the second request: what a process reads once for all is not the page's."""
    client.get(path)
    with CaptureQueriesContext(connection) as caught:
        response = client.get(path)
    assert response.status_code == 200, (path, response.status_code)
    return len(
        [
            query
            for query in caught
            if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))
        ]
    )


def status_of(response: Any) -> int:
    """Its status; a file is read to its end, which closes it."""
    if response.streaming:
        b"".join(response.streaming_content)
    return response.status_code


def more_cases(cast: Any, count: int) -> None:
    """Contacts without outcome and cases under way at the station, one in eight."""
    for number in range(count):
        phone = f"139{number:08d}"
        if number % 8:
            first = FirstContact(
                channel="hall",
                phone=phone,
                need="装表",
                place="海棠路",
                category="new_supply.lv_other",
                office_code=EAST,
            )
            register_contact(first, by=cast["wangmin"])
        else:
            walk = Walk(cast, "residential", capacity=8)
            if number % 16:
                walk.accepted()


def more_events(cast: Any, case: Case, count: int) -> None:
    """Questions about the case, one event each."""
    first = FirstContact(
        channel="phone95598", phone="13800000101", need="何时装表", purpose="hurry", office_code=EAST
    )
    for _number in range(count):
        register_contact(first, by=cast["wangmin"], case=case)


class TestCosts:
    def test_desk_whatever_stands_on_it(self, cast):
        clerk, boss, auditor, mine = (
            signed_in(cast[who]) for who in ("wangmin", "chenli", "zhenglin", "zhanghaitang")
        )
        pages: list[tuple[Client, str]] = [(clerk, f"/desk/?view={view}") for view in VIEWS]
        pages += [
            (boss, "/board/"),
            (boss, "/board/cases/"),
            (boss, "/board/contacts/"),
            (auditor, "/audit/"),
            (mine, "/my/"),
        ]
        more_cases(cast, 20)
        few = {path: costs(client, path) for client, path in pages}
        more_cases(cast, 380)
        many = {path: costs(client, path) for client, path in pages}
        assert {path: n for path, n in many.items() if n > MOST} == {}
        assert {path: (few[path], many[path]) for path in few if many[path] > few[path]} == {}

    def test_a_case_however_long_its_record(self, cast, home):
        pages = case_pages(cast, home)
        few = {path: costs(client, path) for client, path in pages}
        more_events(cast, home.application.case, 300)
        many = {path: costs(client, path) for client, path in pages}
        assert {path: (few[path], many[path]) for path in few if many[path] > few[path]} == {}

    @pytest.mark.xfail(
        strict=True, reason="the cards of parties, contacts, papers and letters each ask for themselves"
    )
    def test_a_case_in_fifteen(self, cast, home):
        found = {path: costs(client, path) for client, path in case_pages(cast, home)}
        assert {path: n for path, n in found.items() if n > MOST} == {}


def case_pages(cast: Any, walk: Walk) -> list[tuple[Client, str]]:
    """The case as its clerk and as its customer see it."""
    pk = walk.application.case.pk
    return [(signed_in(cast["wangmin"]), f"/cases/{pk}/"), (signed_in(cast["zhanghaitang"]), f"/my/{pk}/")]


class TestUnseen:
    """What may not be seen does not exist: 404, and no word of it."""

    def test_cases_of_others(self, cast, home):
        case = home.application.case
        for stranger in (cast["hengtai"], cast["tangli"]):
            client = signed_in(stranger)
            for path in (
                f"/my/{case.pk}/",
                f"/cases/{case.pk}/",
                f"/cases/{case.pk}/act/accept/",
                f"/my/{case.pk}/do/withdraw/",
            ):
                assert client.get(path).status_code == 404, (stranger.username, path)
            assert client.post(f"/cases/{case.pk}/act/accept/", {}).status_code == 404

    def test_papers_of_others(self, cast, home):
        clerk = cast["wangmin"]
        paper = receive_document(home.application, "identity", photo(), by=clerk, channel="hall")
        for who, status in (("zhanghaitang", 200), ("wangmin", 200), ("hengtai", 404), ("tangli", 404)):
            assert status_of(signed_in(cast[who]).get(f"/documents/{paper.pk}/")) == status, who

    def test_a_receipt_shows_strangers_no_name_and_no_number(self, home):
        contact = Contact.objects.earliest("number")
        said = Client().get(f"/receipt/{contact.receipt_code}/").content.decode()
        assert "13800000101" not in said
        assert "海棠路 1 号" not in said

    def test_auditors_pages_are_auditors(self, cast):
        for who in ("wangmin", "chenli", "hanlei", "zhanghaitang"):
            for path in ("/audit/", "/audit/rules/", "/audit/cases/", f"/audit/flags/{uuid.uuid4()}/"):
                assert signed_in(cast[who]).get(path).status_code == 404, (who, path)

    def test_what_was_never_there(self, cast):
        for who, start in (
            ("wangmin", "/cases/"),
            ("zhanghaitang", "/my/"),
            ("zhenglin", "/audit/flags/"),
            ("wangmin", "/documents/"),
        ):
            assert signed_in(cast[who]).get(f"{start}{uuid.uuid4()}/").status_code == 404


VALUES: dict[str, Callable[[Any], str]] = {
    "uuid": lambda known: str(known.case.pk),
    "int": lambda _known: "1",
    "slug": lambda known: known.code,
    "str": lambda _known: "new_supply.residential",
    "path": lambda _known: "x",
}
PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")
NOT_OURS = ("admin/", "__")


def addresses(resolver: Any = None, prefix: str = "") -> Iterator[str]:
    """Every address of the URLconf but Django's own site."""
    for entry in (resolver or get_resolver()).url_patterns:
        here = f"{prefix}{entry.pattern}"
        if here.startswith(NOT_OURS):
            continue
        if isinstance(entry, URLPattern):
            yield here
        else:
            yield from addresses(entry, here)


class Known:
    """Something real to put into an address."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.code = case.contacts.earliest("number").receipt_code


def filled(address: str, known: Known) -> str:
    """The address with something in each of its places: an id that exists where it is a case's."""
    return "/" + PARAMETER.sub(
        lambda match: VALUES.get(match[1] or "str", VALUES["str"])(known), address
    ).replace("\\Z", "").strip("^$")


SENDERS = ("", "zhanghaitang", "tangli", "chenli", "zhenglin")
EVERYBODY = ("", "zhanghaitang", "tangli", "wangmin", "chenli", "zhenglin", "hanlei", "gaomin", "linqing")


def test_no_address_answers_500_to_anybody(cast, home):
    """Every URL × nobody, a customer, a clerk of another office, this office's, supervisor, auditor, administrator …"""
    known, found = Known(home.application.case), [*addresses()]
    assert len(found) > 60
    users: dict[str, User] = {who: cast[who] for who in EVERYBODY if who}
    wrong = []
    for who in EVERYBODY:
        for address in found:
            path = filled(address, known)
            if "signout" in path:
                continue
            client = signed_in(users[who]) if who else Client()
            client.raise_request_exception = False
            for method in (client.get, client.post) if who in SENDERS else (client.get,):
                status = status_of(method(path))
                if status >= 500 and "healthz" not in path:
                    wrong.append((who or "nobody", method.__name__, path, status))
    assert wrong == []
