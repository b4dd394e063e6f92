"""Supervision, the morning page, the wall, trends and monthly reports, as their readers use them."""

from __future__ import annotations

import datetime as dt
import io
import json
import re

import pytest
import time_machine
from openpyxl import load_workbook

from applications.models import BoardCase, MonthlyReport, Supervision
from tests.applications.boards import EAST, SOUTH, bureau, on_that_morning
from tests.applications.customers import signed_in, text
from workflow.models import Event, EventPayload

pytestmark = pytest.mark.django_db
PAGES = ("/board/", "/board/wall/", "/board/trends/", "/board/morning/", "/board/reports/", "/supervision/")


@pytest.fixture
def cast(db, monkeypatch):
    with on_that_morning():
        yield bureau(monkeypatch, without="hv_single")


@pytest.fixture
def chief(cast):
    return signed_in(cast["chenli"])


def test_pages_take_fifteen_queries_carry_no_style_and_are_for_their_readers_alone(
    cast, chief, django_assert_max_num_queries
):
    for page in PAGES:
        chief.get(page)
        with django_assert_max_num_queries(15):
            answer = chief.get(page)
        assert answer.status_code == 200
        body = answer.content.decode()
        assert not re.search(r"<style|<script(?![^>]*src)|\sstyle=|\son\w+=", body), page
    for page in PAGES[:-1]:
        assert signed_in(cast["wangmin"]).get(page).status_code == 404
        assert signed_in(cast["zhanghaitang"]).get(page).status_code == 404


def test_the_wall_says_the_same_refreshes_itself_and_names_nobody(cast, chief):
    wall, board = chief.get("/board/wall/"), chief.get("/board/")
    assert [tile.number for tile in wall.context["tiles"]] == [tile.number for tile in board.context["tiles"]]
    assert '<meta http-equiv="refresh" content="60">' in wall.content.decode()
    names = {user.display_name for user in cast.people.values()} if hasattr(cast, "people") else set()
    held = {name for name in names if name in text(wall)} - {cast["chenli"].display_name}
    assert not held


def test_an_order_is_on_record_and_answered_once_by_the_office(cast, chief):
    rows = list(BoardCase.objects.filter(office__code__in=(EAST, SOUTH)).order_by("pk")[:2])
    form = chief.get("/board/hurry/", {"case": [row.pk for row in rows]}).context["form"]
    sent = {
        "case": [row.pk for row in rows],
        "key": form.initial["key"],
        "reason": "",
        "answer_by": "2026-11-26",
    }
    assert chief.post("/board/hurry/", sent).status_code == 422
    assert not Supervision.objects.exists()
    sent["reason"] = "今天内勘查并回复客户"
    assert chief.post("/board/hurry/", sent | {"answer_by": "2026-11-20"}).status_code == 422
    done = chief.post("/board/hurry/", sent)
    assert [bool(line.done) for line in done.context["lines"]] == [True, True]
    assert "没有重复办理" in text(chief.post("/board/hurry/", sent))
    assert Supervision.objects.count() == 2
    one = Supervision.objects.filter(office__code=EAST).first() or Supervision.objects.first()
    event = Event.objects.get(stream=f"case:{one.case_id}", number=one.number)
    assert event.kind == "supervision.ordered"
    assert sent["reason"] not in EventPayload.objects.get(stream=event.stream, number=event.number).body
    clerk = signed_in(cast["wangmin"]) if one.office.code == EAST else chief
    assert sent["reason"] in text(clerk.get("/supervision/"))
    url = f"/supervision/{one.pk}/"
    assert clerk.post(url, {"answer": ""}).status_code == 422
    assert clerk.post(url, {"answer": "已约明日上午勘查"}).status_code == 302
    again = clerk.post(url, {"answer": "又一次"})
    assert again.status_code == 409
    one.refresh_from_db()
    assert (one.answer, one.answered_by) == (
        "已约明日上午勘查",
        cast["wangmin"] if clerk is not chief else cast["chenli"],
    )


def test_opening_a_case_from_the_morning_page_is_on_record(cast, chief):
    page = chief.get("/board/morning/")
    assert page.context["today"] == len(page.context["red"]) > 0
    case = page.context["red"][0].case
    assert chief.get(f"/board/cases/{case.pk}/look/").status_code == 405
    assert chief.post(f"/board/cases/{case.pk}/look/").headers["Location"] == f"/cases/{case.pk}/"
    assert Supervision.objects.get().kind == "opened"
    assert Event.objects.filter(stream=f"case:{case.pk}", kind="supervision.opened").count() == 1
    assert signed_in(cast["wangmin"]).post(f"/board/cases/{case.pk}/look/").status_code == 404


def test_every_chart_says_a_finding_and_its_table_adds_up(cast, chief):
    page = chief.get("/board/trends/")
    charts = {chart.code: chart for chart in page.context["charts"]}
    assert set(charts) == {"power", "kept", "stages", "flow", "returns"}
    assert charts["flow"].rows[-1][-1] == BoardCase.objects.count()
    assert charts["flow"].rows[0][-1] == 0, "thirteen weeks ago there was nothing"
    assert sum(row[1] for row in charts["power"].rows) == charts["power"].n > 0
    for chart in charts.values():
        if chart.n:
            assert chart.svg.startswith("<svg")
            assert "style" not in re.sub(r"</?svg[^>]*>", "", chart.svg)


def test_a_month_over_is_kept_sealed_and_comes_out_the_same_again(cast):
    chief = signed_in(cast["chenli"])
    refused = chief.post("/board/reports/", {"office": SOUTH, "month": "2026-11"}, follow=True)
    assert "尚未结束" in text(refused)
    assert not MonthlyReport.objects.exists()
    december = dt.datetime(2026, 12, 2, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    with time_machine.travel(december, tick=False):
        chief = signed_in(cast["chenli"])
        county = chief.get("/board/reports/").context["offices"][0].code
        assert (
            chief.post("/board/reports/", {"office": county, "month": "2026-11"}, follow=True).status_code
            == 200
        )
        report = MonthlyReport.objects.get()
        said = Event.objects.get(stream=f"report:{county}", number=report.number)
        assert report.digest in EventPayload.objects.get(stream=said.stream, number=said.number).body
        figures = json.loads(report.body)["figures"]
        assert figures["together"]["contacts"] == Event.objects.filter(kind="contact.registered").count()
        assert "完全一致" in text(chief.get(f"/board/reports/?again={report.pk}"))
        for kind in ("xlsx", "pdf"):
            first, second = (chief.get(f"/board/reports/{report.pk}/{kind}/").content for _n in range(2))
            assert first == second
        book = load_workbook(io.BytesIO(chief.get(f"/board/reports/{report.pk}/xlsx/").content))
        assert len(book.sheetnames) == 3
        rows = list(book.worksheets[0].values)
        assert rows[-1][2] == figures["together"]["contacts"]
        assert signed_in(cast["wangmin"]).get(f"/board/reports/{report.pk}/pdf/").status_code == 404
