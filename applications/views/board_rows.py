"""A case as one line of the board's lists: where it stands, until when, in whose hands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from applications.progress import stage_name
from applications.selectors.board import OpenCase, Watch
from applications.selectors.board_causes import CAUSES
from applications.selectors.board_records import OpenTask
from staff.formats import listed
from staff.models import User
from staff.presentation import Countdown
from workflow.models import Doer


@dataclass(frozen=True, slots=True)
class Row:
    """One line. `task` is what can be put into other hands, if something can."""

    case: OpenCase
    office: str
    node: str
    clock: Countdown | None
    hands: str
    warns: bool
    task: UUID | None


def names_of(tasks: Iterable[OpenTask]) -> dict[UUID, str]:
    """Names of those who hold these tasks; one query."""
    holders = {pk for task in tasks for pk in task.holders}
    return {user.pk: user.get_full_name() for user in User.objects.filter(pk__in=holders)}


def row_of(
    case: OpenCase,
    task: OpenTask | None,
    clock: Countdown | None,
    cause: str,
    names: Mapping[UUID, str],
    watch: Watch,
) -> Row:
    """The line of one case, from what has been read already."""
    office = watch.office_name(case.office_id)
    node = task.node.name if task else stage_name(case.stage)
    ours = task is not None and task.doer == Doer.OFFICER
    return Row(
        case,
        office,
        node,
        clock,
        _hands(task, cause, names),
        cause == "nobody",
        task.pk if task and ours else None,
    )


def _hands(task: OpenTask | None, cause: str, names: Mapping[UUID, str]) -> str:
    if task is not None and task.doer == Doer.CUSTOMER:
        return _("customer")
    if task is not None and task.holders:
        return listed(names.get(pk, "–") for pk in task.holders)
    return str(CAUSES[cause][1])
