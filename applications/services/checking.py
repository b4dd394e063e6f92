"""Papers looked at one by one, and a whole page of ticks sent at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from applications.models import Application, Document, DocumentStatus
from applications.services.papers import APPROVERS, Request, ask
from applications.services.second_person import confirm
from staff.models import User
from workflow.events import Circumstance
from workflow.transitions import Done, Refused, Stale, act


@dataclass(frozen=True, slots=True)
class Tick:
    """One paper as somebody found it."""

    document: Document
    verdict: str
    fault: str = ""
    words: str = ""


def review_document(
    application: Application,
    *,
    by: User,
    document: Document,
    verdict: str,
    fault: str = "",
    words: str = "",
    version: int | None = None,
    key: str | None = None,
    circumstance: Circumstance | None = None,
    occurred_at: dt.datetime | None = None,
) -> Done:
    """One paper looked at: in order, or to be supplied again, with what is wrong with it. The log takes the library's code, not the words."""
    if verdict == DocumentStatus.RETURNED and not (fault or words.strip()):
        raise Refused(_("Say what is wrong with the paper and how to put it right."))
    given = {"document": document.pk, "verdict": verdict, "fault": fault, "words": words}
    with (
        transaction.atomic(),
        act(
            application, "review_document", by=by, key=key, version=version, data=given, circumstance=circumstance,
            occurred_at=occurred_at,
        ) as a,
    ):  # fmt: skip
        fresh = application.documents.get(pk=document.pk)
        if fresh.replaced:
            raise Stale(_("A newer version of this paper has come meanwhile; look at that one."))
        fresh.status = verdict
        returned = verdict == DocumentStatus.RETURNED
        fresh.status_reason, fresh.review_note = (fault, words) if returned else ("", "")
        fresh.save(update_fields=["status", "status_reason", "review_note"])
        a.data |= {
            "document": fresh.pk,
            "item": fresh.item_code,
            "version": fresh.version,
            "verdict": verdict,
        }
        a.data |= {"fault": fault} if returned and fault else {}
        if fresh.sha256:
            a.documents.append(f"sha-256:{fresh.sha256}")
    return a.done


def check_papers(
    application: Application,
    ticks: Sequence[Tick],
    *,
    by: User,
    request: Request | None = None,
    approver_password: str = "",
    key: str | None = None,
    circumstance: Circumstance | None = None,
) -> int:
    """Every tick of one page, and the request that follows from them: all or nothing. How many papers were judged anew.

    A tick that says what stands already is no act.
    """
    if request is not None and request.approved_by is not None:
        confirm(application, by, request.approved_by, approver_password, APPROVERS)
    with transaction.atomic():
        fresh = [tick for tick in ticks if _says_something_new(tick)]
        for tick in fresh:
            review_document(
                application, by=by, document=tick.document, verdict=tick.verdict, fault=tick.fault, words=tick.words,
                key=f"{key}:{tick.document.pk.hex}" if key else None, circumstance=circumstance,
            )  # fmt: skip
        if request is not None:
            ask(application, request, by=by, key=key, circumstance=circumstance)
    return len(fresh)


def _says_something_new(tick: Tick) -> bool:
    paper = tick.document
    if tick.verdict != paper.status:
        return True
    returned = tick.verdict == DocumentStatus.RETURNED
    return returned and (tick.fault, tick.words) != (paper.status_reason, paper.review_note)
