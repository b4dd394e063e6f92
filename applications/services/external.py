"""Numbers a case carries in other systems: the same number leads to the same case, and never to somebody else's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from applications.services.outside import note_fields, note_times
from staff.models import User
from staff.models.user import phone_index
from workflow.models import Case, ExternalRef
from workflow.transitions import Refused


@dataclass(frozen=True, slots=True)
class Ref:
    """One number: whose it is, of which kind, and what it says; with the times that system holds, by StatedMoment."""

    system: str
    kind: str
    value: str
    times: Mapping[str, dt.datetime] = field(default_factory=dict, hash=False, compare=False)


def case_of(refs: Sequence[Ref], *, by: User, phone: str) -> Case | None:
    """The case these numbers lead to. An officer has to see it; for others it is one this phone has. Raises Refused."""
    found = {case.pk: case for ref in refs if (case := _case(ref)) is not None}
    if not found:
        return None
    if len(found) > 1:
        raise Refused(_("These numbers stand on different cases; send those of one case."))
    case = next(iter(found.values()))
    if not _may_lead_there(case, by, phone):
        raise Refused(
            _("This number stands on another case already; ask the office responsible to check it.")
        )
    return case


def keep_refs(case: Case, refs: Sequence[Ref], fields: Iterable[str] = ()) -> None:
    """Write them onto the case, with the times they came with; those it has stay as they were first seen.

    `fields`: what the first of them gave, shown so and not asked again. Raises Refused for a number that stands elsewhere.
    """
    for ref in refs:
        try:
            with transaction.atomic():
                kept, _made = ExternalRef.objects.get_or_create(
                    system=ref.system, kind=ref.kind, value=ref.value, defaults={"case": case}
                )
        except IntegrityError:
            kept = ExternalRef.objects.get(system=ref.system, kind=ref.kind, value=ref.value)
        if survivor_of(kept.case).pk != case.pk:
            raise Refused(
                _("This number stands on another case already; ask the office responsible to check it.")
            )
        note_times(case, ref.system, ref.times)
    if refs:
        note_fields(case, refs[0].system, fields)


def known_case(ref: Ref) -> Case | None:
    """The case this number is known on, whoever asks: for reports that say no more than that it is known."""
    return _case(ref)


def survivor_of(case: Case) -> Case:
    """The case that goes on where one was joined to another."""
    while case.joined_to is not None:
        case = case.joined_to
    return case


def _case(ref: Ref) -> Case | None:
    known = ExternalRef.objects.select_related("case__office", "case__joined_to").filter(
        system=ref.system, kind=ref.kind, value=ref.value
    )
    kept = known.first()
    return survivor_of(kept.case) if kept else None


def _may_lead_there(case: Case, by: User, phone: str) -> bool:
    if by.is_officer:
        return Case.objects.visible_to(by).filter(pk=case.pk).exists()
    return bool(phone) and case.contacts.filter(person__phone_index=phone_index(phone)).exists()
