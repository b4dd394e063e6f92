"""Photographs taken with an act: kept as papers of the case, their digests in the act's own event."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from django.core.files.uploadedfile import UploadedFile

from applications.models import Application, Document
from staff.models import User
from workflow.models import Channel
from workflow.transitions import Act


def digests(photos: Sequence[UploadedFile]) -> list[str]:
    """SHA-256 of each, in order: what makes a repeated form recognisable."""
    return [_digest(photo, "sha256") for photo in photos]


def keep_photos(
    a: Act, application: Application, photos: Sequence[UploadedFile], item_code: str, by: User
) -> list[Document]:
    """Save them beside what is there; the event carries the digest of every one."""
    known = application.documents.filter(item_code=item_code).count()
    kept = []
    for number, photo in enumerate(photos, known + 1):
        sha256, sm3 = _digest(photo, "sha256"), _digest(photo, "sm3")
        document = Document(
            application=application, item_code=item_code, version=number, media_type=getattr(photo, "content_type", "") or "", pages=1,
            size=photo.size or 0, original_name=(photo.name or "")[:200], sha256=sha256, sm3=sm3, received_by=by,
            received_channel=Channel.objects.filter(code="visit").first(), given_by_customer=False,
        )  # fmt: skip
        document.file.save("", photo, save=False)
        document.save(force_insert=True)
        a.documents += [f"sha-256:{sha256}", f"sm3:{sm3}"]
        kept.append(document)
    return kept


def _digest(photo: UploadedFile, name: str) -> str:
    photo.seek(0)
    found = hashlib.new(name)
    for chunk in photo.chunks():
        found.update(chunk)
    photo.seek(0)
    return found.hexdigest()
