"""Flags as their reviewers see them. Every page of flags starts at `flags_of`."""

from __future__ import annotations

import uuid
from collections import Counter

from django.db.models import Count, Min

from integrity.models import Flag, GapAnswer
from integrity.models.flag import FlagQuerySet
from integrity.policies import OPEN, UNDER_REVIEW, Review
from integrity.selectors.access import audited_offices
from staff.models import Office, User
from workflow.models import Event
from workflow.transitions import actor_name


def flags_of(user: User) -> FlagQuerySet:
    """The flags this person may see: of the offices they audit, about cases they had no hand in."""
    return Flag.objects.of_offices(audited_offices(user), actor_name(user)).select_related(
        "rule", "case__office"
    )


def flag_of(user: User, flag_id: uuid.UUID) -> Flag | None:
    """One flag, if this person may see it."""
    return flags_of(user).select_related("reviewer", "asked_by", "ended_by").filter(pk=flag_id).first()


def chosen(flags: FlagQuerySet, *, rule: str = "", office: Office | None = None) -> FlagQuerySet:
    """Narrowed to a rule and to an office with those below it."""
    if rule:
        flags = flags.filter(code=rule)
    if office:
        flags = flags.filter(case__office__in=Office.objects.subtree(office))
    return flags


def counts(flags: FlagQuerySet) -> Counter[str]:
    """How many there are of each status."""
    return Counter(dict(flags.order_by().values_list("status").annotate(n=Count("pk"))))


def oldest_unfinished(flags: FlagQuerySet) -> object:
    """When the oldest flag without a decision was raised; none if there is none."""
    return (
        flags.order_by().filter(status__in=[OPEN, UNDER_REVIEW]).aggregate(oldest=Min("opened_at"))["oldest"]
    )


def answer_to(flag: Flag) -> GapAnswer | None:
    """What the office said about the event the flag is about."""
    return (
        GapAnswer.objects.filter(case=flag.case_id, about_number=flag.about_number)
        .select_related("cause", "by")
        .first()
    )


def review_of(flag: Flag, user: User) -> Review:
    """The person before the flag, for the policies."""
    handlers = Event.objects.filter(stream=flag.about_stream).values_list("actor", flat=True).distinct()
    return Review(
        status=flag.status,
        asked=flag.asked_at is not None,
        answered=answer_to(flag) is not None,
        me=actor_name(user),
        handlers=frozenset(handlers),
        office_id=flag.case.office_id,
        audited=audited_offices(user),
    )
