"""What may be uploaded: photos and PDF files that can be opened. Each file gets its own sentence; a bad one never costs the good ones."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import filetype
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_FILES = 10
PDF = "application/pdf"
PICTURES = {"image/jpeg": "JPEG", "image/png": "PNG"}
EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", PDF: "pdf"}
ACCEPT = ",".join([*PICTURES, PDF])
_HEAD, _TAIL = 1024, 4096

IDENTITY = ("identity", "agent_identity", "legal_identity")
"""Items that show a person's identity: their photos are stored only with a separate consent."""


class Unfit(Exception):
    """The file can't be used; `sentence` says why and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Fit:
    """A file that can be used, and what it really is: told by its content, never by its name."""

    upload: UploadedFile
    media_type: str


def examine(upload: UploadedFile) -> Fit:
    """Look at one file. Raises Unfit."""
    if not upload.size:
        raise Unfit(_("This file is empty. Choose it again or take the photo again."))
    if upload.size > MAX_BYTES:
        raise Unfit(_("This file is larger than 20 MB. Choose a smaller one or take the photo again."))
    upload.seek(0)
    head = upload.read(_HEAD)
    kind = filetype.guess(head)
    media_type = kind.mime if kind else ""
    if media_type in PICTURES:
        _look_at_picture(upload, PICTURES[media_type])
    elif media_type == PDF:
        _look_at_pdf(upload)
    elif media_type in {"image/heic", "image/heif"}:
        raise Unfit(
            _("This is an HEIC photo, which many devices can't open. Take it again here, or choose a JPEG.")
        )
    else:
        raise Unfit(_("This kind of file can't be read. Choose a photo (JPEG, PNG) or a PDF."))
    upload.seek(0)
    return Fit(upload, media_type)


def examine_all(uploads: list[UploadedFile]) -> tuple[list[Fit], list[tuple[str, str]]]:
    """The good files, and of each bad one its name and sentence. Beyond ten at once the rest is asked to come again."""
    good: list[Fit] = []
    bad: list[tuple[str, str]] = []
    for place, upload in enumerate(uploads):
        name = (upload.name or "")[:60]
        if place >= MAX_FILES:
            bad.append((name, _("At most 10 files at a time; send this one again by itself.")))
            continue
        try:
            good.append(examine(upload))
        except Unfit as why:
            bad.append((name, why.sentence))
    return good, bad


def _look_at_picture(upload: UploadedFile, wanted: str) -> None:
    """Opened twice: Pillow's verify() leaves a picture unusable, and only decoding shows that its end is missing."""
    broken = _("This photo is damaged and can't be opened. Take it again or choose another.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            upload.seek(0)
            with Image.open(upload, formats=[wanted]) as picture:
                width, height = picture.size
                if width * height > MAX_PIXELS:
                    raise Unfit(
                        _("This photo has more than 40 million pixels. Take it again at a smaller size.")
                    )
                picture.verify()
            upload.seek(0)
            with Image.open(upload, formats=[wanted]) as picture:
                picture.load()
    except Unfit:
        raise
    except Image.DecompressionBombError:
        raise Unfit(
            _("This photo has more than 40 million pixels. Take it again at a smaller size.")
        ) from None
    except Exception:  # noqa: BLE001 - Pillow's decoders raise whatever a damaged file makes them
        raise Unfit(broken) from None


def _look_at_pdf(upload: UploadedFile) -> None:
    """A PDF has an end, and whoever handles the case can open it."""
    upload.seek(max((upload.size or 0) - _TAIL, 0))
    tail = upload.read(_TAIL)
    if b"%%EOF" not in tail:
        raise Unfit(_("This PDF is not complete. Save it again or send photos of its pages."))
    if b"/Encrypt" in tail:
        raise Unfit(_("This PDF is locked with a password. Save it without one or send photos of its pages."))
