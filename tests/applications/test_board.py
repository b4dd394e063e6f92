"""The board: every figure counted again by hand, every number leads to as many rows, nobody sees what is not theirs to watch."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from urllib.parse import parse_qsl

import pytest
from django.utils import timezone

from applications.demo.clock import travelled_to
from applications.models import Energisation
from staff.models import Absence, Certificate, Post, User
from tests.applications.boards import (
    EAST,
    NOW,
    SHANGHAI,
    SOUTH,
    YUNXI,
    at_least,
    bureau,
    cases_open,
    next_due,
    on_that_morning,
    tallied,
    urgency,
    workdays,
)
from tests.applications.customers import signed_in, text
from workflow.models import (
    Case,
    Contact,
    Deadline,
    DeadlineRung,
    Event,
    Heartbeat,
    Overload,
    Stage,
    Task,
    TaskHolder,
)
from workflow.services.clocks import pause, sweep
from workflow.services.contacts import FirstContact, register_contact

pytestmark = pytest.mark.django_db


@pytest.fixture
def morning(db):
    with on_that_morning():
        yield


@pytest.fixture
def cast(morning, monkeypatch):
    return bureau(monkeypatch)


@pytest.fixture
def chief(cast):
    return signed_in(cast["chenli"])


def shown(client, **asked):
    """The board as a supervisor gets it."""
    answer = client.get("/board/", asked)
    assert answer.status_code == 200
    return answer


def rows(client, url, **asked):
    """Cases on a list, over all its pages."""
    path, _question, query = url.partition("?")
    asked = dict(parse_qsl(query)) | asked
    page = client.get(path, asked).context["page"]
    lists = [client.get(path, asked | {"page": n}).context["rows"] for n in page.paginator.page_range]
    return [row.case.pk for found in lists for row, _age in found]


def paused_case(cast):
    """One case whose clocks all stand still."""
    case = Case.objects.get(application__supply_class="lv_other", office__code=EAST, stage=Stage.SURVEY)
    pause(case.application, reason="awaiting_documents", by=cast["wangmin"], evidence="sha-256:" + 64 * "0")
    return case


class TestFigures:
    def test_each_is_what_counting_by_hand_gives(self, cast, chief):
        page = shown(chief)
        lit = [
            workdays(
                case.first_contact_at,
                max(e.recorded_at for e in Energisation.objects.filter(application__case=case)),
            )
            for case in Case.objects.filter(stage__in=("ARCHIVING", "ARCHIVED"))
        ]
        power, ages, strip = (
            page.context["strip"]["power"],
            [workdays(c.first_contact_at, NOW) for c in cases_open()],
            page.context["strip"],
        )
        assert lit, "the fixture has to finish something"
        assert (power.n, power.p50, power.p90) == (len(lit), at_least(lit, 0.5), at_least(lit, 0.9))
        assert (strip["open"].longest, strip["open"].p90) == (max(ages), at_least(ages, 0.9))
        contacts = Contact.objects.filter(outcome="")
        oldest = max(workdays(min(c.occurred_at, c.recorded_at), NOW) for c in contacts)
        assert page.context["contacts"]["total"] == len(contacts) == 2
        assert f"最久 {oldest} 个工作日" in text(page)
        assert f"中位 {power.p50} 个工作日" in text(page)

    def test_punctuality_counts_what_is_not_archived_and_not_stopped(self, cast, chief):
        fell_due = [
            d
            for d in Deadline.objects.exclude(limit__kind="internal")
            if d.started_at and d.due_at and d.due_at < NOW
        ]
        missed = [d for d in fell_due if d.stopped_at is None or d.stopped_at > d.due_at]
        running = [d for d in missed if d.stopped_at is None]
        told = shown(chief).context["strip"]["punctual"]
        assert (told.due, told.missed) == (len(fell_due), len(missed))
        assert running, "something open has to be overdue, or the test could not tell"
        assert told.share == round(100 * (len(fell_due) - len(missed)) / len(fell_due), 1)

    def test_tiles_are_the_lamps_of_all_cases_in_progress(self, cast, chief):
        paused_case(cast)
        page, counted = shown(chief), tallied()
        tiles = {tile.url.split("urgency=")[1]: tile.number for tile in page.context["tiles"]}
        assert tiles == {code: counted[code] for code in ("overdue", "today", "soon", "paused", "normal")}
        assert sum(tiles.values()) == len(cases_open()) == page.context["strip"]["open"].n
        assert tiles["overdue"] >= 3

    def test_the_title_says_what_was_found(self, cast, chief):
        overdue = [case for case in cases_open() if urgency(case) == "overdue"]
        places = Counter(case.office.name for case in overdue)
        assert places.most_common(1)[0][0] == "南塘供电所"
        assert text(shown(chief)).count(f"今天 {len(overdue)} 件超期") >= 1

    def test_the_forecast_counts_the_next_five_working_days(self, cast, chief):
        days = {day.date: day.due for _word, day in shown(chief).context["days"]}
        expected = [dt.date(2026, 11, d) for d in (25, 26, 27, 30)] + [dt.date(2026, 12, 1)]
        assert list(days) == expected
        dues = Counter(
            timezone.localdate(due) for case in cases_open() if (due := next_due(case)) and due >= NOW
        )
        assert days == {day: dues[day] for day in expected}
        assert sum(days.values())

    def test_missed_limits_are_the_rungs_of_the_last_five_working_days(self, cast, chief):
        since = dt.datetime(2026, 11, 19, tzinfo=SHANGHAI)
        rungs = DeadlineRung.objects.filter(rung="missed", due_at__gte=since)
        assert (
            Event.objects.filter(kind="deadline.missed").count()
            == DeadlineRung.objects.filter(rung="missed").count()
        )
        page = shown(chief)
        assert page.context["breaches"]["title"] == f"近 5 个工作日新超期 {len(rungs)} 项"
        assert {row["case"].pk for row in page.context["breaches"]["rows"]} == {
            r.deadline.case_id for r in rungs
        }

    def test_causes_add_up_and_name_the_shortage(self, cast, chief):
        page = shown(chief)
        lines = {line["row"].cause: line for line in page.context["waits"]}
        assert sum(line["row"].count for line in lines.values()) == len(cases_open())
        assert lines["contact"]["row"].count == 2
        waiting = {
            task.case_id
            for task in Task.objects.filter(outcome="", doer="officer", holders=None, wait_cause="").exclude(
                competence=""
            )  # a stated wait is a cause of its own
            if (task.office.code, task.competence) in {(YUNXI, "survey_lv"), (SOUTH, "metering_lv")}
        }
        assert waiting == set(rows(chief, lines["nobody"]["url"]))
        assert any("云溪供电所" in sentence and "勘查" in sentence for sentence in page.context["shortages"])

    def test_next_is_in_the_order_of_running_out(self, cast, chief):
        due = sorted(d for case in cases_open() if (d := next_due(case)) and d >= NOW)
        assert [row.case.due_at for row in shown(chief).context["next"]] == due[:8]


class TestLists:
    def test_each_tile_cell_and_cause_leads_to_as_many_rows(self, cast, chief):
        paused_case(cast)
        page = shown(chief)
        numbers = [(tile.url, tile.number) for tile in page.context["tiles"]]
        numbers += [(cell.url, cell.n) for row in page.context["heat"].rows for cell in row.cells if cell.url]
        numbers += [(line["url"], line["row"].count) for line in page.context["waits"]]
        assert len(numbers) > 10
        for url, number in numbers:
            assert len(set(rows(chief, url))) == number, url

    def test_the_heat_table_holds_what_presses_and_no_more(self, cast, chief):
        heat = shown(chief).context["heat"]
        told = {
            (row.name, column): cell.n
            for row in heat.rows
            for column, cell in zip(heat.columns, row.cells, strict=True)
            if cell.n
        }
        column = {"CONTACT": "受理", "DRAFT": "受理"}
        pressing = [c for c in cases_open() if urgency(c) in ("overdue", "today", "soon")]
        assert told == Counter(
            (c.office.name, column.get(c.stage, str(Stage(c.stage).label))) for c in pressing
        )

    @pytest.mark.parametrize("code", ["overdue", "today", "soon", "normal"])
    def test_office_and_category_narrow_board_and_list_alike(self, cast, chief, code):
        for office, category in ((SOUTH, ""), (EAST, "lv_other"), ("", "residential")):
            page = shown(chief, office=office, category=category)
            tile = next(t for t in page.context["tiles"] if t.url.endswith(f"urgency={code}"))
            expected = [
                c
                for c in cases_open()
                if urgency(c) == code
                and (not office or c.office.code == office)
                and (not category or _class_of(c) == category)
            ]
            assert tile.number == len(expected)
            assert set(rows(chief, tile.url)) == {c.pk for c in expected}

    def test_filters_not_known_ask_for_nothing(self, cast, chief):
        asked = {
            "urgency": "gestern",
            "stage": "X",
            "cause": "'; --",
            "office": "0",
            "category": "?",
            "at": "9",
            "page": "x",
        }
        assert len(rows(chief, "/board/cases/", **asked)) == len(cases_open())

    def test_contacts_without_outcome_name_nobody(self, cast, chief):
        page = chief.get("/board/contacts/")
        assert len(page.context["rows"]) == 2
        for contact in Contact.objects.filter(outcome=""):
            assert contact.person.name not in text(page) + text(shown(chief))

    def test_breaches_go_back_ninety_days(self, cast, chief):
        page = chief.get("/board/breaches/")
        assert page.context["page"].paginator.count == DeadlineRung.objects.filter(rung="missed").count() > 0
        assert page.context["capacity"] == 0
        assert "capacity_url" in page.context

    def test_breaches_in_a_declared_overload_count_against_capacity(self, cast, chief):
        clock = Deadline.objects.filter(
            case__office__code=EAST, stopped_at=None, due_at__gt=NOW, limit__holder="utility"
        ).first()
        an_hour = dt.timedelta(hours=1)
        Overload.objects.create(
            office=clock.case.office, queue=9, hands=1, forecast=3, reason="两人外出培训", from_at=NOW - 2 * an_hour,
            to_at=NOW + an_hour, declared_by=cast["chenli"], number=1, answer_due_at=NOW + an_hour,
        )  # fmt: skip
        Deadline.objects.filter(pk=clock.pk).update(
            due_at=NOW - an_hour, next_rung="missed", next_rung_at=NOW
        )
        with travelled_to(NOW):
            sweep()
        assert DeadlineRung.objects.filter(deadline=clock, rung="missed").count() == 1
        page = shown(chief)
        assert page.context["breaches"]["capacity"] == 1
        behind = chief.get(page.context["breaches"]["capacity_url"])
        assert [row["case"].pk for row in behind.context["rows"]] == [clock.case_id]
        assert "计入能力不足" in text(behind)


def _class_of(case):
    application = getattr(case, "application", None)
    return application.supply_class if application else case.contacts.first().category.split(".")[1]


class TestWhoSees:
    def test_a_clerk_a_customer_and_a_stranger_find_no_board(self, cast):
        for name in ("wangmin", "zhanghaitang"):
            for url in ("/board/", "/board/cases/", "/board/contacts/", "/board/breaches/", "/board/assign/"):
                assert signed_in(cast[name]).get(url).status_code == 404

    def test_an_auditor_looks_but_hands_nothing_on(self, cast):
        client = signed_in(cast["zhenglin"])
        assert "改派" not in text(client.get("/board/")) + text(client.get("/board/cases/"))
        assert client.get("/board/assign/").status_code == 404

    def test_a_supervisor_of_one_station_watches_that_station_alone(self, cast):
        boss = _chief_of(cast, SOUTH)
        Post.objects.create(
            user=boss, office=cast.offices[EAST], role="intake", from_date=dt.date(2020, 1, 1)
        )
        client = signed_in(boss)
        mine = {c.pk for c in cases_open() if c.office.code == SOUTH}
        assert set(rows(client, "/board/cases/")) == mine
        assert shown(client).context["strip"]["open"].n == len(mine)

    def test_late_work_in_the_background_is_said(self, cast, chief):
        assert "后台任务延迟" in text(shown(chief))
        for name in ("worker", "sweep_deadlines", "relay_outbox"):
            Heartbeat.objects.create(name=name, beat_at=NOW)
        page = text(shown(chief))
        assert "后台任务延迟" not in page
        assert "数据截至 10:00" in page


def _chief_of(cast, station):
    """A supervisor of one station."""
    user = User.objects.create_user("zhanzhang", display_name="站长")
    Post.objects.create(
        user=user, office=cast.offices[station], role="supervisor", from_date=dt.date(2020, 1, 1)
    )
    return user


class TestQueries:
    def test_the_board_takes_no_more_with_four_hundred_cases_than_with_twenty(
        self, cast, chief, django_assert_max_num_queries
    ):
        _more(cast, 20)
        shown(chief)
        with django_assert_max_num_queries(15) as few:
            shown(chief)
        _more(cast, 420)
        with django_assert_max_num_queries(15) as many:
            assert shown(chief).context["strip"]["open"].n >= 400
        assert len(many) == len(few)
        with django_assert_max_num_queries(15):
            chief.get("/board/cases/")


def _more(cast, until):
    for n in range(Case.objects.count(), until):
        first = FirstContact(
            channel="hall", phone=f"1990100{n:04d}", need="新装", place="某处", category="new_supply.lv_other", office_code=SOUTH
        )  # fmt: skip
        register_contact(first, by=cast["wangmin"])


class TestAssigning:
    @pytest.fixture
    def task(self, cast):
        return Task.objects.get(outcome="", case__office__code=YUNXI, competence="survey_lv")

    def form(self, chief, *tasks):
        """The page for these tasks, and what its form sends as it stands."""
        page = chief.get("/board/assign/", {"task": [task.pk for task in tasks]})
        sheet = page.context["sheet"]
        sent = {"task": [], "key": sheet.key, "reason": "本所无人持证，借调"}
        for line in sheet.lines:
            sent["task"].append(line.task.pk)
            sent |= {f"version-{line.task.pk}": line.task.version, f"to-{line.task.pk}": line.chosen}
        return page, sheet, sent

    def test_candidates_are_certified_there_and_of_the_county(self, chief, cast, task):
        _page, sheet, _sent = self.form(chief, task)
        offered = {c.user.username for c in sheet.lines[0].candidates}
        fit = {
            post.user.username
            for post in Post.objects.filter(role="surveyor")
            if Certificate.objects.valid_on(NOW.date()).filter(holder=post.user, competence__code="survey_lv")
        }
        assert offered == fit
        assert "caijie" not in offered
        Absence.objects.create(user=cast["xuwei"], from_date=NOW.date(), to_date=NOW.date())
        _page, sheet, _sent = self.form(chief, task)
        assert offered - {c.user.username for c in sheet.lines[0].candidates} == {"xuwei"}

    def test_it_goes_into_the_hands_chosen_with_the_reason_on_record(self, chief, cast, task):
        _page, _sheet, sent = self.form(chief, task)
        sent[f"to-{task.pk}"] = str(cast["xuwei"].pk)
        page = chief.post("/board/assign/", sent)
        assert page.status_code == 200
        assert "已改派给许伟" in text(page)
        holder = TaskHolder.objects.get(task=task, until_at=None)
        assert (holder.user, holder.given_by, holder.reason) == (
            cast["xuwei"],
            cast["chenli"],
            sent["reason"],
        )
        again = chief.post("/board/assign/", sent)
        assert "没有重复办理" in text(again)
        assert TaskHolder.objects.filter(task=task).count() == 1

    def test_each_task_has_its_own_answer(self, chief, cast, task):
        other = Task.objects.get(
            outcome="", case__office__code=SOUTH, case__application__supply_class="lv_other", doer="officer"
        )
        _page, _sheet, sent = self.form(chief, task, other)
        Task.objects.filter(pk=other.pk).update(version=other.version + 1)
        sent[f"to-{task.pk}"] = str(cast["xuwei"].pk)
        sent[f"to-{other.pk}"] = str(cast["xuwei"].pk)
        page = chief.post("/board/assign/", sent)
        done = {line.task.pk: (bool(line.done), line.why_not) for line in page.context["sheet"].lines}
        assert done[task.pk] == (True, "")
        assert done[other.pk][0] is False
        assert "他人已办理过" in done[other.pk][1]
        assert done[other.pk][1] in text(page)

    def test_without_a_reason_nothing_is_done_and_what_was_chosen_is_kept(self, chief, cast, task):
        _page, _sheet, sent = self.form(chief, task)
        page = chief.post("/board/assign/", sent | {"reason": " ", f"to-{task.pk}": str(cast["xuwei"].pk)})
        assert page.status_code == 422
        assert "请写明改派原因" in text(page)
        assert re.search(rf'value="{cast["xuwei"].pk}" selected', text(page))
        assert not TaskHolder.objects.filter(task=task).exists()

    def test_somebody_not_on_the_list_is_refused_in_a_sentence(self, chief, cast, task):
        _page, _sheet, sent = self.form(chief, task)
        page = chief.post("/board/assign/", sent | {f"to-{task.pk}": str(cast["caijie"].pk)})
        assert page.status_code == 409
        assert "持有此项证书" in text(page)

    def test_tasks_out_of_reach_closed_or_the_customers_are_left_out(self, chief, cast, task):
        customers = Task.objects.filter(outcome="", doer="customer").first()
        closed = Task.objects.exclude(outcome="").first()
        page = chief.get(
            "/board/assign/", {"task": [t.pk for t in (customers, closed, task) if t] + ["nonsense"]}
        )
        assert [line.task.pk for line in page.context["sheet"].lines] == [task.pk]
        neighbour = signed_in(_chief_of(cast, SOUTH))
        assert neighbour.get("/board/assign/", {"task": [task.pk]}).context["sheet"].lines == []
