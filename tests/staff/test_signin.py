"""Getting in: by code, by password, from the roster; and staying out."""

import re
from contextlib import suppress
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from staff import demo, gateways
from staff.apps import customers_can_get_a_code
from staff.demo import Cast
from staff.devices import network_of
from staff.gateways import GatewayError
from staff.models import Post, SignInCode, Throttle, User
from staff.services import SignInRefused, check_code, customer_of, forget_old, send_code
from staff.services.signin import Place, check_password
from staff.tasks import forget_old_codes

PHONE = "13900000909"


@pytest.fixture
def messages(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What was handed to the message channel."""
    sent: list[tuple[str, str]] = []
    monkeypatch.setattr(gateways.ConsoleGateway, "send", lambda self, phone, text: sent.append((phone, text)))
    return sent


def code_in(text: str) -> str:
    return re.search(r"\d{6}", text).group()


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def ask(client: Client, phone: str = PHONE, target: str = ""):
    return client.post("/signin/phone/", {"phone": phone, "next": target})


def enter(client: Client, code: str):
    return client.post("/signin/code/", {"code": code})


def officer(
    client: Client, username: str = "wangmin", password: str = demo.PASSWORD, target: str = "", **extra
):
    return client.post(
        "/signin/officer/", {"username": username, "password": password, "next": target}, **extra
    )


# --- customers: a code ----------------------------------------------------------------------


def test_a_new_customer_signs_in_with_the_code_from_the_message(client, db, clock, messages) -> None:
    assert ask(client).headers["Location"] == "/signin/code/"
    phone, text = messages.pop()
    assert phone == PHONE
    assert "工作人员不会索要" in text
    before = client.session.session_key
    assert enter(client, code_in(text)).headers["Location"] == "/my/"
    assert client.session.session_key != before
    customer = User.objects.customer_by_phone(PHONE)
    assert client.session["_auth_user_id"] == str(customer.pk)
    assert PHONE not in customer.username
    assert client.get("/me/").status_code == 200


def test_the_same_phone_is_the_same_customer(client, cast, messages) -> None:
    ask(client, "+86 138-0000-0101")
    enter(client, code_in(messages.pop()[1]))
    assert client.session["_auth_user_id"] == str(cast["zhanghaitang"].pk)


def test_the_phone_is_in_no_address_and_no_session(client, db, clock, messages) -> None:
    ask(client)
    stored = "".join(str(session.get_decoded()) for session in Session.objects.all())
    assert PHONE not in stored
    assert code_in(messages[0][1]) not in stored


def test_a_code_is_used_once(db, clock, messages) -> None:
    sent = send_code(phone=PHONE, network="net", moment=clock.moment)
    values = {"code_id": sent.id, "digits": code_in(messages[0][1]), "network": "net", "moment": clock.moment}
    customer_of(check_code(**values))
    with pytest.raises(SignInRefused):
        check_code(**values)


def test_a_code_lasts_five_minutes(db, clock, messages) -> None:
    sent = send_code(phone=PHONE, network="net", moment=clock.moment)
    late = clock.move(minutes=5)
    with pytest.raises(SignInRefused) as refusal:
        check_code(code_id=sent.id, digits=code_in(messages[0][1]), network="net", moment=late)
    assert "5" in str(refusal.value)


def test_five_wrong_tries_end_a_code_even_for_the_right_digits(client, db, clock, messages) -> None:
    ask(client)
    code = code_in(messages[0][1])
    for _ in range(5):
        assert enter(client, wrong(code)).status_code == 200
    assert enter(client, code).status_code == 200
    assert "_auth_user_id" not in client.session
    assert SignInCode.objects.get().tries == 6


def test_a_code_is_worth_nothing_in_another_browser(client, db, clock, messages) -> None:
    ask(client)
    thief = Client()
    assert enter(thief, code_in(messages[0][1])).headers["Location"] == "/signin/"
    assert "_auth_user_id" not in thief.session


def test_codes_are_limited_by_phone_even_from_many_networks(db, clock, messages) -> None:
    for minute in range(30):
        with suppress(SignInRefused):
            send_code(phone=PHONE, network=f"net-{minute}", moment=clock.moment)
        clock.move(minutes=1)
    assert len(messages) == 5


def test_codes_are_limited_by_network_even_for_many_phones(db, clock, messages) -> None:
    for number in range(40):
        phone = f"139000{number:05d}"
        if number < 30:
            send_code(phone=phone, network="net", moment=clock.moment)
        else:
            with pytest.raises(SignInRefused):
                send_code(phone=phone, network="net", moment=clock.moment)
    send_code(phone="13911111111", network="elsewhere", moment=clock.moment)
    assert len(messages) == 31


@pytest.mark.parametrize("phone", ["", "1380000", "23800000101", "abc", "138000001011"])
def test_a_number_that_is_none_gets_a_sentence_and_stays_typed(
    client, db, clock, messages, phone: str
) -> None:
    answer = ask(client, phone)
    assert answer.status_code == 200
    assert not messages
    page = answer.content.decode()
    assert "手机号" in page
    assert not phone or f'value="{phone}"' in page


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "1234567"])
def test_a_code_of_another_shape_costs_no_try(client, db, clock, messages, code: str) -> None:
    ask(client)
    assert enter(client, code).status_code == 200
    assert SignInCode.objects.get().tries == 0


def test_full_width_digits_are_digits(client, db, clock, messages) -> None:
    ask(client, "１３９００００ ０９０９")
    code = code_in(messages[0][1])
    wide = code.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})
    assert enter(client, f" {wide} ").headers["Location"] == "/my/"


def test_a_broken_message_channel_says_so(client, db, clock, monkeypatch) -> None:
    def fail(self, phone, text):
        raise GatewayError("down")

    monkeypatch.setattr(gateways.ConsoleGateway, "send", fail)
    assert "95598" in ask(client).content.decode()


def test_the_console_gateway_does_not_print_the_phone(capsys) -> None:
    gateways.ConsoleGateway().send(PHONE, "验证码 123456")
    assert PHONE not in capsys.readouterr().out


def test_production_has_no_silent_message_channel(settings) -> None:
    settings.TONGDIAN_ENV = "production"
    with pytest.raises(GatewayError):
        gateways.gateway().send(PHONE, "x")


def test_a_disabled_customer_does_not_get_in(client, cast, messages) -> None:
    cast["zhanghaitang"].is_active = False
    cast["zhanghaitang"].save()
    ask(client, "13800000101")
    assert "95598" in enter(client, code_in(messages[0][1])).content.decode()
    assert "_auth_user_id" not in client.session


# --- officers: a password -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "page"),
    [
        ("wangmin", "/desk/"),
        ("zhaoqiang", "/desk/"),
        ("chenli", "/board/"),
        ("zhenglin", "/audit/"),
        ("linqing", "/audit/"),
        ("gaomin", "/me/staff-certificates/"),
        ("hanlei", "/admin/"),
    ],
)
def test_everyone_lands_where_their_post_works(client, cast, who: str, page: str) -> None:
    assert officer(client, who).headers["Location"] == page


@pytest.mark.parametrize(
    ("target", "page"),
    [
        ("/people/?only=due", "/people/?only=due"),
        ("https://evil.example/", "/desk/"),
        ("//evil.example/", "/desk/"),
        ("javascript:alert(1)", "/desk/"),
    ],
)
def test_coming_back_leads_to_our_pages_alone(client, cast, target: str, page: str) -> None:
    assert officer(client, target=target).headers["Location"] == page


def test_wrong_name_and_wrong_password_read_the_same(client, cast) -> None:
    known, unknown = (
        re.sub(r"[A-Za-z0-9]{64}|nonce=\S+", "", officer(client, name, "not it").content.decode()).replace(
            name, ""
        )
        for name in ("wangmin", "nobody1")
    )
    assert "登录名或密码不对" in known
    assert known == unknown


def test_the_password_is_never_sent_back(client, cast) -> None:
    assert "my-secret-word" not in officer(client, "wangmin", "my-secret-word").content.decode()


def test_five_wrong_passwords_close_the_account_to_that_network_alone(client, cast) -> None:
    for _ in range(5):
        assert officer(client, password="wrong").status_code == 200
    assert officer(client).status_code == 429
    assert officer(Client(), REMOTE_ADDR="10.9.9.9").status_code == 302


def test_the_wait_ends(client, cast, clock) -> None:
    for _ in range(6):
        officer(client, password="wrong")
    clock.move(minutes=15)
    assert officer(client).status_code == 302


def test_an_unknown_name_is_held_up_alike(client, cast) -> None:
    for _ in range(5):
        officer(client, "nobody", "wrong")
    assert officer(client, "nobody", "wrong").status_code == 429


def test_a_network_that_sprays_passwords_is_held_up(client, cast) -> None:
    answers = [officer(client, f"user{n}", "wrong").status_code for n in range(61)]
    assert answers[:60] == [200] * 60
    assert answers[60] == 429


def test_a_distributed_attack_does_not_lock_the_owner_out_of_a_known_device(client, cast) -> None:
    assert officer(client).status_code == 302
    client.post("/signout/")
    for host in range(60):
        officer(Client(), password="wrong", REMOTE_ADDR=f"10.0.{host}.1")
    assert officer(Client(), REMOTE_ADDR="10.0.200.1").status_code == 429
    assert officer(client).status_code == 302


def test_a_forged_device_cookie_is_no_known_device(client, cast) -> None:
    client.cookies["device"] = "forged"
    for _ in range(5):
        officer(client, password="wrong")
    assert officer(client).status_code == 429


def test_signing_in_often_is_no_attack(client, cast) -> None:
    for _ in range(8):
        assert officer(client).status_code == 302
        client.post("/signout/")


def test_counters_hold_no_names_and_no_addresses(client, cast) -> None:
    officer(client, password="wrong", REMOTE_ADDR="10.1.2.3")
    kept = "".join(f"{row.scope}{row.key}" for row in Throttle.objects.all())
    assert kept
    assert "wangmin" not in kept
    assert "10.1.2.3" not in kept


def test_old_codes_and_counters_are_forgotten(cast, clock, messages) -> None:
    send_code(phone=PHONE, network="net", moment=clock.moment)
    assert forget_old(moment=clock.moment) == 0
    clock.move(days=3)
    forget_old_codes()
    assert not Throttle.objects.exists()
    assert not SignInCode.objects.exists()


def test_a_customer_has_no_password(client, cast) -> None:
    assert officer(client, cast["zhanghaitang"].username, "").status_code == 200
    with pytest.raises(SignInRefused):
        check_password(
            username=cast["zhanghaitang"].username, password="x", place=Place("net"), moment=timezone.now()
        )


def test_an_officer_without_a_post_is_told_so_after_the_right_password(client, cast, clock) -> None:
    Post.objects.filter(user=cast["guoqin"]).update(to_date=clock.moment.date())
    clock.move(days=1)
    assert "没有岗位" in officer(client, "guoqin").content.decode()
    assert "_auth_user_id" not in client.session


# --- sessions -------------------------------------------------------------------------------


def test_signing_in_rotates_the_session_and_signing_out_deletes_it(client, cast) -> None:
    client.get("/signin/")
    officer(client)
    key = client.session.session_key
    assert Session.objects.filter(pk=key).exists()
    assert client.get("/signout/").status_code == 405
    client.post("/signout/")
    assert not Session.objects.filter(pk=key).exists()
    assert client.get("/me/").status_code == 302


def test_idleness_ends_a_session_and_says_so(client, cast, clock) -> None:
    officer(client)
    clock.move(minutes=29)
    assert client.get("/me/").status_code == 200
    clock.move(minutes=29)
    assert client.get("/me/").status_code == 200
    clock.move(minutes=31)
    page = client.get("/me/", follow=True)
    assert page.redirect_chain[-1][0].startswith("/signin/")
    assert "已自动退出" in page.content.decode()


def test_a_working_day_ends_a_session(client, cast, clock) -> None:
    officer(client)
    for _ in range(26):
        clock.move(minutes=28)
        answer = client.get("/me/")
    assert answer.status_code == 302


def test_an_ended_post_ends_the_session(client, cast, clock) -> None:
    officer(client)
    Post.objects.filter(user=cast["wangmin"]).update(to_date=clock.moment.date() - timedelta(days=1))
    page = client.get("/me/", follow=True)
    assert page.redirect_chain[-1][0].startswith("/signin/")
    assert "岗位已结束" in page.content.decode()


def test_a_new_password_ends_sessions_elsewhere(client, cast) -> None:
    elsewhere = Client()
    officer(client)
    officer(elsewhere)
    fresh = "我每天八点半到城东所"
    answer = client.post(
        "/me/password/",
        {"old_password": demo.PASSWORD, "new_password1": fresh, "new_password2": fresh},
    )
    assert answer.headers["Location"] == "/me/"
    assert client.get("/me/").status_code == 200
    assert elsewhere.get("/me/").status_code == 302


# --- the roster of a demo database ----------------------------------------------------------


def test_the_roster_signs_in_on_a_demo_database(client, cast, settings) -> None:
    settings.TONGDIAN_ENV = "demo"
    page = client.get("/signin/").content.decode()
    assert "王敏" in page
    assert demo.PASSWORD in page
    assert client.post("/signin/demo/", {"who": "chenli"}).headers["Location"] == "/board/"
    assert client.post("/signin/demo/", {"who": "zhanghaitang"}).headers["Location"] == "/my/"


def test_a_demo_database_shows_the_message_on_the_page(client, cast, settings, messages) -> None:
    settings.TONGDIAN_ENV = "demo"
    ask(client)
    assert code_in(messages[0][1]) in client.get("/signin/code/").content.decode()


@pytest.mark.parametrize("environment", ["test", "production"])
def test_elsewhere_there_is_no_roster(client, cast, settings, environment: str) -> None:
    settings.TONGDIAN_ENV = environment
    page = client.get("/signin/").content.decode()
    assert "王敏" not in page
    assert demo.PASSWORD not in page
    assert client.post("/signin/demo/", {"who": "chenli"}).status_code == 404


def test_only_the_cast_can_be_played(client, cast, settings) -> None:
    settings.TONGDIAN_ENV = "demo"
    for who in ("", "nobody", "tangli", str(cast["chenli"].pk)):
        assert client.post("/signin/demo/", {"who": who}).status_code == 404


def test_whoever_is_in_is_led_on(client, cast) -> None:
    officer(client)
    assert client.get("/signin/").headers["Location"] == "/desk/"


def test_the_administration_has_no_sign_in_of_its_own(client, cast) -> None:
    answer = client.get("/admin/login/?next=/admin/")
    assert answer.headers["Location"] == "/signin/?next=%2Fadmin%2F"
    officer(client, "hanlei")
    assert client.get("/admin/").status_code == 200
    assert client.get("/admin/staff/certificate/").status_code == 200
    assert client.get("/admin/staff/certificate/add/").status_code == 403
    officer(client, "wangmin")
    assert client.get("/admin/login/").status_code == 404


def test_an_ended_administrator_administers_nothing(client, cast, clock) -> None:
    officer(client, "hanlei")
    Post.objects.filter(user=cast["hanlei"]).update(to_date=clock.moment.date() - timedelta(days=1))
    assert client.get("/admin/staff/user/").status_code == 302
    assert not User.objects.get(pk=cast["hanlei"].pk).has_perm("staff.view_user")


def test_the_cast_has_the_shape_the_pages_promise(cast: Cast) -> None:
    assert {line.key for line in demo.roster()} >= {"zhanghaitang", "hengtai", "wangmin", "chenli", "hanlei"}
    assert all(line.purpose for line in demo.roster())


# --- where from -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "sent", "network"),
    [
        ("", {"REMOTE_ADDR": "10.1.2.3", "HTTP_X_FORWARDED_FOR": "6.6.6.6"}, "10.1.2.3"),
        (
            "X-Forwarded-For",
            {"REMOTE_ADDR": "10.1.2.3", "HTTP_X_FORWARDED_FOR": "6.6.6.6, 9.9.9.9"},
            "9.9.9.9",
        ),
        ("X-Forwarded-For", {"REMOTE_ADDR": "10.1.2.3"}, "unknown"),
        ("", {"REMOTE_ADDR": "2001:db8:1:2:3:4:5:6"}, "2001:db8:1:2::/64"),
    ],
)
def test_only_the_proxys_own_word_on_the_address_is_believed(
    rf, settings, header: str, sent: dict, network: str
) -> None:
    settings.TONGDIAN_CLIENT_ADDRESS_HEADER = header
    assert network_of(rf.get("/", **sent)) == network


def test_going_live_without_a_message_channel_is_warned_of(settings) -> None:
    settings.TONGDIAN_CODE_GATEWAY = ""
    assert [message.id for message in customers_can_get_a_code()] == ["staff.W001"]
    settings.TONGDIAN_CODE_GATEWAY = "staff.gateways.ConsoleGateway"
    assert customers_can_get_a_code() == []
