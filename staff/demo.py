"""Builds the demo cast: offices, officers with posts and certificates, customers. Safe to run again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from simple_history.utils import bulk_create_with_history

from staff.formats import listed
from staff.models import Certificate, Competence, Office, Post, User
from staff.policies import Role
from staff.seeds.cast import COUNTY, CREWS, CUSTOMERS, OFFICERS, OFFICES, Customer, Member
from staff.services import grant_certificates_unchecked

# Shown on the sign-in page of a demo database, so it protects nothing; production has no such people.
PASSWORD = "tongdian-2026"  # noqa: S105
SINCE = date(2015, 1, 1)
LASTS = timedelta(days=3 * 365)


class NotADemo(Exception):
    """Made-up people would be put into a real register."""


@dataclass(frozen=True)
class Cast:
    """The made-up people by sign-in name (customers by key), and the offices by code."""

    people: Mapping[str, User]
    offices: Mapping[str, Office]

    def __getitem__(self, name: str) -> User:
        return self.people[name]


@dataclass(frozen=True)
class RosterLine:
    """One line of the sign-in page: who can be tried out, and what for."""

    key: str
    name: str
    username: str
    posts: str
    purpose: str


def build_cast(today: date | None = None) -> Cast:
    """Make what is missing of the cast; certificates end relative to `today`. Raises NotADemo."""
    if settings.TONGDIAN_ENV not in {"demo", "test"}:
        raise NotADemo("Demo people are made on demo and test databases alone.")
    day = today or timezone.localdate()
    with transaction.atomic():
        offices = _offices()
        members = (*OFFICERS, *CREWS)
        people = _officers(members, offices)
        _certificates(members, people, day)
        people |= {customer.key: _customer(customer) for customer in CUSTOMERS}
    return Cast(people, offices)


def member_user(key: str) -> User | None:
    """The user behind a line of the roster; nothing if there is no such line."""
    for customer in CUSTOMERS:
        if customer.key == key:
            return User.objects.customer_by_phone(customer.phone)
    if any(member.username == key for member in OFFICERS):
        return User.objects.filter(username=key).first()
    return None


def roster() -> list[RosterLine]:
    """Who can be tried out on this database, in the order of the process."""
    english = (get_language() or "").startswith("en")
    present = set(
        User.objects.filter(username__in=[m.username for m in OFFICERS]).values_list("username", flat=True)
    )
    lines = [
        RosterLine(c.key, c.name, "", "", c.purpose_en if english else c.purpose_zh)
        for c in CUSTOMERS
        if User.objects.customer_by_phone(c.phone) is not None
    ]
    names = {code: (name_en if english else name_zh) for code, name_zh, name_en in OFFICES}
    return lines + [
        RosterLine(
            member.username,
            member.name,
            member.username,
            f"{names[member.office]}・{listed(Role(role).label for role in member.roles)}",
            member.purpose_en if english else member.purpose_zh,
        )
        for member in OFFICERS
        if member.username in present
    ]


def _offices() -> dict[str, Office]:
    made: dict[str, Office] = {}
    for code, name_zh, name_en in OFFICES:
        is_county = code == COUNTY
        made[code], _created = Office.objects.get_or_create(
            code=code,
            defaults={
                "name_zh": name_zh,
                "name_en": name_en,
                "kind": Office.Kind.COUNTY if is_county else Office.Kind.STATION,
                "parent": None if is_county else made[COUNTY],
                "is_catch_all": is_county,
            },
        )
    return made


def _officers(members: tuple[Member, ...], offices: Mapping[str, Office]) -> dict[str, User]:
    usernames = [member.username for member in members]
    password = make_password(PASSWORD)
    known = set(User.objects.filter(username__in=usernames).values_list("username", flat=True))
    User.objects.bulk_create(
        User(
            username=member.username,
            display_name=member.name,
            password=password,
            is_staff=Role.ADMINISTRATOR in member.roles,
        )
        for member in members
        if member.username not in known
    )
    people = {user.username: user for user in User.objects.filter(username__in=usernames)}
    _posts(members, people, offices)
    return people


def _posts(members: tuple[Member, ...], people: Mapping[str, User], offices: Mapping[str, Office]) -> None:
    """Not through open_post: it opens posts from today on, and the cast has been here for years."""
    held = set(Post.objects.values_list("user__username", "office__code", "role"))
    missing = [
        Post(user=people[member.username], office=offices[member.office], role=role, from_date=SINCE)
        for member in members
        for role in member.roles
        if (member.username, member.office, role) not in held
    ]
    bulk_create_with_history(missing, Post)


def _certificates(members: tuple[Member, ...], people: Mapping[str, User], today: date) -> None:
    competences = {competence.code: competence for competence in Competence.objects.all()}
    held = set(Certificate.objects.values_list("holder__username", "competence__code"))
    missing = []
    for index, member in enumerate(members):
        ends = dict(member.ends)
        for code in member.competences:
            if (member.username, code) in held:
                continue
            # Spread over the year, so that a register looks like one.
            until = today + timedelta(days=ends.get(code, 400 + 37 * index % 300))
            missing.append(
                Certificate(
                    holder=people[member.username],
                    competence=competences[code],
                    number=f"LC-{index + 1:03d}-{competences[code].position:02d}",
                    issued_date=until - LASTS,
                    valid_until=until,
                )
            )
    if missing:
        grant_certificates_unchecked(by=people["gaomin"], certificates=missing)


def _customer(customer: Customer) -> User:
    return User.objects.customer_by_phone(customer.phone) or User.objects.create_customer(
        customer.phone, customer.name
    )
