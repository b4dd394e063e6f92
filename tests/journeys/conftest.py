"""A running bureau for a real browser: committed data, a live server, the cast's people."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from staff.demo import Cast
from tests.applications.walked import bureau
from tests.journeys.phones import INBOX
from tests.journeys.town import Town
from workflow.selectors import calendars


@pytest.fixture(autouse=True)
def _a_new_day(settings, tmp_path):
    """Uploads go elsewhere, codes to phones that can be read, and what a process remembers of another database is forgotten."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.TONGDIAN_CODE_GATEWAY = "tests.journeys.phones.Phones"
    INBOX.clear()
    calendars._calendar.cache_clear()


@pytest.fixture
def cast(transactional_db) -> Cast:
    """Offices, people and rules, committed."""
    return bureau()


@pytest.fixture
def town(cast: Cast, live_server, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Town]:
    """The bureau at its address. Whoever still has a browser open when the journey ends, leaves before the database goes."""
    settings = request.getfixturevalue("settings")
    settings.TONGDIAN_BASE_URL = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    town = Town(browser, live_server.url, request.node.name.removeprefix("test_").partition("[")[0])
    yield town
    town.close()
