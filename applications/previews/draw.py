"""The process that draws: reads a file from its input, writes a JPEG or a number to its output. Knows nothing of cases or databases.

Its limits are set before anything of the file is looked at, so that a file made to be expensive costs ten seconds and no more.
"""

from __future__ import annotations

import io
import resource
import sys

import pylopdf_fonts_zh_cn
import pypdfium2
from PIL import Image, ImageDraw, ImageFont, ImageOps

MEMORY = 1024 * 1024 * 1024
CPU_SECONDS = 10
MAX_PIXELS = 40_000_000
MAX_PAGES = 500
QUALITY = 82


def main(words: list[str]) -> bytes:
    """Do what the first word says."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    content = sys.stdin.buffer.read()
    if words[0] == "pages":
        return str(min(len(pypdfium2.PdfDocument(content)), MAX_PAGES)).encode()
    if words[0] == "page":
        drawn = _page(content, int(words[1]), int(words[2]))
    else:
        drawn = _picture(content, words[1], int(words[2]))
    return _jpeg(_marked(drawn, words[3]) if words[3] else drawn)


def _page(content: bytes, number: int, width: int) -> Image.Image:
    page = pypdfium2.PdfDocument(content)[number - 1]
    wide, high = page.get_size()
    scale = min(width / wide, (MAX_PIXELS / (wide * high)) ** 0.5)
    return page.render(scale=scale).to_pil().convert("RGB")


def _picture(content: bytes, kind: str, width: int) -> Image.Image:
    with Image.open(io.BytesIO(content), formats=[kind]) as opened:
        upright = ImageOps.exif_transpose(opened)
        assert upright is not None
        upright.thumbnail((width, width * 2))
        return upright.convert("RGB")


def _marked(drawn: Image.Image, mark: str) -> Image.Image:
    """The mark across the picture, thrice, light enough to read what is under it."""
    size = max(drawn.width // 28, 12)
    font = ImageFont.truetype(str(pylopdf_fonts_zh_cn.sans_path()), size)
    layer = Image.new("RGBA", drawn.size, (0, 0, 0, 0))
    pen = ImageDraw.Draw(layer)
    for share in (0.2, 0.5, 0.8):
        place = (drawn.width * 0.08, drawn.height * share)
        pen.text(place, mark, font=font, fill=(190, 30, 30, 110))
    return Image.alpha_composite(drawn.convert("RGBA"), layer).convert("RGB")


def _jpeg(drawn: Image.Image) -> bytes:
    written = io.BytesIO()
    drawn.save(written, "JPEG", quality=QUALITY)
    return written.getvalue()


if __name__ == "__main__":
    sys.stdout.buffer.write(main(sys.argv[1:]))
