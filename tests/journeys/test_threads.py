"""The threads of the mission, each as somebody sees it: a lapsed certificate, a claimed time, a contact left lying, a missed limit."""

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.utils import timezone

from applications.demo.clock import real_now, travelled_to
from integrity.models import Flag
from staff.demo import Cast
from tests.applications.walked import EAST, Walk
from tests.journeys.test_residential import SURVEY
from tests.journeys.town import Person, Town, case_events, pass_on
from workflow.models import Contact, Deadline, DeadlineRung, Event
from workflow.services.clocks import sweep

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parents[2]


def days_ago(days: float) -> dt.datetime:
    """About so many days ago, in the office's hours."""
    return (real_now() - dt.timedelta(days=days)).replace(hour=2, minute=30)


def a_shop(cast: Cast, begun: float) -> Walk:
    """A shop's case, accepted so many days ago, waiting for its survey."""
    with travelled_to(days_ago(begun)):
        return Walk(cast, "lv_other", three_zero=False, capacity=200, usage="commercial").accepted()


def test_no_certificate(town: Town, cast: Cast) -> None:
    walk = a_shop(cast, 1)
    case = walk.application.case
    lapsed = town.officer("zhouxiaofeng")
    lapsed.go(f"/cases/{case.pk}/").sees("没有有效的", "证书", "李建国").shot("1-case")
    assert lapsed.page.locator('form[action$="/act/record_survey/"]').count() == 0
    lapsed.go(f"/cases/{case.pk}/act/record_survey/").sees("没有有效的")
    known = case_events(case)
    lapsed.fill("main form", **SURVEY | {"approved_capacity": "200", "pole": "自己记下的 7 号杆"}).send(
        "main form"
    )
    lapsed.sees("没有有效的").shot("2-refused")
    assert lapsed.page.locator('[name="pole"]').input_value() == "自己记下的 7 号杆"
    assert case_events(case) == known
    able = town.officer("lijianguo")
    able.go(f"/cases/{case.pk}/")
    assert able.page.locator('form[action$="/act/record_survey/"]').count() == 1


def test_last_week(town: Town, cast: Cast) -> None:
    walk = a_shop(cast, 9)
    case = walk.application.case
    before = running(case)
    claimed = timezone.localtime(days_ago(7))
    surveyor = town.officer("lijianguo")
    surveyor.act(
        case,
        "record_survey",
        **SURVEY | {"approved_capacity": "200", "occurred_at": f"{claimed:%Y-%m-%dT%H:%M}"},
    )
    surveyed = Event.objects.get(stream=case.stream, kind="survey.recorded")
    assert surveyed.occurred_at is not None
    assert surveyed.recorded_at - surveyed.occurred_at > dt.timedelta(days=6)
    for (
        pk,
        due,
    ) in before.items():  # nothing ran out later for it, and what it stopped, it stopped at the record
        clock = Deadline.objects.get(pk=pk)
        assert clock.due_at == due
        assert clock.stopped_at in (None, surveyed.recorded_at)
    recorded = timezone.localtime(surveyed.recorded_at)
    surveyor.sees(f"{claimed:%Y-%m-%d %H:%M}", f"{recorded:%Y-%m-%d %H:%M}").shot("1-both-times")

    pass_on()
    flag = Flag.objects.get(code="claimed_late", about_number=surveyed.number)
    for nobody in ("lijianguo", "chenli", "wangmin"):
        someone = town.officer(nobody)
        for page in ("/audit/", f"/audit/flags/{flag.pk}/"):
            someone.go(page, expected=404)
        someone.go(f"/cases/{case.pk}/").sees_not(flag.number, "疑点")
    resolve(town.officer("zhenglin"), flag)


def resolve(auditor: Person, flag: Flag) -> None:
    """Found on the list, taken, decided with a reason."""
    auditor.go("/audit/").sees(flag.number).shot("2-flags")
    auditor.lands(auditor.page.locator(f'a[href$="/audit/flags/{flag.pk}/"]').first).shot("3-flag")
    auditor.lands(auditor.page.locator(f'form[action$="/flags/{flag.pk}/take/"] button').first)
    form = f'form[action$="/flags/{flag.pk}/resolve/"]'
    auditor.fill(form, outcome="confirmed", reason="已核实：现场照片拍摄时间与填报时间不符。").send(form)
    flag.refresh_from_db()
    assert flag.status == "confirmed"
    auditor.go(f"/audit/flags/{flag.pk}/").shot("4-resolved")


def running(case) -> dict:
    """Clocks on the case and when each runs out."""
    return dict(
        Deadline.objects.filter(case=case, stopped_at=None, started_at__isnull=False).values_list(
            "pk", "due_at"
        )
    )


def test_was_here(town: Town, cast: Cast) -> None:
    me = town.customer()
    me.go(f"/contact/qr/{EAST}/").shot("1-poster")
    me.go(f"/contact/?office={EAST}&via=hall").shot("2-form")
    me.fill(phone="139 0000 1234", need="开早餐店用电 20 kW", place="海棠村东头 7 号").send("main form")
    contact = Contact.objects.get()
    code = contact.receipt_code
    me.sees("首次联系回执", "海棠村东头", code[:4]).shot("3-receipt")
    stranger = town.customer("stranger")
    stranger.go(f"/receipt/{code}/").sees_not("13900001234", "7 号", "早餐店").shot("4-of-a-stranger")
    clerk = town.officer("wangmin")
    clerk.go("/desk/?view=contacts").sees("海棠村东头").shot("5-desk")
    town.officer("chenli").go("/board/").shot("6-board").go("/board/contacts/").sees(
        "1 个来访没有下文", "城东供电所"
    ).shot("7-board-contacts")
    clerk.go(f"/cases/{contact.case_id}/").sees("海棠村东头").shot("8-case")


def test_missed(town: Town, cast: Cast, process_environment: dict[str, str], tmp_path: Path) -> None:
    with travelled_to(days_ago(12)):
        case = Walk(cast, "residential", capacity=8).application.case
    due = Deadline.objects.filter(case=case, stopped_at=None, due_at__lt=timezone.now())
    assert due.exists()
    with worker(process_environment, tmp_path):
        patiently(
            lambda: DeadlineRung.objects.filter(deadline__case=case, rung="missed").count() >= due.count()
        )
        patiently(lambda: not Deadline.objects.filter(case=case, next_rung_at__lt=timezone.now()).exists())
    sweep().raise_if_failed()
    missed = Event.objects.filter(stream=case.stream, kind="deadline.missed")
    rungs = DeadlineRung.objects.filter(deadline__case=case, rung="missed")
    assert missed.count() == rungs.count() == rungs.values("deadline").distinct().count() == due.count()
    assert set(missed.values_list("number", flat=True)) == set(rungs.values_list("number", flat=True))
    supervisor = town.officer("chenli")
    supervisor.go("/board/").shot("1-board").sees("超期")
    supervisor.go("/board/breaches/").shot("2-breaches").sees(case.application_no[-5:-1])
    town.officer("wangmin").go("/desk/?view=overdue").sees("海棠路 1 号").shot("3-desk")


@contextmanager
def worker(environment: dict[str, str], folder: Path) -> Iterator[None]:
    """A real worker with beat, on this test's database and on a broker's database of its own."""
    broker = urlunsplit(urlsplit(environment["REDIS_URL"])._replace(path=f"/{9 + os.getpid() % 6}"))
    command = [
        "celery",
        "-A",
        "config",
        "worker",
        "--beat",
        "--pool",
        "solo",
        "--loglevel",
        "WARNING",
        "--schedule",
        str(folder / "beat"),
    ]
    with (folder / "worker.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            env={**environment, "REDIS_URL": broker},
            cwd=ROOT,
            stdout=log,
            stderr=log,
        )
        try:
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def patiently(is_so, seconds: int = 90) -> None:
    """Until it is so; a worker on a busy machine takes its time."""
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, "nothing came of it"
        time.sleep(0.5)
