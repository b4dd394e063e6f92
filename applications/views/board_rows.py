"""A case as one line of the board's lists: where it stands, until when, in whose hands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from applications.progress import stage_name
from applications.selectors.board import OpenCase, Watch
from applications.selectors.board_causes import CAUSES
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


def names_of(cases: Iterable[OpenCase]) -> dict[UUID, str]:
    """Names of those in whose hands these cases are; one query."""
    holders = {pk for case in cases for pk in case.holders}
    return {user.pk: user.get_full_name() for user in User.objects.filter(pk__in=holders)}


def row_of(
    case: OpenCase, clock: Countdown | None, cause: str, names: Mapping[UUID, str] | None, watch: Watch
) -> Row:
    """The line of one case, from what has been read already. Without `names` it tells the work, not the person."""
    return Row(
        case,
        watch.office_name(case.office_id),
        case.node or stage_name(case.stage),
        clock,
        _hands(case, cause, names),
        cause == "nobody",
        case.task_id if case.doer == Doer.OFFICER else None,
    )


def _hands(case: OpenCase, cause: str, names: Mapping[UUID, str] | None) -> str:
    if case.doer == Doer.CUSTOMER:
        return _("customer")
    if case.holders and names is not None:
        return listed(names.get(pk, "–") for pk in case.holders)
    return str(CAUSES[cause][1])
