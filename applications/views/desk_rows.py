"""The desk's rows: who it is, what it is about, where it stands, how long there is, in whose hands it lies."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import BusinessType
from applications.progress import mini, stages_of
from applications.selectors.desk import application_of, principal
from applications.selectors.labels import stage_names
from staff.policies import Authority
from staff.presentation import Countdown, Milestone
from workflow.deadlines import Rest
from workflow.models import Case, Stage, Task
from workflow.presentation import countdown
from workflow.selectors.rules import Rules, nodes_of


@dataclass(frozen=True)
class Row:
    """One case on one line."""

    case: Case
    who: str
    business: str
    wire: list[Milestone]
    node: str
    clock: Countdown | None
    holder: str
    tags: list[str] = field(default_factory=list)


def row_of(case: Case, in_force: Rules, me: Authority) -> Row:
    """The line of a case that came with its rows."""
    application = application_of(case)
    tasks: list[Task] = case.open_tasks  # type: ignore[attr-defined]
    task = next((t for t in tasks if t.doer == "officer"), tasks[0] if tasks else None)
    clock = principal(case.running_clocks)  # type: ignore[attr-defined]
    rests = [Rest(p.reason_id, p.began_at, p.ended_at) for p in case.open_pauses]  # type: ignore[attr-defined]
    view = countdown(clock, rests, in_force, timezone.now()) if clock else None
    held = getattr(task, "held", []) if task else []
    lacks = bool(
        task
        and task.doer == "officer"
        and task.competence
        and task.competence not in me.competences
        and not held
    )
    if application is None and task is None:
        return Row(
            case,
            _who(case),
            _business(case),
            _wire(case, in_force, False),
            str(Stage(case.stage).label),
            view,
            _first_owner(case),
        )
    return Row(
        case, _who(case), _business(case), _wire(case, in_force, bool(view and view.standing == "red")),
        task.node.name if task else str(Stage(case.stage).label), view, _holder(task), _tags(case, lacks=lacks),
    )  # fmt: skip


def _tags(case: Case, *, lacks: bool) -> list[str]:
    """What stands in the way, in a word or two."""
    tags = [_("no certificate")] if lacks else []
    tags += [_("Title unclear")] if getattr(case, "title_unclear", False) else []
    tags += [_("papers asked for again")] if getattr(case, "asked_again", False) else []
    tags += [_("scheme lapsed")] if getattr(case, "scheme_lapsed", False) else []
    waits = {str(task.get_wait_cause_display()) for task in case.open_tasks if task.wait_cause}  # type: ignore[attr-defined]
    tags += [_("waits for: %(cause)s") % {"cause": cause} for cause in sorted(waits)]
    return tags


def _holder(task: Task | None) -> str:
    if task is not None and task.doer == "customer":
        return _("customer")
    held = getattr(task, "held", [])
    return "、".join(holder.user.get_full_name() for holder in held) or _("not taken")


def _who(case: Case) -> str:
    application = application_of(case)
    applicants: list[Any] = getattr(application, "applicants", [])
    if application and applicants:
        place = application.premises.address if getattr(application, "premises", None) else ""
        name = applicants[0].person.name
        return f"{place} {_short(name)}"
    contact: Any = case.all_contacts[0] if case.all_contacts else None  # type: ignore[attr-defined]
    return f"{contact.place} {_short(contact.person.name)}" if contact else str(case)


def _short(name: str) -> str:
    """A person's given name is masked on lists; an organisation's is public."""
    return name if len(name) > 4 else name[:1] + "∗" * max(len(name) - 1, 0)


def _business(case: Case) -> str:
    application = application_of(case)
    if application is None:
        contact: Any = case.all_contacts[0] if case.all_contacts else None  # type: ignore[attr-defined]
        return _("came by, papers left") if contact and contact.papers_left else _("waiting for intake")
    size = f"{application.capacity.normalize():f} {application.capacity_unit}" if application.capacity else ""
    kind = str(application.get_supply_class_display())
    if application.business_type != BusinessType.NEW_SUPPLY:
        kind = f"{application.get_business_type_display()}・{kind}"
    return f"{kind} {size}"


def _wire(case: Case, in_force: Rules, late: bool) -> list[Milestone]:
    application = application_of(case)
    if application is None or case.route_version_id is None:
        return mini([Stage.INTAKE, Stage.SURVEY, Stage.CONNECTION], case.stage)
    matching = application.matching()
    stages = stages_of(nodes_of(case.route_version_id, in_force.stamp), matching)
    return mini(stages, case.stage, late, stage_names(matching, in_force.stamp))


def _first_owner(case: Case) -> str:
    contact: Any = case.all_contacts[0] if case.all_contacts else None  # type: ignore[attr-defined]
    return contact.owner.get_full_name() if contact and contact.owner else _("not taken")
