"""When nodes opened and closed, by the database's clock: what the API, the file and the webhooks give other systems. Nobody's name in it."""

from __future__ import annotations

import csv
import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from django.utils.timezone import localtime

from applications.models import ChannelToken
from staff.models import Office
from workflow.models import Case, Task

COLUMNS = ("number", "node", "round", "opened_at", "closed_at", "office", "outcome", "case")


def covered(token: ChannelToken) -> QuerySet[Case]:
    """A token's own cases: those of the offices its channel belongs to, or all."""
    office = token.channel.catch_all_office
    return Case.objects.filter(office__in=Office.objects.subtree(office)) if office else Case.objects.all()


def changed_tasks(
    cases: Any, since: dt.datetime | None = None, after: uuid.UUID | None = None
) -> QuerySet[Task]:
    """What opened or closed then or later, oldest first; `after` is the last one had of that very moment."""
    tasks = Task.objects.filter(case__in=cases).select_related("case", "office")
    tasks = tasks.annotate(changed=Greatest("opened_at", Coalesce("closed_at", "opened_at")))
    if since is not None:
        later = Q(changed__gt=since) | Q(changed=since, pk__gt=after) if after else Q(changed__gte=since)
        tasks = tasks.filter(later)
    return tasks.order_by("changed", "pk")


def node_row(task: Task) -> dict[str, Any]:
    """One node of one case."""
    return {
        "case": str(task.case_id), "number": str(task.case), "node": task.node_code, "round": task.round, "office": task.office.code,
        "opened_at": moment(task.opened_at), "closed_at": moment(task.closed_at), "outcome": task.outcome,
    }  # fmt: skip


def write_table(out: Any, rows: Iterable[dict[str, Any]], *, heading: bool = True) -> int:
    """A CSV table of rows; the first line names the columns. Answers how many rows it has."""
    table = csv.DictWriter(out, COLUMNS)
    if heading:
        table.writeheader()
    count = 0
    for row in rows:
        table.writerow(row)
        count += 1
    return count


def moment(value: dt.datetime | None) -> str | None:
    """ISO 8601 with the offset of here."""
    return localtime(value).isoformat() if value else None


def since(text: str) -> dt.datetime | None:
    """A moment or day somebody asks from; nothing if it is none."""
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if timezone.is_aware(found) else timezone.make_aware(found)
