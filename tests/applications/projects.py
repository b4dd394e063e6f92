"""Projects as the tests send them: a sheet filled in, read, confirmed and carried out."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook
from PIL import Image

from applications.forms.project_acts import do_row
from applications.models import Project, ProjectSheet
from applications.services.projects import sheets
from applications.services.projects.carrying import carry_out
from applications.services.projects.columns import columns_of
from applications.services.projects.opening import Applied, open_project
from staff.demo import Cast
from staff.models import Office, User
from tests.applications.walked import EAST, PHONES

CREDIT_CODE, ID_NUMBER = "91110000600037341L", "11010519491231002X"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def opened(cast: Cast, kind: str = "estate", by: str = "wangmin", **changes: Any) -> Project:
    """A project without units."""
    said = {
        "kind": kind, "name": "海棠花园三期", "organisation": "临川恒泰置业有限公司", "credit_code": CREDIT_CODE, "contact_name": "马立新",
        "phone": PHONES["hengtai"], "address": "海棠路 66 号",
    } | changes  # fmt: skip
    user = cast[by]
    channel = "web" if user.is_customer else "hall"
    return open_project(Applied(**said), by=user, office=Office.objects.get(code=EAST), channel=channel)


def unit(kind: str, place: int) -> dict[str, str]:
    """One unit's cells, right."""
    if kind == "estate":
        return {"label": f"1-{place:03d}", "capacity": "8"}
    if kind == "village_pv":
        return {
            "label": f"{place:03d}",
            "name": "张三",
            "id_number": ID_NUMBER,
            "capacity": "20",
            "export": "自发自用余电上网",
        }
    return {
        "label": f"B{place:03d}",
        "piles": "2",
        "pile_kw": "7",
        "current": "交流",
        "estate_consent": "已取得",
    }


def book(heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    """A workbook of one sheet."""
    made = Workbook()
    sheet = made.active
    for row in (heads, *rows):
        sheet.append(list(row))
    return saved(made)


def saved(made: Workbook) -> bytes:
    stored = io.BytesIO()
    made.save(stored)
    return stored.getvalue()


def units_book(kind: str, n: int, wrong: dict[int, dict[str, str]] | None = None, start: int = 1) -> bytes:
    """A sheet of n units; `wrong` replaces cells of the rows named, counted as the spreadsheet does."""
    asked = columns_of(kind)
    rows = []
    for place in range(n):
        cells = unit(kind, place + start) | (wrong or {}).get(place + 2, {})
        rows.append([cells.get(one.key, "") for one in asked])
    return book([one.heading for one in asked], rows)


def upload(content: bytes, name: str = "units.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, XLSX)


def read(project: Project, content: bytes, by: User, name: str = "units.xlsx") -> sheets.Read:
    return sheets.read_units(project, io.BytesIO(content), name, by=by)


def done(sheet: ProjectSheet | None, by: User) -> ProjectSheet:
    """Sent in and carried out."""
    assert sheet is not None
    held = sheets.confirm(sheet, by=by)
    while not carry_out(held, do_row, seconds=600):
        pass
    held.refresh_from_db()
    return held


def with_units(cast: Cast, n: int, kind: str = "estate", by: str = "wangmin", **changes: Any) -> Project:
    """A project of n units, opened."""
    project = opened(cast, kind, by, **changes)
    done(read(project, units_book(kind, n), cast[by]).sheet, cast[by])
    return project


def filled(content: bytes, **answers: Any) -> bytes:
    """An act's sheet as downloaded, with the same answers in every row; `{place}` in one is the row's number."""
    made = load_workbook(io.BytesIO(content))
    sheet = made.worksheets[0]
    heads = {str(cell.value).split(" ")[0]: cell.column for cell in sheet[1]}
    for place in range(2, sheet.max_row + 1):
        for head, answer in answers.items():
            sheet.cell(place, heads[head], str(answer).format(place=place))
    return saved(made)


def photo(name: str = "permit.jpg", colour: str = "white") -> SimpleUploadedFile:
    stored = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(stored, "JPEG")
    return SimpleUploadedFile(name, stored.getvalue(), "image/jpeg")
