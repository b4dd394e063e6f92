"""A walked case turned into a mould: its rows as text with a named place wherever something of it stands that is another's in another case."""

from __future__ import annotations

import base64
import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils import timezone

from applications.demo.generation.readings import (
    day_of,
    hidden_of,
    key_of,
    minute_of,
    moment_of,
    on_time,
    roles_of,
    shape_of,
    shown,
    unescaped,
)
from applications.demo.generation.rows import Written
from applications.selectors.facts import months_after
from applications.sheets.parts import loaded
from staff.formats import grouped_number

NULL = r"\N"
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
MOMENT = r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:\+\d\d(?::\d\d)?|Z)"
LONG_DAY = r"\d{4}年\d{1,2}月\d{1,2}日（周.）(?:\d\d:\d\d)?"
DAY = r"\d{4}-\d\d-\d\d(?!\d)"
SERIAL = "\x01{table}#{pk}\x02"
_FOUND = rf"(?P<serial>\x01[^\x02]+\x02)|(?P<uuid>{UUID})|(?P<moment>{MOMENT})|(?P<long>{LONG_DAY})|(?P<day>(?<![\d-]){DAY})"
SAID_SERIALS = {
    "delivered_to": "applications_party",
    "issued_to": "applications_party",
    "party": "applications_party",
}
"""Payloads name rows by number in these fields alone."""
CHAIN = ("workflow_event", "workflow_eventpayload", "workflow_streamhead")
Values = dict[str, str]


@dataclass(frozen=True, slots=True)
class Text:
    """Text with places: what stands between, and the names of the places in order."""

    frame: str
    names: tuple[str, ...]

    def filled(self, values: Mapping[str, str]) -> str:
        """The text with these values in its places."""
        return self.frame % tuple([values[name] for name in self.names]) if self.names else self.frame % ()


@dataclass(frozen=True, slots=True)
class SealedEvent:
    """One event of the mould: key, stream, its row, what its payload says, and its header."""

    key: str
    stream: Text
    number: int
    row: Text
    body: Text
    header: Text


@dataclass
class Mould:
    """Everything that has to be said to make such a case again."""

    story: Any
    case_key: str
    stage: str
    first_day: dt.date
    last_day: dt.date
    ended_at: dt.datetime
    next_rung_at: dt.datetime | None
    matching: Mapping[str, Any]
    tables: list[tuple[str, tuple[str, ...], Text]] = field(default_factory=list)
    events: list[SealedEvent] = field(default_factory=list)
    hidden: list[tuple[str, str, Text]] = field(default_factory=list)
    digests: list[tuple[str, str, Text]] = field(default_factory=list)
    heads: list[tuple[Text, str, int]] = field(default_factory=list)
    moments: dict[str, tuple[str, dt.datetime]] = field(default_factory=dict)
    days: dict[str, tuple[str, dt.date]] = field(default_factory=dict)
    months: dict[dt.date, tuple[dt.date, int]] = field(default_factory=dict)
    fixed: frozenset[dt.datetime] = frozenset()
    uuids: dict[str, str] = field(default_factory=dict)
    serials: dict[str, int] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    person: Mapping[str, str] = field(default_factory=dict)
    event_columns: tuple[str, ...] = ()
    receipts: frozenset[str] = frozenset()
    slack: int = 0
    rows: int = 0


class Casting:
    """Makes one mould. `known` maps texts that stand in the case (people, offices, numbers) to the names of their places."""

    def __init__(self, mould: Mould, written: Iterable[Written], known: Mapping[str, str]) -> None:
        self.mould = mould
        self.written = {one.table: one for one in written}
        self.known = dict(known)
        self.ids = self._new_ids()
        self._pattern: re.Pattern[str] | None = None
        self._in_history = False

    def cast(self) -> Mould:
        """All of it, in the order in which one thing is needed for another."""
        self._learn_numbers()
        self._learn_chain()
        self._learn_documents()
        self._learn_histories()
        self._pattern = re.compile(
            "|".join(map(re.escape, sorted(self.known, key=len, reverse=True))) + "|" + _FOUND
        )
        self._cast_documents()
        self._cast_chain()
        for table, one in self.written.items():
            self.mould.rows += len(one.rows)
            if table not in CHAIN:
                lines = ["\t".join(self._marked(one, row)) for row in one.rows]
                self.mould.tables.append(
                    (table, one.columns, self.text("".join(f"{line}\n" for line in lines)))
                )
        said = [text for _table, _columns, text in self.mould.tables] + [
            text for _name, _context, text in self.mould.hidden
        ]
        self.mould.receipts = frozenset(name for text in said for name in text.names if name.endswith(":c"))
        self.mould.slack = _slack(self.mould)
        return self.mould

    # --- what is to be found again -------------------------------------------------------------------------

    def _new_ids(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for table, one in self.written.items():
            key = key_of(table)
            if key and key in one.columns:
                place = one.columns.index(key)
                values = {row[place] for row in one.rows}
                found[table] = values
                for value in values:
                    if re.fullmatch(UUID, value):
                        self.mould.uuids[value] = f"u{len(self.mould.uuids)}"
        return found

    def _learn_numbers(self) -> None:
        wanted = [
            ("workflow_case", "contact_no"),
            ("workflow_case", "application_no"),
            ("applications_contract", "number"),
        ]
        for table, column in wanted:
            for value in self._values(table, column):
                self._number(value)
        for value in self._values("applications_archiverecord", "number"):
            self._learn(value, "n:archive")
        for table, column, name in (
            ("applications_metering", "asset_no", "r:meter"),
            ("applications_meterissue", "number", "r:slip"),
        ):
            for value in self._values(table, column)[-1:]:
                self._learn(value, name)
        due = {*self._values("workflow_deadline", "due_at"), *self._values("workflow_deadline", "next_rung_at"),
               *self._values("workflow_deadlinerung", "due_at"), *self._values("workflow_deadlinerung", "fired_at"),
               *self._values("workflow_pause", "until_at")}  # fmt: skip
        swept = {
            moment_of(row[4])
            for row in self._picked("workflow_event", "stream", "number", "kind", "actor", "recorded_at")
            if row[3] == "system:sweep"
        }
        self.mould.fixed = frozenset(
            {moment_of(value) for value in due if value != NULL and on_time(moment_of(value))} | swept
        )
        for row in self._picked("applications_replynotice", "valid_until_date", "recorded_at", "scheme_id"):
            if row[0] != NULL:
                base, until = timezone.localdate(moment_of(row[1])), dt.date.fromisoformat(row[0])
                length = next(n for n in range(1, 61) if months_after(base, n) == until)
                self.mould.months[until] = (base, length)

    def _number(self, value: str) -> None:
        if value != NULL:
            name = f"n:{value}"
            self.mould.numbers[value] = name
            self._learn(value, name)
            self._learn(grouped_number(value), f"{name}:g")

    def _learn(self, value: str, name: str) -> None:
        if value and value != NULL:
            self.known[value] = name

    def _learn_chain(self) -> None:
        for stream, number, digest, leaf in self._picked(
            "workflow_event", "stream", "number", "payload_digest", "leaf_hash"
        ):
            key = f"{stream}#{number}"
            self._learn(digest, f"{key}:d")
            self._learn(leaf.removeprefix(r"\\x"), f"{key}:l")
            self._learn(base64.b32encode(bytes.fromhex(leaf.removeprefix(r"\\x"))).decode()[:26], f"{key}:c")

    def _learn_documents(self) -> None:
        for table in ("applications_contract", "applications_scheme", "applications_issuedpaper"):
            for value in self._values(table, "digest"):
                self._learn(value, f"g:{value[-24:]}")

    def _learn_histories(self) -> None:
        """A version of a row is sealed by the digest of its text; the text is written as the database writes it."""
        self._histories: list[tuple[str, str]] = []
        for table, one in self.written.items():
            if "_historical" not in table:
                continue
            keys = [row[one.columns.index("history_id")] for row in one.rows]
            with connection.cursor() as cursor:
                cursor.execute(
                    f'SELECT to_jsonb(h)::text, encode(sha256(convert_to(to_jsonb(h)::text, \'UTF8\')), \'hex\') FROM "{table}" h'  # noqa: S608 - names from the catalogue
                    " WHERE history_id = ANY(%s)", [[int(key) for key in keys]],
                )  # fmt: skip
                for text, digest in cursor.fetchall():
                    self._learn(digest, f"h:{digest[:24]}")
                    self._histories.append((f"h:{digest[:24]}", self._json_marked(table, text)))

    # --- casting -------------------------------------------------------------------------------------------

    def text(self, said: str) -> Text:
        """The text with its places named."""
        assert self._pattern is not None
        parts, names, end = [], [], 0
        for match in self._pattern.finditer(said):
            name = self._name(match)
            if name is None:
                continue
            parts.append(said[end : match.start()].replace("%", "%%"))
            names.append(name)
            end = match.end()
        parts.append(said[end:].replace("%", "%%"))
        return Text("%s".join(parts), tuple(names))

    def _name(self, match: re.Match[str]) -> str | None:
        value = match.group(0)
        match match.lastgroup:
            case "serial":
                table, _hash, pk = value[1:-1].partition("#")
                name = f"s:{table}#{pk}"
                self.mould.serials.setdefault(name, len(self.mould.serials))
                return name
            case "uuid":
                return self.mould.uuids.get(value) or self.known.get(value)
            case "moment":
                shape = "json" if self._in_history and shape_of(value) == "utc" else shape_of(value)
                self.mould.moments[f"{shape}:{value}"] = (shape, moment_of(value))
                return f"{shape}:{value}"
            case "long" if ":" in value:
                self.mould.moments[f"m:{value}"] = ("long", minute_of(value))
                return f"m:{value}"
            case "long" | "day":
                name = f"t:{value}"
                self.mould.days[name] = ("long" if "年" in value else "day", day_of(value))
                return name
            case _:
                return self.known[value]

    def _cast_documents(self) -> None:
        from_text = [("applications_contract", True), ("applications_scheme", False)]
        for table, hidden in from_text:
            for text, digest in self._picked(table, "text", "digest"):
                said = shown(table, "text", text) if hidden else unescaped(text)
                self.mould.digests.append((f"g:{digest[-24:]}", "sha-256:", self.text(said)))
        for content, digest in self._picked("applications_issuedpaper", "content", "digest"):
            words = loaded(shown("applications_issuedpaper", "content", content)).words()
            self.mould.digests.append((f"g:{digest[-24:]}", "sha-256:", self.text(words)))
        self._in_history = True
        for name, said in self._histories:
            self.mould.digests.append((name, "", self.text(said)))
        self._in_history = False

    def _cast_chain(self) -> None:
        bodies = {
            (row[0], row[1]): unescaped(row[2])
            for row in self._picked("workflow_eventpayload", "stream", "number", "body")
        }
        one = self.written["workflow_event"]
        self.mould.event_columns = one.columns
        place = {name: n for n, name in enumerate(one.columns)}
        rows = sorted(one.rows, key=lambda row: (row[place["stream"]], int(row[place["number"]])))
        for row in rows:
            stream, number = row[place["stream"]], row[place["number"]]
            key = f"{stream}#{number}"
            header = bytes.fromhex(row[place["header"]].removeprefix(r"\\x")).decode()
            cells = list(row)
            cells[place["header"]] = f"\x01header\x02{key}\x02"
            before, after = "\t".join(cells).split(f"\x01header\x02{key}\x02")
            lead, tail = self.text(self._stream_marked(stream, before)), self.text(after)
            whole = Text(f"{lead.frame}%s{tail.frame}\n", (*lead.names, f"{key}:h", *tail.names))
            self.mould.events.append(
                SealedEvent(key, self.text(self._stream_marked(stream, stream)), int(number), whole,
                            self.text(self._payload_marked(bodies[stream, number])), self.text(self._stream_marked(stream, header)))
            )  # fmt: skip
        last = {event.key.rpartition("#")[0]: event for event in self.mould.events}
        self.mould.heads = [(event.stream, event.key, event.number) for event in last.values()]

    # --- marking serial numbers, and opening what is encrypted ------------------------------------------------

    def _marked(self, one: Written, row: tuple[str, ...]) -> Iterator[str]:
        roles = roles_of(one.table)
        for column, value in zip(one.columns, row, strict=True):
            role = roles.get(column)
            if value == NULL or role is None:
                yield value
            elif role == "hidden":
                yield self._hide(one.table, column, value)
            elif role == "staff_office":
                yield f"{SERIAL.format(table='office', pk=value)}"
            elif value in self.ids.get(role, ()) and not re.fullmatch(UUID, value):
                yield SERIAL.format(table=role, pk=value)
            else:
                yield value

    def _hide(self, table: str, column: str, value: str) -> str:
        name = f"\x01enc#{len(self.mould.hidden)}\x02"
        context = hidden_of(table)[column].context
        self.mould.hidden.append(
            (f"s:enc#{len(self.mould.hidden)}", context, self.text(shown(table, column, value)))
        )
        return name

    def _stream_marked(self, stream: str, said: str) -> str:
        base, _colon, pk = stream.removeprefix("history:").partition(":")
        if stream.startswith("history:") and pk in self.ids.get(base, ()) and pk.isdigit():
            return said.replace(stream, f"history:{base}:{SERIAL.format(table=base, pk=pk)}")
        return said

    def _payload_marked(self, body: str) -> str:
        for name, table in SAID_SERIALS.items():
            body = re.sub(
                rf'"{name}":"(\d+)"',
                rf'"{name}":"{SERIAL.format(table=table, pk="@")}"'.replace("@", r"\g<1>"),
                body,
            )
        return body

    def _json_marked(self, table: str, text: str) -> str:
        roles = roles_of(table)
        for column, role in roles.items():
            if role != "hidden":
                text = re.sub(
                    rf'"{column}": (\d+)([,}}])',
                    lambda m, c=column, r=role: (
                        f'"{c}": {SERIAL.format(table=r, pk=m[1])}{m[2]}'
                        if m[1] in self.ids.get(r, ())
                        else m[0]
                    ),  # type: ignore[misc]
                    text,
                )
        return text

    def _picked(self, table: str, *columns: str) -> list[tuple[str, ...]]:
        one = self.written.get(table)
        if one is None:
            return []
        places = [one.columns.index(column) for column in columns]
        return [tuple(row[place] for place in places) for row in one.rows]

    def _values(self, table: str, column: str) -> list[str]:
        return [value for (value,) in self._picked(table, column)]


def _slack(mould: Mould) -> int:
    """By how many minutes all of it can begin later without anything changing sides of a closing hour or of a clock's end."""
    left = 40
    for _as_written, moment in mould.moments.values():
        if moment in mould.fixed:
            continue
        local = timezone.localtime(moment)
        bounds = [fixed for fixed in mould.fixed if fixed > moment]
        bounds += [
            timezone.make_aware(dt.datetime.combine(local.date(), hour))
            for hour in (dt.time(17, 30), dt.time(23, 59))
            if local.time() < hour
        ]
        if bounds:
            left = min(left, int((min(bounds) - moment).total_seconds() // 60) - 1)
    return max(left, 0)
