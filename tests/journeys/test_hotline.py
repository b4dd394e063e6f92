"""A 95598 call handed on twice: every office sees where it has been, no time is gained, and who it belongs to begins to act."""

from __future__ import annotations

import pytest
from django.urls import reverse

from staff.demo import Cast
from staff.models import Office
from tests.applications.walked import EAST
from tests.journeys.town import Person, Town
from workflow.models import Contact, Deadline, Event, HandOn

pytestmark = pytest.mark.browser

SOUTH = "37010202"


def hands_on(officer: Person, contact: Contact, code: str, reason: str, shot: str) -> None:
    """From the case's page, by the list of outcomes."""
    officer.go(f"/cases/{contact.case_id}/").go(f"/desk/contacts/{contact.pk}/hand-on/")
    officer.fill("main form", to_office=Office.objects.get(code=code).pk, reason=reason).shot(shot)
    officer.send("main form")


def test_hotline(town: Town, cast: Cast) -> None:
    county, south, east = town.officer("chenli"), town.officer("tangli"), town.officer("wangmin")
    county.go("/desk/contacts/new/").fill(
        "main form", phone="139 0000 0088", need="新开店 20 kW", place="解放路 9 号", channel="phone95598"
    ).shot("01-call").send("main form")
    contact = Contact.objects.get()
    county.sees("解放路 9 号").shot("02-registered")
    start = Deadline.objects.get(case=contact.case, limit__code="intake").started_at
    east.go(f"/cases/{contact.case_id}/", expected=404)

    hands_on(county, contact, SOUTH, "", "03-why")
    county.sees("请填写")
    assert not HandOn.objects.exists()
    county.fill("main form", reason="按地址归城南").send("main form")
    south.go("/desk/?view=contacts").sees("解放路 9 号").shot("04-south-desk")
    hands_on(south, contact, EAST, "地址在城东", "05-second-time")
    east.go("/desk/?view=contacts").sees("解放路 9 号").shot("06-east-desk")
    east.go(f"/cases/{contact.case_id}/").sees("转办 2 次", "城南供电所", "尚无实际办理").shot("07-case")
    clock = Deadline.objects.get(case=contact.case, limit__code="intake")
    assert (clock.running, clock.started_at) == (True, start), "handing on gains no time"

    county.go("/board/contacts/").sees("1 个来访没有下文", "城东供电所").shot("08-board")
    stranger = town.customer()
    stranger.go(reverse("receipt", args=[contact.receipt_key])).shot("09-receipt")
    east.go(f"/cases/{contact.case_id}/").press("办理申请").shot("10-acts")
    kinds = list(Event.objects.filter(stream=contact.case.stream).values_list("kind", flat=True))
    assert kinds.count("contact.handed_on") == 2
