"""More offices for a large bureau: each a copy of the one the moulds were walked at, with people of its own who hold the same papers."""

from __future__ import annotations

import datetime as dt
import random

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from applications.demo.generation.stamps import Place
from applications.demo.people import GIVEN, SURNAMES
from staff.demo import PASSWORD, Cast
from staff.models import Certificate, Office, Post, User
from staff.seeds.cast import COUNTY
from staff.services import grant_certificate

HOME = "37010201"
"""Where the moulds are walked."""
PER_COUNTY = 8
SINCE = dt.date(2015, 1, 1)
PLACES = "安宁东山石桥柳林白塔双河枣园泉城平阳古镇长清龙湖青云太和玉泉金山银杏松岭梅溪竹园荷塘桂花"
KEPT = frozenset({"auditor", "discipline", "training", "administrator"})
"""Who watches does so for the whole house."""


def build_places(cast: Cast, count: int) -> list[Place]:
    """The offices that are missing of so many, with their people; safe to run again."""
    home, above = cast.offices[HOME], cast.offices[COUNTY]
    places = []
    for number in range(count):
        county_code = f"3702{number // PER_COUNTY + 11}"
        with transaction.atomic():
            county = _office(f"{county_code}", above, _name(number // PER_COUNTY, "县供电公司"), above)
            station = _office(
                f"{county_code}{number % PER_COUNTY + 1:02d}", county, _name(number, "供电所"), home
            )
            said = _people(above, county, cast) | _people(home, station, cast)
        said |= {
            f"s:office#{home.pk}": str(station.pk), f"s:office#{above.pk}": str(county.pk), f"o:{home.code}": station.code,
            f"o:{above.code}": county.code, f"o:{home.name_zh}": station.name_zh, f"o:{above.name_zh}": county.name_zh,
        }  # fmt: skip
        places.append(Place(said, county.code, station.code))
    return places


def known_of(cast: Cast) -> dict[str, str]:
    """What of the moulds' own offices and people can stand in a case, and the names of its places."""
    home, above = cast.offices[HOME], cast.offices[COUNTY]
    known = {text: f"o:{text}" for text in (home.code, above.code, home.name_zh, above.name_zh)}
    for user in _crew(home) + _crew(above):
        known |= {
            str(user.pk): f"w:{user.pk}",
            user.pk.hex: f"w:{user.pk.hex}",
            user.display_name: f"w:{user.pk}:name",
        }
    return known


def _name(number: int, ending: str) -> str:
    start = number * 2 % len(PLACES)
    again = number * 2 // len(PLACES)
    return f"{PLACES[start : start + 2]}{['', '新', '北', '西'][again % 4]}{ending}"


def _office(code: str, parent: Office | None, name: str, like: Office) -> Office:
    office, _made = Office.objects.get_or_create(
        code=code,
        defaults={
            "name_zh": name,
            "name_en": f"{like.kind} {code}",
            "kind": like.kind,
            "parent": parent,
            "is_catch_all": False,
        },
    )
    return office


def _crew(office: Office) -> list[User]:
    return list(
        User.objects.filter(posts__office=office, kind="officer")
        .exclude(posts__role__in=KEPT)
        .distinct()
        .order_by("username")
    )


def _people(like: Office, office: Office, cast: Cast) -> dict[str, str]:
    said: dict[str, str] = {}
    for user in _crew(like):
        twin = _twin(user, office, cast)
        said |= {
            f"w:{user.pk}": str(twin.pk),
            f"w:{user.pk.hex}": twin.pk.hex,
            f"w:{user.pk}:name": twin.display_name,
        }
    return said


def _twin(user: User, office: Office, cast: Cast) -> User:
    username = f"{user.username}.{office.code}"
    twin = User.objects.filter(username=username).first()
    if twin is not None:
        return twin
    rng = random.Random(username)
    twin = User(
        username=username, display_name=rng.choice(SURNAMES) + rng.choice(GIVEN), password=_password()
    )
    twin.save()
    for post in user.posts.all():
        Post.objects.create(user=twin, office=office, role=post.role, from_date=SINCE)
    today = timezone.localdate()
    for number, certificate in enumerate(
        Certificate.objects.filter(holder=user, valid_until__gte=today).select_related("competence")
    ):
        grant_certificate(
            by=cast["gaomin"], holder=twin, competence=certificate.competence, number=f"LC-{office.code}-{user.username}-{number}",
            issued_date=SINCE, valid_until=certificate.valid_until, today=today,
        )  # fmt: skip
    return twin


_HASHED: list[str] = []


def _password() -> str:
    """Hashed once: hashing takes longer than everything else about a person."""
    if not _HASHED:
        _HASHED.append(make_password(PASSWORD))
    return _HASHED[0]
