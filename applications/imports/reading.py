"""Reading a register row by row: each row becomes an entry or a rejection with its reason. Nothing is dropped, nothing repaired."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from applications.imports.mapping import Impossible, Mapping

MAX_NUMBER = Decimal(10) ** 9


class RegisterError(Exception):
    """The file as a whole can't be read with this mapping."""


@dataclass(frozen=True)
class Entry:
    """A row that can be true: its number in the other system, what it says, and which mapped fields it lacks."""

    row: int
    key: str
    state: str
    dates: dict[str, dt.date]
    texts: dict[str, str]
    numbers: dict[str, Decimal]
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Rejected:
    """A row that can't: every reason found, not only the first."""

    row: int
    key: str
    reasons: tuple[str, ...]


@dataclass
class _Row:
    number: int
    cells: dict[str, str]
    mapping: Mapping
    reasons: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def cell(self, column: str) -> str:
        text = (self.cells.get(column) or "").strip()
        return "" if text in self.mapping.absent else text


def digest(path: Path) -> str:
    """SHA-256 of the file's bytes: what every adopted case's event is sealed with."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read(path: Path, mapping: Mapping, today: dt.date) -> Iterator[Entry | Rejected]:
    """Every row of the file as an entry or a rejection, in order. Row numbers are the file's lines as a spreadsheet shows them."""
    seen: Counter[str] = Counter()
    for number, cells in _rows(path, mapping):
        row = _Row(number, cells, mapping)
        if any(row.cell(column) in texts for column, texts in mapping.skip_when.items()):
            yield Rejected(number, "", ("no entry: left out by the mapping's skip_when",))
            continue
        parts = [row.cell(column) for column in mapping.key]
        key = "/".join(part for part in parts if part)
        if not key:
            yield Rejected(number, "", (f"no number: {', '.join(mapping.key)} is empty",))
            continue
        seen[key] += 1
        yield _entry(row, key if seen[key] == 1 else f"{key}#{seen[key]}", today)


def _rows(path: Path, mapping: Mapping) -> Iterator[tuple[int, dict[str, str]]]:
    open_it = gzip.open if path.suffix == ".gz" else open
    with open_it(path, "rt", encoding=mapping.encoding, newline="") as file:
        try:
            for _line in range(mapping.skip_rows):
                next(file)
            reader = csv.DictReader(file, delimiter=mapping.delimiter, restkey="_more")
            absent = mapping.columns() - set(reader.fieldnames or ())
            if absent:
                raise RegisterError(
                    f"The file has no column {', '.join(sorted(absent))}. Its columns: {', '.join(reader.fieldnames or ())}."
                )
            yield from enumerate(reader, mapping.skip_rows + 2)
        except (UnicodeDecodeError, csv.Error, OSError, EOFError) as error:
            raise RegisterError(
                f"The file can't be read as {mapping.encoding} text with columns: {error}"
            ) from None


def _entry(row: _Row, key: str, today: dt.date) -> Entry | Rejected:
    state = _state(row)
    dates = {name: day for name, rule in row.mapping.dates.items() if (day := _date(row, name, rule))}
    numbers = {
        name: n for name, rule in row.mapping.numbers.items() if (n := _number(row, name, rule)) is not None
    }
    texts = {name: text for name, rule in row.mapping.texts.items() if (text := _text(row, name, rule))}
    values: dict[str, Any] = {**texts, **numbers, **dates}
    row.reasons += [rule.reason for rule in row.mapping.impossible if _holds(rule, state, values, today)]
    if row.reasons or state is None:
        return Rejected(row.number, key, tuple(row.reasons))
    return Entry(row.number, key, state, dates, texts, numbers, tuple(row.missing))


def _state(row: _Row) -> str | None:
    said = row.mapping.state
    if "column" not in said:
        return str(said["default"])
    word = row.cell(said["column"])
    state = said["values"].get(word, said.get("default"))
    if state is None:
        row.reasons.append(f"{said['column']} says “{word}”, which the mapping does not know")
    return state


def _date(row: _Row, name: str, rule: dict[str, Any]) -> dt.date | None:
    text = row.cell(rule["column"])
    if not text:
        _lacks(row, name, rule)
        return None
    for pattern in rule["formats"]:
        try:
            return dt.datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    row.reasons.append(f"{rule['column']} is no date: “{text[:60]}”")
    return None


def _number(row: _Row, name: str, rule: dict[str, Any]) -> Decimal | None:
    text = row.cell(rule["column"]).replace(",", "")
    if not text:
        _lacks(row, name, rule)
        return None
    try:
        value = Decimal(text) * Decimal(str(rule.get("scale", 1)))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or abs(value) > MAX_NUMBER:
        row.reasons.append(f"{rule['column']} is no number: “{text[:60]}”")
        return None
    return value


def _text(row: _Row, name: str, rule: dict[str, Any]) -> str:
    columns = rule.get("columns") or [rule["column"]]
    found = rule.get("join", " ").join(cell for column in columns if (cell := row.cell(column)))
    found = found or (row.cell(rule["as_when_absent"]) if "as_when_absent" in rule else "")
    if not found:
        _lacks(row, name, rule)
    return found


def _lacks(row: _Row, name: str, rule: dict[str, Any]) -> None:
    if rule.get("required"):
        row.reasons.append(f"{rule.get('column') or name} is empty")
    else:
        row.missing.append(name)


def _holds(rule: Impossible, state: str | None, values: dict[str, Any], today: dt.date) -> bool:
    if rule.states and state not in rule.states:
        return False
    if rule.before:
        earlier, later = (values.get(name) for name in rule.before)
        return earlier is not None and later is not None and earlier < later
    if rule.both:
        return all(values.get(name) is not None for name in rule.both)
    if rule.future:
        moment = values.get(rule.future)
        return moment is not None and moment > today
    return values.get(rule.missing) is None
