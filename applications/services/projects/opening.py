"""Projects opened, their shared papers, and each unit opened as a case of its own."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from applications.models import (
    UNIT_CATEGORY,
    Application,
    Document,
    Filer,
    Project,
    ProjectKind,
    ProjectPaper,
    ProjectSheet,
    ProjectUnit,
    SheetRow,
    Space,
)
from applications.previews import pages_in
from applications.services.filing import Particulars, start_application
from applications.services.intake import record_echo, submit
from applications.services.particulars import Details
from applications.uploads import Fit
from staff.encryption import blind_index
from staff.models import Office, User
from workflow.events import Circumstance, append, name_actor
from workflow.models import Case, CaseAccess, CaseTerms, Channel
from workflow.numbers import next_number
from workflow.services.contacts import FirstContact, register_contact
from workflow.terms import whole_number_terms
from workflow.transitions import Done, act, actor_name

PROJECT = "XM"
LOW = "0.4"
CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Applied:
    """What whoever applies for many says once."""

    kind: str
    name: str
    organisation: str
    credit_code: str
    contact_name: str
    phone: str
    address: str
    earlier_date: dt.date | None = None


@transaction.atomic
def open_project(applied: Applied, *, by: User, office: Office, channel: str) -> Project:
    """Open a project: sealed at once in its own stream. Its units come by sheet."""
    name_actor(actor_name(by))
    customer = by if by.is_customer else User.objects.customer_by_phone(applied.phone)
    project = Project.objects.create(
        number=next_number(PROJECT, office.code), kind=applied.kind, name=applied.name, office=office,
        channel=Channel.objects.get(code=channel), customer=customer, organisation=applied.organisation,
        credit_code=applied.credit_code, contact_name=applied.contact_name, phone=applied.phone,
        phone_index=blind_index(applied.phone, "phone"), address=applied.address, earlier_date=applied.earlier_date, opened_by=by,
    )  # fmt: skip
    data = {"kind": project.kind, "category": UNIT_CATEGORY[project.kind], "number": project.number}
    append(
        project.stream,
        "project.opened",
        data=data,
        circumstance=Circumstance(via=channel, station=office.code),
    )
    return project


@transaction.atomic
def receive_paper(project: Project, item_code: str, file: Fit, *, by: User) -> ProjectPaper | None:
    """A paper for all units: kept once, with the digests of its bytes. The same file once more adds nothing."""
    sha256, sm3 = _digests(file)
    if project.papers.filter(item_code=item_code, sha256=sha256).exists():
        return None
    name_actor(actor_name(by))
    upload = file.upload
    upload.seek(0)
    pages = pages_in(upload.read(), file.media_type)
    upload.seek(0)
    paper = ProjectPaper(
        project=project, item_code=item_code, original_name=(upload.name or "")[:200], media_type=file.media_type, size=upload.size or 0,
        pages=pages, sha256=sha256, sm3=sm3, received_by=by,
    )  # fmt: skip
    paper.file.save("", upload, save=False)
    try:
        with transaction.atomic():
            paper.save(force_insert=True)
    except IntegrityError:
        paper.file.delete(save=False)
        return None
    data = {"item": item_code, "paper": paper.pk}
    append(project.stream, "project.paper_received", data=data, documents=[f"sha-256:{sha256}", f"sm3:{sm3}"])
    return paper


def _digests(file: Fit) -> tuple[str, str]:
    sha256, sm3 = hashlib.sha256(), hashlib.new("sm3")
    for chunk in file.upload.chunks(CHUNK):
        sha256.update(chunk)
        sm3.update(chunk)
    return sha256.hexdigest(), sm3.hexdigest()


def open_unit(sheet: ProjectSheet, row: SheetRow) -> Application:
    """One unit: its own contact, case and application, with the project's papers, sent in. Runs in the caller's transaction.

    The need was stated when the sheet was sent in: that is the claimed time of first contact, however long the queue of rows.
    """
    project, by, cells = sheet.project, sheet.sent_by, row.cells
    how = circumstance_of(sheet)
    particulars = _particulars(project, row.label, cells)
    first = FirstContact(
        channel=project.channel_id, phone=particulars.phone or project.phone, name=particulars.name, need=project.name, place=particulars.address,
        category=project.category, office_code=project.office.code,
    )  # fmt: skip
    case = register_contact(first, by=by, occurred_at=sheet.confirmed_at, circumstance=how).case
    _let_in(case, by, agent=particulars.by_agent)
    application = start_application(
        case, particulars, business_type=project.category.partition(".")[0], supply_class=project.category.partition(".")[2], by=by,
        capacity=capacity_in(cells), usage="residential" if project.kind == ProjectKind.ESTATE else "",
        details=details_in(project, cells), circumstance=how,
    )  # fmt: skip
    ProjectUnit.objects.create(project=project, application=application, label=row.label, place=row.number)
    CaseTerms.objects.add(case.pk, whole_number_terms(project.number))
    papers = list(project.papers.all())
    if papers:
        take_over_papers(application, papers, by=by, circumstance=how)
    record_echo(application, by=by, earlier_at=_earlier(project), circumstance=how)
    submit(application, by=by, circumstance=how)
    return application


def circumstance_of(sheet: ProjectSheet) -> Circumstance:
    """All acts of one sheet share its id, so that nobody takes them for hurried keying."""
    behalf = "agent" if sheet.sent_by.is_customer else "staff"
    return Circumstance(
        via=sheet.project.channel_id,
        behalf=behalf,
        station=sheet.project.office.code,
        request=f"project-sheet:{sheet.pk.hex}",
    )


def take_over_papers(
    application: Application,
    papers: Iterable[ProjectPaper],
    *,
    by: User,
    circumstance: Circumstance | None = None,
) -> Done:
    """The project's papers among the unit's own: rows that point at the same bytes, one event with all digests. What is there stays."""
    with act(application, "take_over_papers", by=by, circumstance=circumstance) as a:
        there = set(application.documents.values_list("item_code", "sha256"))
        taken = [paper for paper in papers if (paper.item_code, paper.sha256) not in there]
        for paper in taken:
            Document.objects.create(
                application=application, item_code=paper.item_code, media_type=paper.media_type, pages=paper.pages, size=paper.size,
                original_name=paper.original_name, sha256=paper.sha256, sm3=paper.sm3, file=paper.file.name,
                version=application.documents.filter(item_code=paper.item_code).count() + 1,
                received_at=paper.received_at, received_by=paper.received_by, given_by_customer=paper.received_by.is_customer,
                received_channel=application.case.first_contact_channel,
            )  # fmt: skip
            a.documents.append(f"sha-256:{paper.sha256}")
        a.data |= {"items": [paper.item_code for paper in taken], "papers": [paper.pk for paper in taken]}
    return a.done


def capacity_in(cells: Mapping[str, Any]) -> Decimal | None:
    """As written, or piles times their power."""
    if "capacity" in cells:
        return Decimal(cells["capacity"])
    if "piles" in cells and "pile_kw" in cells:
        return Decimal(cells["piles"]) * Decimal(cells["pile_kw"])
    return None


def details_in(project: Project, cells: Mapping[str, Any]) -> Details:
    """What the kind's own columns answer."""
    if project.kind == ProjectKind.VILLAGE_PV:
        row = {
            "export": cells.get("export"),
            "roof": cells.get("roof", "own"),
            "filer": Filer.GRID,
            "filing_no": "",
        }
        return Details(pv=row, voltage=LOW)
    if project.kind == ProjectKind.CHARGING and "piles" in cells:
        row = {
            "piles": int(Decimal(cells["piles"])), "pile_kw": Decimal(cells["pile_kw"]), "current": cells.get("current"),
            "space": Space.SITE, "space_no": cells.get("label", ""), "protection": "", "estate_consent": cells.get("estate_consent"),
        }  # fmt: skip
        return Details(charging=row, voltage=LOW)
    return Details()


def _particulars(project: Project, label: str, cells: Mapping[str, Any]) -> Particulars:
    """The unit's holder; whoever applies for the project acts for a holder with a name, and is the holder where there is none.

    A holder's phone is their own or none: with the project's, whoever answers it would be taken for the holder and not for an agent.
    """
    address = cells.get("address") or f"{project.address} {label}"
    own = Particulars(
        name=project.organisation, phone=project.phone, address=address, kind="organisation",
        id_kind="uscc" if project.credit_code else "", id_number=project.credit_code,
    )  # fmt: skip
    if not cells.get("name"):
        return own
    return replace(
        own, name=cells["name"], phone=cells.get("phone", ""), kind="person", id_kind="ric",
        id_number=cells["id_number"], by_agent=True, agent_name=project.contact_name, agent_phone=project.phone, agent_scope=project.number,
    )  # fmt: skip


def _let_in(case: Case, by: User, *, agent: bool) -> None:
    """A customer who applies for many may act on each of the cases, as what they are in it."""
    if by.is_customer:
        CaseAccess.objects.get_or_create(
            case=case, user=by, to_at=None, role="agent" if agent else "applicant"
        )


def _earlier(project: Project) -> dt.datetime | None:
    day = project.earlier_date
    if day is None or day >= timezone.localdate():
        return None
    return timezone.make_aware(dt.datetime.combine(day, dt.time(12)))
