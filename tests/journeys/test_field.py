"""A survey in a dead zone: taken along, filled in without network, the phone's battery dies, and only the server's answer makes it done."""

import hashlib
from pathlib import Path

import pytest
from playwright.sync_api import expect

from applications.models import Capture, Survey
from tests.applications.walked import Walk
from tests.journeys.town import PATIENCE, PHONE, Town, photo
from workflow.models import Event, EventPayload, Task

pytestmark = pytest.mark.browser

STORED = "本机暂存，尚未提交"
FOUND = {
    "can_supply": "yes",
    "external_line": "no",
    "customer_works": "no",
    "transformer_area": "海棠 3 号台区",
    "pole": "12 号杆",
    "distance_m": "35",
    "approved_capacity": "8",
}
FORM = 'form[data-field="record_survey"]'


def settled(me) -> None:
    """The page has kept what it needs and sent what it had."""
    me.page.locator('html[data-field="ready"]').wait_for(state="attached", timeout=3 * PATIENCE)


def types(me) -> None:
    for name in ("transformer_area", "pole", "distance_m", "approved_capacity"):
        me.page.locator(f'{FORM} [name="{name}"]').fill(FOUND[name])
    for name in ("can_supply", "external_line", "customer_works"):
        me.page.locator(f'{FORM} [name="{name}"][value="{FOUND[name]}"]').check()
    me.page.locator(f'{FORM} [name="visit-ticked"]').first.check()


def signs(me) -> None:
    pad = me.page.locator(".field-pad canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    me.page.mouse.move(box["x"] + 30, box["y"] + 60)
    me.page.mouse.down()
    me.page.mouse.move(box["x"] + 200, box["y"] + 90, steps=5)
    me.page.mouse.up()


def test_field(town: Town, cast, tmp_path):
    walk = Walk(cast, "lv_other", three_zero=False).accepted()
    task = Task.objects.get(case=walk.application.case, outcome="", node_code="survey")
    visit = f"/field/{task.pk}/"
    me = town.officer("lijianguo", PHONE)
    me.go("/field/").sees("海棠路 1 号", "未约时间").shot("01-day")
    me.go(visit).shot("02-visit").press("带走").sees("已记录：带走")
    settled(me)
    me.sees("无网络也可打开").shot("03-taken")

    me.context.set_offline(True)
    types(me)
    expect(me.page.locator("[data-draft]").first).to_contain_text(STORED)
    me.page.reload()  # the battery was flat: the page and what was typed are still here
    settled(me)
    me.sees(STORED).shot("04-offline-reloaded")
    assert me.page.locator(f'{FORM} [name="transformer_area"]').input_value() == FOUND["transformer_area"]
    assert me.page.locator(f'{FORM} [name="can_supply"][value="yes"]').is_checked()
    picture = photo(tmp_path, "site.jpg", "green")
    me.page.locator(f'{FORM} [name="visit-pictures"]').set_input_files(picture)
    me.sees("site.jpg")
    signs(me)
    me.sees("signature.png").shot("05-photographed")
    me.page.locator(f"{FORM} button.primary").click()
    me.sees("有网络后自动提交", STORED).shot("06-stored")
    assert not Survey.objects.exists()
    me.page.goto(town.base + "/field/")  # from what was kept: the day's list, with what waits
    settled(me)
    me.sees(f"{STORED}：1 项").shot("07-day-offline")

    me.context.set_offline(False)
    me.sees("已提交。现场填写", "服务器记录").shot("08-submitted")
    event = Event.objects.get(stream=walk.application.case.stream, kind="survey.recorded")
    assert Survey.objects.count() == 1
    assert event.nonce_at < event.captured_at < event.recorded_at
    assert f"sha-256:{hashlib.sha256(Path(picture).read_bytes()).hexdigest()}" in event.documents
    said = EventPayload.objects.get(stream=event.stream, number=event.number).data
    assert (said["pictures"], said["signed"]) == (1, True)
    assert me.page.evaluate("fieldStore.all().then(all => all.length)") == 0, (
        "acknowledged, so nothing stays on the phone"
    )
    me.go(f"/cases/{walk.application.case_id}/").sees("现场离线填写", "现场照片 1 张")
    me.go("/field/").sees_not(STORED)


def test_field_handed_back(town: Town, cast, tmp_path):
    walk = Walk(cast, "lv_other", three_zero=False).accepted()
    task = Task.objects.get(case=walk.application.case, outcome="", node_code="survey")
    me = town.officer("lijianguo", PHONE)
    me.go(f"/field/{task.pk}/").press("带走")
    settled(me)
    me.context.set_offline(True)
    types(me)
    me.page.locator(f"{FORM} button.primary").click()
    me.sees("有网络后自动提交")
    walk.do("hand_back", "lijianguo", task=str(task.pk), reason="ill")  # at another machine, by telephone
    me.context.set_offline(False)
    me.sees("已不在您手上").shot("01-kept")
    assert not Survey.objects.exists()
    capture = Capture.objects.get()
    me.go(f"/field/kept/{capture.pk}/").sees(FOUND["transformer_area"]).shot("02-capture")
    me.page.on("dialog", lambda dialog: dialog.accept())
    me.go("/field/")
    me.page.locator("details.menu summary", has_text="菜单").click()
    with me.page.expect_navigation():
        me.page.locator("details.menu form[data-leave] button").click()
    assert me.page.evaluate("caches.has('field')") is False, (
        "signed out: nothing of the day is left on the phone"
    )
