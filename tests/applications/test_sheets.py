"""Sheets as PDF: complete, in order, with their font inside, the same bytes for the same sheet."""

import datetime as dt
import io

import pypdf
import pytest

from applications.sheets.parts import Facts, Items, Line, Seal, Sheet, Signatures, Table, loaded
from applications.sheets.pdf import render
from applications.sheets.wrapping import CLOSING, OPENING, pieces, wrapped
from tests.applications.papers import code_of, fonts_of, squeezed, words_of

MOMENT = dt.datetime(2026, 11, 24, 15, 30, tzinfo=dt.timezone(dt.timedelta(hours=8)))
URL = "https://power.example/receipt/ABCDEFGHIJKLMNOPQRSTUVWXYZ/"


def sheet(rows: int = 2, **changes) -> Sheet:
    whole = {
        "title": "一次性告知书",
        "issuer": "临川县供电公司・城东供电所",
        "moment": MOMENT,
        "number": "编号：YK20261124 370102 0098 3（第 1 份）",
        "parts": (
            Line("致：张海棠"),
            Facts(
                (
                    ("受理单位", "城东供电所"),
                    ("承诺", "受理后 15 个工作日内（含外线施工；无外线 5 个工作日）"),
                )
            ),
            Table(
                "需要补充的材料",
                ("序号", "材料", "问题"),
                tuple((str(n), f"材料{n}", "看不清") for n in range(1, rows + 1)),
                (1, 4, 5),
            ),
            Items("您可以", ("在页面上传", "到营业厅补交")),
            Line("自受理次日起算。", "muted"),
            Signatures((("供电单位（盖章）：", "日期：2026年11月24日"), ("客户签收：", "日期："))),
        ),
        "foot": ("有意见请拨 95598。",),
        "seal": Seal(URL, "扫码查看办理进度", "已存证", "sha-256:0123456789abcdef"),
    }
    return Sheet(**(whole | changes))


def test_every_word_is_there_in_order():
    said = words_of(render(sheet()))
    place = 0
    for line in sheet(foot=()).words().splitlines():
        for bit in line.replace("：", "|").replace(" | ", "|").split("|"):
            found = said.find(squeezed(bit), place)
            assert found >= place, bit
            place = found
    assert "有意见请拨95598。" in said
    assert "sha-256:0123456789abcdef" in said


def test_fonts_are_inside_and_the_code_is_read():
    pdf = render(sheet())
    assert fonts_of(pdf)
    assert all(fonts_of(pdf))
    assert code_of(pdf) == URL


def test_the_same_sheet_is_the_same_bytes_and_another_moment_is_not():
    kept = loaded(sheet().dumped(), sheet().seal)
    assert kept == sheet()
    assert render(kept) == render(sheet())
    assert render(sheet(moment=MOMENT + dt.timedelta(seconds=1))) != render(sheet())


def test_the_record_s_moment_is_the_pdf_s():
    made = pypdf.PdfReader(io.BytesIO(render(sheet()))).metadata.creation_date
    assert made == MOMENT


def test_a_long_table_goes_on_with_its_heading_and_signatures_stay_whole():
    reader = pypdf.PdfReader(io.BytesIO(render(sheet(rows=60))))
    pages = [squeezed(page.extract_text()) for page in reader.pages]
    assert len(pages) > 1
    assert all("序号材料问题" in page for page in pages if "看不清" in page)
    assert all(f"材料{n}" in "".join(pages) for n in range(1, 61))
    signing = next(page for page in pages if "客户签收" in page)
    assert "供电单位（盖章）" in signing
    assert all(f"{n}/{len(pages)}" in page for n, page in enumerate(pages, 1))


def test_a_receipt_fits_half_a_page():
    short = sheet(size="A5", parts=(Line("请妥善保管。"), Line("2026年11月24日（周二）15:30:07", "moment")))
    reader = pypdf.PdfReader(io.BytesIO(render(short)))
    assert len(reader.pages) == 1
    assert round(float(reader.pages[0].mediabox.width) / 72 * 25.4) == 148


def test_a_sign_the_font_lacks_is_not_lost():
    said = words_of(render(sheet(parts=(Line("致：𠮷田 138∗∗∗∗1234"),))))
    assert "〔U+20BB7〕田" in said
    assert "138****1234" in said


def test_words_name_everything_but_the_seal():
    words = sheet().words()
    assert "承诺：受理后 15 个工作日内" in words
    assert "1 | 材料1 | 看不清" in words
    assert "有意见请拨 95598。" in words
    assert URL not in words


@pytest.mark.parametrize(
    "text", ["您好，（请）看：“说明”。", "编号 YK20261124 370102 请于 2026-12-01 前", "a" * 50]
)
def test_lines_hold_everything_and_end_where_they_may(text):
    lines = wrapped(text, 10, len)
    assert squeezed("".join(lines)) == squeezed(text)
    assert all(len(line) <= 10 for line in lines)
    assert squeezed("".join(pieces(text))) == squeezed(text)


def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one():
    lines = wrapped("用电（含外线）申请，已受理；请于三日内，到（城东）营业厅“办理”。" * 4, 9, len)
    assert not [line for line in lines if line[0] in CLOSING or line[-1] in OPENING]
