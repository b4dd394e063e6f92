"""One mould filled for one case: new ids and numbers, another person and office, moved moments; every header sealed anew."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import random
import re
import secrets
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from django.utils import timezone
from stdnum.iso7064 import mod_11_10

from applications.demo.generation.moulds import Mould, Values
from applications.demo.people import customer
from applications.progress import masked_place
from applications.selectors.facts import months_after
from staff.encryption import blind_index, encrypt
from staff.formats import grouped_number, mask_name, mask_phone
from workflow.services.contacts.registering import place_index
from workflow.terms import name_terms, number_terms, phone_terms, place_terms

BEGINNING = "0" * 64
WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Stamp:
    """Which mould, how many days and minutes later, at which place, and with which dice."""

    mould: int
    days: int
    minutes: int
    place: int
    seed: int


@dataclass(frozen=True)
class Place:
    """An office that takes the place of the one in the moulds: what was said of the one is said of the other."""

    said: Mapping[str, str]
    county_code: str
    station_code: str


@dataclass
class Batch:
    """COPY text of many cases, by table and columns."""

    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)
    parts: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, table: str, columns: tuple[str, ...], text: str) -> None:
        """More rows of a table."""
        self.columns.setdefault(table, columns)
        self.parts[table].append(text)


FINDABLE: dict[str, Callable[[str], set[int]]] = {
    "workflow.persondata.name": lru_cache(maxsize=20_000)(name_terms),
    "workflow.persondata.phone": phone_terms,
    "workflow.contact.place": lru_cache(maxsize=20_000)(place_terms),
    "applications.premises.address": lru_cache(maxsize=20_000)(place_terms),
}
"""By what a case is found: what applications.services.finding would read from its rows."""
EVENT_PAYLOAD = ("stream", "number", "salt", "body")
HEAD = ("stream", "number", "last_hash")


def stamp_case(
    batch: Batch,
    mould: Mould,
    stamp: Stamp,
    place: Place,
    serials: Mapping[str, int],
    sequence: int,
    columns: tuple[str, ...],
) -> str:
    """Write the whole case into the batch; answers with its id. `serials` are the first free numbers by table, `sequence` that of the case."""
    rng = random.Random(stamp.seed)
    values: Values = dict(place.said)
    _moments(values, mould, stamp)
    _ids(values, mould, stamp, rng, serials)
    _numbers(values, mould, stamp, place, sequence, rng)
    _person(values, mould.person, rng, sequence)
    for name, before, text in mould.digests:
        values[name] = before + hashlib.sha256(text.filled(values).encode()).hexdigest()
    _seal(batch, mould, values, columns)
    found_by: set[int] = set()
    for name, context, text in mould.hidden:
        said = text.filled(values)
        values[name] = r"\\x" + encrypt(said, context).hex()
        if (terms := FINDABLE.get(context)) is not None:
            found_by |= terms(said)
    for table, names, text in mould.tables:
        batch.add(table, names, text.filled(values))
    for old, name in mould.numbers.items():
        if old.startswith(("L", "YK")):
            found_by |= number_terms(values[name])
    terms_said = ",".join(map(str, sorted(found_by)))
    batch.add("workflow_caseterms", ("case_id", "terms"), f"{values[mould.case_key]}\t{{{terms_said}}}\n")
    return values[mould.case_key]


def _seal(batch: Batch, mould: Mould, values: Values, columns: tuple[str, ...]) -> None:
    """The chain of every stream: digest of the salted payload, header, leaf, and the leaf before it, as the trigger makes them."""
    for event in mould.events:
        body = event.body.filled(values)
        salt = secrets.token_bytes(32)
        values[f"{event.key}:d"] = hashlib.sha256(salt + body.encode()).hexdigest()
        header = event.header.filled(values).encode()
        leaf = hashlib.sha256(b"\x00" + header).digest()
        values[f"{event.key}:h"] = r"\\x" + header.hex()
        values[f"{event.key}:l"] = leaf.hex()
        if f"{event.key}:c" in mould.receipts:
            values[f"{event.key}:c"] = base64.b32encode(leaf).decode()[:26]
        batch.add("workflow_event", columns, event.row.filled(values))
        batch.add(
            "workflow_eventpayload",
            EVENT_PAYLOAD,
            f"{event.stream.filled(values)}\t{event.number}\t\\\\x{salt.hex()}\t{_escaped(body)}\n",
        )
    for stream, key, number in mould.heads:
        batch.add(
            "workflow_streamhead", HEAD, f"{stream.filled(values)}\t{number}\t\\\\x{values[f'{key}:l']}\n"
        )


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def _moments(values: Values, mould: Mould, stamp: Stamp) -> None:
    later = dt.timedelta(days=stamp.days)
    jitter = dt.timedelta(minutes=stamp.minutes)
    for name, (shape, moment) in mould.moments.items():
        values[name] = written(moment + later + (dt.timedelta() if moment in mould.fixed else jitter), shape)
    for name, (shape, day) in mould.days.items():
        values[name] = _written_day(moved_day(mould, day, later), shape)


def moved_day(mould: Mould, day: dt.date, later: dt.timedelta) -> dt.date:
    """A day so much later; where it was reckoned in months, reckoned again."""
    if day in mould.months:
        base, months = mould.months[day]
        moved = months_after(base + later, months)
        assert moved is not None
        return moved
    return day + later


def written(moment: dt.datetime, shape: str) -> str:
    """A moment as the place wants it."""
    if shape == "pg":
        return moment.isoformat(" ", "microseconds")
    if shape == "header":
        return f"{moment.isoformat('T', 'microseconds')[:26]}Z"
    if shape == "utc":
        return moment.isoformat()
    local = timezone.localtime(moment)
    if shape == "json":
        return re.sub(r"(\.\d*?)0+\+", r"\1+", moment.isoformat()).replace(".+", "+")
    return local.isoformat() if shape == "local" else f"{_written_day(local.date(), 'long')}{local:%H:%M}"


def _written_day(day: dt.date, shape: str) -> str:
    return (
        day.isoformat()
        if shape == "day"
        else f"{day.year}年{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）"
    )


def _ids(values: Values, mould: Mould, stamp: Stamp, rng: random.Random, serials: Mapping[str, int]) -> None:
    """Ids keep their order in time: the moment in front moves, the rest is new."""
    later = stamp.days * 86_400_000 + stamp.minutes * 60_000
    for old, name in mould.uuids.items():
        digits = old.replace("-", "")
        front = int(digits[:12], 16) + later
        tail = rng.getrandbits(60)
        text = f"{front:012x}{digits[12:16]}{digits[16]}{tail:015x}"
        values[name] = f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
    taken: dict[str, int] = defaultdict(int)
    for name in mould.serials:
        table = name[2:].partition("#")[0]
        if table in serials:
            values[name] = str(serials[table] + taken[table])
            taken[table] += 1


def _numbers(
    values: Values, mould: Mould, stamp: Stamp, place: Place, sequence: int, rng: random.Random
) -> None:
    later = dt.timedelta(days=stamp.days)
    for place_in_case, (old, name) in enumerate(mould.numbers.items()):
        letters = old.rstrip("0123456789")
        day = dt.datetime.strptime(old[len(letters) : len(letters) + 8], "%Y%m%d").date() + later  # noqa: DTZ007 - a day only
        digits = f"{day:%Y%m%d}{place.station_code[:6]}{(sequence + place_in_case) % 1_000_000:04d}"
        number = f"{letters}{digits}{mod_11_10.calc_check_digit(digits)}"
        values[name], values[f"{name}:g"] = number, grouped_number(number)
    year = (mould.last_day + later).year
    values["n:archive"] = f"DA-{year}-{sequence:08d}"
    values["r:meter"] = f"37{rng.randint(10**9, 10**10 - 1)}"
    values["r:slip"] = f"LY{rng.randint(1000, 9999)}"


def _person(values: Values, old: Mapping[str, str], rng: random.Random, sequence: int) -> None:
    """Another person: `old` maps what was said of the first to what kind of thing it was."""
    kind = old["kind"]
    name, contact, address, number = made_up(kind, rng)
    phone = f"1{98 + sequence % 2}{sequence % 100_000_000:08d}"
    values |= {
        "p:name": name, "p:contact": contact or name, "p:phone": phone, "p:phone-masked": mask_phone(phone), "p:address": address,
        "p:address-masked": masked_place(address), "p:id": number, "p:name-masked": mask_name(name), "p:phone-index": blind_index(phone, "phone"),
        "p:tail-index": blind_index(phone[-4:], "phone-tail"),
        "p:id-index": blind_index(number.upper(), "id"), "p:address-index": place_index(address),
    }  # fmt: skip


def made_up(kind: str, rng: random.Random) -> tuple[str, str, str, str]:
    """Name, contact's name, address, identity number of somebody who does not exist."""
    who = customer(rng, kind, 0)
    return who.name, who.contact_name, who.address, who.id_number
