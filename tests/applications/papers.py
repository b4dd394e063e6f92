"""Cases that owe papers, and PDFs read back."""

from __future__ import annotations

import io

import pypdf
import zxingcpp
from PIL import Image

from tests.applications.walked import SURVEYED, Walk

HV_SURVEY = SURVEYED | {
    "customer_works": "yes", "external_line": "no", "important_grade": "second", "substation": "城东变", "line": "纬三线",
    "approved_capacity": "315",
}  # fmt: skip


def factory(cast) -> Walk:
    """A high-voltage case, surveyed."""
    walk = Walk(
        cast, "hv_single", customer="hengtai", three_zero=False, capacity=400, usage="industrial"
    ).accepted()
    walk.do("record_survey", "jinhao", **HV_SURVEY)
    return walk


def words_of(pdf: bytes) -> str:
    """Every sign of a PDF's text in order, without spaces and line ends: where a line breaks is no matter here."""
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return squeezed("".join(page.extract_text() for page in pages))


def squeezed(text: str) -> str:
    """Without spaces, line ends and the NULs that the reader puts in."""
    return "".join(text.replace("\x00", "").split())


def fonts_of(pdf: bytes) -> list[bool]:
    """Of each font of each page whether it is embedded."""
    found = []
    for page in pypdf.PdfReader(io.BytesIO(pdf)).pages:
        for font in page["/Resources"]["/Font"].values():
            below = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            found.append(any(name in below for name in ("/FontFile", "/FontFile2", "/FontFile3")))
    return found


def code_of(pdf: bytes) -> str:
    """What the QR code on it says, read as a phone would read it."""
    for page in pypdf.PdfReader(io.BytesIO(pdf)).pages:
        for image in page.images:
            read = zxingcpp.read_barcodes(Image.open(io.BytesIO(image.data)).convert("L"))
            if read:
                return read[0].text
    return ""
