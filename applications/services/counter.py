"""Everything for one visitor at once: application, papers in hand, acceptance; all or nothing, behind a contact that is sealed already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from applications.models import Application
from applications.selectors.three_zero import three_zero_of
from applications.services.drafts import receive_files
from applications.services.filing import Particulars, file_at_counter
from applications.services.intake import accept
from applications.services.papers import receive_document
from applications.uploads import Fit
from staff.models import User
from workflow.events import Circumstance
from workflow.models import Case

HALL = "hall"


@dataclass(frozen=True, slots=True)
class InHand:
    """What lies on the counter: papers by code with their files (a paper looked at without a file has none), and what may come later."""

    papers: Mapping[str, Sequence[Fit]] = field(default_factory=dict)
    later: Sequence[str] = ()


@transaction.atomic
def file_visit(
    case: Case,
    particulars: Particulars,
    in_hand: InHand,
    *,
    by: User,
    key: str,
    accepting: bool,
    circumstance: Circumstance,
    **load: Any,
) -> Application:
    """File the application, take the papers in, accept. Whether it is 三零 is what the rule says; who departs from it uses the case's page."""
    application = file_at_counter(case, particulars, by=by, circumstance=circumstance, **load)
    for code, files in in_hand.papers.items():
        if files:
            receive_files(
                application, code, files, by=by, key=f"{key[:24]}-{code}"[:60], replace=True, channel=HALL, circumstance=circumstance
            )  # fmt: skip
        else:
            receive_document(application, code, None, by=by, channel=HALL, circumstance=circumstance)
    if accepting:
        verdict = three_zero_of(application, timezone.localdate())
        accept(
            application, by=by, three_zero=verdict.applies, deferred=in_hand.later, circumstance=circumstance
        )
    return application
