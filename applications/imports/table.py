"""A sheet people fill in, XLSX or CSV, read row by row: what is wrong is said with its row and column, and memory stays bounded."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, BinaryIO

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

MAX_BYTES = 8 * 1024 * 1024
MAX_UNPACKED = 200 * 1024 * 1024
MAX_ROWS = 20_000
MOST_FAULTS = 200
MERGED = re.compile(rb'<mergeCell [^>]*ref="([A-Z0-9:]+)"')
MACROS = "vbaProject.bin"
NOTES = frozenset({"说明", "说明 notes", "notes"})
"""Sheets that explain; they are not read."""
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


class Unreadable(Exception):
    """The file as a whole can't be read; `sentence` says why and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Wrong(Exception):
    """What a cell says can't be used; `sentence` says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Column:
    """A column by the names it may have in the heading; the first is the one shown."""

    key: str
    titles: tuple[str, ...]
    required: bool = True


@dataclass(frozen=True, slots=True)
class RowFault:
    """One thing to mend: the row as a spreadsheet counts it, the column by letter and name, the sentence."""

    row: int
    column: str
    sentence: str


@dataclass
class Judged:
    """What has to be mended in a file, collected while its rows are read."""

    faults: list[RowFault] = field(default_factory=list, kw_only=True)
    more_faults: int = field(default=0, kw_only=True)

    def wrong(self, fault: RowFault) -> None:
        """Keep a fault; beyond a number they are only counted."""
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(fault)
        else:
            self.more_faults += 1

    @property
    def wrong_so_far(self) -> int:
        """How many faults there are."""
        return len(self.faults) + self.more_faults


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number, its cells as text by key, and where each column stands."""

    number: int
    cells: dict[str, str]
    columns: dict[str, str]

    def fault(self, key: str, sentence: str) -> RowFault:
        """Something wrong in this row, at that column."""
        return RowFault(self.number, self.columns.get(key, ""), sentence)


def rows_of(file: BinaryIO, name: str, columns: Sequence[Column], *, literal: bool = False) -> Iterator[Row]:
    """The filled rows below the heading. Raises Unreadable where the file or its heading can't be used.

    `literal`: what cells hold is what was typed. Formulas come as their text, and a workbook in which it isn't plain what is meant
    (merged cells, macros, several sheets with rows) is refused.
    """
    if _size(file) > MAX_BYTES:
        raise Unreadable(_("This file is larger than 8 MB. Split it into several."))
    lines = _from_xlsx(file, literal) if name.lower().endswith(".xlsx") else _from_csv(file, name)
    heading = [_text(cell).strip("* ") for cell in next(lines, [])]
    places = _places([_plain(title) for title in heading], columns)
    named = {key: f"{get_column_letter(place + 1)} {heading[place]}" for key, place in places.items()}
    count = 0
    for number, line in enumerate(lines, 2):
        cells = {key: _text(line[place]) if place < len(line) else "" for key, place in places.items()}
        if not any(cells.values()):
            continue
        count += 1
        if count > MAX_ROWS:
            raise Unreadable(
                _("This file has more than %(n)s rows. Split it into several.") % {"n": MAX_ROWS}
            )
        yield Row(number, cells, named)
    if not count:
        raise Unreadable(_("There are no rows below the heading."))


def _size(file: BinaryIO) -> int:
    file.seek(0, io.SEEK_END)
    size = file.tell()
    file.seek(0)
    return size


def _places(heading: Sequence[str], columns: Sequence[Column]) -> dict[str, int]:
    known = {_plain(title): column.key for column in columns for title in column.titles}
    places: dict[str, int] = {}
    for place, title in enumerate(heading):
        key = known.get(title)
        if key and key not in places:
            places[key] = place
    if missing := [column.titles[0] for column in columns if column.required and column.key not in places]:
        raise Unreadable(
            _("The first row has to name the columns; missing: %(names)s.") % {"names": "、".join(missing)}
        )
    return places


def _from_xlsx(file: BinaryIO, literal: bool) -> Iterator[Sequence[Any]]:
    """Rows of the first sheet, streamed. What a small file unpacks to is looked at first."""
    try:
        with zipfile.ZipFile(file) as packed:
            if sum(part.file_size for part in packed.infolist()) > MAX_UNPACKED:
                raise Unreadable(_("This file unpacks to far more than a sheet. Save it anew and try again."))
            if literal:
                _plain_workbook(packed)
        file.seek(0)
        book = load_workbook(file, read_only=True, data_only=not literal)
    except Unreadable:
        raise
    except Exception as error:  # openpyxl raises whatever the broken part raised
        raise _no_workbook() from error
    try:
        yield from _lines(book, literal)
    except Unreadable:
        raise
    except Exception as error:  # the same, further in
        raise _no_workbook() from error
    finally:
        book.close()


def _lines(book: Any, literal: bool) -> Iterator[Sequence[Any]]:
    sheets = [
        sheet for sheet in book.worksheets if sheet.title.strip().lower() not in NOTES
    ] or book.worksheets
    if literal:
        filled = [sheet.title for sheet in sheets if _has_cells(sheet)]
        if len(filled) > 1:
            named = "、".join(filled)[:80]
            raise Unreadable(
                _("Several sheets of this file have rows: %(names)s. Keep one.") % {"names": named}
            )
    yield from sheets[0].iter_rows(values_only=True)


def _has_cells(sheet: Any) -> bool:
    rows = sheet.iter_rows(values_only=True, max_row=MOST_FAULTS)
    return any(cell is not None for row in rows for cell in row)


def _plain_workbook(packed: zipfile.ZipFile) -> None:
    for part in packed.infolist():
        if part.filename.endswith(MACROS):
            raise Unreadable(_("This file contains macros. Save it as a plain Excel workbook (.xlsx)."))
        if part.filename.startswith("xl/worksheets/sheet") and (cells := _merged(packed, part)):
            raise Unreadable(
                _("Cells %(cells)s are merged. Unmerge them: one value in each cell.") % {"cells": cells}
            )


def _merged(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> str:
    """The first merged cells of a sheet; read in pieces that overlap, so that memory stays bounded."""
    tail = b""
    with packed.open(part) as stream:
        while piece := stream.read(64 * 1024):
            if found := MERGED.search(tail + piece):
                return found.group(1).decode()
            tail = piece[-100:]
    return ""


def _no_workbook() -> Unreadable:
    return Unreadable(_("This file can't be opened as XLSX. Save it as an Excel workbook (.xlsx) or as CSV."))


def _from_csv(file: BinaryIO, name: str) -> Iterator[Sequence[Any]]:
    if not name.lower().endswith((".csv", ".txt")):
        raise Unreadable(_("Choose an Excel workbook (.xlsx) or a CSV file."))
    encoding = _encoding(file)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        yield from csv.reader(text)
    except (UnicodeDecodeError, csv.Error) as error:
        raise Unreadable(
            _("This file can't be read as CSV. Save it as CSV (UTF-8) and try again.")
        ) from error
    finally:
        if not file.closed:  # else closing the wrapper would close the upload with it
            text.detach()


def _encoding(file: BinaryIO) -> str:
    """UTF-8, or the encoding that spreadsheets here save CSV in."""
    try:
        head = file.read(65536)
        head.decode("utf-8-sig", "strict")
    except UnicodeDecodeError as error:
        return "utf-8-sig" if error.end >= len(head) and error.start > len(head) - 4 else "gb18030"
    finally:
        file.seek(0)
    return "utf-8-sig"


def _plain(cell: Any) -> str:
    return "".join(unicodedata.normalize("NFKC", str(cell or "")).split()).strip("*").lower()


def _text(cell: Any) -> str:
    """A cell as text: days as days, whole numbers without a point."""
    if cell is None:
        return ""
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    if isinstance(cell, float):
        return f"{Decimal(repr(cell)):f}".removesuffix(".0")
    return unicodedata.normalize("NFKC", str(cell)).strip()


def number(text: str, *, least: Decimal = Decimal(0)) -> Decimal:
    """A number; thousands separators are taken off. Raises Wrong."""
    try:
        value = Decimal(text.replace(",", ""))
    except InvalidOperation:
        raise Wrong(_("“%(text)s” is no number.") % {"text": text[:40]}) from None
    if not value.is_finite() or value < least or abs(value) >= Decimal(10) ** 9:
        raise Wrong(_("“%(text)s” is out of range.") % {"text": text[:40]})
    return value


def day(text: str) -> dt.date:
    """A day such as 2026-11-24. Raises Wrong."""
    found = DAY.fullmatch(text)
    try:
        return dt.date(*map(int, found.groups())) if found else dt.date.fromisoformat(text)
    except ValueError:
        raise Wrong(_("“%(text)s” is no day; write it like 2026-11-24.") % {"text": text[:40]}) from None
