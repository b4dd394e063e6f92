"""Parties: an agent whose authority ends, verified phones, consents, unclear titles, a logged look at an ID, signing by code."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from applications.models import Consent, Party, TitleQuestion
from applications.services import filing, intake, parties
from publicity.models import Notice
from staff.models import User
from staff.services import signin
from tests.applications.customers import hidden, photo, signed_in, text
from tests.applications.walked import EAST, LOW_SCHEME, PHONES, SURVEYED, Walk
from tests.publicity.test_notices import hear
from workflow.models import Case, CaseAccess, Event, EventPayload
from workflow.selectors.situations import situation_of
from workflow.services.contacts import FirstContact, register_contact
from workflow.transitions import Refused

pytestmark = pytest.mark.django_db

AGENT_PHONE = "13900000055"
ID_NUMBER = "11010519491231002X"


@pytest.fixture
def walk(cast):
    return Walk(cast, "lv_other", capacity=30).accepted()


@pytest.fixture
def clerk(cast):
    return signed_in(cast["wangmin"])


@pytest.fixture
def agent(cast):
    return User.objects.create_customer(AGENT_PHONE, "李代办")


def today() -> dt.date:
    return timezone.localdate()


def act_url(walk, name: str) -> str:
    route = "party_act" if name in ("record_authority", "record_consent") else "case_act"
    return reverse(route, args=[walk.application.case_id, name])


def fill(client, url, **values):
    """The form as shown, changed as said."""
    page = client.get(url)
    assert page.status_code == 200
    return client.post(url, {"key": hidden(page)} | values)


def authorise(clerk, walk, **changes):
    values = {
        "name": "李代办", "phone": AGENT_PHONE, "powers": ["papers"], "valid_from_date": str(today()),
        "valid_to_date": str(today() + dt.timedelta(days=30)), "file": photo("paper.jpg"),
    }  # fmt: skip
    return fill(clerk, act_url(walk, "record_authority"), **(values | changes))


def sees(user, walk) -> bool:
    return Case.objects.visible_to(user).filter(pk=walk.application.case_id).exists()


def payloads(walk) -> str:
    rows = EventPayload.objects.filter(stream=walk.application.case.stream)
    return "\n".join(rows.values_list("body", flat=True))


# --- authority --------------------------------------------------------------------------------------------------------


def test_an_agents_authority_opens_the_case_and_ends_it(cast, clerk, walk, agent, monkeypatch):
    assert not sees(agent, walk)
    assert authorise(clerk, walk).status_code == 302
    party = walk.application.parties.get(role="agent")
    assert party.authorisation.sha256
    assert party.user == agent
    assert sees(agent, walk)
    browser = signed_in(agent)
    page = reverse("my_case", args=[walk.application.case_id])
    assert browser.get(page).status_code == 200
    # the day after the last one: neither seen nor acted on, on any page
    after = timezone.now() + dt.timedelta(days=31, hours=1)
    monkeypatch.setattr(timezone, "now", lambda: after)
    browser = signed_in(agent)
    assert browser.get(page).status_code == 404
    assert browser.get(reverse("my_act", args=[walk.application.case_id, "withdraw"])).status_code == 404
    assert situation_of(walk.application, agent).case_roles == frozenset()
    with pytest.raises(Refused):
        parties.end_authority(walk.application, by=agent, agent=party)
    assert CaseAccess.objects.filter(case=walk.application.case, user=agent).count() == 1, (
        "rows end, they stay"
    )


def test_on_the_last_day_it_still_holds(clerk, walk, agent, monkeypatch):
    authorise(clerk, walk, valid_to_date=str(today()))
    evening = timezone.localtime().replace(hour=23, minute=50)
    monkeypatch.setattr(timezone, "now", lambda: evening)
    assert sees(agent, walk)
    monkeypatch.setattr(timezone, "now", lambda: evening + dt.timedelta(minutes=15))
    assert not sees(agent, walk)


def test_an_agent_does_what_the_paper_covers_and_nothing_else(cast, clerk, walk, agent):
    authorise(clerk, walk, powers=["papers"])
    browser = signed_in(agent)
    url = reverse("my_act", args=[walk.application.case_id, "withdraw"])
    assert "授权不包括" in text(browser.get(url))
    form = {"reason": "no_longer_wanted", "key": "k-withdraw"}
    assert browser.post(url, form).status_code == 409
    walk.application.reload()
    assert not walk.application.case.ended
    authorise(
        clerk, walk, agent=str(walk.application.parties.get(role="agent").pk), powers=["papers", "withdraw"]
    )
    assert browser.post(url, form).status_code == 302
    walk.application.reload()
    assert walk.application.case.ended
    assert Event.objects.get(stream=walk.application.case.stream, kind="case.withdrawn").behalf == "agent"


def test_the_principal_ends_the_authority_from_the_phone(cast, clerk, walk, agent):
    authorise(clerk, walk)
    principal = signed_in(cast["zhanghaitang"])
    page = text(principal.get(reverse("my_case", args=[walk.application.case_id])))
    assert "李代办" in page
    url = reverse("my_act", args=[walk.application.case_id, "end_authority"])
    assert url in page
    party = walk.application.parties.get(role="agent")
    assert fill(principal, url, agent=str(party.pk)).status_code == 302
    assert not sees(agent, walk)
    assert "终止" in text(principal.get(reverse("my_case", args=[walk.application.case_id])))
    # and the agent does not see a list of agents with a button
    assert not sees(agent, walk)


def test_without_its_paper_or_with_its_days_the_wrong_way_round_nothing_is_recorded(clerk, walk):
    missing = authorise(clerk, walk, file="")
    assert missing.status_code == 422
    assert "李代办" in text(missing), "what was typed is kept"
    assert authorise(clerk, walk, valid_to_date=str(today() - dt.timedelta(days=1))).status_code == 422
    assert not walk.application.parties.filter(role="agent").exists()
    assert not walk.application.documents.exists()


def test_an_agent_who_applied_online_has_no_rights_of_a_principal(cast, agent):
    first = FirstContact(
        channel="web", phone=AGENT_PHONE, need="新装", place="海棠路 2 号", category="new_supply.lv_other"
    )
    particulars = filing.Particulars(
        name="恒泰", phone="13900000056", address="海棠路 2 号", by_agent=True, agent_name="李代办", agent_phone=AGENT_PHONE,
        agent_valid_to_date=today(),
    )  # fmt: skip
    _registered, application = filing.apply_online(
        particulars, first, by=agent, supply_class="lv_other", capacity=30, key="online-1"
    )
    intake.submit(application, by=agent)
    assert situation_of(application, agent).case_roles == {"agent"}
    access = CaseAccess.objects.get(case=application.case, user=agent, role="agent")
    assert timezone.localdate(access.to_at) == today() + dt.timedelta(days=1)


# --- receipt and notices ----------------------------------------------------------------------------------------------


def test_notices_go_to_principal_and_to_agent_and_to_nobody_whose_authority_ended(cast, clerk, agent):
    first = FirstContact(
        channel="hall",
        phone="13900000057",
        need="新装",
        place="海棠路 3 号",
        category="new_supply.lv_other",
        office_code=EAST,
    )
    case = register_contact(first, by=cast["wangmin"]).case
    particulars = filing.Particulars(name="周女士", phone="13900000057", address="海棠路 3 号")
    application = filing.start_application(
        case, particulars, supply_class="lv_other", by=cast["wangmin"], capacity=30
    )
    intake.submit(application, by=cast["wangmin"])
    intake.record_echo(application, by=cast["wangmin"])
    walk = Walk.__new__(Walk)
    walk.application, walk.cast = application, cast
    authorise(clerk, walk)
    intake.accept(application, by=cast["wangmin"], three_zero=True)
    hear()
    told = Notice.objects.filter(case=case, kind="accepted")
    assert {notice.phone for notice in told} == {"13900000057", AGENT_PHONE}, (
        "though the principal never signed in"
    )
    parties.end_authority(application, by=cast["wangmin"], agent=application.parties.get(role="agent"))
    application.reload()
    walk.do = Walk.do.__get__(walk)  # type: ignore[method-assign]
    parties.verify_phone(application, by=cast["wangmin"], party=application.parties.get(role="applicant"))
    hear()
    assert {n.phone for n in Notice.objects.filter(case=case, kind="phone_verified")} == {"13900000057"}


# --- verified phones --------------------------------------------------------------------------------------------------


def test_a_phone_is_verified_at_the_counter_against_the_id(cast, clerk, walk):
    party = walk.application.parties.get(role="applicant")
    person = party.person
    person.id_number = ID_NUMBER
    person.save()
    url = act_url(walk, "verify_phone")
    wrong = fill(clerk, url, party=str(party.pk), tail="9999")
    assert wrong.status_code == 422
    assert "证件" in text(wrong)
    assert fill(clerk, url, party=str(party.pk), tail="002x").status_code == 302
    party.refresh_from_db()
    assert (party.phone_verified_how, party.phone_verified_by) == ("counter", cast["wangmin"])
    assert party.phone_verified_at
    assert "柜台凭证件" in text(clerk.get(reverse("case", args=[walk.application.case_id])))


def test_whoever_signs_in_with_the_phone_finds_what_the_hall_took_down(cast):
    phone = "13900000058"
    first = FirstContact(
        channel="hall",
        phone=phone,
        need="新装",
        place="海棠路 4 号",
        category="new_supply.lv_other",
        office_code=EAST,
    )
    case = register_contact(first, by=cast["wangmin"]).case
    particulars = filing.Particulars(name="吴先生", phone=phone, address="海棠路 4 号")
    application = filing.start_application(
        case, particulars, supply_class="lv_other", by=cast["wangmin"], capacity=30
    )
    owner = User.objects.create_customer(phone, "吴先生")
    browser = signed_in(owner)
    assert not Case.objects.visible_to(owner).exists()
    assert reverse("my_claim") in text(browser.get(reverse("my")))
    assert not Case.objects.visible_to(owner).exists(), "looking changes nothing"
    assert browser.post(reverse("my_claim")).status_code == 302
    party = application.parties.get(role="applicant")
    assert (party.user, party.phone_verified_how, party.phone_verified_by) == (owner, "code", owner)
    assert Case.objects.visible_to(owner).get() == case
    assert reverse("my_claim") not in text(browser.get(reverse("my")))
    stranger = User.objects.create_customer("13900000059", "路人")
    assert parties.claim_parties(stranger) == 0


# --- consents, title --------------------------------------------------------------------------------------------------


def test_a_consent_is_bound_to_its_paper(clerk, walk):
    url = act_url(walk, "record_consent")
    values = {"kind": "property", "name": "海棠物业公司", "given_date": str(today())}
    assert fill(clerk, url, **values).status_code == 422
    assert not Consent.objects.exists()
    assert fill(clerk, url, file=photo("consent.jpg"), **values).status_code == 302
    consent = Consent.objects.get()
    assert consent.party.role == "property"
    assert consent.paper.sha256
    assert consent.paper.item_code == "estate_consent"
    event = Event.objects.get(stream=walk.application.case.stream, kind="consent.recorded")
    assert event.documents == [f"sha-256:{consent.paper.sha256}"]
    assert "海棠物业公司" not in payloads(walk)
    assert "海棠物业公司" in text(clerk.get(reverse("case", args=[walk.application.case_id])))
    assert (
        fill(clerk, url, file="", paper=str(consent.paper.pk), **(values | {"kind": "owner"})).status_code
        == 302
    )


def test_a_title_in_question_stands_on_the_case_and_the_desk_until_it_is_settled(cast, clerk, walk):
    until = today() + dt.timedelta(days=20)
    url = act_url(walk, "question_title")
    assert (
        fill(clerk, url, decider="court", until_date=str(today() - dt.timedelta(days=1))).status_code == 422
    )
    assert fill(clerk, url, decider="court", until_date=str(until), note="继承未分割").status_code == 302
    page = text(clerk.get(reverse("case", args=[walk.application.case_id])))
    assert "产权待明" in page
    assert f"{until:%Y-%m-%d}" in page
    assert "产权待明" in text(clerk.get(reverse("desk") + "?view=all"))
    assert "产权待明" in text(signed_in(cast["chenli"]).get(reverse("board_cases")))
    again = fill(clerk, url, decider="notary", until_date=str(until))
    assert again.status_code == 409
    assert fill(clerk, act_url(walk, "settle_title"), result="applicant").status_code == 302
    assert TitleQuestion.objects.get().result == "applicant"
    assert "产权待明" not in text(clerk.get(reverse("desk") + "?view=all"))
    assert "继承未分割" not in payloads(walk)


# --- identity ---------------------------------------------------------------------------------------------------------


def test_an_id_number_is_masked_until_somebody_says_what_for_and_that_is_on_record(cast, clerk, walk):
    party = walk.application.parties.get(role="applicant")
    party.person.id_number = ID_NUMBER
    party.person.save()
    case_page = reverse("case", args=[walk.application.case_id])
    page = text(clerk.get(case_page))
    assert ID_NUMBER not in page
    assert "110∗∗∗∗∗∗∗∗∗∗∗002X" in page
    url = reverse("party_identity", args=[walk.application.case_id, party.pk])
    shown = clerk.get(url)
    assert ID_NUMBER not in text(shown)
    assert clerk.post(url, {}).status_code == 422
    assert not Event.objects.filter(kind="identity.revealed").exists()
    shown = clerk.post(url, {"reason": "identity"})
    assert ID_NUMBER in text(shown)
    assert "no-store" in shown["Cache-Control"]
    event = Event.objects.get(kind="identity.revealed")
    assert event.actor == f"a:{cast['wangmin'].pk.hex}"
    data = EventPayload.objects.get(stream=event.stream, number=event.number).data
    assert data["party"] == str(party.pk)
    assert data["reason"] == "identity"
    assert ID_NUMBER not in payloads(walk)
    assert ID_NUMBER not in text(clerk.get(case_page)), "once"
    assert signed_in(cast["tangli"]).get(url).status_code == 404
    assert Client().get(url).status_code == 302


def replied(walk) -> None:
    """Surveyed, drafted and replied to, as far as this category's route asks."""
    walk.do("record_survey", "lijianguo", **SURVEYED)
    tariff = walk.form("draft_scheme", "lijianguo")["tariff"].field.queryset.first()
    walk.do("draft_scheme", "lijianguo", **(LOW_SCHEME | {"tariff": tariff.pk}))
    walk.do("reply_scheme", "lijianguo", method="online")


# --- signing ----------------------------------------------------------------------------------------------------------


def test_a_contract_is_signed_by_the_code_sent_to_the_signers_own_phone(cast, monkeypatch):
    sent = []

    class Line:
        def send(self, phone, body):
            sent.append((phone, body))

    monkeypatch.setattr(signin, "gateway", Line)
    home = Walk(cast, "residential", capacity=8, usage="residential").accepted()
    home.do("issue_contract", "wangmin", method="online")
    customer = signed_in(cast["zhanghaitang"])
    url = reverse("my_act", args=[home.application.case_id, "sign_contract"])
    page = customer.get(url)
    digest = hidden(page, "digest")
    form = {"key": hidden(page), "digest": digest, "version": hidden(page, "version"), "method": "code"}
    assert customer.post(url, form).status_code == 200, "no code yet: the form says so"
    refused = customer.post(url, form | {"digits": "123456"})
    assert refused.status_code == 409
    assert (
        customer.post(reverse("my_code", args=[home.application.case_id, "sign_contract"])).status_code == 302
    )
    phone, body = sent[-1]
    assert phone == PHONES["zhanghaitang"]
    digits = re.search(r"\d{6}", body).group()
    wrong = f"{(int(digits) + 1) % 10**6:06d}"
    assert customer.post(url, form | {"digits": wrong}).status_code == 409
    assert not home.application.signatures.exists()
    assert customer.post(url, form | {"digits": digits}).status_code == 302
    signature = home.application.signatures.get()
    assert (signature.method, signature.digest, signature.party.role) == ("code", digest, "applicant")
    # a second click on the same form is no second signature
    assert customer.post(url, form | {"digits": digits}).status_code in (302, 200)
    assert home.application.signatures.count() == 1


def test_an_agreement_says_how_it_was_signed_and_on_which_device(cast, monkeypatch):
    sent = []

    class Line:
        def send(self, phone, body):
            sent.append(body)

    monkeypatch.setattr(signin, "gateway", Line)
    walk = Walk(cast, "lv_other", three_zero=False, capacity=30, usage="commercial").accepted()
    replied(walk)
    customer = signed_in(cast["zhanghaitang"])
    customer.get(reverse("self_register"))  # the browser gets its device token
    url = reverse("my_act", args=[walk.application.case_id, "agree_scheme"])
    page = customer.get(url)
    form = {name: hidden(page, name) for name in ("key", "digest", "version")} | {"way": "code"}
    assert customer.post(url, form).status_code == 200, "no code yet"
    customer.post(reverse("my_code", args=[walk.application.case_id, "agree_scheme"]))
    digits = re.search(r"\d{6}", sent[-1]).group()
    assert customer.post(url, form | {"digits": digits}).status_code == 302
    agreement = walk.application.schemes.get().agreements.get()
    assert (agreement.method, agreement.party.role) == ("code", "applicant")
    assert agreement.device, "a salted pseudonym of the browser"


def test_the_counter_asks_nobody_for_a_code(cast):
    home = Walk(cast, "residential", capacity=8, usage="residential").accepted()
    home.do("issue_contract", "wangmin", method="online")
    form = home.form("sign_contract", "wangmin")
    assert [way for way, _label in form.fields["method"].choices] == ["pad", "paper", "e_seal"]
    assert "digits" not in form.fields
    own = home.form("sign_contract", home.customer)
    assert "paper" not in [way for way, _label in own.fields["method"].choices]
    assert Party.objects.filter(application=home.application).exists()


# --- who keyed it in --------------------------------------------------------------------------------------------------


def test_contact_and_application_say_who_keyed_them_in_and_on_what(cast, clerk, settings):
    settings.TONGDIAN_KIOSK_NETWORKS = ("203.0.113.0/24",)
    page = clerk.get(reverse("contact_new"))
    answer = clerk.post(
        reverse("contact_new"),
        {"key": hidden(page), "phone": "13900000060", "need": "新装", "place": "海棠路 5 号", "channel": "hall", "purpose": "connection",
         "category": "new_supply.lv_other"},
    )  # fmt: skip
    assert answer.status_code == 302, text(answer)
    contact = Case.objects.latest("opened_at").contacts.get()
    assert (contact.behalf, contact.terminal_class) == ("staff", "staff")
    kiosk = Client(REMOTE_ADDR="203.0.113.7")
    page = kiosk.get(reverse("self_register"))
    kiosk.post(
        reverse("self_register"),
        {"key": hidden(page), "phone": "13900000061", "need": "新装", "place": "某处 1 号", "name": ""},
    )
    own = Case.objects.latest("opened_at").contacts.get()
    assert (own.behalf, own.terminal_class) == ("self", "kiosk")
    assert own.device, "a salted pseudonym of the browser"
    event = Event.objects.get(stream=own.case.stream, kind="contact.registered")
    assert event.device == own.device
    assert own.device not in text(signed_in(cast["chenli"]).get(reverse("case", args=[own.case_id])))
    story = text(signed_in(cast["zhenglin"]).get(reverse("integrity:story", args=[own.case_id])))
    assert own.device in story
    assert "营业厅自助机" in story
