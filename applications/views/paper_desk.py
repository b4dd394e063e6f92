"""Papers and form side by side: every paper in sight, a tick for each, what is missing asked for at once; and papers that come in here."""

from __future__ import annotations

import logging
import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.forms.papers import PapersForm
from applications.models import Application, Document
from applications.previews import NotDrawn, picture
from applications.selectors.facts import paper_names
from applications.services.checking import check_papers
from applications.services.drafts import receive_files
from applications.uploads import ACCEPT, IDENTITY, examine_all
from applications.views.case import visible_case
from applications.views.origin import me
from staff.access import OFFICER, SIGNED_IN, open_to, reader
from staff.formats import table_day
from workflow import actions
from workflow.events import Circumstance
from workflow.models import Case
from workflow.policies import why_not
from workflow.selectors.situations import situation_of
from workflow.transitions import Refusal, Repeated

log = logging.getLogger(__name__)
HALL = "hall"


@require_http_methods(["GET", "POST"])
@open_to(OFFICER)
def case_papers(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """All papers of a case; a post keeps the ticks, and with `do=request` sends what follows from them."""
    application = _application(request, pk)
    sending = request.POST.get("do") == "request"
    form = PapersForm(
        request.POST or None, application=application, user=reader(request).user, sending=sending
    )  # fmt: skip
    status = 200
    if request.method == "POST":
        if form.is_valid():
            answer, status = _checked(request, application, form)
            if answer is not None:
                return answer
        else:
            status = 422
    return render(request, "applications/papers.html", _context(request, application, form), status=status)


def _checked(
    request: HttpRequest, application: Application, form: PapersForm
) -> tuple[HttpResponse | None, int]:
    data = form.cleaned_data
    try:
        judged = check_papers(
            application, form.ticks(), by=reader(request).user, request=form.request(),
            approver_password=data.get("approver_password", ""), key=data.get("key"), circumstance=_circumstance(request, application),
        )  # fmt: skip
    except Repeated:
        messages.info(request, _("This was done already; nothing was done twice."))
        return redirect("case_papers", pk=application.case_id), 303
    except Refusal as refusal:
        form.add_error(None, refusal.sentence)
        return None, refusal.status
    if form.sending:
        messages.success(
            request, _("The one-time notice is written and the customer told; it can be printed here.")
        )
        number = application.issuedpapers.filter(kind="request").count()
        return redirect("case_paper", pk=application.case_id, kind="request", n=number), 303
    said = ngettext("%(n)d paper judged; kept.", "%(n)d papers judged; kept.", judged) % {"n": judged}
    messages.success(request, said)
    return redirect("case_papers", pk=application.case_id), 303


@require_POST
@open_to(OFFICER)
def case_paper_receive(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A paper handed over at the counter: scanned, photographed or as a file. The earlier version stays, replaced."""
    application = _application(request, pk)
    item = request.POST.get("item", "")
    if item not in paper_names(application):
        raise Http404
    good, bad = examine_all([*request.FILES.getlist("sheets"), *request.FILES.getlist("camera")])
    for name, sentence in bad:
        messages.error(request, f"{name}：{sentence}" if name else sentence)
    if not good and not bad:
        messages.error(request, _("Choose a file or take a photo first."))
    if good:
        try:
            receive_files(
                application, item, good, by=reader(request).user, key=request.POST.get("key") or uuid.uuid4().hex,
                replace=request.POST.get("beside") != "on", channel=HALL, circumstance=_circumstance(request, application),
            )  # fmt: skip
            messages.success(request, _("Received: %(paper)s.") % {"paper": paper_names(application)[item]})
        except Repeated:
            messages.info(request, _("This was done already; nothing was done twice."))
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
    answer = redirect("case_papers", pk=pk)
    answer["Location"] += f"#paper-{item}"
    return answer


@require_safe
@open_to(SIGNED_IN)
def document_page(request: HttpRequest, pk: uuid.UUID, n: int) -> HttpResponse:
    """One page of a file as a picture drawn by us, for whoever may see its case; identity papers carry what they may be used for."""
    found = get_object_or_404(Document.objects.select_related("application"), pk=pk)
    case_id = found.application.case_id
    if not Case.objects.visible_to(me(request)).filter(pk=case_id).exists():
        raise Http404
    if (
        not found.file.name
        or not found.file.storage.exists(found.file.name)
        or not 0 < n <= (found.pages or 1)
    ):
        raise Http404
    log.info("page %s of document %s of case %s shown to %s", n, found.pk, case_id, me(request).pk)
    mark = ""
    if found.item_code in IDENTITY or found.item_code.endswith("identity"):
        mark = _("For applying for power only, %(day)s") % {"day": table_day(timezone.localdate())}
    with found.file.open("rb") as file:
        content = file.read()
    try:
        drawn = picture(content, found.media_type, n, mark)
    except NotDrawn as why:
        raise Http404 from why
    answer = HttpResponse(drawn, content_type="image/jpeg")
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _application(request: HttpRequest, pk: uuid.UUID) -> Application:
    case = visible_case(request, pk)
    found = Application.objects.select_related("case__office", "premises")
    return get_object_or_404(found, case=case)


def _circumstance(request: HttpRequest, application: Application) -> Circumstance:
    """The acts of one page share its request, so that nobody takes them for hurried keying."""
    return Circumstance(
        via="counter", station=application.case.office.code, request=request.headers.get("X-Request-Id") or uuid.uuid4().hex
    )  # fmt: skip


def _context(request: HttpRequest, application: Application, form: PapersForm) -> dict[str, Any]:
    situation = situation_of(application, reader(request).user)
    refusals = {
        name: why_not(situation.before(actions.get(name)))
        for name in ("review_document", "request_documents", "receive_document")
    }
    rows = list(form.rows())
    return {
        "case": application.case, "application": application, "form": form, "rows": rows, "why": refusals, "accept": ACCEPT,
        "shown": [(row.line, file) for row in rows for file in row.line.files if file.size],
        "here": sum(row.line.here for row in rows), "earlier": form.earlier, "key": uuid.uuid4().hex,
    }  # fmt: skip
