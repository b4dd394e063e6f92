"""Telling the staff: who hears of a rung, and how: at once outside the quiet hours, or as one digest a day from the second level up."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from staff.models import Office, Post, User
from staff.policies import Role
from workflow.events import append, ledger_now, name_actor
from workflow.models import Case, Digest, Event, EventPayload, Profile, TaskHolder, Told
from workflow.selectors.calendars import current_calendar
from workflow.selectors.rules import rules
from workflow.selectors.told import moment_of
from workflow.services.calendars import HORIZON

LINES = 5
"""Lines of a digest; the rest is a number that leads to the board."""

DAILY_LEVEL = 2
HORIZON_DAYS = 60
RUNGS = frozenset({"deadline.warned", "deadline.missed", "deadline.escalated"})
HEARD = RUNGS | {
    "clock.overran", "paper.overdue", "overload.declared", "overload.answered", "overload.unanswered", HORIZON,
    "task.offered",
}  # fmt: skip


def tell(event: Event) -> int:
    """Note who is to hear of this event; hearing it again notes nobody twice."""
    data = _said(event)
    level = int(data.get("level", 1))
    people = _people(event, data, level)
    due_at = moment_of(data) or event.recorded_at
    line = _line(event, data)
    rows = [
        Told(stream=event.stream, number=event.number, user_id=user, level=level, line=line, due_at=due_at)
        for user in sorted(people)
    ]
    return len(Told.objects.bulk_create(rows, ignore_conflicts=True))


def make_digests(now: dt.datetime | None = None) -> int:
    """Make what waits into digests: one a person for what concerns them now, one a day for what comes from below; how many were made."""
    moment = now or ledger_now()
    profile = rules().profile
    local = timezone.localtime(moment)
    made = 0
    if not _quiet(profile, local.time()):
        for user, waiting in _waiting(daily=False).items():
            made += _digest(user, waiting, local.date(), moment, daily=False)
    if local.time() >= profile.digest_at and not _quiet(profile, local.time()):
        had = set(Digest.objects.filter(day_date=local.date(), daily=True).values_list("user", flat=True))
        for user, waiting in _waiting(daily=True).items():
            if user not in had:
                made += _digest(user, waiting, local.date(), moment, daily=True)
    return made


def watch_horizon(today: dt.date | None = None) -> bool:
    """Sixty days before the published calendar ends the administrators hear of it; once for each year that is missing."""
    until = current_calendar().published_until
    day = today or timezone.localdate()
    if until == dt.date.min or (until - day).days > HORIZON_DAYS:
        return False
    stream = f"calendar:{until.year + 1}"
    with transaction.atomic():
        name_actor("system:calendar")
        if Event.objects.filter(stream=stream, kind=HORIZON).exists():
            return False
        append(stream, HORIZON, data={"until": until, "days": (until - day).days, "level": 0})
    return True


def _said(event: Event) -> dict[str, Any]:
    payload = EventPayload.objects.filter(stream=event.stream, number=event.number).first()
    return payload.data if payload else {}


def _line(event: Event, data: dict[str, Any]) -> dict[str, Any]:
    kept = {
        name: data[name]
        for name in ("limit", "kind", "node", "due", "rung", "reason", "until")
        if name in data
    }
    return kept | {"event": event.kind, "stream": event.stream}


def _people(event: Event, data: dict[str, Any], level: int) -> set[uuid.UUID]:
    if event.kind == HORIZON:
        posts = Post.objects.in_force(timezone.localdate()).filter(role=Role.ADMINISTRATOR)
        return set(posts.values_list("user", flat=True))
    if event.kind == "task.offered":
        return {uuid.UUID(user) for user in data.get("among", ())}
    if event.stream.startswith("office:"):
        office = Office.objects.get(code=event.stream.removeprefix("office:"))
        steps = {"overload.declared": 1, "overload.answered": 0, "overload.unanswered": 2}[event.kind]
        return _supervisors(office, steps)
    case = Case.objects.select_related("office").get(pk=uuid.UUID(event.stream.removeprefix("case:")))
    holders = _holders(case, str(data.get("node") or "")) if level < DAILY_LEVEL else set()
    if level == 0 and holders:
        return holders
    return holders | _supervisors(case.office, max(level - 1, 0))


def _holders(case: Case, node: str) -> set[uuid.UUID]:
    held = TaskHolder.objects.filter(task__case=case, task__outcome="", until_at=None)
    held = held.filter(task__node_code=node) if node else held
    return set(held.values_list("user", flat=True)) | (
        set()
        if node
        else set(case.contacts.filter(outcome="", owner__isnull=False).values_list("owner", flat=True))
    )


def _supervisors(office: Office, steps: int) -> set[uuid.UUID]:
    """Whoever supervises so many steps above the office; where a level has nobody, the next one up, else the last there was."""
    today = timezone.localdate()
    at: Office | None = office
    found: set[uuid.UUID] = set()
    while at is not None:
        here = set(
            Post.objects.in_force(today)
            .filter(office=at, role=Role.SUPERVISOR, user__is_active=True)
            .values_list("user", flat=True)
        )
        found = here or found
        if here and steps <= 0:
            return here
        at, steps = at.parent, steps - 1
    return found


def _waiting(*, daily: bool) -> dict[uuid.UUID, list[Told]]:
    rows = Told.objects.filter(digest=None).order_by("user", "due_at", "pk")
    rows = rows.filter(level__gte=DAILY_LEVEL) if daily else rows.filter(level__lt=DAILY_LEVEL)
    found: dict[uuid.UUID, list[Told]] = defaultdict(list)
    for row in rows:
        found[row.user_id].append(row)
    return found


def _digest(
    user: uuid.UUID, waiting: Sequence[Told], day: dt.date, moment: dt.datetime, *, daily: bool
) -> int:
    """One digest of these; none if another worker was quicker."""
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=user)
        mine = list(
            Told.objects.filter(pk__in=[row.pk for row in waiting], digest=None).order_by("due_at", "pk")
        )
        if not mine:
            return 0
        try:
            with transaction.atomic():
                digest = Digest.objects.create(
                    user_id=user, day_date=day, daily=daily, made_at=moment, total=len(mine),
                    lines=[row.line for row in mine[:LINES]],
                )  # fmt: skip
        except IntegrityError:
            return 0
        Told.objects.filter(pk__in=[row.pk for row in mine]).update(digest=digest)
    return 1


def _quiet(profile: Profile, hour: dt.time) -> bool:
    """Whether nobody is disturbed at that hour; quiet hours may run over midnight."""
    begins, ends = profile.quiet_from_at, profile.quiet_until_at
    return (begins <= hour or hour < ends) if begins > ends else begins <= hour < ends


def read(digests: Iterable[Digest], moment: dt.datetime) -> None:
    """Its owner has seen them: that is kept."""
    Digest.objects.filter(pk__in=[digest.pk for digest in digests], read_at=None).update(read_at=moment)
