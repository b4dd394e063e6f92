"""Papers of an application as a clerk looks at them: item by item, with every version, what was asked for and its clock."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from django.utils import timezone

from applications.checklists import checklist, conditions_of
from applications.models import Application, Document, DocumentStatus, RequestedPaper
from applications.selectors.asked import clock_of
from applications.selectors.facts import paper_names
from staff.presentation import Countdown

FILLED_IN = "application_form"


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One paper: what the list says, the files that stand, those replaced, and whether it is asked for just now."""

    code: str
    name: str
    hint: str
    mandatory: bool
    files: tuple[Document, ...] = ()
    older: tuple[Document, ...] = ()
    asked: RequestedPaper | None = None
    clock: Countdown | None = field(default=None, compare=False)

    @property
    def here(self) -> bool:
        """Whether something has come."""
        return bool(self.files)

    @property
    def status(self) -> str:
        """How it stands: the worst of its files."""
        found = {file.status for file in self.files}
        for status in (DocumentStatus.RETURNED, DocumentStatus.RECEIVED, DocumentStatus.ACCEPTED):
            if status in found:
                return str(status)
        return ""

    @property
    def label(self) -> str:
        """The status in words."""
        return str(DocumentStatus(self.status).label) if self.status else ""

    @property
    def fault(self) -> str:
        """Code of what was found wrong."""
        return next((file.status_reason for file in self.files if file.status_reason), "")

    @property
    def words(self) -> str:
        """What was found wrong, in the reviewer's words."""
        return next((file.review_note for file in self.files if file.review_note), "")


def paper_lines(application: Application, now: dt.datetime | None = None) -> list[PaperLine]:
    """Every paper of the list and every other that came, the list's first."""
    moment = now or timezone.now()
    files: dict[str, list[Document]] = defaultdict(list)
    older: dict[str, list[Document]] = defaultdict(list)
    for document in application.documents.select_related("received_channel").order_by("received_at"):
        (older if document.replaced else files)[document.item_code].append(document)
    asked = {
        paper.item_code: paper
        for paper in RequestedPaper.objects.filter(request__application=application, request__answered_at=None)
        .select_related("request__application__case", "limit", "fault")
    }  # fmt: skip
    found = checklist(application.category, conditions_of(application), timezone.localdate(moment))
    listed = [(item.code, item.name, item.form_zh, item.mandatory) for item in found.items] if found else []
    known, names = {code for code, *_rest in listed}, paper_names(application)
    listed += [(code, names.get(code, code), "", False) for code in sorted({*files, *asked} - known)]
    return [
        PaperLine(
            code, name, hint, mandatory, tuple(files.get(code, ())), tuple(older.get(code, ())), asked.get(code),
            clock_of(asked[code], moment) if code in asked else None,
        )
        for code, name, hint, mandatory in listed
        if code != FILLED_IN or files.get(code)
    ]  # fmt: skip
