"""Pure questions, answered without a database."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from staff.policies import (
    Audience,
    Authority,
    PostFact,
    Role,
    Standing,
    admits,
    session_is_over,
    standing,
    why_not_manage_certificates,
    why_not_manage_posts,
    why_not_record_absence,
)

TODAY = date(2026, 11, 24)
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def somebody(
    *roles: str, pk: int = 1, office: int = 1, reach: tuple[int, ...] = (1, 2), **user: bool | str
) -> Authority:
    kind = user.pop("kind", "officer")
    person = SimpleNamespace(
        pk=pk,
        is_active=user.get("is_active", True),
        is_superuser=user.get("is_superuser", False),
        is_officer=kind == "officer",
        is_customer=kind == "customer",
    )
    posts = tuple(PostFact(role, office, "37010201") for role in roles)
    return Authority(person, posts, frozenset(), frozenset(reach) if roles else frozenset())  # type: ignore[arg-type]


CUSTOMER = somebody(kind="customer")
CLERK = somebody(Role.INTAKE)


@pytest.mark.parametrize(
    ("who", "open_pages"),
    [
        (None, {Audience.EVERYONE}),
        (CUSTOMER, {Audience.EVERYONE, Audience.SIGNED_IN, Audience.CUSTOMER}),
        (CLERK, {Audience.EVERYONE, Audience.SIGNED_IN, Audience.OFFICER}),
        (
            somebody(Role.SUPERVISOR),
            {Audience.EVERYONE, Audience.SIGNED_IN, Audience.OFFICER, Audience.SUPERVISOR},
        ),
        (somebody(Role.AUDITOR), {Audience.EVERYONE, Audience.SIGNED_IN, Audience.OFFICER, Audience.AUDITOR}),
        (
            somebody(Role.DISCIPLINE),
            {Audience.EVERYONE, Audience.SIGNED_IN, Audience.OFFICER, Audience.AUDITOR, Audience.DISCIPLINE},
        ),
        (
            somebody(Role.TRAINING),
            {Audience.EVERYONE, Audience.SIGNED_IN, Audience.OFFICER, Audience.TRAINING},
        ),
        (
            somebody(Role.ADMINISTRATOR),
            {Audience.EVERYONE, Audience.SIGNED_IN, Audience.OFFICER, Audience.ADMINISTRATOR},
        ),
        (somebody(), {Audience.EVERYONE}),
        (somebody(is_superuser=True), {Audience.EVERYONE, Audience.SIGNED_IN, Audience.ADMINISTRATOR}),
        (somebody(Role.SUPERVISOR, is_active=False), {Audience.EVERYONE}),
    ],
)
def test_a_page_is_open_to_its_audience_alone(who: Authority | None, open_pages: set[Audience]) -> None:
    assert {audience for audience in Audience if admits(audience, who)} == open_pages


def certificate(issued: int = -100, until: int = 400, revoked: datetime | None = None) -> SimpleNamespace:
    return SimpleNamespace(
        issued_date=TODAY + timedelta(days=issued),
        valid_until=TODAY + timedelta(days=until),
        revoked_at=revoked,
    )


@pytest.mark.parametrize(
    ("paper", "expected"),
    [
        (certificate(), Standing.VALID),
        (certificate(until=60), Standing.VALID),
        (certificate(until=59), Standing.EXPIRING),
        (certificate(until=0), Standing.EXPIRING),
        (certificate(until=-1), Standing.EXPIRED),
        (certificate(issued=1), Standing.NOT_YET),
        (certificate(revoked=NOON), Standing.REVOKED),
        (certificate(revoked=NOON + timedelta(days=1)), Standing.VALID),
        (certificate(until=-1, revoked=NOON), Standing.REVOKED),
    ],
)
def test_how_a_certificate_stands(paper: SimpleNamespace, expected: Standing) -> None:
    assert standing(paper, TODAY) == expected  # type: ignore[arg-type]


HOLDER = somebody(Role.SURVEYOR, pk=2, office=2, reach=(2,))
STRANGER = somebody(Role.SURVEYOR, pk=3, office=9, reach=(9,))


def test_certificates_are_managed_by_training_and_administration_within_reach_and_not_for_oneself() -> None:
    for role in (Role.TRAINING, Role.ADMINISTRATOR):
        assert why_not_manage_certificates(somebody(role), HOLDER) is None
        assert why_not_manage_certificates(somebody(role), STRANGER)
        assert why_not_manage_certificates(somebody(role), somebody(role))
    assert why_not_manage_certificates(somebody(Role.SUPERVISOR), HOLDER)


def test_posts_are_managed_by_administrators_within_reach() -> None:
    assert why_not_manage_posts(somebody(Role.ADMINISTRATOR), 2) is None
    assert why_not_manage_posts(somebody(Role.ADMINISTRATOR), 9)
    assert why_not_manage_posts(somebody(Role.TRAINING), 2)
    assert why_not_manage_posts(somebody(is_superuser=True), 9) is None


def test_an_absence_is_recorded_by_oneself_or_a_superior() -> None:
    assert why_not_record_absence(HOLDER, HOLDER) is None
    assert why_not_record_absence(somebody(Role.SUPERVISOR), HOLDER) is None
    assert why_not_record_absence(somebody(Role.SUPERVISOR), STRANGER)
    assert why_not_record_absence(CLERK, HOLDER)


@pytest.mark.parametrize(
    ("kind", "signed_in_ago", "idle", "over"),
    [
        ("officer", {"hours": 11}, {"minutes": 29}, False),
        ("officer", {"hours": 11}, {"minutes": 31}, True),
        ("officer", {"hours": 12, "seconds": 1}, {"minutes": 1}, True),
        ("customer", {"hours": 23}, {"minutes": 29}, False),
        ("customer", {"hours": 25}, {"minutes": 1}, True),
    ],
)
def test_a_session_ends_by_idleness_and_by_age(
    kind: str, signed_in_ago: dict, idle: dict, *, over: bool
) -> None:
    assert session_is_over(kind, NOON - timedelta(**signed_in_ago), NOON - timedelta(**idle), NOON) == over
