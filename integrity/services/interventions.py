"""Registering what nobody who handles cases may see: interventions, tip-offs, nil declarations."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from integrity.models import Intervention, NilDeclaration, TipOff
from staff.encryption import blind_index
from staff.models import User
from workflow.events import append, name_actor
from workflow.models import Case, Event, IdempotencyKey, new_id
from workflow.services.contacts import receipt_code
from workflow.transitions import Refused, actor_name

ANONYMOUS = "public"
CODE_BYTES = 10
"""80 random bits: whoever knows the code is whoever handed it in."""


LOOKALIKES = str.maketrans("018", "OIB")
"""Digits a code never has, read as the letters they are taken for."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form brings."""

    kind: str
    asker: str
    wanted: str
    who: str = ""
    words: str = ""
    about: str = ""
    happened_date: Any = None


@transaction.atomic
def register_intervention(asked: Asked, *, by: User, office_id: int, key: str) -> str:
    """Seal that somebody asked; answers with the registrant's code of proof. The log knows kinds, the row the names.

    The key makes a second click harmless.
    """
    name_actor(actor_name(by))
    scope = f"{actor_name(by)}:intervention"
    if known := IdempotencyKey.objects.filter(scope=scope, key=key).first():
        leaf = Event.objects.values_list("leaf_hash", flat=True).get(stream=known.stream, number=known.number)
        return receipt_code(bytes(leaf).hex())
    row = Intervention(
        pk=new_id(), kind=asked.kind, asker=asked.asker, wanted=asked.wanted, who=asked.who, words=asked.words, about=asked.about,
        case=_case(asked.about), happened_date=asked.happened_date, registrant=by, office_id=office_id,
    )  # fmt: skip
    event = append(
        row.stream, "intervention.registered",
        data={"kind": asked.kind, "asker": asked.asker, "wanted": asked.wanted, "case": row.case_id},
    )  # fmt: skip
    row.registered_at = event.recorded_at
    row.save(force_insert=True)
    IdempotencyKey.objects.create(
        scope=scope, key=key, fingerprint="", stream=event.stream, number=event.number
    )
    return receipt_code(event.leaf)


@transaction.atomic
def hand_in_tip_off(*, words: str, about: str = "") -> str:
    """A hint by nobody: no account, device or network is written down anywhere. Answers with the code by which its answer is read."""
    name_actor(ANONYMOUS)
    code = base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode()
    row = TipOff(pk=new_id(), code_index=_index(code), words=words, about=about)
    event = append(row.stream, "tip_off.handed_in", data={})
    row.handed_in_at = event.recorded_at
    row.save(force_insert=True)
    return code


def tip_off_by(code: str) -> TipOff | None:
    """The hint whose code somebody holds."""
    bare = "".join(code.split()).replace("-", "").upper().translate(LOOKALIKES)
    return TipOff.objects.filter(code_index=_index(bare)).first() if bare else None


@transaction.atomic
def answer_tip_off(tip: TipOff, *, answer: str, by: User) -> None:
    """What came of it, for whoever holds the code. Given once. Raises Refused."""
    name_actor(actor_name(by))
    fresh = TipOff.objects.select_for_update().get(pk=tip.pk)
    if fresh.answered_at:
        raise Refused(_("This was answered already; the answer stays."))
    event = append(fresh.stream, "tip_off.answered", data={})
    TipOff.objects.filter(pk=fresh.pk).update(answer=answer, answered_by=by, answered_at=event.recorded_at)


@transaction.atomic
def declare_nil(*, by: User, year: int, quarter: int) -> NilDeclaration:
    """Nobody asked me this quarter; once. Raises Refused where it isn't over or something was registered."""
    name_actor(actor_name(by))
    if (year, quarter) >= quarter_of(timezone.localdate()):
        raise Refused(_("This quarter is not over yet."))
    known = NilDeclaration.objects.filter(user=by, year=year, quarter=quarter).first()
    if known:
        return known
    event = append(f"integrity:{by.pk}", "nil.declared", data={"year": year, "quarter": quarter})
    return NilDeclaration.objects.create(user=by, year=year, quarter=quarter, declared_at=event.recorded_at)


def note_interventions_read(by: User) -> None:
    """That the list was opened is itself on record: names stand in it."""
    with transaction.atomic():
        name_actor(actor_name(by))
        append(f"integrity:{by.pk}", "audit.interventions_read", data={})


def quarter_of(day: Any) -> tuple[int, int]:
    """(2026, 4) for a day of November 2026."""
    return day.year, (day.month - 1) // 3 + 1


def _case(about: str) -> Case | None:
    number = "".join(about.split()).upper()
    if not number:
        return None
    cases = Case.objects
    return cases.filter(application_no=number).first() or cases.filter(contact_no=number).first()


def _index(code: str) -> str:
    return blind_index(code, "tip-off")
