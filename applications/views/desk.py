"""The clerk's desk: views, the list sorted by what is due next, one search box."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.fields import compact
from applications.models import BusinessType, ChangeParticulars
from applications.progress import mini, stages_of
from applications.selectors.desk import application_of, counts, listing, principal
from applications.selectors.labels import stage_names
from staff.access import OFFICER, authority_of, open_to
from staff.encryption import blind_index
from staff.policies import Authority
from staff.presentation import Countdown, Milestone, Standing, ViewLink
from workflow.deadlines import Rest
from workflow.models import Case, ExternalRef, Stage, Task
from workflow.presentation import background_is_late, countdown
from workflow.selectors.rules import Rules, nodes_of, rules

STANDINGS: dict[str, Standing] = {"today": "amber", "overdue": "red"}


def view_labels() -> dict[str, str]:
    """The standing views, in the order of the list."""
    return {
        "mine": _("My work"), "unassigned": _("Not taken"), "today": _("Due today"), "overdue": _("Overdue"),
        "papers": _("Waiting for papers"), "contacts": _("Contacts without outcome"), "all": _("Whole office"),
    }  # fmt: skip


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
    tag: str = ""


@open_to(OFFICER)
def desk(request: HttpRequest) -> HttpResponse:
    """Work of the office, the next breach first."""
    me, now = authority_of(request), timezone.now()
    assert me is not None
    code = request.GET.get("view", "mine")
    labels = view_labels()
    code = code if code in labels else "mine"
    asked = request.GET.get("q", "").strip()
    if asked and (found := _exactly(asked, me)):
        return redirect("case", pk=found.pk)
    cases = listing(
        me, "all" if asked else code, now, request.GET.get("page", 1), _search(asked) if asked else None
    )
    numbers = counts(me, now)
    links = [
        ViewLink(label, f"{reverse('desk')}?view={key}", numbers[key], key == code and not asked, STANDINGS.get(key, "") if numbers[key] else "")
        for key, label in labels.items()
    ]  # fmt: skip
    in_force = rules()
    context = {
        "rows": [_row(case, in_force, me) for case in cases], "cases": cases, "links": links, "asked": asked, "now": now,
        "title": _("Found for “%(what)s”") % {"what": asked} if asked else labels[code], "late": background_is_late(now), "view": code,
    }  # fmt: skip
    return render(request, "applications/desk.html", context)


def _row(case: Case, in_force: Rules, me: Authority) -> Row:
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


def _tags(case: Case, *, lacks: bool) -> str:
    """What stands in the way, in a word or two."""
    tags = [_("no certificate")] if lacks else []
    tags += [_("Title unclear")] if getattr(case, "title_unclear", False) else []
    tags += [_("papers asked for again")] if getattr(case, "asked_again", False) else []
    tags += [_("scheme lapsed")] if getattr(case, "scheme_lapsed", False) else []
    return "・".join(tags)


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


def _exactly(asked: str, me: Authority) -> Case | None:
    """A whole number leads straight to its case."""
    number = compact(asked)
    mine = Case.objects.visible_to(me.user, me)
    return mine.filter(Q(application_no=number) | Q(contact_no=number)).first()


def _search(asked: str) -> Q:
    """Number's end, phone or its last four, external numbers. Names and addresses are encrypted and not searched by parts."""
    text = compact(asked)
    condition = Q(application_no__endswith=text) | Q(contact_no__endswith=text)
    condition |= Q(pk__in=ExternalRef.objects.filter(value=text).values("case"))
    condition |= Q(pk__in=ChangeParticulars.objects.filter(account_no=text).values("application__case"))
    if text.isdigit():
        column = "phone_tail_index" if len(text) == 4 else "phone_index"
        index = blind_index(text, "phone-tail" if len(text) == 4 else "phone")
        condition |= Q(**{f"contacts__person__{column}": index})
    return condition
