"""The tree of a scheme: 受电点 → 电源 → 计量点. What was given becomes rows, and what does not fit together is said row by row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from applications.models import (
    MeteringPoint,
    ReceivingPoint,
    Scheme,
    SchemeRule,
    SchemeSource,
    Share,
    SourceNature,
)
from applications.selectors.terms import figure

SOURCE = ("nature", "substation", "line", "pole", "transformer_area")
POINT = (
    "mode", "phase", "ct_ratio", "pt_ratio", "meter_class", "transformer_class", "share_kind", "share_value", "tariff",
)  # fmt: skip
PLACE = ("substation", "line", "pole", "transformer_area")

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """What does not fit: in which row, at which of its fields, in a sentence."""

    group: str
    number: int
    name: str
    sentence: str


@dataclass
class Tree:
    """Receiving points, sources and metering points as given, with what goes without saying filled in.

    Rows name each other by number: a source its receiving point, a metering point its source.
    """

    capacity: Decimal
    receivers: list[Row]
    sources: list[Row]
    points: list[Row]
    remarks: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, fields: dict[str, Any]) -> Tree:
        """Take the tree out of what a form brought. One source and one metering point may be given flat."""
        voltage, capacity = fields["voltage"], fields["capacity"]
        sources = fields.pop("sources", None) or [{n: fields.pop(n) for n in SOURCE if n in fields}]
        points = fields.pop("points", None) or [{n: fields.pop(n) for n in POINT if n in fields}]
        receivers = fields.pop("receivers", None) or [{"capacity": capacity}]
        for row in receivers:
            row["capacity"] = capacity if row.get("capacity") is None else row["capacity"]
        for row in sources:
            row["receiver"] = row.get("receiver") or 1
            row["voltage"] = row.get("voltage") or voltage
            if row.get("capacity") is None:
                row["capacity"] = _of_receiver(receivers, row["receiver"], capacity)
        for row in points:
            row["source"] = row.get("source") or 1
        return cls(capacity, receivers, sources, points)

    def faults(self, rule: SchemeRule | None) -> list[Fault]:
        """Everything that does not fit together."""
        return [
            *self._counted(rule),
            *self._placed(),
            *self._branches(),
            *self._shares(),
            *self._sums(),
            *self._apart(rule),
        ]

    def said(self) -> Row:
        """What the log may hold of it."""
        kept = ("nature", "receiver", "voltage", "capacity")
        return {
            "receivers": len(self.receivers),
            "sources": [{name: row.get(name) for name in kept} for row in self.sources],
            "points": [
                {n: row[n] for n in ("source", *POINT) if row.get(n) not in (None, "")} for row in self.points
            ],
        }

    def rows(self, scheme: Scheme) -> tuple[list[ReceivingPoint], list[SchemeSource], list[MeteringPoint]]:
        """The rows to be saved, in this order."""
        receivers = [
            ReceivingPoint(scheme=scheme, number=n, name=row.get("name") or "", capacity=row["capacity"])
            for n, row in enumerate(self.receivers, 1)
        ]
        sources = [
            SchemeSource(
                scheme=scheme, number=n, receiver=receivers[row["receiver"] - 1], voltage=row["voltage"], capacity=row["capacity"],
                **{name: row[name] for name in SOURCE if name in row},
            )
            for n, row in enumerate(self.sources, 1)
        ]  # fmt: skip
        points = [
            MeteringPoint(
                scheme=scheme, number=n, source=sources[row["source"] - 1], **{name: row[name] for name in POINT if name in row}
            )
            for n, row in enumerate(self.points, 1)
        ]  # fmt: skip
        return receivers, sources, points

    def _counted(self, rule: SchemeRule | None) -> Iterator[Fault]:
        number = len(self.sources)
        if rule and number < rule.min_sources:
            sentence = _("%(class)s needs at least %(n)s sources; add the next one.")
            yield Fault("source", number, "nature", sentence % {"class": rule.name, "n": rule.min_sources})
        if rule and rule.max_sources is not None and number > rule.max_sources:
            sentence = _(
                "%(class)s has at most %(n)s sources; take one away, or have the case re-classified."
            )
            yield Fault("source", number, "nature", sentence % {"class": rule.name, "n": rule.max_sources})
        if not any(row.get("nature") == SourceNature.MAIN for row in self.sources):
            yield Fault("source", 1, "nature", _("One source has to be the main one."))

    def _placed(self) -> Iterator[Fault]:
        for number, row in enumerate(self.sources, 1):
            if not any(row.get(name) for name in PLACE):
                yield Fault(
                    "source",
                    number,
                    "line",
                    _("Name the source point: transformer area and pole, or substation and line."),
                )

    def _branches(self) -> Iterator[Fault]:
        """Every row hangs on one that is there, and none is left without what hangs on it."""
        for number, row in enumerate(self.sources, 1):
            if row["receiver"] > len(self.receivers):
                yield Fault(
                    "source",
                    number,
                    "receiver",
                    _("This receiving point is not in the scheme; choose another."),
                )
            if not any(point["source"] == number for point in self.points):
                yield Fault(
                    "source",
                    number,
                    "nature",
                    _("Nothing is metered on source %(n)s; add its metering point.") % {"n": number},
                )
        for number, row in enumerate(self.points, 1):
            if row["source"] > len(self.sources):
                yield Fault("point", number, "source", _("This source is not in the scheme; choose another."))
        for number in range(1, len(self.receivers) + 1):
            if not any(row["receiver"] == number for row in self.sources):
                sentence = _("No source leads to receiving point %(n)s.") % {"n": number}
                yield Fault("receiver", number, "receiver_capacity", sentence)

    def _shares(self) -> Iterator[Fault]:
        """定量定比 is a kind and a figure together; a share is at most the whole."""
        for number, row in enumerate(self.points, 1):
            kind, value = row.get("share_kind") or "", row.get("share_value")
            row["share_kind"] = kind
            if value is None and not kind:
                continue
            if value is None or not kind:
                sentence = _("Fixed quantity or share and its figure belong together; enter both.")
                yield Fault("point", number, "share_value", sentence)
            elif value <= 0:
                yield Fault("point", number, "share_value", _("Enter a figure above 0."))
            elif kind == Share.RATIO and value > 100:
                yield Fault("point", number, "share_value", _("A share is at most 100 %."))

    def _sums(self) -> Iterator[Fault]:
        whole = sum((row["capacity"] for row in self.receivers), Decimal(0))
        if len(self.receivers) > 1 and whole != self.capacity:
            sentence = _(
                "The receiving points add up to %(sum)s, the scheme says %(capacity)s; bring the two together."
            )
            yield Fault(
                "", 0, "capacity", sentence % {"sum": figure(whole), "capacity": figure(self.capacity)}
            )
        for number, receiver in enumerate(self.receivers, 1):
            yield from self._carried(number, receiver["capacity"])

    def _carried(self, number: int, needed: Decimal) -> Iterator[Fault]:
        """What the sources of one receiving point carry: the main ones all of it, a standby no more than there is to supply."""
        mine = [(n, row) for n, row in enumerate(self.sources, 1) if row["receiver"] == number]
        main = sum(
            (row["capacity"] for _n, row in mine if row.get("nature") == SourceNature.MAIN), Decimal(0)
        )
        words = {"n": number, "sum": figure(main), "capacity": figure(needed)}
        if any(row.get("nature") == SourceNature.MAIN for _n, row in mine) and main < needed:
            sentence = _("The main sources of receiving point %(n)s carry %(sum)s, it needs %(capacity)s.")
            yield Fault("source", mine[0][0], "source_capacity", sentence % words)
        for place, row in mine:
            if row.get("nature") == SourceNature.MAIN:
                continue
            if row["capacity"] > needed:
                sentence = _("A standby of %(standby)s is more than the %(capacity)s it stands by for.")
                said = {"standby": figure(row["capacity"]), "capacity": figure(needed)}
                yield Fault("source", place, "source_capacity", sentence % said)
            elif row["capacity"] < needed and row.get("nature") == SourceNature.STANDBY:
                self.remarks["standby_covers_a_part"] = _(
                    "The standby source carries only a part of the load; check what has to run on it."
                )

    def _apart(self, rule: SchemeRule | None) -> Iterator[Fault]:
        """Two sources on one line fail together."""
        if rule is None or rule.min_sources < 2:
            return
        seen: dict[tuple[str, str], int] = {}
        for number, row in enumerate(self.sources, 1):
            place = (str(row.get("substation") or ""), str(row.get("line") or ""))
            if place[1] and place in seen:
                sentence = _(
                    "Sources %(first)s and %(second)s come from the same line and would fail together; choose another line."
                )
                yield Fault("source", number, "line", sentence % {"first": seen[place], "second": number})
            seen.setdefault(place, number)


def _of_receiver(receivers: Sequence[Mapping[str, Any]], number: int, capacity: Decimal) -> Decimal:
    return receivers[number - 1]["capacity"] if number <= len(receivers) else capacity
