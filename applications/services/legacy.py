"""adopt_legacy_case: the history of another system comes in as what it is, by two persons, sealed with its file's digest."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from applications.imports.reading import Entry
from applications.models import LegacyRecord
from staff.models import Office, User
from workflow.models import Case, CaseTerms, ExternalRef
from workflow.numbers import next_number
from workflow.terms import name_terms, number_terms
from workflow.transitions import Refused, open_case

LEGACY = "LS"
NUMBER_KIND = "register_no"


@dataclass(frozen=True, slots=True)
class Batch:
    """One file brought in: by whom, approved by whom, for which office."""

    system: str
    file_sha256: str
    by: User
    approved_by: User
    office: Office

    def __post_init__(self) -> None:
        if self.by.pk == self.approved_by.pk:
            raise Refused(_("The person who approves must be another than the one who imports."))


def adopt_legacy_case(entry: Entry, batch: Batch) -> Case | None:
    """Adopt one entry; None if it was adopted before. Its claimed time is old, its recorded time is now; it starts no clock."""
    if LegacyRecord.objects.filter(system=batch.system, key=entry.key).exists():
        return None
    with open_case(by=batch.by) as opening:
        case = Case(
            contact_no=next_number(LEGACY, batch.office.code), office=batch.office, opened_at=timezone.now()
        )
        opening.begin(
            case, "case.adopted", stage=entry.state, matching={}, occurred_at=_moment(entry.dates.get("submitted")), clocks=False,
            data={"system": batch.system, "key": entry.key, "row": entry.row, "missing": list(entry.missing),
                  "approved_by": str(batch.approved_by.pk), "dates": {name: day.isoformat() for name, day in entry.dates.items()}},
            documents=[f"sha-256:{batch.file_sha256}"],
        )  # fmt: skip
        ExternalRef.objects.create(case=case, system=batch.system, kind=NUMBER_KIND, value=entry.key)
        _keep(case, entry, batch)
    return case


def _keep(case: Case, entry: Entry, batch: Batch) -> None:
    more = {k: v for k, v in entry.texts.items() if k != "title"} | {
        k: str(v) for k, v in entry.numbers.items() if k != "capacity"
    }
    more |= {
        k: v.isoformat() for k, v in entry.dates.items() if k not in ("submitted", "energised", "withdrawn")
    }
    CaseTerms.objects.add(case.pk, name_terms(entry.texts.get("title", "")) | number_terms(case.contact_no))
    LegacyRecord.objects.create(
        case=case, system=batch.system, key=entry.key, title=entry.texts.get("title", ""), submitted_date=entry.dates.get("submitted"),
        energised_date=entry.dates.get("energised"), withdrawn_date=entry.dates.get("withdrawn"), capacity=entry.numbers.get("capacity"),
        more=more, missing=list(entry.missing), file_sha256=batch.file_sha256, file_row=entry.row, adopted_by=batch.by,
        approved_by=batch.approved_by,
    )  # fmt: skip


def _moment(day: dt.date | None) -> dt.datetime | None:
    """A day that was stated without an hour is that day's beginning."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time())) if day else None
