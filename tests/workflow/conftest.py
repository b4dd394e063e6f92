"""The small bureau of world.py, rolled back or committed as the test needs it. Kept apart from the cast of tests/staff."""

from collections.abc import Callable, Iterator

import pytest

from tests.workflow.world import World, build_world, limit, shift
from workflow.models import Limit
from workflow.selectors import calendars


@pytest.fixture(autouse=True)
def _fresh_calendars() -> None:
    """A new clone counts its rows from one again, so a calendar's version is only unique within one database."""
    calendars._calendar.cache_clear()


@pytest.fixture
def world(db: None) -> World:
    """The bureau, gone after the test."""
    return build_world()


@pytest.fixture
def lasting_world(transactional_db: None) -> World:
    """The bureau, committed: for threads and for work after commit."""
    return build_world()


@pytest.fixture
def shifted() -> Iterator[Callable[[str], None]]:
    """Shift the ledger's clock: `shifted("+3 days")`; back to now after the test."""
    yield shift
    shift("")


@pytest.fixture
def a_limit(world: World) -> Limit:
    """Five working days from the first contact."""
    return limit("intake", start_kinds=["contact.registered"], stop_kinds=["application.accepted"])
