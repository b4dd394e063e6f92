"""临时用电: a site's supply for ninety days, renewed once at the counter, taken down and settled, then archived."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from applications.demo.clock import travelled_to
from staff.demo import Cast
from staff.formats import long_day
from tests.applications.categories import filed, open_nodes, play
from tests.applications.walked import PHONES
from tests.journeys.test_threads import days_ago
from tests.journeys.town import ALL, Town, case_events, stage_of
from workflow.models import Event

pytestmark = pytest.mark.browser


def test_temporary(town: Town, cast: Cast) -> None:
    with travelled_to(days_ago(60)):
        application = filed(cast, "temporary.lv_other")
        play(application, cast, until="ARCHIVING")
    case, row = application.case, application.temporary
    row.refresh_from_db()
    me = town.customer()
    me.go("/signin/").signs_in_by_code(PHONES["hengtai"])
    me.follows(case, "已送电，到期后拆除", long_day(row.until_date)).shot("01-power-is-on")

    clerk, later = town.officer("wangmin"), row.until_date + dt.timedelta(days=60)
    clerk.go(f"/cases/{case.pk}/").shot("02-case")
    known = case_events(case)
    far = row.until_date + dt.timedelta(days=300)
    clerk.go(f"/cases/{case.pk}/act/renew_temporary/").fill(
        "main form", until_date=far, reason="工期延长两个月"
    ).send("main form")
    clerk.sees("最长到").shot("03-too-long")
    assert clerk.page.locator('[name="reason"]').input_value() == "工期延长两个月"
    assert case_events(case) == known
    clerk.fill("main form", until_date=later).send("main form")
    clerk.go(f"/cases/{case.pk}/").sees(long_day(later)).shot("04-renewed")
    me.follows(case, long_day(later)).shot("05-my-new-end")

    fitter, meter = town.officer("hewei"), application.meterings.get()
    removal = f"/cases/{case.pk}/act/record_removal/"
    fitter.go(removal).fill("main form", last_reading=str(meter.first_reading + 900), settled="no").send(
        "main form"
    )
    fitter.sees("结清").shot("06-not-settled")
    fitter.fill("main form", settled="yes").send("main form")
    assert open_nodes(application) == ["archive"]
    clerk.go(f"/cases/{case.pk}/act/renew_temporary/").sees("已经拆除").shot("07-no-renewal-any-more")
    town.officer("guoqin").act(case, "archive", present=ALL, location="一号柜")
    assert stage_of(case) == "ARCHIVED"
    me.follows(case, "已拆除").shot("08-taken-down")
    kinds = list(Event.objects.filter(stream=case.stream).order_by("number").values_list("kind", flat=True))
    assert kinds[-3:] == ["temporary.renewed", "removal.recorded", "case.archived"]
    assert timezone.localdate() < later
