"""A monthly report as paper and as workbook, drawn from its kept figures alone: the same report always gives the same bytes."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping
from typing import Any

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.sheets.parts import Items, Line, Sheet, Table

FIGURES = (
    "contacts", "accepted", "refused", "withdrawn", "terminated", "energised", "p50", "p90", "due", "missed", "returned", "paused", "supervised",
)  # fmt: skip
LONGEST_PAPER = ("contacts", "accepted", "energised", "p50", "p90", "due", "missed", "returned")


def words() -> dict[str, str]:
    """What each figure is called."""
    return {
        "contacts": _("Contacts"), "accepted": _("Accepted"), "refused": _("Not accepted"), "withdrawn": _("Withdrawn by the customer"),
        "terminated": _("Terminated"), "energised": _("Energised"), "p50": _("Days, median"), "p90": _("Days, nine in ten"),
        "due": _("Limits fallen due"), "missed": _("Limits missed"), "returned": _("Sent back"), "paused": _("Clocks paused"),
        "supervised": _("Supervised"),
    }  # fmt: skip


def definitions() -> tuple[str, ...]:
    """How each figure is counted."""
    return (
        _("Contacts: every first or further contact registered in the month, in any channel."),
        _("Accepted, not accepted, withdrawn, terminated: cases to which this happened in the month."),
        _("Energised: cases whose last source was energised in the month, archived or not."),
        _("Days: working days from the first contact to the energising of the last source; half, and nine in ten, took no longer."),
        _("Limits fallen due: limits of law and public promise whose day lies in the month, of archived and running cases alike; "
          "what ended with its case before its day is left out."),
        _("Limits missed: those of them not fulfilled by their day. Internal limits are not counted."),
        _("Sent back: papers asked for, schemes and designs returned, rectifications, returns to an earlier step."),
        _("Clocks paused: how often a clock was stopped for a listed reason."),
        _("An office is counted with the cases it is responsible for. Working days follow the published calendar."),
    )  # fmt: skip


def _sums(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with what is meaningless left out: no median of nothing."""
    return {
        figure: "" if figure in ("p50", "p90") and not row["energised"] else row[figure] for figure in FIGURES
    }


def paper(body: Mapping[str, Any], stages: Mapping[str, str], issuer: str, digest: str, number: str) -> Sheet:
    """The report on A4."""
    figures, said = body["figures"], words()
    rows = [(row["name"], *(str(_sums(row)[f]) for f in LONGEST_PAPER)) for row in figures["offices"]]
    rows.append((_("Together"), *(str(_sums(figures["together"])[f]) for f in LONGEST_PAPER)))
    as_of = dt.datetime.fromisoformat(body["as_of"])
    return Sheet(
        title=_("Monthly report %(month)s") % {"month": body["month"]}, issuer=issuer, moment=as_of, number=number,
        parts=(
            Line(_("%(name)s; data as of %(moment)s") % {"name": body["name"], "moment": f"{timezone.localtime(as_of):%Y-%m-%d %H:%M}"}),
            Table(_("By office"), (_("Office"), *(said[f] for f in LONGEST_PAPER)), tuple(rows), (22, *(10 for _f in LONGEST_PAPER))),
            Table(
                _("Working days in each stage"), (_("Stage"), _("Cases"), said["p50"], said["p90"]),
                tuple((stages.get(s["stage"], s["stage"]), str(s["cases"]), str(s["p50"]), str(s["p90"])) for s in figures["stages"]), (3, 2, 2, 2),
            ),
            Items(_("Definitions"), definitions()),
            Line(_("Digest of the figures: %(digest)s") % {"digest": digest}, style="muted"),
        ),
    )  # fmt: skip


def workbook(body: Mapping[str, Any], stages: Mapping[str, str], digest: str) -> bytes:
    """The report as .xlsx: figures, stages, definitions; frozen headings, filters, numbers as numbers."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "remove_timezone": True})
    as_of = timezone.localtime(dt.datetime.fromisoformat(body["as_of"]))
    book.set_properties(
        {
            "created": as_of.replace(tzinfo=None),
            "title": _("Monthly report %(month)s") % {"month": body["month"]},
        }
    )
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    figures, said = body["figures"], words()
    _fill(
        book.add_worksheet(_("By office")), bold, [_("Office code"), _("Office"), *(said[f] for f in FIGURES)],
        [[row["code"], row["name"], *_sums(row).values()] for row in figures["offices"]]
        + [["", _("Together"), *_sums(figures["together"]).values()]],
    )  # fmt: skip
    _fill(
        book.add_worksheet(_("Stages")), bold, [_("Stage"), _("Cases"), said["p50"], said["p90"]],
        [[stages.get(s["stage"], s["stage"]), s["cases"], s["p50"], s["p90"]] for s in figures["stages"]],
    )  # fmt: skip
    notes = [
        [_("Office"), body["name"]], [_("Month"), body["month"]], [_("Data as of"), f"{as_of:%Y-%m-%d %H:%M}"], [_("Digest of the figures"), digest],
        *[[_("Definition"), text] for text in definitions()],
    ]  # fmt: skip
    _fill(book.add_worksheet(_("Definitions")), bold, [_("What"), _("How")], notes, (22, 110))
    book.close()
    return out.getvalue()


def _fill(
    sheet: Any, bold: Any, head: list[str], rows: list[list[Any]], widths: tuple[int, ...] = ()
) -> None:
    sheet.write_row(0, 0, head, bold)
    for place, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            sheet.write_string(place, column, value) if isinstance(value, str) else sheet.write_number(
                place, column, value
            )
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(rows), 1), len(head) - 1)
    for column, title in enumerate(head):
        sheet.set_column(column, column, widths[column] if widths else max(12, 2 * len(title) + 2))
