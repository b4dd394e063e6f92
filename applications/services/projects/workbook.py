"""Sheets to be filled in: XLSX with headings in Chinese and English, every cell text, and a page that explains each column."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from applications.models import Project
from applications.selectors.projects import units_waiting_for
from applications.services.projects.act_columns import act_columns
from applications.services.projects.columns import Asked, columns_of

ROWS, NOTES = "单元 Units", "说明 Notes"
TEXT = "@"
WIDE, NARROW = 44, 18
NOTE_HEADS = ("列 Column", "必填 Required", "怎么填", "How to fill it in", "例 Example")


def units_workbook(project: Project) -> bytes:
    """The empty sheet of a project's units."""
    return _book(columns_of(project.kind), ())


def act_workbook(project: Project, name: str) -> bytes:
    """The sheet of an act: every unit that waits for it stands in it already."""
    rows = [
        (unit.application.case.application_no or "", unit.label) for unit in units_waiting_for(project, name)
    ]
    return _book(act_columns(name), rows)


def _book(asked: Sequence[Asked], rows: Iterable[Sequence[str]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(ROWS)
    sheet.freeze_panes = "A2"
    for place in range(1, len(asked) + 1):
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = NARROW
        sheet.column_dimensions[letter].number_format = TEXT
    sheet.append([_head(sheet, one.heading) for one in asked])
    for row in rows:
        sheet.append([_text(sheet, cell) for cell in row])
    notes = book.create_sheet(NOTES)
    for letter in "CD":
        notes.column_dimensions[letter].width = WIDE
    notes.column_dimensions["A"].width = NARROW
    notes.append([_head(notes, title) for title in NOTE_HEADS])
    for one in asked:
        required = "是 yes" if one.required else "否 no"
        notes.append([one.heading, required, one.note_zh, one.note_en, _text(notes, one.example)])
    stored = io.BytesIO()
    book.save(stored)
    return stored.getvalue()


def _head(sheet: Any, said: str) -> Any:
    cell = _text(sheet, said)
    cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="E6EEF5")
    return cell


def _text(sheet: Any, said: str) -> Any:
    """Text, never a formula or a number: long numbers keep their last digits."""
    cell = WriteOnlyCell(sheet, value=said)
    cell.number_format, cell.data_type = TEXT, "s"
    return cell
