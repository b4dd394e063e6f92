"""A project's sheets: read whole before anything is changed, kept row by row, confirmed, and carried out in the background."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.imports.table import Judged, Row, Unreadable, Wrong, rows_of
from applications.models import Application, Project, ProjectSheet, ProjectUnit, RowOutcome, SheetRow
from applications.services.particulars import why_not_so
from applications.services.projects.act_columns import act_columns
from applications.services.projects.columns import Asked, columns_of
from applications.services.projects.opening import capacity_in, details_in
from staff.models import User
from workflow.events import append, name_actor
from workflow.transitions import Refused, actor_name

OPEN_UNITS = "open_units"
TAKE_OVER = "take_over_papers"
CHUNK = 500


@dataclass
class Read(Judged):
    """What a file came to: the sheet kept, or what has to be mended. With faults nothing was changed."""

    sheet: ProjectSheet | None = None


def read_units(project: Project, file: BinaryIO, name: str, *, by: User) -> Read:
    """A sheet of units. Raises Unreadable where the file as a whole is none."""
    read = Read()
    taken = set(project.units.values_list("label", flat=True))
    seen: dict[str, int] = {}
    rows: list[SheetRow] = []
    for row in _rows(file, name, columns_of(project.kind)):
        before = read.wrong_so_far
        cells = _cells(row, columns_of(project.kind), read)
        _once(row, seen, taken, read)
        if read.wrong_so_far == before:
            _as_a_whole(project, row, cells, read)
        rows.append(_kept(row.number, row.cells["label"], cells))
    if not read.faults:
        read.sheet = _keep(project, OPEN_UNITS, _digest(file), rows, by)
    return read


def read_act(project: Project, act: str, file: BinaryIO, name: str, *, by: User) -> Read:
    """A sheet with one act's answers per unit. Every row has to name a unit of this project."""
    read = Read()
    units = {
        unit.application.case.application_no: unit
        for unit in project.units.select_related("application__case")
    }
    seen: dict[str, int] = {}
    rows: list[SheetRow] = []
    for row in _rows(file, name, act_columns(act)):
        cells = _cells(row, act_columns(act), read)
        number = "".join(row.cells["case"].split()).upper()
        unit = units.get(number)
        if unit is None:
            read.wrong(row.fault("case", _("No unit of this project has this number.")))
        elif number in seen:
            read.wrong(
                row.fault("case", _("This unit stands in row %(row)s already.") % {"row": seen[number]})
            )
        else:
            rows.append(_kept(row.number, unit.label, cells, unit.application))
        seen.setdefault(number, row.number)
    if not read.faults:
        read.sheet = _keep(project, act, _digest(file), rows, by)
    return read


def for_all(
    project: Project, act: str, units: Iterable[ProjectUnit], *, by: User, note: str = ""
) -> ProjectSheet:
    """The same act for these units, where it asks nothing of each. Pressed twice it is the same sheet.

    Once that is finished, units refused then may be tried again: a further sheet.
    """
    rows = [_kept(place, unit.label, {}, unit.application) for place, unit in enumerate(units, 1)]
    return _keep(project, act, named(project, act, rows, note), rows, by)


def with_answers(
    project: Project,
    act: str,
    answers: Iterable[tuple[ProjectUnit, Mapping[str, Any]]],
    *,
    by: User,
    sha256: str,
) -> ProjectSheet:
    """The same act for these units, each with what was shown of it. `sha256` is the digest of all that was shown."""
    rows = [_kept(place, unit.label, said, unit.application) for place, (unit, said) in enumerate(answers, 1)]
    return _keep(project, act, sha256, rows, by)


def named(project: Project, act: str, rows: Sequence[SheetRow], note: str = "") -> str:
    """A digest for rows that come without a file: the same while they are under way, another for the next try."""
    if not rows:
        raise Refused(_("No unit waits for this."))
    tried = project.sheets.filter(act=act).exclude(finished_at=None).count()
    said = [act, note, str(tried), *(f"{row.application_id}{row.cells_text}" for row in rows)]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


@transaction.atomic
def confirm(sheet: ProjectSheet, *, by: User) -> ProjectSheet:
    """Send it in: sealed in the project's stream with the file's digest; the rows are carried out from now on."""
    held = (
        ProjectSheet.objects.select_for_update(no_key=True).select_related("project__office").get(pk=sheet.pk)
    )
    if held.confirmed_at is None:
        name_actor(actor_name(by))
        data = {"act": held.act, "rows": held.rows.count(), "sheet": held.pk}
        append(held.project.stream, "project.sheet_sent", data=data, documents=[f"sha-256:{held.sha256}"])
        ProjectSheet.objects.filter(pk=held.pk).update(confirmed_at=timezone.now())
        held.refresh_from_db()
    return held


@transaction.atomic
def discard(sheet: ProjectSheet) -> None:
    """Throw a sheet away that was not sent in; nothing of it was changed."""
    held = ProjectSheet.objects.select_for_update().get(pk=sheet.pk)
    if held.confirmed_at is not None:
        raise Refused(_("This sheet was sent in already; single cases can be withdrawn."))
    held.delete()


def _rows(file: BinaryIO, name: str, asked: Sequence[Asked]) -> Iterable[Row]:
    most = settings.PROJECT_MAX_UNITS
    for count, row in enumerate(rows_of(file, name, [one.column() for one in asked], literal=True), 1):
        if count > most:
            raise Unreadable(_("This file has more than %(n)s rows. Split it into several.") % {"n": most})
        yield row


def _cells(row: Row, asked: Sequence[Asked], read: Read) -> dict[str, Any]:
    """The row's cells as values; every fault of it is kept, not only the first."""
    values: dict[str, Any] = {}
    for one in asked:
        said = row.cells.get(one.key, "")
        try:
            if said.startswith("="):
                raise Wrong(_("This cell holds a formula; paste it as a value."))
            if said:
                values[one.key] = one.read(said)
            elif one.required:
                raise Wrong(_("This cell is empty."))
        except Wrong as wrong:
            read.wrong(row.fault(one.key, wrong.sentence))
    return values


def _once(row: Row, seen: dict[str, int], taken: set[str], read: Read) -> None:
    label = row.cells["label"]
    if label in taken:
        read.wrong(row.fault("label", _("This unit is part of the project already.")))
    elif label and label in seen:
        read.wrong(row.fault("label", _("This unit stands in row %(row)s already.") % {"row": seen[label]}))
    seen.setdefault(label, row.number)


def _as_a_whole(project: Project, row: Row, cells: Mapping[str, Any], read: Read) -> None:
    """What only the cells together tell."""
    if cells.get("name") and not cells.get("id_number"):
        read.wrong(
            row.fault(
                "id_number",
                _("A named holder is identified: enter the ID number too, or leave the name empty."),
            )
        )
    sentence = why_not_so(project.category, capacity_in(cells), details_in(project, cells))
    if sentence:
        read.wrong(row.fault("capacity", sentence))


def _kept(
    number: int, label: str, cells: Mapping[str, Any], application: Application | None = None
) -> SheetRow:
    return SheetRow(
        number=number,
        label=label,
        cells_text=json.dumps(dict(cells), ensure_ascii=False),
        application=application,
    )


def _digest(file: BinaryIO) -> str:
    file.seek(0)
    return hashlib.sha256(file.read()).hexdigest()


def _keep(project: Project, act: str, sha256: str, rows: list[SheetRow], by: User) -> ProjectSheet:
    """The sheet with its rows, all or none. The same file once more is the same sheet, unless it ended with rows refused.

    Those may be tried again.
    """
    same = ProjectSheet.objects.filter(project=project, act=act, sha256=sha256)
    done = same.exclude(finished_at=None).exclude(rows__outcome=RowOutcome.REFUSED).first()
    if done is not None:
        return done
    try:
        with transaction.atomic():
            sheet = ProjectSheet.objects.create(project=project, act=act, sha256=sha256, sent_by=by)
            for row in rows:
                row.sheet = sheet
            SheetRow.objects.bulk_create(rows, batch_size=CHUNK)
    except IntegrityError:
        return same.latest("sent_at")
    return sheet


def counts_of(sheet: ProjectSheet) -> dict[str, int]:
    """How many rows wait, are done, were refused."""
    found = dict(sheet.rows.order_by().values_list("outcome").annotate(Count("pk")))
    return {name or "waiting": found.get(name, 0) for name in RowOutcome.values}
