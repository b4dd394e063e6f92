"""Drafts of online applications: kept as typed, begun by the first paper, sent once."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from applications.models import Application, BusinessType, Draft, digest_of
from applications.services.filing import NO_DETAILS, Particulars, apply_online, revise_particulars
from applications.services.intake import record_echo, submit
from applications.services.papers import receive_document
from applications.services.particulars import Details
from applications.uploads import Fit
from staff.models import User
from workflow.events import Circumstance
from workflow.models import Stage
from workflow.services.contacts import FirstContact
from workflow.transitions import Repeated

CHANNEL = "web"
CONSENT = "consent"
"""The separate consent to photos of identity papers. Of a draft that was sent it alone is kept: the rest stands in the application."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A form that is complete: what its answers mean to the services."""

    particulars: Particulars
    first: FirstContact
    supply_class: str
    capacity: Decimal | None
    usage: str
    wanted_by_date: dt.date | None = None
    business_type: str = BusinessType.NEW_SUPPLY
    details: Details = NO_DETAILS

    def digest(self) -> str:
        """Tells whether answers changed; the draft that keeps it is encrypted."""
        return digest_of(json.dumps(asdict(self), default=str, sort_keys=True))


@dataclass(frozen=True, slots=True)
class Echo:
    """What the customer said about the day power was first asked for."""

    earlier_at: dt.datetime | None = None
    whom: str = ""
    where: str = ""


def open_drafts(user: User) -> QuerySet[Draft]:
    """What somebody has begun and not sent. A case that went on in another way takes its draft along."""
    return Draft.objects.filter(
        Q(case=None) | Q(case__stage=Stage.DRAFT), user=user, sent_at=None
    ).select_related("case")


def open_draft(user: User, category: str) -> Draft | None:
    """The draft of a category, if there is one."""
    return open_drafts(user).filter(category=category).order_by("created_at").first()


def answers_of(draft: Draft | None) -> dict[str, Any]:
    """What was typed, by step."""
    return json.loads(draft.answers) if draft else {}


@transaction.atomic
def keep(user: User, category: str, step: str, values: Mapping[str, str]) -> Draft:
    """Keep a step's answers as typed, right or wrong; the first one makes the draft."""
    # Two devices may begin at once: the person's row lets one of them make the draft.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    draft = open_draft(user, category) or Draft(user=user, category=category, key=secrets.token_urlsafe(24))
    answers = answers_of(draft)
    answers[step] = dict(values)
    draft.answers = json.dumps(answers, ensure_ascii=False)
    draft.save()
    return draft


@transaction.atomic
def begin(draft: Draft, filled: Filled, *, by: User, circumstance: Circumstance | None = None) -> Application:
    """The case of a draft: opened by its first paper or by sending it, whichever is earlier; brought up to date afterwards."""
    held = Draft.objects.select_for_update().get(pk=draft.pk)
    given: dict[str, Any] = {
        "capacity": filled.capacity,
        "usage": filled.usage,
        "wanted_by_date": filled.wanted_by_date,
        "details": filled.details,
    }
    if held.case_id is None:
        _registered, application = apply_online(
            filled.particulars,
            filled.first,
            by=by,
            business_type=filled.business_type,
            supply_class=filled.supply_class,
            key=held.key,
            circumstance=circumstance,
            **given,
        )
        held.case = application.case
    else:
        application = Application.objects.select_related("case__office").get(case=held.case_id)
        if answers_of(held).get("begun") == filled.digest() or application.submitted_at:
            return application
        revise_particulars(application, filled.particulars, by=by, **given)
    held.answers = json.dumps(answers_of(held) | {"begun": filled.digest()}, ensure_ascii=False)
    held.save()
    return Application.objects.select_related("case__office").get(pk=application.pk)


@transaction.atomic
def hand_in(
    draft: Draft,
    filled: Filled,
    item: str,
    files: Sequence[Fit],
    *,
    by: User,
    key: str,
    replace: bool = False,
    circumstance: Circumstance | None = None,
) -> Application:
    """Papers of one item. The first of all is the first contact."""
    application = begin(draft, filled, by=by, circumstance=circumstance)
    receive_files(application, item, files, by=by, key=key, replace=replace, circumstance=circumstance)
    return application


@transaction.atomic
def receive_files(
    application: Application,
    item: str,
    files: Sequence[Fit],
    *,
    by: User,
    key: str,
    replace: bool = False,
    channel: str = CHANNEL,
    circumstance: Circumstance | None = None,
) -> None:
    """Several files of one paper; with `replace` they take the place of what was there. A repeat with the same key adds nothing."""
    for place, file in enumerate(files):
        try:
            receive_document(
                application, item, file.upload, by=by, channel=channel, media_type=file.media_type, key=f"{key}-{place}",
                beside=place > 0 or not replace, circumstance=circumstance,
            )  # fmt: skip
        except Repeated:
            continue


@transaction.atomic
def send(
    draft: Draft, filled: Filled, echo: Echo, *, by: User, circumstance: Circumstance | None = None
) -> Application:
    """Send it: once, however often the button is pressed."""
    held = Draft.objects.select_for_update().get(pk=draft.pk)
    if held.sent_at and held.case_id:
        return Application.objects.select_related("case").get(case=held.case_id)
    application = begin(held, filled, by=by, circumstance=circumstance)
    if not application.echo:
        record_echo(
            application,
            by=by,
            earlier_at=echo.earlier_at,
            whom=echo.whom,
            where=echo.where,
            circumstance=circumstance,
        )
    submit(application, by=by, key=held.key, circumstance=circumstance)
    kept = {name: value for name, value in answers_of(held).items() if name == CONSENT}
    Draft.objects.filter(pk=held.pk).update(sent_at=timezone.now(), answers=json.dumps(kept))
    return application


def last_sent(user: User, category: str) -> Draft | None:
    """What a second press, or the way back, lands on."""
    return (
        Draft.objects.filter(user=user, category=category).exclude(sent_at=None).order_by("-sent_at").first()
    )


def discard(user: User, category: str) -> bool:
    """Throw a draft away, if nothing of it has reached us: what has is withdrawn, not deleted."""
    return bool(open_drafts(user).filter(category=category, case=None).delete()[0])
