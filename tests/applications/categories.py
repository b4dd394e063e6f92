"""Cases of every category, filed and played by the cast through the real services."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.utils import timezone

from applications.categories import BY_CODE, Category
from applications.demo.plays import PLAYS, Scene
from applications.models import Application
from applications.services import filing, intake
from applications.services.particulars import Details, FormerHolder
from staff.demo import Cast
from staff.models import User
from staff.selectors import qualified
from tests.applications.walked import EAST, PHONES
from workflow.models import Task
from workflow.path import kind_of
from workflow.services.contacts import FirstContact, register_contact
from workflow.transitions import Refused

ID_NUMBER, CREDIT_CODE = "11010519491231002X", "91110000600037341L"
MOST_ACTS = 60


def details_for(category: Category) -> Details:
    """Plausible answers to the category's own questions."""
    today, found = timezone.localdate(), Details()
    if "pv" in category.sections:
        firm = category.supply_class == "pv_other"
        row: dict[str, Any] = {
            "export": "surplus",
            "roof": "own",
            "filer": "owner" if firm else "grid",
            "filing_no": "",
        }
        found = Details(pv=row, voltage="10" if firm else "0.4")
    if "charging" in category.sections:
        row = {
            "piles": 2,
            "pile_kw": Decimal(7),
            "current": "ac",
            "space": "own",
            "space_no": "B2-7",
            "estate_consent": "given",
            "protection": "",
        }
        found = Details(charging=row, voltage="10" if category.supply_class == "charging_station" else "0.4")
    if "temporary" in category.sections:
        found = Details(
            temporary={"purpose": "site", "from_date": today, "until_date": today + dt.timedelta(days=90)}
        )
    if "account" in category.sections:
        found = Details(change={"account_no": "370200123456", "previous_capacity": capacity_before(category)})
    if "former" in category.sections:
        found = replace(
            found, change={**found.change, "reason": "bought"}, former=FormerHolder("李四", ID_NUMBER)
        )
    if "voltage" in category.sections:
        found = replace(found, change={**found.change, "previous_voltage": "35"}, voltage="10")
    return found


def capacity_before(category: Category) -> Decimal | None:
    """What there is today."""
    return Decimal({"capacity_increase": 40, "capacity_decrease": 800}.get(category.business_type, 100))


def capacity_for(category: Category) -> Decimal | None:
    """What is wanted."""
    if category.supply_class.startswith("hv") and category.sized:
        return Decimal(400)
    return Decimal(60) if category.sized else capacity_before(category)


def filed(cast: Cast, code: str, customer: str = "hengtai", **changes: Any) -> Application:
    """An application of that category, sent in at the counter; `changes` replace what start_application takes."""
    category, clerk = BY_CODE[code], cast["wangmin"]
    first = FirstContact(
        channel="hall",
        phone=PHONES[customer],
        need="用电",
        place="海棠路 1 号",
        category=code,
        office_code=EAST,
    )
    case = register_contact(first, by=clerk).case
    organisation = category.applicant == "organisation"
    particulars = filing.Particulars(
        name="恒泰五金厂" if organisation else "张海棠", phone=PHONES[customer], address="海棠路 1 号",
        kind="organisation" if organisation else "person",
        id_kind="uscc" if organisation else "ric", id_number=CREDIT_CODE if organisation else ID_NUMBER,
    )  # fmt: skip
    given = {
        "business_type": category.business_type, "supply_class": category.supply_class, "capacity": capacity_for(category),
        "usage": "commercial", "details": details_for(category),
    } | changes  # fmt: skip
    application = filing.start_application(case, particulars, by=clerk, **given)
    intake.submit(application, by=clerk)
    intake.record_echo(application, by=clerk)
    return application


def play(
    application: Application, cast: Cast, *, until: str = "ARCHIVED", traits: frozenset[str] = frozenset()
) -> list[str]:
    """Play whatever is open until the case stands where it is wanted; the facts in the order they were recorded."""
    rng, facts = random.Random(7), []
    for _act in range(MOST_ACTS):
        application.reload()
        if application.state == until:
            return facts
        fact = _next(application, cast, rng, traits)
        assert fact, (application.state, facts, list(open_nodes(application)))
        facts.append(fact)
    raise AssertionError(f"{MOST_ACTS} acts and still in {application.state}")


def open_nodes(application: Application) -> list[str]:
    """Codes of what is to be done."""
    return list(Task.objects.filter(case=application.case, outcome="").values_list("node_code", flat=True))


def _next(application: Application, cast: Cast, rng: random.Random, traits: frozenset[str]) -> str:
    tasks = (
        application.case.tasks.filter(outcome="")
        .select_related("node", "office")
        .order_by("opened_number", "node__order")
    )
    for task in tasks:
        for fact in task.node.facts:
            if fact not in task.facts and _played(application, task, fact, cast, rng, traits):
                return str(fact)
    return ""


def _played(
    application: Application, task: Task, fact: str, cast: Cast, rng: random.Random, traits: frozenset[str]
) -> bool:
    for actor in _actors(task, cast):
        try:
            PLAYS[kind_of(fact)](Scene(application, actor, rng, None, traits))
        except Refused:
            continue
        return True
    return False


def _actors(task: Task, cast: Cast) -> list[User]:
    if task.doer != "officer":
        return [cast["wangmin"]]
    return qualified(task.competence, task.office, timezone.localdate(), role=task.role)
