"""The auditor's page of the log: is it anchored, does it hold, and where not. And the screen for the service hall."""

from __future__ import annotations

import base64
import uuid
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from integrity.forms import RunForm
from integrity.models import LedgerCheckpoint, Verification
from integrity.selectors.anchoring import Anchoring, anchoring, days_head
from integrity.selectors.heads import log_key, receipt_signer, witness_names
from integrity.selectors.stories import audited_cases
from integrity.services.verification import DOINGS
from integrity.services.verifications import ask
from integrity.views.findings import Row, rows_of
from staff.access import AUDITOR, EVERYONE, open_to
from workflow.models import Case

LATEST = 10


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(AUDITOR)
def ledger(request: HttpRequest) -> HttpResponse:
    """The state of the log, and the button that verifies it now."""
    form = RunForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        case = _case_named(request, form)
        if not form.errors:
            run = ask(
                form.cleaned_data["scope"], by=request.user, case=case,  # type: ignore[arg-type]
                since_date=form.cleaned_data["since_date"], until_date=form.cleaned_data["until_date"],
            )  # fmt: skip
            return redirect("integrity:verification", run.pk)
    state = anchoring()
    context = {
        "form": form, "state": state, "alarms": [_alarm(name, state) for name in state.alarms], "root": _root(state.head),
        "anchored_root": _root(state.anchored),
        "runs": Verification.objects.select_related("asked_by", "case").order_by("-asked_at")[:LATEST],
    }  # fmt: skip
    return render(request, "integrity/ledger.html", context, status=422 if form.errors else 200)


@require_safe
@open_to(AUDITOR)
def verification(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """One run: how far it is, then what it found. The page asks again by itself while it runs, or by reloading."""
    run = get_object_or_404(Verification.objects.select_related("asked_by", "case"), pk=run_id)
    context = {
        "run": run,
        "rows": _rows(request, run) if run.ended_at else [],
        "doing": DOINGS.get(run.doing, ""),
    }
    template = "integrity/_run.html" if request.headers.get("HX-Request") else "integrity/verification.html"
    return render(request, template, context)


@require_safe
@open_to(EVERYONE)
def hall(request: HttpRequest) -> HttpResponse:
    """今日存证摘要: for a screen in the hall, to be photographed by anybody; what is on many phones nobody can change."""
    today = timezone.localdate()
    head = days_head(today)
    if head is None:
        raise Http404
    root = _root(head)
    context = {
        "day": today, "head": head, "groups": [root[i : i + 4] for i in range(0, len(root), 4)], "newest": anchoring().head,
        "origin": settings.LEDGER_ORIGIN, "receipt_key": receipt_signer().verifier.vkey, "log_key": log_key(), "witnesses": witness_names(),
        "url": settings.TONGDIAN_BASE_URL + reverse("verify:verify"),
    }  # fmt: skip
    return render(request, "integrity/hall.html", context)


def _case_named(request: HttpRequest, form: RunForm) -> Case | None:
    if form.cleaned_data["scope"] != "case":
        return None
    number = form.cleaned_data["number"].replace(" ", "").upper()
    cases = audited_cases(request.user)  # type: ignore[arg-type]
    case: Case | None = (cases.filter(application_no=number) | cases.filter(contact_no=number)).first()
    if case is None:
        form.add_error("number", _("No case of the offices you audit has this number."))
    return case


def _rows(request: HttpRequest, run: Verification) -> list[Row]:
    user: Any = request.user
    return rows_of(run.findings, set(audited_cases(user).values_list("pk", flat=True)))


def _alarm(name: str, state: Anchoring) -> str:
    seconds = int(state.lag.total_seconds())
    silent = int(state.silent.total_seconds()) if state.silent is not None else None
    words = {
        "refusal": _("The signer refuses to go on: %(why)s") % {"why": state.refusal},
        "silent": _("No sequencer has ever looked into the queue.") if silent is None
        else ngettext("The sequencer has not been seen for %(n)s second.", "The sequencer has not been seen for %(n)s seconds.", silent)
        % {"n": silent},
        "lag": ngettext(
            "An event has waited %(n)s second for its place in the log; 60 are allowed.",
            "An event has waited %(n)s seconds for its place in the log; 60 are allowed.", seconds,
        ) % {"n": seconds},
        "clock": _("The clocks of the web server and of the database differ by more than a minute."),
        "unseen": _("No witness has signed any head yet."),
    }  # fmt: skip
    return words[name]


def _root(head: LedgerCheckpoint | None) -> str:
    return base64.b64encode(bytes(head.root)).decode() if head else ""
