"""A sheet of paper as data: what stands on it, in order. Page, PDF and digest are made from the same sheet."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, Literal

Style = Literal["plain", "muted", "strong", "moment", "heading"]


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph."""

    kind: ClassVar[str] = "line"
    text: str
    style: Style = "plain"

    def words(self) -> Iterator[str]:
        """Its text, line by line as written."""
        yield from self.text.splitlines()


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels with their values."""

    kind: ClassVar[str] = "facts"
    rows: tuple[tuple[str, str], ...]

    def words(self) -> Iterator[str]:
        """One line a fact."""
        for label, value in self.rows:
            yield f"{label}：{value}"


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a heading row, repeated on every page; `widths` are shares of the page's width."""

    kind: ClassVar[str] = "table"
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]

    def words(self) -> Iterator[str]:
        """Title, heading, rows."""
        if self.title:
            yield self.title
        for row in (self.head, *self.rows):
            yield " | ".join(row)


@dataclass(frozen=True, slots=True)
class Items:
    """Numbered lines."""

    kind: ClassVar[str] = "items"
    title: str
    lines: tuple[str, ...]

    def words(self) -> Iterator[str]:
        """Title, then each line with its number."""
        if self.title:
            yield self.title
        for number, line in enumerate(self.lines, 1):
            yield f"{number}. {line}"


@dataclass(frozen=True, slots=True)
class Signatures:
    """Who signs, side by side; never torn apart by a page's end."""

    kind: ClassVar[str] = "signatures"
    columns: tuple[tuple[str, ...], ...]

    def words(self) -> Iterator[str]:
        """Column by column."""
        for column in self.columns:
            yield from column


Part = Line | Facts | Table | Items | Signatures
KINDS: dict[str, type[Any]] = {part.kind: part for part in (Line, Facts, Table, Items, Signatures)}


@dataclass(frozen=True, slots=True)
class Seal:
    """The field with the QR code: where it leads, and the code that proves the paper."""

    url: str
    hint: str
    says: str
    code: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One paper. `moment` is the record's: it stands in the PDF as its time of making, so that printing again gives the same bytes.

    The seal is no part of the words: it says where they can be checked.
    """

    title: str
    issuer: str
    moment: dt.datetime
    parts: tuple[Part, ...]
    number: str = ""
    size: Literal["A4", "A5"] = "A4"
    foot: tuple[str, ...] = field(default=())
    seal: Seal | None = None

    def words(self) -> str:
        """Everything that is said, in order: what the digest is taken of."""
        lines = [self.issuer, self.title, *([self.number] if self.number else [])]
        for part in self.parts:
            lines += part.words()
        return "\n".join([*lines, *self.foot]) + "\n"

    def dumped(self) -> str:
        """As JSON, to be kept; without the seal."""
        parts = [{"is": part.kind, **_plain(part)} for part in self.parts]
        whole = {
            "title": self.title, "issuer": self.issuer, "moment": self.moment.isoformat(), "number": self.number, "size": self.size,
            "foot": self.foot, "parts": parts,
        }  # fmt: skip
        return json.dumps(whole, ensure_ascii=False, sort_keys=True)


def loaded(text: str, seal: Seal | None = None) -> Sheet:
    """The sheet that `dumped` wrote."""
    whole = json.loads(text)
    parts = tuple(KINDS[part.pop("is")](**_tupled(part)) for part in whole.pop("parts"))
    moment = dt.datetime.fromisoformat(whole.pop("moment"))
    return Sheet(parts=parts, moment=moment, seal=seal, **_tupled(whole))


def _plain(part: Part) -> dict[str, Any]:
    return {one.name: getattr(part, one.name) for one in fields(part)}


def _tupled(values: dict[str, Any]) -> dict[str, Any]:
    return {name: _tuple(value) for name, value in values.items()}


def _tuple(value: Any) -> Any:
    return tuple(_tuple(one) for one in value) if isinstance(value, list) else value
