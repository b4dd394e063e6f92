"""Other systems: who is told of what and whether it arrives, sheets brought in, node times as a file."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Max, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from applications.forms.brought import MOST_ROWS, SHEETS, Read, SheetOfSystemForm, read_sheet
from applications.forms.webhooks import WebhookForm, kind_labels
from applications.imports.table import Unreadable
from applications.models import WebhookDelivery, WebhookSubscription
from applications.selectors.node_times import changed_tasks, node_row, write_table
from applications.services import webhooks
from applications.services.brought import Came, bring_in
from staff.access import ADMINISTRATOR, OFFICER, open_to, reader
from workflow.models import Case
from workflow.transitions import Refusal

PAGE = 50
USUAL_DAYS = 31
MAY_BRING_IN = ("administrator", "intake", "supervisor")
WAITING = Q(deliveries__delivered_at=None, deliveries__dead_at=None)


@require_GET
@open_to(ADMINISTRATOR)
def other_systems(request: HttpRequest) -> HttpResponse:
    """The addresses with how many deliveries wait or died, and the ways to bring in and take out."""
    found = _subscriptions().order_by("stopped_at", "-created_at")
    since = timezone.localdate() - dt.timedelta(days=USUAL_DAYS)
    return render(request, "applications/other_systems.html", {"subscriptions": found, "since": since})


@require_http_methods(["GET", "POST"])
@open_to(ADMINISTRATOR)
def webhook_new(request: HttpRequest) -> HttpResponse:
    """A new address; its secret is on the answer to this request and nowhere else."""
    form, status = WebhookForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            said = form.cleaned_data
            try:
                made, secret = webhooks.subscribe(
                    said["token"], said["url"], said["kinds"], by=reader(request).user, system=said["system"]
                )
            except Refusal as refusal:
                form.add_error(None, refusal.sentence)
            else:
                answer = render(request, "applications/webhook_made.html", {"made": made, "secret": secret})
                answer["Cache-Control"] = "no-store, private"
                return answer
    return render(request, "applications/webhook_new.html", {"form": form}, status=status)


@require_GET
@open_to(ADMINISTRATOR)
def webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """One address: what it is told of and its deliveries, the dead first."""
    found = get_object_or_404(_subscriptions(), pk=pk)
    deliveries = found.deliveries.order_by("-dead_at", "-created_at")
    if state := request.GET.get("state"):
        deliveries = _in_state(deliveries, state)
    page = Paginator(deliveries.order_by("-created_at"), PAGE).get_page(request.GET.get("page"))
    labels = kind_labels()
    streams = {row.stream.removeprefix("case:") for row in page}
    numbers = {f"case:{case.pk}": str(case) for case in Case.objects.filter(pk__in=streams)}
    rows = [(row, labels.get(row.kind, row.kind), numbers.get(row.stream, "")) for row in page]
    context = {
        "subscription": found, "page": page, "rows": rows, "kinds": [labels.get(kind, kind) for kind in found.kinds], "state": state or "",
    }  # fmt: skip
    return render(request, "applications/webhook.html", context)


@require_POST
@open_to(ADMINISTRATOR)
def webhook_stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell it nothing any more."""
    webhooks.stop(get_object_or_404(WebhookSubscription, pk=pk), by=reader(request).user)
    messages.success(request, _("Stopped: nothing more is sent there."))
    return redirect("webhook", pk=pk)


@require_POST
@open_to(ADMINISTRATOR)
def webhook_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that died, once more."""
    dead = WebhookDelivery.objects.filter(subscription=pk).exclude(dead_at=None)
    return _again(
        request, dead.select_related("subscription__token__channel", "subscription__token__account"), pk
    )


@require_POST
@open_to(ADMINISTRATOR)
def delivery_again(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One delivery, once more."""
    found = WebhookDelivery.objects.filter(pk=pk)
    return _again(request, found, get_object_or_404(found).subscription_id)


def _again(request: HttpRequest, deliveries: QuerySet[WebhookDelivery], pk: int) -> HttpResponse:
    sent = 0
    try:
        for delivery in deliveries:
            webhooks.send_again(delivery)
            sent += 1
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        said = ngettext("%(n)d delivery is sent again.", "%(n)d deliveries are sent again.", sent)
        messages.success(request, said % {"n": sent})
    return redirect("webhook", pk=pk)


@require_GET
@open_to(ADMINISTRATOR)
def node_times_file(request: HttpRequest) -> StreamingHttpResponse:
    """Node times of one's offices since a day, as CSV; row by row, however many."""
    try:
        since = dt.date.fromisoformat(request.GET.get("since", ""))
    except ValueError:
        since = timezone.localdate() - dt.timedelta(days=USUAL_DAYS)
    start = timezone.make_aware(dt.datetime.combine(since, dt.time()))
    cases = Case.objects.filter(office__in=reader(request).offices).values("pk")
    rows = (node_row(task) for task in changed_tasks(cases, start).iterator(chunk_size=1000))
    answer = StreamingHttpResponse(_lines(rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="node-times-{since:%Y%m%d}.csv"'
    return answer


@require_http_methods(["GET", "POST"])
@open_to(OFFICER)
def system_sheet(request: HttpRequest) -> HttpResponse:
    """A sheet of contacts or accepted cases: tried or brought in, and what became of each row."""
    if not reader(request).has_role(*MAY_BRING_IN):
        raise Http404
    form = SheetOfSystemForm(request.POST or None, request.FILES or None)
    read, came, dry, status = Read(), list[Came](), "try" in request.POST, 200
    if request.method == "POST":
        read = _read(form) if form.is_valid() else Read()
        if read.rows and not read.faults:
            came = list(bring_in(read.rows, by=reader(request).user, dry=dry))
        else:
            status = 422
    counts = {
        state: sum(row.outcome == state for row in came) for state in ("new", "added", "known", "refused")
    }
    context = {
        "form": form, "faults": read.faults, "more_faults": read.more_faults, "came": came, "dry": dry, "counts": counts,
        "sheets": [(name, columns) for name, columns in SHEETS.values()], "most": MOST_ROWS,
        "seen": _seen(request, came) if not dry else set(), "me_admin": reader(request).has_role("administrator"),
    }  # fmt: skip
    return render(request, "applications/system_sheet.html", context, status=status)


def _read(form: SheetOfSystemForm) -> Read:
    upload = form.cleaned_data["sheet"]
    try:
        read = read_sheet(form.cleaned_data["holds"], upload.file, upload.name)
    except Unreadable as unreadable:
        form.add_error("sheet", unreadable.sentence)
        return Read()
    if len(read.rows) > MOST_ROWS:
        form.add_error(
            "sheet",
            _("More than %(n)s rows: split it, or have it brought in by the command.") % {"n": MOST_ROWS},
        )
        return Read()
    return read


def _seen(request: HttpRequest, came: list[Came]) -> set[Any]:
    mine = Case.objects.visible_to(reader(request).user, reader(request))
    return set(mine.filter(pk__in=[row.case.pk for row in came if row.case]).values_list("pk", flat=True))


def _subscriptions() -> QuerySet[WebhookSubscription]:
    found = WebhookSubscription.objects.select_related("token__channel", "token__account", "created_by")
    return found.annotate(
        waiting=Count("deliveries", filter=WAITING),
        dead=Count("deliveries", filter=~Q(deliveries__dead_at=None)),
        last_at=Max("deliveries__delivered_at"),
    )


def _in_state(deliveries: Any, state: str) -> Any:
    if state == "dead":
        return deliveries.exclude(dead_at=None)
    return deliveries.filter(dead_at=None, delivered_at=None) if state == "waiting" else deliveries


class _Line:
    """A file that hands back what is written to it."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> None:
        """Keep the line."""
        self.text += text


def _lines(rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    line = _Line()
    write_table(line, [])
    yield line.text
    for row in rows:
        line.text = ""
        write_table(line, [row], heading=False)
        yield line.text
