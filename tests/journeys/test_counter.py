"""A clerk without a mouse: a visitor from contact to receipt on one page, then the case found and looked at by keys alone."""

import pytest
from playwright.sync_api import expect

from applications.models import Application
from tests.journeys.town import Town

pytestmark = pytest.mark.browser

MOST_KEYS = 90
"""Keys pressed for a whole visit, typed characters included: under ninety seconds at a clerk's pace."""


class Keys:
    """A keyboard that counts."""

    def __init__(self, page) -> None:
        self.page, self.pressed = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.pressed += len(text)


def test_counter(town: Town):
    clerk = town.officer("wangmin")
    clerk.go("/desk/")
    keys = Keys(clerk.page)
    with clerk.page.expect_navigation():
        keys.press("c")
    clerk.look()
    clerk.page.locator("[name=phone]").wait_for()
    assert clerk.page.evaluate("document.activeElement.name") == "phone"
    keys.type("13900001234")
    keys.press("Tab")
    keys.type("周海明")
    keys.press("Tab")
    keys.type("11010519491231002X")
    keys.press("Tab")
    keys.type("海棠路 18 号 2 单元")
    keys.press("Tab", "Tab", "Tab")
    keys.type("8")
    boxes = clerk.page.locator("[name=papers]").count()
    keys.press("Tab")
    while clerk.page.evaluate("document.activeElement.name") != "papers":
        keys.press("Tab")
    for _box in range(boxes):
        keys.press("Space", "Tab")
    clerk.shot("1-typed")
    with clerk.page.expect_navigation():
        keys.press("Enter")
    clerk.look().shot("2-receipt").sees("受理回执")
    application = Application.objects.get()
    assert application.accepted_at
    assert keys.pressed <= MOST_KEYS, keys.pressed

    clerk.go("/desk/?view=all")
    clerk.page.keyboard.press("j")
    clerk.page.keyboard.press("v")
    expect(clerk.page.locator("#beside .card")).to_be_visible()
    clerk.shot("3-beside")
    clerk.page.keyboard.press("x")
    assert clerk.page.locator("[name=case]:checked").count() == 1
    clerk.page.keyboard.press("/")
    clerk.page.keyboard.type("zhm 1234")
    with clerk.page.expect_navigation():
        clerk.page.keyboard.press("Enter")
    clerk.look().sees("周∗∗").shot("4-found")
    assert "zhm" not in clerk.page.url
    assert "1234" not in clerk.page.url
