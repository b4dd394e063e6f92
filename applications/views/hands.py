"""Putting tasks into other hands, several at once: a line a task with its own answer. The board's page and the hand-over list are made of it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from applications.models import Application
from applications.selectors.board_hands import Candidate
from staff.models import User
from workflow.models import Task
from workflow.services.tasks import assign
from workflow.transitions import Refusal, Repeated

KEY = 32
"""Characters of a page's key that count."""


@dataclass(kw_only=True)
class Line:
    """One task: who has it, who could, whom it is to go to, and what came of it."""

    task: Task
    candidates: list[Candidate]
    chosen: str = ""
    version: str = ""
    done: str = ""
    why_not: str = ""

    @property
    def held_by(self) -> list[User]:
        """Whose hands it is in."""
        return [holder.user for holder in self.task.held]  # type: ignore[attr-defined]


@dataclass(kw_only=True)
class Sheet:
    """The page as it is shown or was sent."""

    lines: Sequence[Line]
    reason: str = ""
    key: str = field(default_factory=lambda: uuid.uuid4().hex)
    no_reason: bool = False

    @property
    def done(self) -> int:
        """How many went into other hands."""
        return sum(1 for line in self.lines if line.done)

    @property
    def left(self) -> bool:
        """Whether there is anything to send."""
        return any(not line.done for line in self.lines)


def give(line: Line, *, by: User, reason: str, key: str) -> None:
    """Put one task into the hands chosen; what came of it stands on its line."""
    # whoever holds it already is looked up too, so that a second click is known as one
    there = [candidate.user for candidate in line.candidates] + line.held_by
    to = next((user for user in there if str(user.pk) == line.chosen), None)
    if to is None:
        line.why_not = _("Choose somebody of the list: certified for this work and there today.")
        return
    application = Application.objects.select_related("case__office").get(case=line.task.case)
    version = int(line.version) if line.version.isdecimal() else None
    try:
        assign(
            application, line.task, to=to, by=by, reason=reason, version=version, key=f"{key[:KEY]}:{line.task.pk.hex}",
        )  # fmt: skip
    except Repeated:
        line.done = _("This was done already; nothing was done twice.")
    except Refusal as refusal:
        line.why_not = refusal.sentence
    else:
        line.done = _("Now in the hands of %(name)s.") % {"name": to.get_full_name()}


def ids(said: Iterable[str]) -> list[uuid.UUID]:
    """What was ticked; what is no id asks for nothing."""
    found = []
    for text in said:
        try:
            found.append(uuid.UUID(text))
        except ValueError:
            continue
    return found
