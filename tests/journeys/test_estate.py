"""An estate applied for at once: a sheet with a mistake, mended, sent in; accepted for all units; the developer follows it on the phone."""

from __future__ import annotations

from pathlib import Path

import pytest

from applications.models import Project
from applications.tasks import carry_out_project_sheets
from tests.applications.projects import CREDIT_CODE, units_book
from tests.applications.walked import PHONES
from tests.journeys.town import Town
from workflow.models import Case

pytestmark = pytest.mark.django_db(transaction=True)


def test_estate(town: Town, tmp_path: Path) -> None:
    bad, good = tmp_path / "bad.xlsx", tmp_path / "good.xlsx"
    bad.write_bytes(units_book("estate", 5, {4: {"capacity": "八"}}))
    good.write_bytes(units_book("estate", 5))
    clerk = town.officer("wangmin")
    clerk.go("/projects/new/").fill(
        kind="estate", name="海棠花园三期", organisation="临川恒泰置业", credit_code=CREDIT_CODE, contact_name="马立新",
        phone=PHONES["hengtai"], address="海棠路 66 号",
    ).send("main form")  # fmt: skip
    project = Project.objects.get()
    reading = 'form[action$="/read/open_units/"]'
    clerk.fill(reading, sheet=str(bad))
    clerk.lands(clerk.page.locator(reading).locator("button").first)
    clerk.sees("没有做任何改动：请改好这 1 处", "B 申请容量(kW)", within="main").shot("faults")
    assert not Case.objects.exists()
    clerk.fill("main form", sheet=str(good)).send("main form")
    clerk.sees("5 行可用").shot("preview").press("确认提交", within="main")
    carry_out_project_sheets()  # the worker's part
    clerk.go(f"/projects/{project.pk}/").sees("1-001", "1-005")
    clerk.press("受理 · 5", within="main").press("确认提交", within="main")
    carry_out_project_sheets()
    clerk.go(f"/projects/{project.pk}/").shot("accepted")
    assert Case.objects.filter(application__accepted_at__isnull=False).count() == 5

    developer = town.customer()
    developer.go("/signin/").signs_in_by_code(PHONES["hengtai"])
    developer.go("/my/").sees("海棠花园三期").go(f"/projects/{project.pk}/").sees("1-001").shot("customer")
