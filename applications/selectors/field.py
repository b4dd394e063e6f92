"""What a day on the road needs: visits with place and papers; forms' acts on site; what was kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from applications.checklists import checklist, conditions_of
from applications.models import Application, Capture, Document, Party, PartyRole
from staff.formats import mask_name
from staff.models import User
from workflow import actions
from workflow.models import Task
from workflow.models.field import DayOrder
from workflow.policies import why_not
from workflow.selectors.field import Visit, facts_on_site, order_of
from workflow.situation import Situation

FAR = dt.datetime.max.replace(tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Stop:
    """One visit as the day's page shows it. The name is masked: a phone can be lost."""

    visit: Visit
    application: Application
    address: str
    who: str

    @property
    def facts(self) -> list[str]:
        """What is found out there."""
        return [actions.fact_label(fact) for fact in facts_on_site(self.visit.task)]


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A paper the checklist asks for, and whether it is here."""

    name: str
    here: bool
    mandatory: bool


@dataclass(frozen=True, slots=True)
class SiteAct:
    """One act that can be done on site; `why_not` says what stands against it today."""

    name: str
    label: str
    fact: str
    why_not: str | None


def stops(visits: Sequence[Visit]) -> list[Stop]:
    """The visits with what the page says of them; two queries."""
    cases = {visit.task.case_id for visit in visits}
    rows = Application.objects.filter(case__in=cases).select_related("premises", "case")
    applicants = Party.objects.filter(role=PartyRole.APPLICANT).select_related("person")
    known = {
        row.case_id: row for row in rows.prefetch_related(Prefetch("parties", applicants, to_attr="main"))
    }
    return [_stop(visit, known[visit.task.case_id]) for visit in visits if visit.task.case_id in known]


def _stop(visit: Visit, application: Application) -> Stop:
    main = next(iter(getattr(application, "main", ())), None)
    premises = getattr(application, "premises", None)
    who = mask_name(main.person.name) if main else ""
    return Stop(visit, application, premises.address if premises else "", who)


def in_order(found: Iterable[Stop], user: User, day: dt.date) -> list[Stop]:
    """As set by hand; else by the time agreed, then by address, so that one street is driven once."""
    order = order_of(user, day)
    return sorted(
        found,
        key=lambda s: (
            DayOrder.place(order, s.visit.task.pk),
            s.visit.from_at or FAR,
            s.address,
            s.visit.task.opened_at,
        ),
    )


def papers_of_visit(application: Application) -> list[PaperLine]:
    """What the checklist asks for, and whether it lies on the case."""
    here = set(
        Document.objects.filter(application=application, replaced=False).values_list("item_code", flat=True)
    )
    found = checklist(application.category, conditions_of(application), timezone.localdate())
    return [PaperLine(item.name, item.code in here, item.mandatory) for item in found.items] if found else []


def site_acts(situation: Situation, task: Task, names: Iterable[str]) -> list[SiteAct]:
    """The acts that record on site what this task asks for, in the node's order; those done in this round are left out."""
    wanted = {a.task_fact: a for a in actions.all_actions() if a.name in names and a.fact}
    found = []
    for fact in facts_on_site(task):
        action = wanted.get(fact)
        if action is None or fact in task.facts:
            continue
        found.append(_site_act(situation, task, action, fact))
        back = next((a for a in actions.all_actions() if a.at_fact == fact and a.name in names), None)
        if back is not None:
            found.append(_site_act(situation, task, back, fact))
    return found


def _site_act(situation: Situation, task: Task, action: Any, fact: str) -> SiteAct:
    return SiteAct(action.name, str(action.label), fact, why_not(situation.before(action, task=task.pk)))


def unsettled(applications: QuerySet[Any] | Iterable[Any]) -> QuerySet[Capture]:
    """What was kept of these applications and nobody has looked at."""
    return (
        Capture.objects.filter(application__in=applications, settled_at=None)
        .select_related("application__case", "taken__task__node", "kept_by")
        .order_by("kept_at")
    )
