"""The facts that count now: of each kind the latest, and what the tables say about it."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import (
    DOUBTED,
    AccessDesignRequest,
    Application,
    Cause,
    ChecklistItem,
    CompletionNotice,
    Contract,
    ContractTemplate,
    DesignSubmission,
    FeeKind,
    FeeSheet,
    Inspection,
    Metering,
    MidInspectionRequest,
    Objection,
    Party,
    Scheme,
    SchemePeriod,
    Survey,
    VoltageLevel,
)
from staff.models import Office, Post, User
from workflow.actions import fact_label
from workflow.deadlines import applies
from workflow.models import Task, TaskOutcome
from workflow.selectors.rules import nodes_of


def latest_survey(application: Application) -> Survey | None:
    """The survey that counts."""
    return application.surveys.order_by("-recorded_at").first()


def latest_scheme(application: Application) -> Scheme | None:
    """The scheme's newest version."""
    return application.schemes.order_by("-number").first()


def latest_contract(application: Application) -> Contract | None:
    """The contract issued last."""
    return application.contracts.order_by("-recorded_at").first()


def latest_fee_sheet(application: Application) -> FeeSheet | None:
    """The sheet that says what is due."""
    return application.feesheets.order_by("-recorded_at").first()


def latest_design(application: Application) -> DesignSubmission | None:
    """The design handed in last."""
    return application.designsubmissions.order_by("-recorded_at").first()


def latest_mid_request(application: Application) -> MidInspectionRequest | None:
    """The mid-construction inspection asked for last."""
    return application.midinspectionrequests.order_by("-recorded_at").first()


def latest_completion(application: Application) -> CompletionNotice | None:
    """The completion notified last."""
    return application.completionnotices.order_by("-recorded_at").first()


def latest_inspection(application: Application) -> Inspection | None:
    """The inspection that was passed, if one was."""
    return application.inspections.order_by("-recorded_at").first()


def latest_metering(application: Application) -> Metering | None:
    """The meter hung last."""
    return application.meterings.order_by("-recorded_at").first()


def cause_of_next_scheme(application: Application) -> str:
    """Why the next version is drafted: told by what sent the last one back, never chosen by whoever drafts it."""
    last = latest_scheme(application)
    if last is None:
        return Cause.FIRST
    if revision := last.revisions.order_by("-recorded_at").first():
        return str(revision.cause)
    return Cause.CUSTOMER if last.objections.exists() or last.choices.exists() else Cause.ERROR


def open_objections(scheme: Scheme) -> list[Objection]:
    """Objections to a version that nothing has answered yet."""
    return list(scheme.objections.filter(answers=None).order_by("recorded_at"))


def open_access_design(application: Application) -> AccessDesignRequest | None:
    """The access design that was asked for and has not come."""
    return application.accessdesignrequests.filter(receipt=None).order_by("-recorded_at").first()


def months_for(code: str, matching: Mapping[str, Any]) -> int | None:
    """Months of the most specific period that applies; None where the table says nothing."""
    rows = [
        r for r in SchemePeriod.objects.filter(code=code, in_force=True) if applies(r.conditions, matching)
    ]
    return max(rows, key=lambda r: len(r.conditions)).months if rows else None


def months_after(day: dt.date, months: int | None) -> dt.date | None:
    """The same day some months on, or the month's last: 31 January + 1 month is 28 February."""
    if months is None:
        return None
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return day.replace(year=year, month=month + 1, day=min(day.day, calendar.monthrange(year, month + 1)[1]))


def voltage_level(code: str) -> VoltageLevel | None:
    """What the table says about a voltage."""
    return VoltageLevel.objects.filter(code=code, in_force=True).first()


def fee_kinds_in_force(on: dt.date | None = None) -> QuerySet[FeeKind]:
    """The charges that may be determined on a day; none where no basis has been confirmed."""
    day = on or timezone.localdate()
    kinds = FeeKind.objects.filter(in_force=True, from_date__lte=day).exclude(grade__in=DOUBTED)
    return kinds.filter(Q(to_date=None) | Q(to_date__gte=day))


def outstanding(application: Application) -> Decimal:
    """What is due and not paid yet."""
    return application.unpaid()


def contract_template(kind: str) -> ContractTemplate | None:
    """The wording in force for a kind of contract: its newest version."""
    return ContractTemplate.objects.filter(kind=kind, in_force=True).order_by("-version").first()


def signing_parties(application: Application) -> QuerySet[Party]:
    """Who can act for the customer's side: applicant and agent, the applicant first."""
    return (
        application.parties.filter(role__in=["applicant", "agent"])
        .select_related("person")
        .order_by("-role", "created_at")
    )


def officers_near(office: Office, roles: Iterable[str] = ()) -> QuerySet[User]:
    """Officers with a post today in this office's county: who may have been there, or may approve."""
    county = office.parent or office
    posts = Post.objects.in_force(timezone.localdate()).filter(office__in=Office.objects.subtree(county))
    if roles:
        posts = posts.filter(role__in=list(roles))
    return User.objects.filter(kind=User.Kind.OFFICER, is_active=True, pk__in=posts.values("user")).order_by(
        "username"
    )


def installed_elsewhere(asset_no: str, application: Application) -> bool:
    """Whether this meter is recorded on another case: one of the two is wrong, or it has been moved."""
    return Metering.objects.filter(asset_no=asset_no).exclude(application=application).exists()


def paper_names(application: Application) -> dict[str, str]:
    """What the papers of this category are called, by item code; and those that belong to the works, which no checklist names."""
    rows = ChecklistItem.objects.filter(category=application.category, in_force=True)
    elsewhere = {
        "design": _("Design papers"),
        "completion": _("Completion papers"),
        "consent": _("Consent of a third party"),
        "estate_consent": _("Consent of the property manager"),
        "authorisation": _("Authorisation of the agent"),
        "metering_photo": _("Photographs of the meter"),
        "visit_photo": _("Photographs taken on site"),
        "visit_signature": _("Customer's signature on site"),
    }
    return elsewhere | {row.code: row.name for row in rows}


def archive_items(application: Application) -> dict[str, str]:
    """What belongs into the file, by code: every fact that stands, every paper in its newest version."""
    names = paper_names(application)
    facts = [
        fact
        for task in Task.objects.filter(case=application.case, current=True).order_by("opened_number")
        for fact in task.facts
    ]
    items = {f"fact:{fact}": fact_label(fact) for fact in facts if fact != "archive"}
    papers = application.documents.filter(replaced=False).values_list("item_code", flat=True)
    return items | {f"paper:{code}": names.get(code, code) for code in papers}


def nodes_to_return_to(application: Application) -> list[tuple[str, str]]:
    """Nodes done in this case, in the route's order: where a supervisor can send it back to."""
    done = Task.objects.filter(case=application.case, current=True, outcome=TaskOutcome.DONE).values_list(
        "node_code", flat=True
    )
    return [
        (node.code, node.name)
        for node in nodes_of(application.case.route_version_id)
        if node.code in set(done)
    ]
