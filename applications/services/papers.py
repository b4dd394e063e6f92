"""Papers: received with the digests of their bytes, asked for once, supplied."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from applications.models import (
    Application,
    Document,
    DocumentRequest,
    DocumentStatus,
    PaperFault,
    RequestedPaper,
)
from applications.previews import pages_in
from applications.selectors.asked import paper_due, told
from applications.selectors.terms import PAPER_LANGUAGE
from applications.services.issuing import put_in_writing
from applications.services.second_person import confirm
from staff.models import User
from workflow.events import Circumstance
from workflow.models import Channel, Outcome
from workflow.services.contacts import (
    settle_contacts,
)
from workflow.transitions import Act, Done, Refused, act

CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for: a paper's code with words, and with the library's fault; a further request with a supervisor and a reason."""

    items: Mapping[str, str]
    faults: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    again_because: str = ""
    approved_by: User | None = None


@transaction.atomic
def receive_document(
    application: Application,
    item_code: str,
    upload: UploadedFile | None,
    *,
    by: User,
    channel: str,
    media_type: str = "",
    pages: int | None = None,
    paper_date: dt.date | None = None,
    beside: bool = False,
    key: str | None = None,
    circumstance: Circumstance | None = None,
) -> Document:
    """A paper comes in: when, by whom, through which channel, with the digests of its bytes; an earlier version is kept, replaced.

    `beside`: another sheet of the same paper (the card's other side), so what is there stays.
    """
    digests = _digests(upload) if upload else ("", "")
    if upload and pages is None:
        pages = _pages(upload, media_type)
    with act(
        application,
        "receive_document",
        by=by,
        key=key,
        data={"item": item_code, "sha256": digests[0]},
        circumstance=circumstance,
    ) as a:
        earlier = application.documents.filter(item_code=item_code)
        version = earlier.count() + 1
        if not beside:
            earlier.filter(replaced=False).update(replaced=True)
        document = Document(
            application=application, item_code=item_code, version=version, media_type=media_type, pages=pages, paper_date=paper_date,
            size=(upload.size or 0) if upload else 0, original_name=(upload.name or "")[:200] if upload else "", sha256=digests[0], sm3=digests[1],
            received_channel=Channel.objects.get(code=channel), received_by=by, given_by_customer=by.kind == "customer",
        )  # fmt: skip
        if upload:
            document.file.save("", upload, save=False)
        document.save(force_insert=True)
        a.data |= {"item": item_code, "document": document.pk, "version": version}
        _answer(application, document)
        if upload:
            a.documents += [f"sha-256:{digests[0]}", f"sm3:{digests[1]}"]
    return document


def request_documents(
    application: Application,
    items: Mapping[str, str],
    *,
    by: User,
    faults: Mapping[str, str] | None = None,
    note: str = "",
    again_because: str = "",
    approved_by: User | None = None,
    approver_password: str = "",
    version: int | None = None,
    key: str | None = None,
    circumstance: Circumstance | None = None,
) -> Done:
    """一次性告知: everything missing at once. `items` maps a paper's code to what is wrong with it in words, `faults` to the library's code.

    Asking a second time on one case needs a supervisor's reason: pressed by a supervisor, or confirmed by one with their own password.
    """
    if not items:
        raise Refused(_("Tick at least one paper that is missing or not in order."))
    if approved_by is not None:
        confirm(application, by, approved_by, approver_password, APPROVERS)
    request = Request(items, faults or {}, note, again_because, approved_by)
    with transaction.atomic():
        return ask(application, request, by=by, version=version, key=key, circumstance=circumstance)


APPROVERS = frozenset({"supervisor"})
"""Who may let papers be asked for a second time."""


def ask(
    application: Application,
    request: Request,
    *,
    by: User,
    version: int | None = None,
    key: str | None = None,
    circumstance: Circumstance | None = None,
) -> Done:
    """Send the request. Whoever calls has had the supervisor confirm it, outside the transaction: a wrong password counts."""
    approved_by = request.approved_by
    given = {
        "items": dict(request.items), "faults": dict(request.faults), "note": request.note, "again": request.again_because,
        "approved_by": str(approved_by.pk) if approved_by else None,
    }  # fmt: skip
    with act(
        application,
        "request_documents",
        by=by,
        key=key,
        version=version,
        data=given,
        circumstance=circumstance,
    ) as a:
        number = application.document_requests.count() + 1
        if number > 1 and (sentence := why_not_again(a, request.again_because, approved_by)):
            raise Refused(sentence)
        row = DocumentRequest.objects.create(
            application=application, round=number, items=sorted(request.items), reasons=_told(request), note=request.note, asked_by=by,
            again_because=request.again_because if number > 1 else "", approved_by=approved_by if number > 1 else None,
        )  # fmt: skip
        _ask_one_by_one(application, row, request)
        standing = application.documents.filter(item_code__in=request.items, replaced=False)
        standing.update(status=DocumentStatus.RETURNED)
        a.data |= {"items": sorted(request.items), "round": number}
        a.data |= {"faults": dict(sorted(request.faults.items()))} if request.faults else {}
        if number > 1:
            a.data |= {"again": True, "approved_by": str((approved_by or by).pk)}
        put_in_writing(a, application)
    settle_contacts(application.case, Outcome.PAPERS)
    return a.done


def why_not_again(a: Act, because: str, approved_by: User | None) -> str | None:
    """Asked once is the rule: a further request has a supervisor and a reason, or it is not sent."""
    if not because.strip():
        return _("Papers were asked for on this case before. A further request needs a supervisor's reason.")
    if approved_by is None and not a.situation.authority.acts_as(APPROVERS, a.case.office_id):
        return _("Papers were asked for on this case before. A supervisor has to confirm a further request.")
    return None


def _told(request: Request) -> dict[str, str]:
    """What the customer reads beside each paper: fault, own words, remedy."""
    known = {fault.code: fault for fault in PaperFault.objects.filter(code__in=set(request.faults.values()))}
    with override(PAPER_LANGUAGE):
        return {
            code: told(known.get(request.faults.get(code, "")), words)
            for code, words in request.items.items()
        }


def _ask_one_by_one(application: Application, row: DocumentRequest, request: Request) -> None:
    """Each paper has its own clock: the customer's, by the limit that is most specific for this paper."""
    for code in sorted(request.items):
        limit, due = paper_due(application, code, row.asked_at)
        RequestedPaper.objects.create(
            request=row, item_code=code, fault_id=request.faults.get(code) or None, words=request.items[code], limit=limit,
            due_at=due.due_at, provisional=due.provisional,
        )  # fmt: skip


@transaction.atomic
def supply_documents(
    application: Application,
    *,
    by: User,
    version: int | None = None,
    key: str | None = None,
    circumstance: Circumstance | None = None,
) -> Done:
    """The customer says all that was asked for is there; every item of the request must have come since it was asked."""
    with act(
        application, "supply_documents", by=by, key=key, version=version, data={}, circumstance=circumstance
    ) as a:
        request = application.document_requests.get(answered_at=None)
        came = set(
            application.documents.filter(
                received_at__gte=request.asked_at, item_code__in=request.items
            ).values_list("item_code", flat=True)
        )
        if missing := [code for code in request.items if code not in came]:
            raise Refused(_("Still missing: %(count)s of the papers asked for.") % {"count": len(missing)})
        DocumentRequest.objects.filter(pk=request.pk).update(
            answered_at=timezone.now(), version=F("version") + 1
        )
        a.data |= {"round": request.round, "items": request.items}
    return a.done


def _answer(application: Application, document: Document) -> None:
    """The clock of a paper that was asked for stops with the first version that comes."""
    RequestedPaper.objects.filter(
        request__application=application,
        request__answered_at=None,
        item_code=document.item_code,
        answered_at=None,
    ).update(answered_at=document.received_at, document=document)


def _pages(upload: UploadedFile, media_type: str) -> int | None:
    """Counted before the case is locked: a PDF is looked at in a process of its own."""
    upload.seek(0)
    content = upload.read()
    upload.seek(0)
    return pages_in(content, media_type)


def _digests(upload: UploadedFile) -> tuple[str, str]:
    sha256, sm3 = hashlib.sha256(), hashlib.new("sm3")
    for chunk in upload.chunks(CHUNK):
        sha256.update(chunk)
        sm3.update(chunk)
    upload.seek(0)
    return sha256.hexdigest(), sm3.hexdigest()
