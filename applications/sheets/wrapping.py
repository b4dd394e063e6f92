"""Where a line of Chinese may end: between characters, but no closing mark begins a line and no opening mark ends one."""

from __future__ import annotations

import re
from collections.abc import Callable

CLOSING = "，。、；：？！）」』》】〉”’…—～％%),.;:!?]}·・"
OPENING = "（「『《【〈“‘￥([{"
_UNBROKEN = re.compile(r"[A-Za-z0-9∗*]+(?:[./:_@,\-][A-Za-z0-9∗*]+)*")
"""Numbers, days, addresses of pages: kept whole as long as they fit."""


def pieces(text: str) -> list[str]:
    """The text cut where a line may end."""
    found: list[str] = []
    place = 0
    while place < len(text):
        match = _UNBROKEN.match(text, place)
        piece = match.group() if match else text[place]
        place += len(piece)
        if found and (piece[0] in CLOSING or piece == " " or found[-1][-1] in OPENING):
            found[-1] += piece
        else:
            found.append(piece)
    return found


def wrapped(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """Lines no wider than `width`; an empty text is one empty line."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for piece in pieces(paragraph):
            if not line or measure((line + piece).rstrip()) <= width:
                line += piece
            else:
                lines.append(line.rstrip())
                line = piece.lstrip()
            while measure(line.rstrip()) > width and len(line) > 1:
                fits = _fitting(line, width, measure)
                lines.append(line[:fits])
                line = line[fits:]
        lines.append(line.rstrip())
    return lines


def _fitting(line: str, width: float, measure: Callable[[str], float]) -> int:
    """How many characters of a piece that is too long go on one line; at least one."""
    count = 1
    while count < len(line) and measure(line[: count + 1]) <= width:
        count += 1
    return count
