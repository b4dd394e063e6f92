"""Many at once to the end: an estate and a village walked by acts for many, each unit with its own record and result."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from applications.forms.project_acts import BY_SHEET, do_row, form_of
from applications.models import Project, ProjectSheet, ProjectUnit, Signature
from applications.selectors.facts import latest_contract
from applications.selectors.finding import found
from applications.selectors.projects import units_waiting_for
from applications.services import SERVICES
from applications.services.projects import sheets
from applications.services.projects.carrying import carry_out
from applications.services.projects.workbook import act_workbook
from applications.services.signing import send_signing_code
from staff.models import User
from staff.selectors import authority, qualified
from tests.applications.customers import hidden, signed_in, text
from tests.applications.moves import FIRM
from tests.applications.projects import done, filled, with_units
from workflow import actions
from workflow.events import Circumstance
from workflow.models import CaseAccess, Task

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _elsewhere(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def whoever_may(project: Project, name: str) -> User:
    """An officer who may do what the units wait for."""
    fact = actions.get(name).task_fact
    open_ = Task.objects.filter(case__application__unit__project=project, outcome="").select_related(
        "node", "office"
    )
    task = next(task for task in open_ if fact in task.node.facts)
    return qualified(task.competence, task.office, timezone.localdate(), role=task.role)[0]


def whoever_watches(project: Project) -> User:
    """A supervisor of the project's office."""
    for user in User.objects.filter(kind="officer"):
        known = authority(user, timezone.localdate())
        if known.acts_as({"supervisor"}, project.office_id):
            return user
    raise AssertionError


def for_many(project: Project, name: str, **answers: Any) -> ProjectSheet:
    """The act for every unit that waits for it, by sheet where it asks something of each."""
    by = whoever_may(project, name)
    if name not in BY_SHEET:
        return done(sheets.for_all(project, name, units_waiting_for(project, name), by=by), by)
    content = filled(act_workbook(project, name), **answers)
    read = sheets.read_act(project, name, io.BytesIO(content), "s.xlsx", by=by)
    assert not read.faults, read.faults
    return done(read.sheet, by)


def results(sheet: ProjectSheet) -> list[tuple[str, str]]:
    return [(row.outcome, row.sentence) for row in sheet.rows.all()]


SURVEY = {"可以供电": "是", "台区": "海棠{place}号台区", "需外线": "否", "需受电工程": "否", "距离(m)": "20"}
SCHEME = {"产权分界点": "表箱出线端", "电价类别": "居民生活用电"}
HOSTED = {"可开放容量(kWp)": "60", "消纳意见": "全部接入"}
INSPECTED = {"检验项目": "并网开关；接地"}
METER = {"表计资产号": "370000000000{place}", "封印号": "F000{place},G000{place}", "起码(kWh)": "0"}
LIVE = {"送电示数(kWh)": "0.5"}
OK = ("done", "")


def carried(project: Project) -> ProjectSheet:
    """The newest sheet of signatures, to its end."""
    sheet = project.sheets.filter(act="sign_contract").first()
    while not carry_out(sheet, do_row, seconds=60):
        pass
    return sheet


def test_an_estate(cast):
    """From acceptance to power by acts for many; the developer signs all contracts at once, and nobody is energised without."""
    project = with_units(cast, 3)
    for name in ("accept", "issue_contract"):
        assert results(for_many(project, name)) == [OK] * 3, name
    for name, answers in (("record_survey", SURVEY), ("draft_scheme", SCHEME), ("record_metering", METER)):
        assert results(for_many(project, name, **answers)) == [OK] * 3, name
    early = for_many(project, "energise_source", **LIVE)
    assert [outcome for outcome, _why in results(early)] == ["refused"] * 3
    assert "合同" in results(early)[0][1]

    browser, address = signed_in(cast["hengtai"]), reverse("project_sign", args=[project.pk])
    sent = re.search(r"\d{6}", send_signing_code(cast["hengtai"], network="127.0.0.1").text)
    assert sent
    said = {"method": "code", "digits": sent.group(), "shown": hidden(browser.get(address), "shown")}
    for wrong in ({"digits": ""}, {"digits": "000000"}, {"shown": "0" * 64}):
        assert browser.post(address, said | wrong).status_code == 422
    assert not project.sheets.filter(act="sign_contract").exists()
    assert signed_in(cast["zhanghaitang"]).get(address).status_code == 404
    answer = browser.post(address, said)
    sheet = carried(project)
    assert answer.url == reverse("project_sheet", args=[project.pk, sheet.pk])
    assert results(sheet) == [OK] * 3
    assert browser.post(address, said).url == answer.url
    signatures = list(Signature.objects.select_related("contract", "party").order_by("contract"))
    assert [(row.method, row.digest == row.contract.digest, row.party.user) for row in signatures] == [
        ("code", True, cast["hengtai"])
    ] * 3
    assert len({row.digest for row in signatures}) == 3

    later = for_many(
        project, "energise_source", **LIVE
    )  # the same answers once more: refused rows may be tried again
    assert results(later) == [OK] * 3
    assert later.pk != early.pk
    cases = [unit.application.case for unit in project.units.select_related("application__case")]
    assert {case.stage for case in cases} == {"ARCHIVING"}

    desk = signed_in(cast["wangmin"])
    assert project.name in text(desk.get(reverse("case", args=[cases[0].pk])))
    assert desk.post(reverse("desk_find"), {"q": project.number}).url == reverse("project", args=[project.pk])
    me = authority(cast["wangmin"], timezone.localdate())
    assert set(found(me, project.number)[0]) == {case.pk for case in cases}
    board = signed_in(whoever_watches(project))
    shown = [
        {row.case.pk for row, _age in board.get(reverse("board_cases"), {"project": which}).context["rows"]}
        for which in ("units", "apart")
    ]
    assert shown == [{case.pk for case in cases}, set()]


def test_a_village(cast):
    """Each roof its own holder; the committee hears of the scheme and signs as their agent, where its paper lets it."""
    project = with_units(cast, 2, "village_pv", by="hengtai")
    for name, answers in (
        ("accept", {}), ("record_survey", SURVEY), ("assess_hosting", HOSTED), ("draft_scheme", SCHEME), ("reply_scheme", {}),
    ):  # fmt: skip
        assert results(for_many(project, name, **answers)) == [OK] * 2, name
    for unit in project.units.all():
        customer_does(cast, unit, "agree_scheme")
    assert results(for_many(project, "issue_contract")) == [OK] * 2

    last = project.units.last()
    CaseAccess.objects.filter(case=last.application.case, role="agent").update(powers=["papers"])
    page = signed_in(cast["hengtai"]).get(reverse("project_sign", args=[project.pk]))
    assert (len(page.context["waiting"].mine), page.context["waiting"].others) == (1, 1)
    both = [
        (unit, {"digest": latest_contract(unit.application).digest} | SEALED) for unit in project.units.all()
    ]
    sheet = done(
        sheets.with_answers(project, "sign_contract", both, by=cast["hengtai"], sha256="1" * 64),
        cast["hengtai"],
    )
    assert [outcome for outcome, _why in results(sheet)] == ["done", "refused"]
    assert "权限" in results(sheet)[1][1] or "授权" in results(sheet)[1][1]
    assert Signature.objects.get().party.role == "agent"
    CaseAccess.objects.filter(case=last.application.case, role="agent").update(powers=[])
    again = signed_in(cast["hengtai"]).get(reverse("project_sign", args=[project.pk]))
    assert len(again.context["waiting"].mine) == 1
    said = {"method": "e_seal", "provider_ref": "CFCA-2", "shown": hidden(again, "shown")}
    signed_in(cast["hengtai"]).post(reverse("project_sign", args=[project.pk]), said)
    assert results(carried(project)) == [OK]
    for unit in project.units.all():
        customer_does(cast, unit, "notify_completion", **FIRM, finished_date=timezone.localdate())
    for name, answers in (
        ("record_inspection", INSPECTED),
        ("record_metering", METER),
        ("energise_source", LIVE),
    ):
        assert results(for_many(project, name, **answers)) == [OK] * 2, name


SEALED = {"method": "e_seal", "provider_ref": "CFCA-1", "code": "", "via": "web", "device": ""}


def customer_does(cast: Any, unit: ProjectUnit, name: str, **changes: Any) -> None:
    """The customer's own form, as it is shown, sent with these answers."""
    form = form_of(name, unit.application, cast["hengtai"], changes, key=f"{name}{unit.pk}")
    assert form.is_valid(), form.errors
    SERVICES[name](
        unit.application, by=cast["hengtai"], circumstance=Circumstance(via="web"), **form.cleaned_data
    )
