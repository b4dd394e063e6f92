"""Bringing in what another system took down: a contact, or a case it accepted, row by row through the doors everybody uses.

The number it has there decides: one that is known is not done again, only its times are noted. Every row is its own transaction.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.checklists import checklist, conditions_of
from applications.models import Application
from applications.selectors.three_zero import three_zero_of
from applications.services.external import Ref, keep_refs, known_case
from applications.services.filing import Particulars, start_application
from applications.services.intake import accept, record_echo, submit
from applications.services.online import fields_said, register_from_outside
from staff.models import User
from workflow.events import Circumstance
from workflow.models import Case
from workflow.services.contacts import FirstContact
from workflow.transitions import Refusal

NEW, ADDED, KNOWN, REFUSED = "new", "added", "known", "refused"


@dataclass(frozen=True, slots=True)
class Filed:
    """What an accepted case says beyond its contact. Without `echo_date` the customer has not been asked yet."""

    particulars: Particulars
    load: Mapping[str, Any]
    echo_date: dt.date | None
    fields: Sequence[str]


@dataclass(frozen=True, slots=True)
class Incoming:
    """One row, read and found usable."""

    row: int
    ref: Ref
    first: FirstContact
    filed: Filed | None = None


@dataclass(frozen=True, slots=True)
class Came:
    """What became of a row: new, added to a known case, known, refused; with a sentence where there is something to say."""

    row: int
    ref: Ref
    outcome: str
    sentence: str = ""
    case: Case | None = None


def bring_in(rows: Sequence[Incoming], *, by: User, dry: bool = False) -> Iterator[Came]:
    """Row by row; `dry` does all of it and takes it back, so that what is said is what would happen."""
    for incoming in rows:
        try:
            with transaction.atomic():
                came = _bring(incoming, by)
                if dry:
                    transaction.set_rollback(True)
        except Refusal as refusal:
            came = Came(incoming.row, incoming.ref, REFUSED, refusal.sentence)
        yield came


def _bring(incoming: Incoming, by: User) -> Came:
    ref, case = incoming.ref, known_case(incoming.ref)
    done = case is not None and (incoming.filed is None or Application.objects.filter(case=case).exists())
    if case is not None and done:
        keep_refs(case, [ref])
        return Came(incoming.row, ref, KNOWN, _new_times(incoming), case)
    if case is None:
        case = _register(incoming, by)
        outcome = NEW
    else:
        outcome = ADDED
    sentence = _file(case, incoming, incoming.filed, by) if incoming.filed else ""
    return Came(incoming.row, ref, outcome, sentence, case)


def _register(incoming: Incoming, by: User) -> Case:
    ref = incoming.ref
    key = hashlib.sha256(f"{ref.system}\n{ref.kind}\n{ref.value}".encode()).hexdigest()
    return register_from_outside(
        incoming.first,
        [ref],
        by=by,
        key=key,
        occurred_at=ref.times.get("contact"),
        circumstance=_how(incoming),
    ).case


def _how(incoming: Incoming) -> Circumstance:
    """The customer came there himself: nobody here asked in his name, and nobody here has the contact yet."""
    return Circumstance(via=incoming.first.channel, behalf="self", terminal="staff")


def _file(case: Case, incoming: Incoming, filed: Filed, by: User) -> str:
    """Application, submission and, where nothing stands against it, acceptance with the time it has there."""
    how, ref = _how(incoming), incoming.ref
    application = start_application(case, filed.particulars, by=by, circumstance=how, **filed.load)
    keep_refs(case, [ref], [*fields_said(incoming.first), *filed.fields])
    if filed.echo_date is not None:
        earlier = filed.echo_date < timezone.localdate(ref.times.get("contact"))
        moment = timezone.make_aware(dt.datetime.combine(filed.echo_date, dt.time(12))) if earlier else None
        record_echo(application, by=by, earlier_at=moment, circumstance=how)
    submit(application, by=by, circumstance=how, occurred_at=ref.times.get("submitted"))
    if "accepted" not in ref.times:
        return _("Submitted; it names no time of acceptance.")
    with _said() as said, transaction.atomic():
        _accept(application, ref, by, how)
    return _("Submitted, not accepted yet: %(why)s") % {"why": said[0]} if said else ""


def _accept(application: Application, ref: Ref, by: User, how: Circumstance) -> None:
    """As accepted there. Papers it may lack for now are named as to come; whether it is 三零 the rule says."""
    accepted_at = ref.times["accepted"]
    day = timezone.localdate(accepted_at)
    found = checklist(application.category, conditions_of(application), timezone.localdate())
    later = [item.code for item in found.items if item.may_defer] if found else []
    note = _("Accepted in %(system)s, which keeps the papers.") % {"system": ref.system}
    accept(
        application, by=by, three_zero=three_zero_of(application, day).applies, deferred=later, note=note,
        occurred_at=accepted_at, circumstance=how,
    )  # fmt: skip


@contextmanager
def _said() -> Iterator[list[str]]:
    """A refusal becomes its sentence."""
    said: list[str] = []
    try:
        yield said
    except Refusal as refusal:
        said.append(refusal.sentence)


def _new_times(incoming: Incoming) -> str:
    return _("Known already; its times are kept beside ours.") if incoming.ref.times else ""
