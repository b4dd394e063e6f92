"""Only auditors of the office, and the discipline office, can know of a flag; for everybody else nothing is there."""

import datetime as dt

import pytest
from django.urls import reverse

from integrity.selectors.flags import flags_of
from integrity.services.detection import examine_event
from staff.models import Office, Post, User
from tests.integrity.conftest import DAY, MONDAY, contact
from workflow.models import Event

PAGES = ["integrity:flags", "integrity:stories", "integrity:rules"]
INSIDERS = ["zhenglin", "linqing"]
OUTSIDERS = ["wangmin", "lijianguo", "chenli", "hanlei", "gaomin", "zhaoqiang"]


@pytest.fixture
def flag(late_case):
    (flag,) = examine_event(Event.objects.get(stream=late_case.stream, number=1))
    return flag


def auditor_of(code, name="shencha"):
    user = User.objects.create_user(name, display_name="沈查")
    Post.objects.create(
        user=user, office=Office.objects.get(code=code), role="auditor", from_date=dt.date(2020, 1, 1)
    )
    return user


def get(client, user, url):
    client.force_login(user)
    return client.get(url)


@pytest.mark.parametrize("name", INSIDERS)
def test_who_audits_the_office_sees_the_flag(client, cast, flag, name):
    assert flag.number in get(client, cast[name], reverse("integrity:flags")).content.decode()
    assert client.get(reverse("integrity:flag", args=[flag.pk])).status_code == 200


@pytest.mark.parametrize("name", OUTSIDERS)
def test_for_everybody_else_the_pages_are_not_there(client, cast, flag, name):
    client.force_login(cast[name])
    addresses = [reverse(page) for page in PAGES]
    addresses += [reverse("integrity:flag", args=[flag.pk]), reverse("integrity:story", args=[flag.case_id])]
    addresses.append(reverse("integrity:rule", args=["claimed_late"]))
    assert {client.get(address).status_code for address in addresses} == {404}
    for doing in ("take", "ask", "resolve"):
        assert client.post(reverse(f"integrity:flag_{doing}", args=[flag.pk])).status_code == 404


def test_a_customer_finds_nothing_either(client, cast, flag):
    assert get(client, cast["zhanghaitang"], reverse("integrity:flag", args=[flag.pk])).status_code == 404


def test_a_stranger_is_asked_to_sign_in(client, flag):
    assert client.get(reverse("integrity:flag", args=[flag.pk])).status_code == 302


def test_an_auditor_of_another_office_sees_neither_flag_nor_count_nor_case(client, cast, flag):
    other = auditor_of("37010202")
    page = get(client, other, reverse("integrity:flags"))
    assert page.status_code == 200
    assert page.context["waiting"] == 0
    assert {link.count for link in page.context["links"]} == {0}
    assert client.get(reverse("integrity:flag", args=[flag.pk])).status_code == 404
    assert client.get(reverse("integrity:story", args=[flag.case_id])).status_code == 404
    foreign = {"office": Office.objects.get(code="37010201").pk, "status": ""}
    assert client.get(reverse("integrity:flags"), foreign).context["page"].paginator.count == 0


def test_a_second_post_elsewhere_opens_no_flags_there(cast, flag):
    other = auditor_of("37010202")
    Post.objects.create(
        user=other, office=Office.objects.get(code="37010201"), role="intake", from_date=dt.date(2020, 1, 1)
    )
    assert not flags_of(other).exists()


def test_a_post_that_has_ended_shows_nothing(cast, flag):
    other = auditor_of("37010201")
    assert flags_of(other).exists()
    Post.objects.filter(user=other).update(to_date=dt.date(2021, 1, 1))
    assert not flags_of(other).exists()


def test_whoever_handled_the_case_does_not_see_its_flags_even_as_an_auditor(client, cast, flag):
    wangmin = cast["wangmin"]
    Post.objects.create(
        user=wangmin, office=Office.objects.get(code="370102"), role="auditor", from_date=dt.date(2020, 1, 1)
    )
    page = get(client, wangmin, reverse("integrity:flags"))
    assert page.status_code == 200
    assert page.context["waiting"] == 0
    assert client.get(reverse("integrity:flag", args=[flag.pk])).status_code == 404


def test_an_unknown_flag_answers_like_one_that_must_not_be_known(client, cast, flag):
    unknown = reverse("integrity:flag", args=["0192f0c0-0000-7000-8000-000000000000"])
    client.force_login(auditor_of("37010202"))
    hidden, missing = client.get(reverse("integrity:flag", args=[flag.pk])), client.get(unknown)
    assert (hidden.status_code, hidden.content) == (missing.status_code, missing.content)


def test_counts_are_of_what_this_auditor_may_see(client, cast, flag):
    south = contact(
        cast,
        recorded=MONDAY + 3 * DAY,
        claimed=MONDAY,
        clerk="tangli",
        office="37010202",
        phone="13900000002",
    ).case
    examine_event(Event.objects.get(stream=south.stream, number=1))
    assert get(client, cast["zhenglin"], reverse("integrity:flags")).context["waiting"] == 2
    assert get(client, auditor_of("37010202"), reverse("integrity:flags")).context["waiting"] == 1
