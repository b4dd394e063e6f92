"""What a visit brings back beside the fact itself: ticks of the list, photographs, the customer's signature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from applications.models import Application, Document
from applications.services.photos import digests, keep_photos
from staff.models import User
from workflow.transitions import Act

PHOTO, SIGNATURE = "visit_photo", "visit_signature"
"""Under which codes they lie among the papers."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Of one visit. Empty where an act was done at a desk."""

    ticked: Sequence[str] = ()
    pictures: Sequence[UploadedFile] = ()
    signature: UploadedFile | None = None

    def known_by(self) -> dict[str, Any]:
        """What makes a repeat recognisable."""
        said = {
            "ticked": sorted(self.ticked),
            "pictures": digests(self.pictures),
            "signature": digests([self.signature]) if self.signature else [],
        }
        return {"visit": said} if any(said.values()) else {}

    def says(self) -> dict[str, Any]:
        """What the log says of it: codes and numbers alone."""
        said: dict[str, Any] = {"ticked": sorted(self.ticked)} if self.ticked else {}
        said |= {"pictures": len(self.pictures)} if self.pictures else {}
        return said | ({"signed": True} if self.signature else {})

    def keep(self, a: Act, application: Application, by: User) -> list[Document]:
        """Keep the files as papers; their digests stand in the act's event."""
        a.data |= self.says()
        kept = keep_photos(a, application, self.pictures, PHOTO, by)
        return kept + (keep_photos(a, application, [self.signature], SIGNATURE, by) if self.signature else [])
