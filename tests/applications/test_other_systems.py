"""Other systems both ways: sheets in, node times out, and what came from there shown so."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import hmac
import io
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.utils import timezone

from applications.forms.brought import read_sheet
from applications.models import Application, OutsideTime, TokenScope, WebhookDelivery, WebhookSubscription
from applications.selectors.outside import gap_between, outside_card
from applications.services import webhook_sending, webhooks
from applications.services.brought import bring_in
from applications.services.channel_tokens import issue_token, revoke_token
from applications.services.external import Ref, keep_refs
from tests.applications.api import channel
from tests.applications.customers import signed_in
from tests.applications.walked import EAST, PHONES, Walk, shared_bureau
from workflow import actions
from workflow.models import Case, Channel, Contact, Event, ExternalRef, Outbox, Task
from workflow.relay import relay
from workflow.transitions import Refused

pytestmark = pytest.mark.django_db

CONTACTS = "系统,编号类型,编号,联系电话,姓名,用电需求,用电地址,业务类别,供电单位编码,首次接触时间\n"
ACCEPTED = (
    "系统,编号类型,编号,联系电话,姓名,用电需求,用电地址,业务类别,供电单位编码,客户类型,证件号码,产权证明,用电类别,申请容量,"
    "客户称最早用电申请日,首次接触时间,申请时间,受理时间,送电时间\n"
)
ONE = f"营销系统,工单号,YX-1,13800000881,李海,新装 8 kW,海棠路 3 号,new_supply.residential,{EAST},2026-03-02 09:15\n"
CASE = (
    f"营销系统,工单号,YX-9,13800000882,赵月,住宅新装,海棠路 5 号,new_supply.residential,{EAST},个人,11010519491231002X,deed,"
    "residential,8,2026-03-02,2026-03-02 09:15,2026-03-02 09:40,2026-03-02 10:05,\n"
)


@pytest.fixture(scope="module")
def people(django_db_setup, django_db_blocker):
    """People and rules, loaded once in a transaction around the tests, whose own are savepoints in it; what seeds tell is told."""
    with shared_bureau(django_db_blocker) as people:
        with django_db_blocker.unblock():
            Outbox.objects.all().delete()
        yield people


@pytest.fixture
def cast(people, db):
    return people


def sheet(text: str, name: str = "a.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode("utf-8-sig"), "text/csv")


def brought(holds: str, text: str, by, dry: bool = False):
    read = read_sheet(holds, io.BytesIO(text.encode()), "a.csv")
    assert not read.faults, read.faults
    return list(bring_in(read.rows, by=by, dry=dry))


class TestSheets:
    def test_contacts_are_tried_brought_in_once_and_not_asked_again(self, cast):
        clerk, client = cast["wangmin"], signed_in(cast["wangmin"])
        tried = client.post(
            "/systems/sheet/", {"holds": "contacts", "sheet": sheet(CONTACTS + ONE), "try": "1"}
        )
        assert (tried.status_code, Contact.objects.count()) == (200, 0)
        done = client.post("/systems/sheet/", {"holds": "contacts", "sheet": sheet(CONTACTS + ONE)})
        assert done.status_code == 200
        contact = Contact.objects.select_related("person").get()
        assert (contact.person.phone, contact.behalf, contact.owner) == ("13800000881", "self", None)
        assert contact.occurred_at < contact.recorded_at - dt.timedelta(days=1)
        again = brought("contacts", CONTACTS + ONE, clerk)
        assert ([row.outcome for row in again], Contact.objects.count()) == (["known"], 1)

        page = client.get(f"/cases/{contact.case_id}/").content.decode()
        assert "营销系统" in page
        assert "YX-1" in page
        assert outside_card(contact.case, None).disagree
        form = client.get(f"/cases/{contact.case_id}/apply/").context["form"]
        assert set(form.from_outside) == {"phone", "name", "address", "category"}
        assert "营销系统" in str(form.fields["phone"].help_text)
        assert not client.get(f"/cases/{contact.case_id}/apply/?ask=1").context["form"].from_outside
        typed = {"kind": "person", "id_number": "11010519491231002X", "title_kind": "deed", "usage": "residential", "capacity": "8",
                 "phone": "13900000000", "name": "别人", "shown": "new_supply.residential"}  # fmt: skip
        assert client.post(f"/cases/{contact.case_id}/apply/", typed).status_code == 302
        party = (
            Application.objects.get(case=contact.case).parties.select_related("person").get(role="applicant")
        )
        assert (party.person.name, party.person.phone) == ("李海", "13800000881")

    def test_a_bad_row_changes_nothing_and_says_why(self, cast):
        bad = f"营销系统,工单号,YX-2,12345,,要电,某处,,999,昨天\n{ONE}{ONE}"
        answer = signed_in(cast["wangmin"]).post(
            "/systems/sheet/", {"holds": "contacts", "sheet": sheet(CONTACTS + bad)}
        )
        faults = answer.context["faults"]
        assert answer.status_code == 422
        assert {(fault.row, fault.column.split()[0][:1]) for fault in faults} == {
            (2, "D"),
            (2, "I"),
            (2, "J"),
            (4, "C"),
        }
        assert not Contact.objects.exists()

    def test_accepted_cases_keep_both_times(self, cast):
        clerk = cast["wangmin"]
        assert [row.outcome for row in brought("accepted", ACCEPTED + CASE, clerk, dry=True)] == ["new"]
        assert not Case.objects.exists()
        (row,) = brought("accepted", ACCEPTED + CASE, clerk)
        assert (row.outcome, row.sentence) == ("new", "")
        case, application = Case.objects.get(), Application.objects.get()
        assert Task.objects.get(case=case, node_code="acceptance").outcome == "done"
        accepted = Event.objects.get(stream=case.stream, kind="application.accepted")
        assert timezone.localtime(accepted.occurred_at).strftime("%H:%M") == "10:05"
        energised = CASE.rstrip("\n,") + ",2026-03-09 16:00\n"
        (known,) = brought("accepted", ACCEPTED + energised, clerk)
        assert (known.outcome, Application.objects.count()) == ("known", 1)
        card = outside_card(case, application)
        assert [time.about for time in card.times] == ["contact", "submitted", "accepted", "energised"]
        assert all(time.gap for time in card.times[:3])
        assert card.times[3].ours is None
        with pytest.raises(DatabaseError), transaction.atomic():
            OutsideTime.objects.all().delete()

    def test_who_may_not_file_is_told_row_by_row(self, cast):
        (row,) = brought("accepted", ACCEPTED + CASE, cast["hanlei"])
        assert row.outcome == "refused"
        assert row.sentence
        assert not Case.objects.exists()

    def test_the_command_reports_each_row(self, cast, tmp_path):
        path, report, out = tmp_path / "in.csv", tmp_path / "report.csv", StringIO()
        path.write_text(CONTACTS + ONE, encoding="utf-8")
        call_command(
            "bring_in", str(path), holds="contacts", by=cast["wangmin"].username, report=report, stdout=out
        )
        assert out.getvalue().strip() == "1 new"
        with report.open(encoding="utf-8-sig") as file:
            assert [line["outcome"] for line in csv.DictReader(file)] == ["new"]


def test_the_api_takes_times_and_gaps_are_in_words(cast):
    ref = {
        "system": "政务平台",
        "kind": "办件号",
        "value": "ZW-1",
        "times": {"contact": "2026-03-02T08:00:00+08:00"},
    }
    wish = {
        "phone": "13800000777",
        "need": "30 kW",
        "place": "海棠路 18 号",
        "category": "new_supply.lv_other",
        "external": [ref],
    }
    assert channel("app").post("/contacts/", wish).status_code == 201
    assert (
        channel("app").post("/contacts/", wish | {"external": [ref | {"times": {"no": "x"}}]}).status_code
        == 422
    )
    case = Case.objects.get()
    card = outside_card(case, None)
    assert (card.fields[0].system, len(card.fields[0].labels)) == ("政务平台", 4)
    here = timezone.now()
    assert gap_between(here, here + dt.timedelta(seconds=20)) == ""
    assert "2" in gap_between(here - dt.timedelta(hours=2), here)


class Receiver:
    """A system that listens on this machine; answers as told and keeps what came."""

    def __init__(self) -> None:
        self.status, self.came = 200, list[tuple[dict[str, str], bytes]]()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.came.append((dict(self.headers), body))
                self.send_response(outer.status)
                self.send_header("Location", "http://127.0.0.1:9/")
                self.end_headers()

            def log_message(self, *_args: object) -> None:
                """Quiet."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def receiver(settings):
    found = Receiver()
    settings.TONGDIAN_WEBHOOK_HOSTS = (found.host,)
    yield found
    found.server.shutdown()
    found.server.server_close()


@pytest.fixture
def told(cast, receiver):
    token, _secret = issue_token(
        "营销", Channel.objects.get(code="app"), [TokenScope.NODE_TIMES], by=cast["hanlei"]
    )
    subscription, secret = webhooks.subscribe(
        token, f"http://{receiver.host}/in?x=1", ["application.submitted", "application.accepted"], by=cast["hanlei"], system="营销系统"
    )  # fmt: skip
    Outbox.objects.all().delete()
    return subscription, secret


def due_now() -> int:
    WebhookDelivery.objects.filter(dead_at=None, delivered_at=None).update(leased_until_at=None)
    return webhook_sending.send_due()


class TestWebhooks:
    def test_told_in_order_signed_and_without_personal_data(self, cast, receiver, told):
        _subscription, secret = told
        walk = Walk(cast, "residential", capacity=8, usage="residential")
        case = walk.application.case
        keep_refs(case, [Ref("营销系统", "工单号", "YX-7"), Ref("别的", "号", "B-1")])
        walk.accepted()
        while relay():
            pass
        assert webhook_sending.send_due() == 2
        bodies = [json.loads(body) for _headers, body in receiver.came]
        assert [body["kind"] for body in bodies] == ["application.submitted", "application.accepted"]
        assert bodies[1]["external"] == [{"system": "营销系统", "kind": "工单号", "value": "YX-7"}]
        task = Task.objects.get(case=case, node_code=bodies[1]["node"])
        assert [row["node"] for row in bodies[1]["nodes"] if row["closed_at"]] == [task.node_code]
        headers, raw = receiver.came[1]
        stamp, given = (part.partition("=")[2] for part in headers["Tongdian-Signature"].split(","))
        assert given == hmac.new(secret.encode(), f"{stamp}.".encode() + raw, hashlib.sha256).hexdigest()
        for personal in ("张海棠", PHONES["zhanghaitang"], "海棠路"):
            assert personal not in raw.decode()
        assert secret not in str(WebhookSubscription.history.values().get())
        webhooks.queue(Event.objects.get(stream=case.stream, kind="application.accepted"))
        assert webhook_sending.send_due() == 0

    def test_five_failures_bury_and_an_administrator_sends_again(self, cast, receiver, told):
        subscription, _secret = told
        Walk(cast, "residential", capacity=8, usage="residential").accepted()
        while relay():
            pass
        receiver.status = 302
        assert webhook_sending.send_due() == 1, (
            "the second waits for the first, and nothing is tried twice at once"
        )
        assert WebhookDelivery.objects.exclude(leased_until_at=None).get().leased_until_at > timezone.now()
        assert webhook_sending.send_due() == 0
        for _time in range(4):
            due_now()
        first = WebhookDelivery.objects.get(kind="application.submitted")
        assert (first.attempts, first.last_error, first.dead_at is None) == (5, "HTTP 302", False)
        receiver.status = 200
        due_now()
        assert WebhookDelivery.objects.get(kind="application.accepted").delivered_at
        client = signed_in(cast["hanlei"])
        assert "HTTP 302" in client.get(f"/systems/{subscription.pk}/?state=dead").content.decode()
        client.post(f"/systems/{subscription.pk}/again/")
        assert webhook_sending.send_due() == 1
        first.refresh_from_db()
        assert first.delivered_at
        assert client.get("/systems/").context["subscriptions"][0].dead == 0

    def test_nothing_is_sent_where_a_token_was_revoked_or_an_address_is_no_longer_listed(
        self, cast, receiver, told, settings
    ):
        subscription, _secret = told
        Walk(cast, "residential", capacity=8, usage="residential").accepted()
        while relay():
            pass
        settings.TONGDIAN_WEBHOOK_HOSTS = ()
        due_now()
        assert WebhookDelivery.objects.exclude(last_error="").get().last_error == "address not allowed"
        settings.TONGDIAN_WEBHOOK_HOSTS = (receiver.host,)
        revoke_token(subscription.token, by=cast["hanlei"])
        due_now()
        assert not receiver.came
        assert set(WebhookDelivery.objects.values_list("last_error", flat=True)) == {"stopped"}
        with pytest.raises(Refused):
            webhooks.send_again(WebhookDelivery.objects.select_related("subscription__token").first())

    @pytest.mark.parametrize(
        "url", ["http://example.cn/", "https://127.0.0.1/", "https://[::1]/", "https://169.254.1.1/", "https://u:p@example.cn/",
                "ftp://example.cn/", "https://example.cn:99999/", "file:///etc/passwd", "https:///x"],
    )  # fmt: skip
    def test_addresses_that_lead_inside_are_refused(self, url):
        assert webhook_sending.why_not_there(url)

    def test_a_name_that_leads_inside_is_refused_when_looked_up(self, settings):
        settings.TONGDIAN_WEBHOOK_HOSTS = ()
        assert webhook_sending.why_not_there("https://localhost/") is None
        with pytest.raises(webhook_sending.Unsent, match="inner address"):
            webhook_sending.post("https://localhost/", b"{}", {})

    def test_the_page_sets_one_up_and_shows_its_secret_once(self, cast, receiver):
        token, _secret = issue_token(
            "政务", Channel.objects.get(code="app"), ["node_times"], by=cast["hanlei"]
        )
        client = signed_in(cast["hanlei"])
        said = {"token": token.pk, "url": "http://10.0.0.1/", "kinds": ["source.energised"]}
        assert client.post("/systems/new/", said).status_code == 422
        made = client.post("/systems/new/", said | {"url": f"http://{receiver.host}/"})
        subscription = WebhookSubscription.objects.get()
        assert subscription.secret in made.content.decode()
        assert subscription.secret not in client.get(f"/systems/{subscription.pk}/").content.decode()
        assert signed_in(cast["wangmin"]).get("/systems/").status_code == 404
        client.post(f"/systems/{subscription.pk}/stop/")
        subscription.refresh_from_db()
        assert subscription.stopped_at


def test_what_can_be_told_exists_and_is_the_way_of_a_case():
    assert actions.all_event_kinds() >= webhooks.KINDS
    assert not [
        kind
        for kind in webhooks.KINDS
        if kind.startswith(("intervention", "flag", "audit", "tip_off", "identity"))
    ]


def test_node_times_as_a_file(cast):
    Walk(cast, "residential", capacity=8, usage="residential").accepted()
    answer = signed_in(cast["hanlei"]).get("/systems/node-times.csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert {row["node"] for row in rows} == set(Task.objects.values_list("node_code", flat=True))
    out = StringIO()
    call_command("export_node_times", "-", stdout=out)
    assert list(csv.DictReader(io.StringIO(out.getvalue()))) == rows
    assert not ExternalRef.objects.exists()
