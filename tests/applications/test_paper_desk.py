"""Papers beside their form: pictures drawn apart, ticks, versions, requests paper by paper, a second request with a supervisor."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from applications.models import Document, RequestedPaper
from applications.previews import NotDrawn, pages_in, picture
from applications.selectors.paper_desk import paper_lines
from applications.services.checking import review_document
from applications.services.paper_clocks import find_overdue_papers
from applications.services.papers import receive_document, request_documents, supply_documents
from applications.sheets.pdf import render
from publicity.services.notices import write
from staff.demo import PASSWORD
from staff.sessions import BACKEND
from tests.applications.customers import hidden, photo, text
from tests.applications.test_sheets import sheet
from tests.applications.walked import Walk
from workflow.models import Event, EventPayload
from workflow.services.telling import tell
from workflow.transitions import Refused, Stale

pytestmark = pytest.mark.django_db
PDF = "application/pdf"


@pytest.fixture
def home(cast):
    return Walk(cast, "residential", capacity=8, usage="residential")


@pytest.fixture
def desk(client, cast):
    client.force_login(cast["wangmin"], backend=BACKEND)
    return client


def came(walk: Walk, item: str = "identity", **more) -> Document:
    upload = more.pop("upload", None) or photo()
    kind = more.pop("media_type", "image/jpeg")
    return receive_document(
        walk.application, item, upload, by=walk.customer, channel="web", media_type=kind, **more
    )


def address(walk: Walk, more: str = "") -> str:
    return f"/cases/{walk.application.case.pk}/papers/{more}"


def send(client, walk: Walk, do: str = "check", **ticks: str):
    """The page's form as a browser sends it: what it starts with, changed as ticked."""
    page = client.get(address(walk))
    return client.post(address(walk), {"key": hidden(page), "do": do} | ticks)


def kinds(walk: Walk, kind: str) -> int:
    return Event.objects.filter(stream=walk.application.case.stream, kind=kind).count()


class TestPictures:
    def test_a_photo_is_drawn_anew_without_what_else_was_in_it(self, home, desk):
        body = io.BytesIO()
        taken = Image.new("RGB", (60, 30), "white")
        exif = taken.getexif()
        exif[0x0112], exif[0x010F] = 6, "SecretCamera"
        taken.save(body, "JPEG", exif=exif)
        document = came(home, "title", upload=SimpleUploadedFile("a.jpg", body.getvalue()))
        answer = desk.get(f"/documents/{document.pk}/pages/1/")
        drawn = Image.open(io.BytesIO(answer.content))
        assert answer["Content-Type"] == "image/jpeg"
        assert "no-store" in answer["Cache-Control"]
        assert drawn.size == (30, 60), "turned as the camera said"
        assert b"SecretCamera" not in answer.content

    def test_an_identity_card_carries_what_it_may_be_used_for(self, home, desk):
        white = photo(size=(600, 400))
        plain = came(home, "title", upload=white)
        card = came(home, "identity", upload=photo(size=(600, 400)))
        colours = [
            len(Image.open(io.BytesIO(desk.get(f"/documents/{d.pk}/pages/1/").content)).getcolors(1_000_000)) for d in (plain, card)
        ]  # fmt: skip
        assert colours[0] < 5 < colours[1]

    def test_pages_of_a_pdf_are_counted_and_drawn(self, home, desk):
        upload = SimpleUploadedFile("a.pdf", render(sheet(rows=60)))
        document = came(home, "title", upload=upload, media_type=PDF)
        assert document.pages > 1
        assert desk.get(f"/documents/{document.pk}/pages/{document.pages}/").status_code == 200
        assert desk.get(f"/documents/{document.pk}/pages/{document.pages + 1}/").status_code == 404
        assert text(desk.get(address(home))).count(f"/documents/{document.pk}/pages/") == document.pages

    def test_what_cannot_be_drawn_is_said(self):
        assert pages_in(b"%PDF-1.4 broken %%EOF", PDF) is None
        for content, kind in ((b"nonsense", "image/png"), (b"%PDF-1.4", PDF), (b"x", "text/html")):
            with pytest.raises(NotDrawn):
                picture(content, kind)

    def test_others_see_no_picture(self, home, client, cast):
        document = came(home)
        client.force_login(cast["hengtai"], backend=BACKEND)
        assert client.get(f"/documents/{document.pk}/pages/1/").status_code == 404
        assert client.get(address(home)).status_code == 404


class TestTicks:
    def test_each_tick_is_an_act_and_what_stands_already_is_none(self, home, desk):
        came(home)
        assert send(desk, home, look_identity="accepted").status_code == 302
        assert send(desk, home, look_identity="accepted").status_code == 302
        assert kinds(home, "document.reviewed") == 1
        assert home.said("document.reviewed")["verdict"] == "accepted"
        assert Document.objects.get().status == "accepted"

    def test_sent_back_without_a_reason_is_asked_about_and_nothing_is_kept(self, home, desk):
        came(home)
        came(home, "title")
        answer = send(desk, home, look_title="accepted", look_identity="returned", words_identity="")
        assert answer.status_code == 422
        assert "请选择存在的问题" in text(answer)
        assert kinds(home, "document.reviewed") == 0

    def test_words_stay_beside_the_paper_and_out_of_the_log(self, home, desk):
        came(home)
        send(
            desk,
            home,
            look_identity="returned",
            fault_identity="unreadable",
            words_identity="张海棠的身份证反光",
        )
        said = home.said("document.reviewed")
        assert (said["verdict"], said["fault"]) == ("returned", "unreadable")
        assert "反光" not in str(said)
        line = next(line for line in paper_lines(home.application) if line.code == "identity")
        assert (line.status, line.fault, line.words) == ("returned", "unreadable", "张海棠的身份证反光")

    def test_a_version_that_was_replaced_meanwhile_is_not_judged(self, home, cast):
        old = came(home)
        came(home)
        with pytest.raises(Stale):
            review_document(home.application, by=cast["wangmin"], document=old, verdict="accepted")

    def test_versions_are_kept_and_listed(self, home, desk):
        came(home)
        came(home)
        line = next(line for line in paper_lines(home.application) if line.code == "identity")
        assert ([f.version for f in line.files], [f.version for f in line.older]) == ([2], [1])
        assert "1 个旧版本" in text(desk.get(address(home)))

    def test_a_paper_taken_in_at_the_counter_is_a_new_version(self, home, desk):
        came(home)
        page = desk.get(address(home))
        key = text(page).split('name="key" value="')[-1].split('"')[0]
        for _twice in range(2):
            answer = desk.post(
                address(home, "take-in/"), {"item": "identity", "key": key, "sheets": photo(colour="black")}
            )
            assert answer.status_code == 302
        found = Document.objects.get(replaced=False)
        assert (found.version, found.received_channel_id, found.given_by_customer) == (2, "hall", False)
        assert desk.post(address(home, "take-in/"), {"item": "nothing", "key": "k"}).status_code == 404


class TestRequests:
    def test_ticks_and_the_notice_in_one_go(self, home, desk):
        came(home)
        answer = send(
            desk, home, "request", look_identity="returned", fault_identity="unreadable", look_title="returned",
            fault_title="missing",
        )  # fmt: skip
        assert answer.url.endswith("/papers/request/1/")
        page = text(desk.get(answer.url))
        assert "照片看不清" in page
        assert "没有交来" in page
        assert sorted(RequestedPaper.objects.values_list("item_code", "fault")) == [
            ("identity", "unreadable"), ("title", "missing"),
        ]  # fmt: skip

    def test_each_paper_has_its_own_clock_and_stops_with_its_paper(self, home, cast):
        request_documents(home.application, {"identity": "看不清", "title": "没有"}, by=cast["wangmin"])
        papers = {paper.item_code: paper for paper in RequestedPaper.objects.select_related("limit")}
        assert papers["identity"].limit.days < papers["title"].limit.days
        assert papers["identity"].due_at < papers["title"].due_at
        document = came(home)
        papers = {paper.item_code: paper for paper in RequestedPaper.objects.all()}
        assert papers["identity"].document_id == document.pk
        assert papers["title"].answered_at is None
        with pytest.raises(Refused):
            supply_documents(home.application, by=home.customer)

    def test_a_paper_that_does_not_come_is_said_once(self, home, cast):
        request_documents(home.application, {"identity": "看不清", "title": "没有"}, by=cast["wangmin"])
        RequestedPaper.objects.update(due_at=timezone.now() - dt.timedelta(days=1))
        assert [find_overdue_papers(), find_overdue_papers()] == [2, 0]
        event = Event.objects.get(kind="paper.overdue")
        assert EventPayload.objects.get(stream=event.stream, number=event.number).data["papers"] == [
            "identity",
            "title",
        ]
        assert tell(event) > 0
        assert write(event) == 1

    def test_the_customer_sees_reason_and_clock_of_each(self, home, client, cast):
        request_documents(
            home.application, {"identity": ""}, by=cast["wangmin"], faults={"identity": "expired"}
        )
        client.force_login(home.customer, backend=BACKEND)
        page = text(client.get(f"/my/{home.application.case.pk}/"))
        assert "已过有效期" in page
        assert "还剩" in page
        assert "一次性告知书" in page

    def asked_once(self, walk: Walk, cast) -> None:
        request_documents(walk.application, {"identity": "看不清"}, by=cast["wangmin"])
        came(walk)
        supply_documents(walk.application, by=walk.customer)

    def test_a_second_request_needs_a_supervisor_and_a_reason(self, home, cast, desk):
        self.asked_once(home, cast)
        ticks = {"look_title": "returned", "fault_title": "missing"}
        assert send(desk, home, "request", **ticks).status_code == 409
        assert send(desk, home, "request", **ticks, again_because="产权变更").status_code == 409
        wrong = ticks | {
            "again_because": "产权变更",
            "approved_by": str(cast["chenli"].pk),
            "approver_password": "nonsense",
        }
        assert send(desk, home, "request", **wrong).status_code == 409
        assert kinds(home, "documents.requested") == 1
        assert send(desk, home, "request", **(wrong | {"approver_password": PASSWORD})).status_code == 302
        said = home.said("documents.requested")
        assert (said["round"], said["again"], said["approved_by"]) == (2, True, str(cast["chenli"].pk))
        assert "产权变更" not in str(said)

    def test_a_supervisor_needs_nobody_else(self, home, cast, client):
        self.asked_once(home, cast)
        client.force_login(cast["chenli"], backend=BACKEND)
        answer = send(
            client, home, "request", look_title="returned", fault_title="missing", again_because="产权变更"
        )  # fmt: skip
        assert answer.status_code == 302
        assert home.said("documents.requested")["approved_by"] == str(cast["chenli"].pk)

    def test_the_case_page_warns_of_a_second_request(self, home, cast, desk):
        self.asked_once(home, cast)
        request_documents(
            home.application, {"title": "没有"}, by=cast["wangmin"], again_because="产权变更", approved_by=cast["chenli"],
            approver_password=PASSWORD,
        )  # fmt: skip
        page = text(desk.get(f"/cases/{home.application.case.pk}/"))
        assert "已告知补充材料 2 次" in page
        assert "第 2 次告知" in page
        assert "再次告知材料" in text(desk.get("/desk/?view=all"))

    def test_the_request_s_button_leads_to_the_papers(self, home, desk):
        answer = desk.get(f"/cases/{home.application.case.pk}/act/request_documents/")
        assert answer.url == address(home)
