"""What a verification found, in words and with the way to the case's dossier."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from integrity.services.verification import WORDS


@dataclass(frozen=True, slots=True)
class Row:
    """One finding: which case, which row, what does not fit, and the dossier where the reader may open it."""

    name: str
    number: int | None
    says: str
    row: str
    detail: str
    url: str


def rows_of(findings: Iterable[Mapping[str, Any]], audited: Collection[uuid.UUID]) -> list[Row]:
    """The findings as kept; a case outside the reader's offices is named and not linked."""
    return [
        Row(
            name=found["case_number"] or found["stream"] or "",
            number=found["number"],
            says=str(WORDS[found["what"]]) if found["what"] in WORDS else found["what"],
            row=found["row"],
            detail=found["detail"],
            url=_dossier(found, audited),
        )
        for found in findings
    ]


def _dossier(found: Mapping[str, Any], audited: Collection[uuid.UUID]) -> str:
    case = uuid.UUID(found["case_id"]) if found["case_id"] else None
    if case is None or case not in audited:
        return ""
    anchor = f"#event-{found['number']}" if found["number"] else ""
    return reverse("integrity:story", args=[case]) + anchor
