"""Notices: one sentence per person and milestone, however often the event is heard; nothing personal in it."""

import re

import pytest
from django.db import DatabaseError, transaction
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone

from publicity.gateways import ConsoleGateway, gateway
from publicity.models import Notice, Reached
from publicity.notices import KINDS, LONGEST, template_of
from publicity.services import notices
from staff.gateways import GatewayError, NoGateway
from tests.applications.walked import EAST, PHONES, Walk
from workflow import actions
from workflow.models import Case, Delivery, Event, Outbox
from workflow.relay import relay
from workflow.services.contacts import FirstContact, register_contact

pytestmark = pytest.mark.django_db


class Phones:
    """A gateway that remembers, or refuses as often as told."""

    def __init__(self, refusals: int = 0) -> None:
        self.sent: list[tuple[str, str]] = []
        self.refusals = refusals

    def send(self, phone: str, text: str) -> None:
        if self.refusals:
            self.refusals -= 1
            raise GatewayError("no line")
        self.sent.append((phone, text))


@pytest.fixture
def phones(monkeypatch):
    made = Phones()
    monkeypatch.setattr(notices, "gateway", lambda: made)
    return made


@pytest.fixture
def home(cast):
    return Walk(cast, "residential", capacity=8, usage="residential").accepted()


def hear() -> None:
    """Run the relay until nothing is left: loading the rules alone leaves more in the outbox than one turn takes."""
    relay()
    while Outbox.objects.exists() or Delivery.objects.filter(dead_at=None).exists():
        relay()


def event(kind: str) -> Event:
    return Event.objects.filter(kind=kind).latest("recorded_at")


def strangers_case(cast) -> Case:
    first = FirstContact(
        channel="hall", phone="13900000009", name="钱某", need="新装", place="人民路 9 号", office_code=EAST
    )
    return register_contact(first, by=cast["wangmin"]).case


def test_every_kind_of_event_told_exists_and_has_its_template():
    assert set(KINDS) <= set(actions.all_event_kinds())
    for kind in KINDS.values():
        assert get_template(template_of(kind))


@pytest.mark.parametrize("kind", sorted(KINDS.values()))
def test_each_sentence_is_chinese_fits_one_message_and_names_the_case(kind, cast, settings):
    settings.TONGDIAN_BASE_URL = "https://bandian.example.cn"
    case = Case(contact_no="L2026112437010200013", application_no="YK2026112437010200013")
    body = notices.wording(kind, case)
    assert len(body) <= LONGEST, (len(body), body)
    number = case.contact_no if kind == "contact_registered" else case.application_no
    assert number in body
    assert re.search(r"[一-鿿]", body)
    rest = body.replace(number, "").replace("95598", "").replace("bandian.example.cn", "")
    assert not re.search(r"\d", rest), rest
    assert ("95598" in body) or f"bandian.example.cn{reverse('track')}" in body


@pytest.mark.parametrize("kind", sorted(KINDS.values()))
def test_where_the_address_is_long_the_sentence_does_without_it(kind, cast, settings):
    settings.TONGDIAN_BASE_URL = "https://a-very-long-name-of-a-county-company.online-services.example.cn"
    body = notices.wording(kind, Case(contact_no="L2026112437010200013"))
    assert len(body) <= LONGEST
    assert "example.cn" not in body


def test_the_milestones_of_a_case_are_told_to_its_customer(home):
    hear()
    told = Notice.objects.filter(case=home.application.case).order_by("about_at", "pk")
    assert [notice.kind for notice in told] == ["contact_registered", "accepted"]
    assert {notice.user for notice in told} == {home.customer}
    assert told[1].about_at == event("application.accepted").recorded_at
    assert home.application.case.contact_no in told[0].body
    assert home.application.case.application_no in told[1].body


def test_hearing_an_event_again_writes_nothing_more(home):
    hear()
    before = list(Notice.objects.values_list("pk", "body"))
    for heard in Event.objects.filter(kind__in=KINDS):
        assert notices.write(heard) == 0
    assert list(Notice.objects.values_list("pk", "body")) == before


def test_a_delivery_repeated_by_the_relay_gives_one_notice(home, phones):
    hear()
    accepted = event("application.accepted")
    Delivery.objects.create(
        subscriber="publicity.notices", stream=accepted.stream, number=accepted.number, kind=accepted.kind
    )
    hear()
    assert Notice.objects.filter(kind="accepted").count() == 1
    notices.send_due()
    notices.send_due()
    assert len([text for _phone, text in phones.sent if "已受理" in text]) == 1


def test_before_anybody_signs_in_the_phone_left_at_the_counter_is_told(cast, phones):
    case = strangers_case(cast)
    hear()
    notice = Notice.objects.get(case=case)
    assert notice.user is None
    assert notice.kind == "contact_registered"
    assert notices.send_due() == 1
    assert phones.sent == [("13900000009", notice.body)]
    assert case.contact_no in notice.body
    assert "钱" not in notice.body
    assert "13900000009" not in notice.body


def test_a_contact_without_phone_is_told_nothing(cast):
    register_contact(
        FirstContact(channel="hall", need="新装", place="人民路", office_code=EAST), by=cast["wangmin"]
    )
    hear()
    assert not Notice.objects.exists()


def test_sent_notices_say_when_and_are_not_sent_again(home, phones):
    hear()
    before = timezone.now()
    assert notices.send_due() == 2
    assert {phone for phone, _text in phones.sent} == {PHONES["zhanghaitang"]}
    for notice in Notice.objects.all():
        assert notice.reached == Reached.SENT
        assert notice.sent_at >= before
    assert notices.send_due() == 0


def test_a_dead_line_is_tried_again_later_and_given_up_after_the_fifth_try(cast, monkeypatch):
    line = Phones(refusals=99)
    monkeypatch.setattr(notices, "gateway", lambda: line)
    case = strangers_case(cast)
    hear()
    for attempt in range(1, 6):
        assert notices.send_due() == 0
        notice = Notice.objects.get(case=case)
        assert notice.attempts == attempt
        if attempt < 5:
            assert notice.reached == Reached.WAITING
            assert notice.next_try_at > timezone.now()
            Notice.objects.update(next_try_at=timezone.now())
    assert notice.reached == Reached.FAILED
    assert notices.send_due() == 0


def test_a_line_that_comes_back_delivers(cast, monkeypatch):
    line = Phones(refusals=1)
    monkeypatch.setattr(notices, "gateway", lambda: line)
    strangers_case(cast)
    hear()
    notices.send_due()
    Notice.objects.update(next_try_at=timezone.now())
    assert notices.send_due() == 1
    assert len(line.sent) == 1


def test_a_notice_taken_by_one_sender_is_not_taken_by_the_next(cast):
    strangers_case(cast)
    hear()
    assert notices._take() is not None
    assert notices._take() is None


def test_what_is_days_old_is_shown_but_not_sent(home, phones, monkeypatch):
    monkeypatch.setattr(notices, "STALE_AFTER", notices.STALE_AFTER * 0)
    hear()
    assert notices.send_due() == 0
    assert {notice.reached for notice in Notice.objects.all()} == {Reached.STALE}


@pytest.mark.parametrize("change", [{"body": "改过"}, {"dedupe_key": "x"}, {"user": None}])
def test_what_was_told_is_never_reworded(home, change):
    hear()
    with pytest.raises(DatabaseError), transaction.atomic():
        Notice.objects.update(**change)


def test_what_was_told_is_never_removed(home):
    hear()
    with pytest.raises(DatabaseError), transaction.atomic():
        Notice.objects.all().delete()


def test_production_has_no_channel_until_one_is_set(settings):
    assert isinstance(gateway(), ConsoleGateway)
    settings.TONGDIAN_ENV = "production"
    assert isinstance(gateway(), NoGateway)
    settings.TONGDIAN_NOTICE_GATEWAY = "publicity.gateways.ConsoleGateway"
    assert isinstance(gateway(), ConsoleGateway)


def test_the_console_shows_the_text_and_never_the_phone(capsys):
    ConsoleGateway().send("13900000009", "您好")
    assert capsys.readouterr().out == "[notice] 您好\n"


def address(walk: Walk) -> str:
    return reverse("guide_notices", args=[walk.application.case.pk])


@pytest.mark.parametrize("who", ["zhanghaitang", "wangmin"])
def test_the_customer_and_the_office_see_what_was_sent(home, client, who):
    hear()
    client.force_login(home.cast[who])
    page = client.get(address(home)).content.decode()
    assert "已受理" in page
    assert "<html" in page
    fragment = client.get(address(home), headers={"HX-Request": "true"}).content.decode()
    assert "已受理" in fragment
    assert "<html" not in fragment


def test_another_customer_sees_nothing(home, client):
    hear()
    client.force_login(home.cast["hengtai"])
    assert client.get(address(home)).status_code == 404


def test_nobody_sees_anything_without_signing_in(home, client):
    response = client.get(address(home))
    assert response.status_code == 302
    assert "/signin/" in response["Location"]


def test_before_the_first_message_the_page_says_so(home, client):
    client.force_login(home.customer)
    assert "还没有消息" in client.get(address(home)).content.decode()
