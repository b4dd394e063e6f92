"""Verifying a receipt: open to everybody, no sign-in, no script needed. And the files and keys with which one does it without us."""

from __future__ import annotations

import time
import uuid
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from integrity.forms import VerifyForm
from integrity.ledger.offline import bundle
from integrity.ledger.offline.notes import keys_from
from integrity.ledger.offline.receipt import check
from integrity.presentation import matter_of
from integrity.selectors.heads import keys_text, served
from integrity.selectors.receipts import Receipt, entries_of, receipt_for
from integrity.selectors.records import bare, code_of, record_now
from integrity.services.receipts import promise_of, proof_of
from integrity.views.outcomes import differing, told
from staff.access import CUSTOMER, EVERYONE, open_to
from workflow.models import Case

PLAIN = "text/plain; charset=utf-8"
SCRIPT = "verify_receipt.py"


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(EVERYONE)
def verify(request: HttpRequest) -> HttpResponse:
    """Choose the file, paste its text, or type the code from the slip; the outcome in clear words."""
    form = VerifyForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form, **_kit()}
    if request.method == "POST" and form.is_valid():
        if code := form.cleaned_data["code"]:
            return redirect("verify:entry", code)
        result = check(form.cleaned_data["receipt"], keys_from(keys_text()), time.time(), served)
        context["told"] = told(result)
    return render(request, "integrity/verify.html", context)


@require_safe
@open_to(EVERYONE)
def entry(request: HttpRequest, code: str) -> HttpResponse:
    """What is on record under a code: kept, still to come, or changed since. A code we don't know gets a page too, since that may be the news."""
    found = receipt_for(bare(code))
    context = {"receipt": found, **_kit(), **(_files(found, code) if found else {})}
    return render(request, "integrity/entry.html", context, status=200 if found else 404)


@require_safe
@open_to(EVERYONE)
def entry_fragment(request: HttpRequest, code: str) -> HttpResponse:
    """The same for a receipt's own page, which fetches it; while the log has not taken the entry, it asks again by itself."""
    found = receipt_for(bare(code))
    if found is None:
        raise Http404
    context = {"receipt": found, "waits": not found.index_known, **_files(found, code)}
    return render(request, "integrity/_receipt.html", context)


@require_safe
@open_to(CUSTOMER)
def my_entries(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """A customer's receipts for everything that happened on their case; a fragment for its page, or a page of its own."""
    user: Any = request.user
    case = Case.objects.visible_to(user).filter(pk=case_id).first()
    if case is None:
        raise Http404
    rows = [(event, matter_of(event.kind), code_of(event)) for event in entries_of(case, user)]
    template = "integrity/_entries.html" if request.headers.get("HX-Request") else "integrity/entries.html"
    return render(request, template, {"case": case, "rows": rows})


@require_safe
@open_to(EVERYONE)
def promise_file(_request: HttpRequest, code: str) -> HttpResponse:
    """The signed promise, there from the moment the contact is saved."""
    found = _known(code)
    if found.sealed_text_broken:
        return _refuse_to_sign(found)
    return _download(promise_of(found), f"tongdian-{found.code}.txt")


@require_safe
@open_to(EVERYONE)
def proof_file(_request: HttpRequest, code: str) -> HttpResponse:
    """The whole receipt; until the log has taken the entry, the promise's page says when to come back."""
    found = _known(code)
    if found.sealed_text_broken:
        return _refuse_to_sign(found)
    if not found.index_known:
        return redirect("verify:entry", found.code)
    return _download(proof_of(found, whole=found.is_key(code)), f"tongdian-{found.code}.tlog-proof")


@require_safe
@open_to(EVERYONE)
def record(_request: HttpRequest, code: str) -> HttpResponse:
    """What our tables say now, for the script people keep; without anything that is not in the public log."""
    return JsonResponse(record_now(bare(code)))


@require_safe
@open_to(EVERYONE)
def script(_request: HttpRequest) -> HttpResponse:
    """The one file that verifies without us."""
    return _download(bundle().encode(), SCRIPT)


@require_safe
@open_to(EVERYONE)
def keys(_request: HttpRequest) -> HttpResponse:
    """The verification keys as a C2SP tlog-policy, which other verifiers read too."""
    return _download(keys_text().encode(), "tongdian-keys.txt")


def _kit() -> dict[str, str]:
    """What one needs for verifying without us."""
    base = settings.TONGDIAN_BASE_URL
    return {
        "log_url": f"{base}/ledger", "keys": keys_text(), "origin": settings.LEDGER_ORIGIN, "script_url": reverse("verify:script"),
        "keys_url": reverse("verify:keys"),
        "command": f"python3 {SCRIPT} tongdian-….tlog-proof --key tongdian-keys.txt --log {base}/ledger",
    }  # fmt: skip


def _files(found: Receipt, code: str) -> dict[str, Any]:
    return {
        "code": code,
        "differs": [differing(name) for name in found.changed],
        "promise_url": reverse("verify:promise", args=[code]),
        "proof_url": reverse("verify:proof", args=[code]),
        "matter": matter_of(found.event.kind),
        "grouped": "-".join(found.code[i : i + 4] for i in range(0, len(found.code), 4)),
    }


def _known(code: str) -> Receipt:
    found = receipt_for(bare(code))
    if found is None:
        raise Http404
    return found


def _refuse_to_sign(found: Receipt) -> HttpResponse:
    """Our own record no longer fits its seal: what we would sign now might be the forger's text."""
    sentence = _(
        "Our record of this entry was changed after it was sealed, so nothing new is signed for it. The file you already hold decides."
    )
    return HttpResponse(f"{sentence}\n{found.code}\n", status=409, content_type=PLAIN)


def _download(data: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(data, content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "no-store"
    return answer
