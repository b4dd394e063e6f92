"""Many at once: an estate, a village, a car park; sheets good and bad, one act for many, who sees it, what the page costs."""

from __future__ import annotations

import io
import resource
import time
import zipfile

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from applications.forms.project_acts import do_row
from applications.imports.table import Unreadable
from applications.models import Application, Document, Project, ProjectSheet, ProjectUnit, RowOutcome
from applications.selectors.projects import progress_of, units_waiting_for, waiting_for
from applications.services.projects import carrying, sheets
from applications.services.projects.carrying import carry_out, under_way
from applications.services.projects.columns import columns_of
from applications.services.projects.workbook import act_workbook
from applications.tasks import carry_out_project_sheets
from staff.models import User
from staff.selectors import authority, qualified
from tests.applications.customers import signed_in, text
from tests.applications.projects import (
    CREDIT_CODE,
    book,
    done,
    filled,
    opened,
    photo,
    read,
    saved,
    units_book,
    upload,
    with_units,
)
from tests.applications.walked import EAST, PHONES
from workflow.models import Case, Deadline, Event, Stage
from workflow.selectors.rules import rules

pytestmark = pytest.mark.django_db

BAD = {
    3: {"label": ""}, 5: {"capacity": "八"}, 7: {"capacity": "-1"}, 9: {"phone": "12345"}, 11: {"name": "李四"},
    13: {"name": "李四", "id_number": "110105194912310021"}, 15: {"label": "1-001"}, 17: {"capacity": "=1+7"}, 19: {"label": "长" * 41},
    21: {"capacity": ""},
}  # fmt: skip


@pytest.fixture(autouse=True)
def _elsewhere(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def kinds(stream: str) -> list[str]:
    return list(Event.objects.filter(stream=stream).values_list("kind", flat=True))


class TestEstate:
    def test_from_the_desk_by_its_pages(self, cast):
        """Opened, papers once, a bad sheet changes nothing, the mended one makes forty cases, each with chain, clock and papers."""
        clerk = signed_in(cast["wangmin"])
        said = {
            "kind": "estate", "name": "海棠花园", "organisation": "恒泰置业", "credit_code": CREDIT_CODE, "contact_name": "马立新",
            "phone": PHONES["hengtai"], "address": "海棠路 66 号",
        }  # fmt: skip
        refused = clerk.post(reverse("project_new"), said | {"credit_code": "1"})
        assert refused.status_code == 422
        form = clerk.get(reverse("project_new")).context["form"]
        said["office"] = form.fields["office"].queryset.get(code=EAST).pk
        page = clerk.post(reverse("project_new"), said, follow=True)
        project = Project.objects.get()
        assert project.customer == cast["hengtai"]
        item = page.context["paper_form"].fields["item"].choices[0][0]
        for _press in range(2):
            clerk.post(reverse("project_paper_add", args=[project.pk]), {"item": item, "file": photo()})
        assert project.papers.count() == 1

        address = reverse("project_sheet_read", args=[project.pk, "open_units"])
        faults = clerk.post(address, {"sheet": upload(units_book("estate", 40, BAD))})
        assert faults.status_code == 422
        found = {fault.row: fault for fault in faults.context["read"].faults}
        assert set(found) == set(BAD)
        assert found[5].column.startswith("B 申请容量")
        assert found[15].sentence == "第 2 行已有这个单元。"
        assert not Case.objects.exists()
        assert not ProjectSheet.objects.exists()

        preview = clerk.post(address, {"sheet": upload(units_book("estate", 40))}, follow=True)
        assert preview.context["total"] == 40
        assert not Case.objects.exists()
        sheet = ProjectSheet.objects.get()
        for _press in range(2):
            clerk.post(reverse("project_sheet_confirm", args=[project.pk, sheet.pk]))
        while not carry_out(sheet, do_row, seconds=60):
            pass
        again = clerk.post(address, {"sheet": upload(units_book("estate", 40))})
        assert again.status_code == 422
        assert "已在本项目中" in again.context["read"].faults[0].sentence

        units = list(project.units.select_related("application__case"))
        assert len(units) == 40
        assert Case.objects.count() == 40
        assert {unit.application.state for unit in units} == {Stage.INTAKE}
        assert len({unit.application.case.application_no for unit in units}) == 40
        for unit in (units[0], units[-1]):
            assert kinds(unit.application.case.stream)[:2] == ["contact.registered", "application.started"]
            assert Deadline.objects.filter(case=unit.application.case, stopped_at=None).exists()
            assert unit.application.documents.get().sha256 == project.papers.get().sha256
        assert not [row for row in sheet.rows.all() if row.cells_text]
        assert kinds(project.stream)[-2:] == ["project.sheet_sent", "project.sheet_done"]
        assert kinds(project.stream).count("project.sheet_sent") == 1
        page = clerk.get(reverse("project", args=[project.pk]))
        assert page.context["progress"].total == 40
        assert clerk.get(reverse("projects"), {"q": project.number}).url == reverse(
            "project", args=[project.pk]
        )

    def test_one_survey_for_many_with_a_result_per_unit(self, cast):
        """Accepted at once; then one sheet of surveys: each its event and chain, the unfit row refused alone, the same sheet once."""
        project = with_units(cast, 6)
        clerk = cast["wangmin"]
        desk = signed_in(clerk)
        assert desk.get(reverse("project", args=[project.pk])).context["acts"][0][0] == "accept"
        answer = desk.post(reverse("project_act", args=[project.pk, "accept"]))
        sheet = ProjectSheet.objects.get(act="accept")
        assert answer.url == reverse("project_sheet", args=[project.pk, sheet.pk])
        done(sheet, clerk)
        assert sheets.counts_of(sheet) == {"waiting": 0, "done": 6, "refused": 0}
        assert Application.objects.exclude(accepted_at=None).count() == 6

        planner = surveyor_of(project)
        done(
            sheets.for_all(
                project, "issue_contract", units_waiting_for(project, "issue_contract"), by=planner
            ),
            planner,
        )
        assert waiting_for(project, ["record_survey"]) == {"record_survey": 6}
        surveyor = surveyor_of(project)
        answers = filled(
            act_workbook(project, "record_survey"),
            可以供电="是",
            台区="海棠{place}号台区",
            需外线="否",
            需受电工程="否",
            **{"距离(m)": "20"},
        )
        made = load_workbook(io.BytesIO(answers))
        heads = [str(cell.value).split(" ")[0] for cell in made.worksheets[0][1]]
        made.worksheets[0].cell(4, heads.index("台区") + 1, "")
        content = saved(made)
        once = sheets.read_act(project, "record_survey", io.BytesIO(content), "s.xlsx", by=surveyor)
        assert not once.faults
        twice = sheets.read_act(project, "record_survey", io.BytesIO(content), "s.xlsx", by=surveyor)
        assert twice.sheet == once.sheet
        finished = done(once.sheet, surveyor)
        rows = {row.number: row for row in finished.rows.all()}
        assert rows[4].outcome == RowOutcome.REFUSED
        assert "台区" in rows[4].sentence
        assert [row.outcome for number, row in rows.items() if number != 4] == [RowOutcome.DONE] * 5, [
            r.sentence for r in rows.values()
        ]
        surveyed = [row for row in rows.values() if row.outcome == RowOutcome.DONE]
        assert all("survey.recorded" in kinds(row.application.case.stream) for row in surveyed)
        areas = {row.application.surveys.get().transformer_area for row in surveyed}
        assert len(areas) == 5
        now_late = progress_of(project, finished.finished_at, rules().stamp)
        assert now_late.total == 6


def surveyor_of(project):
    """Somebody who may do what waits at the project's first unit."""
    task = project.units.first().application.case.tasks.filter(outcome="", doer="officer").first()
    return qualified(task.competence, task.office, timezone.localdate(), role=task.role)[0]


class TestSheetsThatCannotBeUsed:
    """Each with its sentence, and nothing changed."""

    def test_files_that_are_none(self, cast):
        project, clerk = opened(cast), cast["wangmin"]
        heads = [one.heading for one in columns_of("estate")]
        good = units_book("estate", 2)
        macros = io.BytesIO(good)
        with zipfile.ZipFile(macros, "a") as packed:
            packed.writestr("xl/vbaProject.bin", b"macro")
        bomb = io.BytesIO()
        with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("xl/worksheets/sheet1.xml", b" " * (201 * 1024 * 1024))
        merged = load_workbook(io.BytesIO(good))
        merged.active.merge_cells("A2:B3")
        two = load_workbook(io.BytesIO(good))
        two.create_sheet("二期").append(["1-900", "8"])
        lied = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(good)) as whole, zipfile.ZipFile(lied, "w") as packed:
            for part in whole.infolist():
                content = whole.read(part)
                packed.writestr(part.filename, content[:200] if "sheet1" in part.filename else content)
        for content, name, words in (
            (b"not a workbook", "a.xlsx", "无法"),
            (good, "a.xlsm", "xlsx"),
            (b"", "a.xlsx", "."),
            (macros.getvalue(), "a.xlsx", "宏"),
            (bomb.getvalue(), "a.xlsx", "."),
            (saved(merged), "a.xlsx", "A2:B3"),
            (saved(two), "a.xlsx", "二期"),
            (lied.getvalue(), "a.xlsx", "."),
            (book(["房间", "千瓦"], [["1", "8"]]), "a.xlsx", "单元编号"),
            (book(heads, []), "a.xlsx", "."),
        ):
            with pytest.raises(Unreadable, match=words):
                read(project, content, clerk, name)
        assert not ProjectSheet.objects.exists()

    def test_no_more_rows_than_allowed(self, cast, settings):
        settings.PROJECT_MAX_UNITS = 5
        with pytest.raises(Unreadable, match="5"):
            read(opened(cast), units_book("estate", 6), cast["wangmin"])

    def test_a_second_sheet_on_the_page_is_not_needed(self, cast):
        """The template's own second page explains; it is not taken for rows."""
        project, clerk = opened(cast), cast["wangmin"]
        empty = signed_in(clerk).get(reverse("project_template", args=[project.pk])).content
        made = load_workbook(io.BytesIO(empty))
        assert [sheet.title for sheet in made.worksheets] == ["单元 Units", "说明 Notes"]
        made.worksheets[0].append(["1-101", "8"])
        assert read(project, saved(made), clerk).sheet.rows.get().label == "1-101"


class TestManyKinds:
    @pytest.mark.parametrize(("kind", "state"), [("village_pv", "pv"), ("charging", "charging")])
    def test_by_the_customer(self, cast, kind, state):
        """A village's committee or a car park's manager: its own project, each unit of its own kind; others see nothing of it."""
        project = with_units(cast, 3, kind, by="hengtai")
        sheet = project.sheets.get()
        assert [row.sentence for row in sheet.rows.all()] == ["", "", ""]
        for unit in project.units.select_related("application__case"):
            assert unit.application.category == project.category
            assert getattr(unit.application, state)
            assert unit.application.case.first_contact_at == sheet.confirmed_at
        own, other = signed_in(cast["hengtai"]), signed_in(cast["zhanghaitang"])
        page = own.get(reverse("project", args=[project.pk]))
        assert page.status_code == 200
        assert project.units.first().label in text(page)
        assert project.name in text(own.get(reverse("my")))
        assert not own.get(reverse("my")).context["rows"]
        for client in (other, signed_in(officer_elsewhere(project))):
            for address in (
                reverse("project", args=[project.pk]),
                reverse("project_template", args=[project.pk]),
                reverse("project_sheet", args=[project.pk, sheet.pk]),
            ):
                assert client.get(address).status_code == 404
            assert (
                client.post(reverse("project_sheet_confirm", args=[project.pk, sheet.pk])).status_code == 404
            )
            assert project.name not in text(client.get(reverse("projects")))
        assert own.post(reverse("project_act", args=[project.pk, "accept"])).status_code == 404

    def test_a_paper_that_comes_later_lies_with_every_unit(self, cast):
        project = with_units(cast, 3)
        desk = signed_in(cast["wangmin"])
        item = (
            desk.get(reverse("project", args=[project.pk])).context["paper_form"].fields["item"].choices[0][0]
        )
        desk.post(reverse("project_paper_add", args=[project.pk]), {"item": item, "file": photo()})
        carry_out_project_sheets()
        assert Document.objects.filter(item_code=item).count() == 3
        assert len(set(Document.objects.values_list("file", flat=True))) == 1
        unit = project.units.first().application.case
        assert kinds(unit.stream)[-1] == "papers.shared"


class TestCarriedOut:
    def test_a_killed_worker_leaves_nothing_twice(self, cast, monkeypatch):
        """Killed in the middle of a row: that row is undone, the others stand; taken up again there are exactly as many cases as rows."""
        project, clerk = opened(cast), cast["wangmin"]
        sheet = sheets.confirm(read(project, units_book("estate", 8), clerk).sheet, by=clerk)
        whole, calls = carrying.open_unit, []

        def killed(of, row):
            calls.append(row.number)
            application = whole(of, row)
            if len(calls) == 4:
                raise KeyboardInterrupt
            return application

        monkeypatch.setattr(carrying, "open_unit", killed)
        with pytest.raises(KeyboardInterrupt):
            carry_out(sheet, do_row, seconds=60)
        assert Case.objects.count() == 3
        assert under_way() == [sheet]
        carry_out_project_sheets()
        carry_out_project_sheets()
        assert Case.objects.count() == ProjectUnit.objects.count() == 8
        assert not under_way()
        assert kinds(project.stream).count("project.sheet_done") == 1

    def test_what_was_sent_in_stays(self, cast):
        project = with_units(cast, 1)
        for row in (project, project.units.get(), project.sheets.get()):
            with pytest.raises(DatabaseError), transaction.atomic():
                type(row).objects.filter(pk=row.pk).delete()
        loose = read(project, units_book("estate", 1, start=50), cast["wangmin"]).sheet
        sheets.discard(loose)
        assert project.sheets.count() == 1

    def test_the_page_costs_the_same_however_many_units(self, cast):
        costs = []
        desk = signed_in(cast["wangmin"])
        project = with_units(cast, 4)
        for start in (5, 101):
            address = reverse("project", args=[project.pk])
            desk.get(address)
            with CaptureQueriesContext(connection) as seen:
                assert desk.get(address).status_code == 200
            costs.append(len(seen))
            done(read(project, units_book("estate", 16, start=start), cast["wangmin"]).sheet, cast["wangmin"])
        assert costs[0] == costs[1], costs
        assert costs[1] <= 30


@pytest.mark.long
def test_eight_hundred_meters(cast):
    """Twenty bad rows named, the mended file accepted in bounded memory, exactly eight hundred cases."""
    project, clerk = opened(cast), cast["wangmin"]
    wrong = {2 + 40 * place: {"capacity": "八千瓦"} for place in range(20)}
    bad = units_book("estate", 800, wrong)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = read(project, bad, clerk)
    assert {fault.row for fault in found.faults} == set(wrong)
    assert {fault.column[0] for fault in found.faults} == {"B"}
    assert not ProjectSheet.objects.exists()
    began = time.monotonic()
    done(read(project, units_book("estate", 800), clerk).sheet, clerk)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"800 units: {time.monotonic() - began:.1f} s, {grown:.0f} MB more")
    assert Case.objects.count() == 800
    assert grown < 100
    desk = signed_in(clerk)
    with CaptureQueriesContext(connection) as seen:
        assert desk.get(reverse("project", args=[project.pk])).context["progress"].total == 800
    assert len(seen) <= 30


def officer_elsewhere(project):
    """Somebody whose offices are others."""
    for user in User.objects.filter(kind="officer"):
        if project.office_id not in authority(user, timezone.localdate()).offices:
            return user
    raise AssertionError
