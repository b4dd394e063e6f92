"""The next version of a limit: what would move is shown, asked about, and then moved with the reason on record."""

from __future__ import annotations

import copy

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from staff.access import ADMINISTRATOR, open_to
from workflow.forms import LimitChangeForm
from workflow.models import Limit
from workflow.selectors.moves import Moves, moves_by_limit
from workflow.services.limits import IN_FORCE, add_version, is_newest
from workflow.services.reckonings import move_to_version
from workflow.views.places import places


@open_to(ADMINISTRATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Sent once, what it does is shown; sent again, it is done."""
    limit = get_object_or_404(Limit.objects.select_related("clause"), pk=pk, status=IN_FORCE)
    if not is_newest(limit) or limit.days is None:
        raise Http404
    if request.method != "POST":
        begin = {
            "days": limit.days,
            "effective_from": timezone.localdate(),
            "running": "0",
            "source": limit.source,
        }
        return _page(request, limit, LimitChangeForm(initial=begin, before=limit))
    form = LimitChangeForm(request.POST, before=limit)
    if not form.is_valid():
        return _page(request, limit, form, status=422)
    after = _edited(limit, form)
    if not form.confirmed:
        form.data = {**request.POST.dict(), "seen": form.digest}
        moves = moves_by_limit(limit, after) if form.cleaned_data["running"] else Moves()
        return _page(request, limit, form, moves=moves)
    moved = _do(request, limit, after, form)
    messages.success(request, _("The new version is in force; %(n)d open deadlines moved.") % {"n": moved})
    return redirect("workflow:limits")


def _edited(limit: Limit, form: LimitChangeForm) -> Limit:
    after = copy.copy(limit)
    given = form.cleaned_data
    after.days, after.effective_from, after.source = given["days"], given["effective_from"], given["source"]
    return after


def _do(request: HttpRequest, limit: Limit, after: Limit, form: LimitChangeForm) -> int:
    by = request.user
    before = Limit.objects.get(pk=limit.pk)
    version = add_version(after, by=by, today=timezone.localdate())  # type: ignore[arg-type]
    if not form.cleaned_data["running"]:
        return 0
    return move_to_version(before, version, by=by, reason=form.cleaned_data["reason"])  # type: ignore[arg-type]


def _page(
    request: HttpRequest,
    limit: Limit,
    form: LimitChangeForm,
    *,
    moves: Moves | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"limit": limit, "form": form, "moves": moves, "places": places("limits")}
    return render(request, "workflow/limit_change.html", context, status=status)
