"""A sheet as PDF: the Chinese font embedded, the text selectable, the same sheet always the same bytes."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

import pylopdf_fonts_zh_cn
import segno
from fpdf import FPDF
from fpdf.enums import Align, TextMode, XPos, YPos

from applications.sheets.parts import Facts, Items, Line, Part, Seal, Sheet, Signatures, Table
from applications.sheets.wrapping import wrapped

FONT = "noto"
BODY, SMALL, HEADING, TITLE, MOMENT = 10.5, 9.0, 12.0, 18.0, 17.0
LEADING = 1.6
SIZES = {"A4": (210.0, 297.0), "A5": (148.0, 210.0)}
MARGIN = {"A4": 20.0, "A5": 12.0}
QR_SIDE = 30.0
PAD = 1.8
GREY, BLACK = 90, 0
LOOKS_LIKE = {"\u2217": "*"}
"""Signs of the screen that the font has under another number."""
MM_PER_POINT = 25.4 / 72


def render(sheet: Sheet) -> bytes:
    """The sheet's PDF."""
    page = _Page(sheet)
    page.begin()
    for part in sheet.parts:
        page.draw(part)
    if sheet.seal:
        page.seal(sheet.seal)
    return bytes(page.output())


class _Page(FPDF):
    """Draws parts one below the other. The title is repeated small on every further page, number and page stand below each."""

    def __init__(self, sheet: Sheet) -> None:
        super().__init__(format=SIZES[sheet.size])
        self.sheet = sheet
        side = MARGIN[sheet.size]
        self.set_margins(side, side)
        self.c_margin = 0
        self.set_auto_page_break(True, side + 8)
        self.set_creation_date(sheet.moment)
        self.set_title(sheet.title)
        self.set_author(sheet.issuer)
        self.set_lang("zh-CN")
        self.add_font(FONT, "", str(pylopdf_fonts_zh_cn.sans_path()))
        self.set_font(FONT, size=BODY)

    def header(self) -> None:
        """On the first page who writes; on every further one what is continued."""
        self.set_font(FONT, size=SMALL)
        self.set_text_color(GREY)
        said = (
            self.sheet.issuer if self.page_no() == 1 else f"{self.sheet.title}  {self.sheet.number}".rstrip()
        )
        self._row(self._lines(said, self.epw))
        self.ln(1)
        self._body()

    def footer(self) -> None:
        """What stands at the foot of every page, and which page it is."""
        self.set_font(FONT, size=SMALL - 1)
        self.set_text_color(GREY)
        foot = (
            [line for text in self.sheet.foot for line in self._lines(text, self.epw)]
            if self.page_no() == 1
            else []
        )
        height = self._height()
        self.set_y(-(MARGIN[self.sheet.size] - 2) - height * len(foot))
        for line in foot:
            self._row([line])
        self.cell(
            self.epw, height, f"{self.page_no()} / {{nb}}", align=Align.R, new_x=XPos.LMARGIN, new_y=YPos.NEXT
        )
        self._body()

    def begin(self) -> None:
        """Title and number."""
        lines = len([line for text in self.sheet.foot for line in self._lines(text, self.epw)])
        self.set_auto_page_break(True, MARGIN[self.sheet.size] + 6 + 5 * lines)
        self.add_page()
        self._bold(self._lines_at(self.sheet.title, TITLE), TITLE, Align.C)
        if self.sheet.number:
            self.set_text_color(GREY)
            self._row(self._lines(self.sheet.number, self.epw), Align.C)
            self._body()
        self.ln(2)

    def draw(self, part: Part) -> None:
        """One part, whatever it is."""
        if isinstance(part, Line):
            self._line(part)
        elif isinstance(part, Facts):
            self._facts(part)
        elif isinstance(part, Table):
            self._table(part)
        elif isinstance(part, Items):
            self._items(part)
        else:
            self._signatures(part)
        self.ln(2)

    def seal(self, seal: Seal) -> None:
        """QR code and proof, never torn apart."""
        self._keep_together(QR_SIDE + 2)
        top, left = self.get_y(), self.l_margin
        code = segno.make(seal.url, error="m", micro=False, boost_error=False)
        picture = io.BytesIO()
        code.save(picture, kind="png", scale=8, border=2)
        self.image(picture, x=left, y=top, w=QR_SIDE, h=QR_SIDE, alt_text=seal.hint)
        width = self.epw - QR_SIDE - 4
        for text, size, bold in (
            (seal.hint, SMALL, False),
            (seal.says, BODY, True),
            (seal.code, SMALL, False),
        ):
            self.set_font(FONT, size=size)
            for line in self._lines(text, width) if text else ():
                self.set_x(left + QR_SIDE + 4)
                self._written(width, line, bold=bold)
        self.set_y(max(self.get_y(), top + QR_SIDE + 2))
        self._body()

    # --- parts ---------------------------------------------------------------------------------------------------

    def _line(self, part: Line) -> None:
        if part.style in ("heading", "strong", "moment"):
            size = {"heading": HEADING, "strong": BODY, "moment": MOMENT}[part.style]
            if part.style == "heading":
                self._keep_together(self._height() * 3)
            self._bold(self._lines_at(part.text, size), size, Align.L)
            return
        if part.style == "muted":
            self.set_font(FONT, size=SMALL)
            self.set_text_color(GREY)
        self._row(self._lines(part.text, self.epw))
        self._body()

    def _facts(self, part: Facts) -> None:
        widest = max((self.get_string_width(label) for label, _value in part.rows), default=0)
        label_width = min(widest + 2 * PAD + 3, self.epw * 0.4)
        self._grid(
            [[label, value] for label, value in part.rows], [label_width, self.epw - label_width], ruled=False
        )

    def _table(self, part: Table) -> None:
        if part.title:
            self._keep_together(self._height() * 4)
            self._bold(self._lines_at(part.title, HEADING), HEADING, Align.L)
            self.ln(1)
        whole = sum(part.widths)
        widths = [self.epw * share / whole for share in part.widths]
        self._grid(part.rows, widths, ruled=True, head=part.head)

    def _items(self, part: Items) -> None:
        if part.title:
            self._keep_together(self._height() * 3)
            self._bold(self._lines_at(part.title, HEADING), HEADING, Align.L)
            self.ln(1)
        rows = [[f"{number}.", text] for number, text in enumerate(part.lines, 1)]
        self._grid(rows, [9, self.epw - 9], ruled=False)

    def _signatures(self, part: Signatures) -> None:
        width = self.epw / len(part.columns)
        columns = [
            [line for text in column for line in self._lines(text, width - 6)] for column in part.columns
        ]
        height = self._height() * 1.4
        tallest = max(len(column) for column in columns)
        self._keep_together(height * tallest + 6)
        self.ln(6)
        top = self.get_y()
        for place, column in enumerate(columns):
            self.set_y(top)
            for line in column:
                self.set_x(self.l_margin + place * width)
                self.cell(width - 6, height, line, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.set_y(top + height * tallest)

    # --- how text is set -----------------------------------------------------------------------------------------

    def _grid(
        self, rows: Sequence[Sequence[str]], widths: Sequence[float], *, ruled: bool, head: Sequence[str] = ()
    ) -> None:
        if head:
            self._grid_row(head, widths, ruled=ruled, bold=True)
        for row in rows:
            if self._cut(row, widths) > self.page_break_trigger - self.get_y():
                self.add_page()
                if head:
                    self._grid_row(head, widths, ruled=ruled, bold=True)
            self._grid_row(row, widths, ruled=ruled)

    def _cut(self, row: Sequence[str], widths: Sequence[float]) -> float:
        """How high a row is."""
        pad = 2 * PAD
        return (
            max(len(self._lines(text, width - pad)) for text, width in zip(row, widths, strict=True))
            * self._height()
            + pad
        )

    def _grid_row(
        self, row: Sequence[str], widths: Sequence[float], *, ruled: bool, bold: bool = False
    ) -> None:
        tall, top, left = self._cut(row, widths), self.get_y(), self.l_margin
        broken = self.auto_page_break
        self.set_auto_page_break(False, self.b_margin)
        for text, width in zip(row, widths, strict=True):
            if ruled:
                self.set_draw_color(150)
                self.set_line_width(0.2)
                self.rect(left, top, width, tall)
            self.set_y(top + (PAD if ruled else 0))
            for line in self._lines(text, width - 2 * PAD):
                self.set_x(left + (PAD if ruled else 0))
                self._written(width - 2 * PAD, line, bold=bold)
            left += width
        self.set_auto_page_break(broken, self.b_margin)
        self.set_y(top + (tall if ruled else tall - PAD))

    def _row(self, lines: Iterable[str], align: Align = Align.L) -> None:
        for line in lines:
            self.cell(self.epw, self._height(), line, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _bold(self, lines: Iterable[str], size: float, align: Align) -> None:
        self.set_font(FONT, size=size)
        for line in lines:
            self._written(self.epw, line, bold=True, align=align)
        self._body()

    def _written(self, width: float, line: str, *, bold: bool, align: Align = Align.L) -> None:
        """One line of text. The font has one weight: what is bold is drawn with its outline."""
        how: dict[str, Any] = {"text_mode": TextMode.FILL_STROKE, "line_width": 0.09} if bold else {}
        with self.local_context(**how):
            if bold:
                self.set_draw_color(BLACK)
            self.cell(width, self._height(), line, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _lines(self, text: str, width: float) -> list[str]:
        return wrapped(self._printable(text), width - 2 * self.c_margin, self.get_string_width)

    def _printable(self, text: str) -> str:
        """A sign the font lacks, as in a rare name, is written by its number rather than lost."""
        known: Any = self.fonts[FONT].cmap  # type: ignore[union-attr]
        return "".join(
            sign if sign == "\n" or ord(sign) in known else LOOKS_LIKE.get(sign) or f"〔U+{ord(sign):04X}〕"
            for sign in text
        )

    def _lines_at(self, text: str, size: float) -> list[str]:
        self.set_font(FONT, size=size)
        lines = self._lines(text, self.epw)
        self._body()
        return lines

    def _height(self) -> float:
        return float(self.font_size_pt) * LEADING * MM_PER_POINT

    def _body(self) -> None:
        self.set_font(FONT, size=BODY)
        self.set_text_color(BLACK)

    def _keep_together(self, height: float) -> None:
        if self.get_y() + height > self.page_break_trigger:
            self.add_page()
