"""Tasks that nobody who may do them is there to do, and tasks past their time that whoever holds them has not touched."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef

from staff.models import Absence, Certificate, Office, Post
from staff.selectors import qualified
from workflow.deadlines import applies
from workflow.models import Doer, Task, TaskHolder, TaskOutcome
from workflow.selectors.rules import Rules, rules
from workflow.selectors.untouched import Overdue, overdue_among

OFFICE, COUNTY = "office", "county"


@dataclass(frozen=True, slots=True)
class Untended:
    """A task without hands, or past its time and untouched (`among`: who could do it): where it is offered, and whose hands it is in."""

    task: Task
    offer_to: str
    holders: tuple[UUID, ...]
    among: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Shortfall:
    """For the board: so many open tasks of an office are in the county's pool for want of somebody there."""

    office_id: int
    competence: str
    count: int


def untended(on: dt.date) -> list[Untended]:
    """Open officer tasks whose holders can't do them, that nobody at their office can do, or past their time and untouched.

    Tasks in the county's pool are known already.
    """
    tasks = list(
        Task.objects.filter(outcome=TaskOutcome.OPEN, doer=Doer.OFFICER, offered_to_county_at=None)
        .select_related("office__parent", "node", "case__route_version__route")
        .order_by("opened_at", "pk")
    )
    held = _held(tasks)
    bench = _Bench(on, {user for holders in held.values() for user in holders})
    kept_apart = _kept_apart(tasks, rules())
    overdue = overdue_among(tasks)
    found = []
    for task in tasks:
        barred, holders = kept_apart.get(task.pk, set()), held.get(task.pk, [])
        tended = any(bench.fit(user, task.competence) and user not in barred for user in holders)
        others = bench.at_office(task) - barred
        if not tended and (holders or not others):
            found.append(Untended(task, OFFICE if others else COUNTY, tuple(holders)))
        elif (late := overdue.get(task.pk)) and (offer := _past_its_time(late, task, holders, bench, barred)):
            found.append(offer)
    return found


def _past_its_time(
    late: Overdue, task: Task, holders: list[UUID], bench: _Bench, barred: set[UUID]
) -> Untended | None:
    """To whom a task goes that is past its time and untouched: colleagues at the office first, then the county; to nobody if nobody is there."""
    if not late.again:
        here = bench.at_office(task) - barred - set(holders)
        if here:
            return Untended(task, OFFICE, tuple(holders), tuple(sorted(here, key=str)))
    there = bench.in_county(task) - barred - set(holders)
    if there - bench.at_office(task):
        return Untended(task, COUNTY, tuple(holders), tuple(sorted(there, key=str)))
    return None


def shortfalls(offices: Iterable[int]) -> list[Shortfall]:
    """What these offices have given to the county's pool and nobody has taken yet; one query."""
    in_hands = TaskHolder.objects.filter(task=OuterRef("pk"), until_at=None)
    rows = (
        Task.objects.filter(
            ~Exists(in_hands),
            outcome=TaskOutcome.OPEN,
            offered_to_county_at__isnull=False,
            office__in=list(offices),
        )
        .values("office", "competence")
        .annotate(count=Count("pk"))
        .order_by("office", "competence")
    )
    return [Shortfall(row["office"], row["competence"], row["count"]) for row in rows]


def _held(tasks: list[Task]) -> dict[UUID, list[UUID]]:
    held: dict[UUID, list[UUID]] = defaultdict(list)
    rows = TaskHolder.objects.filter(task__in=tasks, until_at=None)
    for task, user in rows.values_list("task", "user"):
        held[task].append(user)
    return held


class _Bench:
    """Who is there and may do what; asked once per office and competence, not per task."""

    def __init__(self, on: dt.date, holders: set[UUID]) -> None:
        self._on = on
        away = set(Absence.objects.on(on).filter(user__in=holders).values_list("user", flat=True))
        posted = set(
            Post.objects.in_force(on)
            .filter(user__in=holders, user__is_active=True)
            .values_list("user", flat=True)
        )
        self._present = posted - away
        self._certified = set(
            Certificate.objects.valid_on(on)
            .filter(holder__in=holders)
            .values_list("holder", "competence__code")
        )
        self._at_office: dict[tuple[int, str, str], set[UUID]] = {}

    def fit(self, user: UUID, competence: str) -> bool:
        """Whether a holder is there, in a post, and certified."""
        return user in self._present and (not competence or (user, competence) in self._certified)

    def at_office(self, task: Task) -> set[UUID]:
        """Who at the task's office could do it."""
        return self._within(task.office, task)

    def in_county(self, task: Task) -> set[UUID]:
        """Who in the county could."""
        return self._within(task.office.parent or task.office, task)

    def _within(self, office: Office, task: Task) -> set[UUID]:
        key = (office.pk, task.competence, task.role)
        if key not in self._at_office:
            self._at_office[key] = {
                u.pk for u in qualified(task.competence, office, self._on, role=task.role or None)
            }
        return self._at_office[key]


def _kept_apart(tasks: list[Task], in_force: Rules) -> dict[UUID, set[UUID]]:
    """By task, whom the separation of duties keeps from it: as far as the route's category tells which rules hold; one query."""
    others: dict[UUID, set[str]] = {}
    for task in tasks:
        facts = set(task.node.facts)
        apart = {
            rule.other_fact if rule.fact in facts else rule.fact
            for rule in in_force.separations
            if facts & {rule.fact, rule.other_fact} and applies(rule.conditions, _category(task))
        }
        if apart:
            others[task.pk] = apart
    cases = {task.case_id for task in tasks if task.pk in others}
    recorded: dict[UUID, dict[str, set[UUID]]] = defaultdict(lambda: defaultdict(set))
    for case, facts_done in (
        Task.objects.filter(case__in=cases).exclude(facts={}).values_list("case", "facts")
    ):
        for fact, entry in facts_done.items():
            if entry["by"]:
                recorded[case][fact].add(UUID(entry["by"]))
    return {
        task.pk: {user for fact in others[task.pk] for user in recorded[task.case_id][fact]}
        for task in tasks
        if task.pk in others
    }


def _category(task: Task) -> dict[str, str]:
    version = task.case.route_version
    return (
        {"business_type": version.route.business_type, "supply_class": version.route.supply_class}
        if version
        else {}
    )
