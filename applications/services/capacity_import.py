"""Figures of open capacity as a file: all of it or nothing, and what is wrong row by row. Older figures stay."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any, BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from applications.imports.table import Column, Judged, Row, Wrong, day, number, rows_of
from applications.models import AssetKind, CapacityAsset, CapacityFigure, CapacityImport
from staff.models import Office, User
from workflow.events import name_actor
from workflow.transitions import actor_name

COLUMNS = (
    Column("kind", ("类型", "kind")),
    Column("code", ("编号", "code")),
    Column("name", ("名称", "name")),
    Column("office", ("供电单位编码", "office")),
    Column("open", ("可开放容量", "open capacity")),
    Column("unit", ("单位", "unit"), required=False),
    Column("as_of", ("截至日期", "as of")),
    Column("source", ("来源", "source"), required=False),
)
KINDS = {
    "台区": AssetKind.TRANSFORMER_AREA, "配电台区": AssetKind.TRANSFORMER_AREA, "公变台区": AssetKind.TRANSFORMER_AREA,
    "线路": AssetKind.LINE, "10kv线路": AssetKind.LINE, "变电站": AssetKind.SUBSTATION, **{kind.value: kind for kind in AssetKind},
}  # fmt: skip
UNITS = {"kva": "kVA", "kw": "kW", "": ""}
USUAL = "kVA"
LONGEST = {"code": 40, "name": 80, "source": 120}
CHUNK = 1000


@dataclass(frozen=True, slots=True)
class Entry:
    """A row that can be used."""

    kind: str
    code: str
    name: str
    office: Office
    open_capacity: Decimal
    unit: str
    as_of_date: dt.date
    source: str


@dataclass
class Brought(Judged):
    """What a file came to: how many rows, or what has to be mended. With faults nothing was changed."""

    rows: int = 0
    new_assets: int = 0


def bring_in(
    file: BinaryIO, name: str, *, by: User, offices: Collection[Any], today: dt.date, source: str = ""
) -> Brought:
    """Read the file and, if every row can be used, add its figures. `offices`: whose assets this person may write.

    Raises Unreadable where the file as a whole is none.
    """
    brought = Brought()
    known = {office.code: office for office in Office.objects.filter(pk__in=offices)}
    entries: dict[tuple[str, str], Entry] = {}
    rows: dict[tuple[str, str], Row] = {}
    for row in rows_of(file, name, COLUMNS):
        entry = _entry(row, known, today, source, brought)
        if entry is None:
            continue
        key = (entry.kind, entry.code)
        if key in entries:
            said = _("%(code)s stands in row %(row)s already.") % {
                "code": entry.code,
                "row": rows[key].number,
            }
            brought.wrong(row.fault("code", said))
        entries.setdefault(key, entry)
        rows.setdefault(key, row)
    _against_what_is_known(entries, rows, offices, brought)
    if not brought.faults:
        brought.rows = len(entries)
        brought.new_assets = _save(entries, _digest(file), by)
    return brought


def _entry(
    row: Row, offices: Mapping[str, Office], today: dt.date, source: str, brought: Brought
) -> Entry | None:
    """The row read; every fault of it is kept, not only the first."""
    before = len(brought.faults) + brought.more_faults
    cells = row.cells
    read = _Reader(row, brought)
    kind = read(
        "kind",
        lambda text: _listed(text, KINDS, _("Write one of: %(words)s.") % {"words": "台区、线路、变电站"}),
    )
    texts = {key: read(key, partial(_short, longest=LONGEST[key])) for key in ("code", "name")}
    office = read("office", lambda text: _listed(text, offices, _("No office of yours has this code.")))
    open_capacity = read("open", number)
    as_of = read("as_of", lambda text: _not_ahead(day(text), today))
    unit = read("unit", lambda text: _listed(text.lower(), UNITS, _("Write kVA or kW.")), empty=True)
    said = cells.get("source", "") or source or _("imported sheet")
    if len(brought.faults) + brought.more_faults > before:
        return None
    return Entry(
        kind,
        texts["code"],
        texts["name"],
        office,
        open_capacity,
        unit or USUAL,
        as_of,
        said[: LONGEST["source"]],
    )


@dataclass
class _Reader:
    """Reads cells of one row; what is wrong becomes a fault at its column."""

    row: Row
    brought: Brought

    def __call__(self, key: str, read: Callable[[str], Any], *, empty: bool = False) -> Any:
        text = self.row.cells.get(key, "")
        if not text and not empty:
            self.brought.wrong(self.row.fault(key, _("This cell is empty.")))
            return None
        try:
            return read(text)
        except Wrong as wrong:
            self.brought.wrong(self.row.fault(key, wrong.sentence))
            return None


def _listed(text: str, words: Mapping[str, Any], sentence: str) -> Any:
    found = words.get(text, words.get("".join(text.split()).lower()))
    if found is None:
        raise Wrong(_("“%(text)s” is not known. %(sentence)s") % {"text": text[:40], "sentence": sentence})
    return found


def _short(text: str, longest: int) -> str:
    if len(text) > longest:
        raise Wrong(_("At most %(n)s characters.") % {"n": longest})
    return text


def _not_ahead(value: dt.date, today: dt.date) -> dt.date:
    if value > today:
        raise Wrong(_("This day lies in the future."))
    return value


def _against_what_is_known(
    entries: Mapping[tuple[str, str], Entry],
    rows: Mapping[tuple[str, str], Row],
    offices: Collection[Any],
    brought: Brought,
) -> None:
    """A figure older than the one that counts would take back what is known; an asset of others is theirs to write."""
    known = (
        CapacityFigure.objects.filter(asset__code__in=[code for _kind, code in entries])
        .order_by("asset_id", "-recorded_at", "-pk")
        .distinct("asset_id")
        .values_list("asset__kind", "asset__code", "as_of_date", "asset__office")
    )
    for kind, code, as_of, office in known:
        entry = entries.get((kind, code))
        if entry is None:
            continue
        if office not in offices:
            brought.wrong(rows[kind, code].fault("code", _("This number belongs to another office.")))
        elif entry.as_of_date < as_of:
            said = _("A figure of %(day)s is known already; this one is older.") % {"day": as_of}
            brought.wrong(rows[kind, code].fault("as_of", said))


def _digest(file: BinaryIO) -> str:
    file.seek(0)
    return hashlib.sha256(file.read()).hexdigest()


def _save(entries: Mapping[tuple[str, str], Entry], sha256: str, by: User) -> int:
    """Assets made or renamed, figures added; how many assets are new."""
    with transaction.atomic():
        name_actor(actor_name(by))
        batch = CapacityImport.objects.create(sha256=sha256, rows=len(entries), imported_by=by)
        known = {
            (asset.kind, asset.code): asset
            for asset in CapacityAsset.objects.filter(code__in=[code for _kind, code in entries])
        }
        new = 0
        figures = []
        for key, entry in entries.items():
            asset = known.get(key)
            new += asset is None
            figures.append(
                CapacityFigure(
                    asset=_asset(asset, entry), open_capacity=entry.open_capacity, as_of_date=entry.as_of_date, source=entry.source,
                    batch=batch, recorded_by=by,
                )
            )  # fmt: skip
        CapacityFigure.objects.bulk_create(figures, batch_size=CHUNK)
    return new


def _asset(asset: CapacityAsset | None, entry: Entry) -> CapacityAsset:
    if asset is None:
        return CapacityAsset.objects.create(
            kind=entry.kind, code=entry.code, name=entry.name, office=entry.office, unit=entry.unit
        )
    if (asset.name, asset.office_id, asset.unit) != (entry.name, entry.office.pk, entry.unit):
        asset.name, asset.office, asset.unit = entry.name, entry.office, entry.unit
        asset.save()
    return asset
