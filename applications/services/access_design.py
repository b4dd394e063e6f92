"""接入系统设计: asked for and received. It stops no clock by itself: only a pause does, and only where a limit's row lists the reason."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from applications.models import AccessDesignReceipt, AccessDesignRequest, Application, DesignSide, Document
from applications.selectors.facts import open_access_design
from applications.services.facts import base, recording, said, split
from staff.models import User
from workflow.models import Deadline, Pause
from workflow.services import clocks
from workflow.transitions import Done, Refused

CUSTOMERS_DESIGN = "customer_design"
"""The pause reason that such a design can be, where a limit lists it."""


def why_not_pause_for_design(application: Application) -> str | None:
    """The sentence where no clock stands still for a design: none of the customer's is under way, or no limit of the case lists it."""
    request = open_access_design(application)
    if request is None or request.side != DesignSide.CUSTOMER:
        return _(
            "A clock stands still for an access design only while one of the customer's own designer is under way; record its request."
        )
    running = Deadline.objects.filter(case=application.case, stopped_at=None, started_at__isnull=False)
    if not running.filter(limit__pause_reasons__contains=[CUSTOMERS_DESIGN]).exists():
        return _("No limit running on this case lists the customer's design as a reason; the clock goes on.")
    return None


def request_access_design(application: Application, *, by: User, voltage: str = "", **given: Any) -> Done:
    """The design is asked for. A voltage it is for becomes the case's, so that the limits of that voltage are known."""
    how, fields, _confirmed = split(given)
    data = said(fields, "side", "asked_date") | ({"voltage": voltage} if voltage else {})
    with recording(application, "request_access_design", by, how, data, **fields) as a:
        if open_access_design(application):
            raise Refused(_("A design has been asked for already; record it when it comes."))
        AccessDesignRequest.objects.create(**base(a, application), **fields)
        if voltage:
            a.change(voltage=voltage)
    return a.done


def receive_access_design(
    application: Application, *, by: User, papers: Collection[Document] = (), **given: Any
) -> Done:
    """The design came. Clocks that stood still for it run on from the same moment."""
    how, fields, _confirmed = split(given)
    with transaction.atomic():
        data = said(fields, "received_date") | {"papers": len(papers)}
        with recording(application, "receive_access_design", by, how, data, papers=papers) as a:
            request = open_access_design(application)
            if request is None:
                raise Refused(_("No design has been asked for."))
            receipt = AccessDesignReceipt.objects.create(**base(a, application), request=request, **fields)
            receipt.papers.set(papers)
            a.documents += [f"sha-256:{paper.sha256}" for paper in papers if paper.sha256]
            a.data["side"] = request.side
        if Pause.objects.filter(case=application.case, reason=CUSTOMERS_DESIGN, ended_at=None).exists():
            clocks.resume(application, reason=CUSTOMERS_DESIGN, by=by)
    return a.done
