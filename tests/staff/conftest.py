"""A fixed day, the demo cast, and a browser that signs in."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from staff.demo import Cast, build_cast
from staff.models import User
from staff.sessions import BACKEND

BEIJING = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 11, 24)


class Clock:
    """What the application takes for now; a test moves it."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 24, 10, 0, tzinfo=BEIJING)

    def move(self, **by: int) -> datetime:
        self.moment += timedelta(**by)
        return self.moment


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(timezone, "now", lambda: clock.moment)
    return clock


@pytest.fixture
def cast(db: None, clock: Clock) -> Cast:
    return build_cast(TODAY)


@pytest.fixture
def sign_in(client: Client):
    """`sign_in(user)`: a client signed in as that user, past the sign-in page."""

    def signed_in(user: User) -> Client:
        client.force_login(user, backend=BACKEND)
        return client

    return signed_in
