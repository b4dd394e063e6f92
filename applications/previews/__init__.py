"""Pages of uploaded files as pictures, drawn in a process of their own with little memory and time: what was uploaded is not trusted."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from applications.uploads import PDF, PICTURES

DRAW = Path(__file__).with_name("draw.py")
SECONDS = 20
WIDTH = 1400


class NotDrawn(Exception):
    """The file can't be drawn: damaged, too large, or of another kind."""


def pages_in(content: bytes, media_type: str) -> int | None:
    """How many pages there are; nothing where nobody can tell."""
    if media_type in PICTURES:
        return 1
    if media_type != PDF:
        return None
    try:
        return int(_run(content, "pages"))
    except (NotDrawn, ValueError):
        return None


def picture(content: bytes, media_type: str, page: int = 1, mark: str = "") -> bytes:
    """One page as JPEG, the right way up, without whatever else was in the file; `mark` is written across it. Raises NotDrawn."""
    if media_type in PICTURES:
        return _run(content, "picture", PICTURES[media_type], str(WIDTH), mark)
    if media_type == PDF:
        return _run(content, "page", str(page), str(WIDTH), mark)
    raise NotDrawn(media_type)


def _run(content: bytes, *words: str) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 - our own program; its words are numbers, kinds and a mark of ours
            [sys.executable, "-I", str(DRAW), *words], input=content, capture_output=True, timeout=SECONDS, check=False, env={}
        )  # fmt: skip
    except subprocess.TimeoutExpired as late:
        raise NotDrawn(words[0]) from late
    if done.returncode:
        raise NotDrawn(words[0])
    return done.stdout
