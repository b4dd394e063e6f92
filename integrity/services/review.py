"""Reviewing a flag: begin, ask the office, decide. A flag never changes a case by itself; people decide, with reasons."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from integrity.models import Flag, FlagNote, FlagStatus
from integrity.policies import why_not
from integrity.selectors.flags import flag_of, review_of
from staff.models import User
from workflow.events import Appended, append, name_actor
from workflow.transitions import Refused, actor_name

DECISIONS = (FlagStatus.EXPLAINED, FlagStatus.CONFIRMED, FlagStatus.DISMISSED)


class NoSuchFlag(Exception):
    """There is none, or none that this person may know of: the two are not told apart."""


def take(flag_id: uuid.UUID, *, by: User) -> Flag:
    """Begin the review; whoever begins it answers for it."""
    with _under_review(flag_id, "take", by) as flag:
        event = append(flag.stream, "flag.taken")
        _keep(flag, status=FlagStatus.UNDER_REVIEW, reviewer=by, taken_at=event.recorded_at)
    return flag


def ask(flag_id: uuid.UUID, *, by: User) -> Flag:
    """Note that the review waits for the office's explanation.

    The office is shown nothing new: the gap's question stands on the case page of every late record.
    """
    with _under_review(flag_id, "ask", by) as flag:
        event = append(flag.stream, "flag.explanation_requested")
        _keep(flag, asked_by=by, asked_at=event.recorded_at)
    return flag


def resolve(flag_id: uuid.UUID, *, outcome: str, reason: str, by: User) -> Flag:
    """Decide: the explanation holds, confirmed, or dismissed; always with a reason, by somebody who had no hand in the case."""
    if outcome not in DECISIONS:
        raise Refused(_("Choose one of the three decisions."))
    if not reason.strip():
        raise Refused(_("Write down the reason for the decision."))
    with _under_review(flag_id, "resolve", by) as flag:
        event = _with_words(flag, f"flag.{outcome}", reason.strip(), by)
        _keep(flag, status=outcome, ended_by=by, ended_at=event.recorded_at)
    return flag


@contextmanager
def _under_review(flag_id: uuid.UUID, doing: str, by: User) -> Iterator[Flag]:
    """Lock the flag, ask the policies, name the actor."""
    with transaction.atomic():
        if flag_of(by, flag_id) is None:
            raise NoSuchFlag
        flag = Flag.objects.select_related("case").select_for_update(of=("self",)).get(pk=flag_id)
        if sentence := why_not(review_of(flag, by), doing):
            raise Refused(sentence)
        name_actor(actor_name(by))
        yield flag


def _with_words(flag: Flag, kind: str, words: str, by: User) -> Appended:
    """An event and the words behind it: the words may name people, so the event carries their digest alone."""
    event = append(flag.stream, kind, data={"words_sha256": hashlib.sha256(words.encode()).hexdigest()})
    FlagNote.objects.create(flag=flag, number=event.number, words=words, by=by, created_at=event.recorded_at)
    return event


def _keep(flag: Flag, **values: Any) -> None:
    for name, value in values.items():
        setattr(flag, name, value)
    flag.save(update_fields=list(values))
