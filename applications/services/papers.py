"""Papers: received with the digests of their bytes, asked for once, supplied."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import (
    Application,
    Document,
    DocumentRequest,
    DocumentStatus,
)
from staff.models import User
from workflow.events import Circumstance
from workflow.models import Channel, Outcome
from workflow.services.contacts import (
    settle_contacts,
)
from workflow.transitions import Done, Refused, act

CHUNK = 64 * 1024


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
        if upload:
            a.documents += [f"sha-256:{digests[0]}", f"sm3:{digests[1]}"]
    return document


@transaction.atomic
def request_documents(
    application: Application,
    items: Mapping[str, str],
    *,
    by: User,
    note: str = "",
    version: int | None = None,
    key: str | None = None,
    circumstance: Circumstance | None = None,
) -> Done:
    """一次性告知: everything missing at once, with a reason per item. `items` maps item code to what is wrong and how to put it right."""
    if not items:
        raise Refused(_("Tick at least one paper that is missing or not in order."))
    with act(
        application,
        "request_documents",
        by=by,
        key=key,
        version=version,
        data={"items": sorted(items)},
        circumstance=circumstance,
    ) as a:
        number = application.document_requests.count() + 1
        DocumentRequest.objects.create(
            application=application,
            round=number,
            items=sorted(items),
            reasons=dict(items),
            note=note,
            asked_by=by,
        )
        application.documents.filter(item_code__in=items, replaced=False).update(
            status=DocumentStatus.RETURNED, status_reason=""
        )
        a.data |= {"items": sorted(items), "round": number}
    settle_contacts(application.case, Outcome.PAPERS)
    return a.done


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


def _digests(upload: UploadedFile) -> tuple[str, str]:
    sha256, sm3 = hashlib.sha256(), hashlib.new("sm3")
    for chunk in upload.chunks(CHUNK):
        sha256.update(chunk)
        sm3.update(chunk)
    upload.seek(0)
    return sha256.hexdigest(), sm3.hexdigest()
