"""过问登记 for every officer, tip-offs for anybody, and the page where the discipline office alone reads them."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.forms.said import ToldToWaitForm
from integrity.forms import InterventionForm, TipOffAnswerForm, TipOffCodeForm, TipOffForm
from integrity.selectors.interventions import (
    ToldToWait,
    declared_by,
    interventions_of,
    silent_officers,
    tip_offs,
    told_to_wait,
)
from integrity.services.interventions import (
    Asked,
    answer_tip_off,
    declare_nil,
    hand_in_tip_off,
    note_interventions_read,
    quarter_of,
    register_intervention,
    tip_off_by,
)
from staff.access import DISCIPLINE, EVERYONE, OFFICER, open_to, reader
from staff.devices import network_of
from staff.models import User
from staff.throttles import CONTACTS_FROM_NETWORK, LOOKUPS_FROM_NETWORK, Toll, TooOften, pay
from workflow.transitions import Refused

SHOWN = 100


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(OFFICER)
def intervention_new(request: HttpRequest) -> HttpResponse:
    """Who asked, what for: thirty seconds. Nobody but the discipline office ever sees that it was registered."""
    form = InterventionForm(request.POST or None, initial={"key": uuid.uuid4().hex, "kind": "asked"})
    me = reader(request)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        key = data.pop("key")
        code = register_intervention(Asked(**data), by=me.user, office_id=me.posts[0].office_id, key=key)
        return render(request, "integrity/intervention_done.html", {"code": _grouped(code)})
    year, quarter = _last_quarter()
    context = {
        "form": form, "year": year, "quarter": quarter, "declared": (year, quarter) in declared_by(me.user),
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return render(request, "integrity/intervention_new.html", context, status=status)


@require_POST
@open_to(OFFICER)
def intervention_nil(request: HttpRequest) -> HttpResponse:
    """Nobody asked me last quarter."""
    year, quarter = _last_quarter()
    try:
        declare_nil(by=reader(request).user, year=year, quarter=quarter)
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("Declared. It is on record."))
    return redirect("intervention:new")


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(EVERYONE)
def tip_off_new(request: HttpRequest) -> HttpResponse:
    """Without a name: nothing says who, from where, on which device. Counted by network for an hour, so that nobody floods it."""
    form = TipOffForm(request.POST or None)
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            pay([Toll(CONTACTS_FROM_NETWORK, network_of(request))], timezone.now())
        except TooOften:
            form.add_error(None, _("Too often from here. Try again in an hour."))
            status = 429
        else:
            code = hand_in_tip_off(**form.cleaned_data)
            return render(request, "integrity/tip_off_done.html", {"code": _grouped(code)})
    return render(
        request, "integrity/tip_off_new.html", {"form": form, "look": TipOffCodeForm()}, status=status
    )


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(EVERYONE)
def tip_off_look(request: HttpRequest) -> HttpResponse:
    """What came of it, for whoever holds the code. The code stands in no address."""
    if request.method != "POST":
        return redirect("intervention:tip_off")
    form, tip = TipOffCodeForm(request.POST), None
    status = 422
    if form.is_valid():
        try:
            pay([Toll(LOOKUPS_FROM_NETWORK, network_of(request))], timezone.now())
        except TooOften:
            form.add_error("code", _("Too often from here. Try again in an hour."))
            return _look(request, form, None, 429)
        tip = tip_off_by(form.cleaned_data["code"])
        if tip is None:
            form.add_error("code", _("No such code. Check letters and digits."))
        else:
            status = 200
    return _look(request, form, tip, status)


@require_safe
@open_to(DISCIPLINE)
def interventions(request: HttpRequest) -> HttpResponse:
    """Everything at once, newest first. That it was opened is on record."""
    me = reader(request).user
    note_interventions_read(me)
    year, quarter = _last_quarter()
    context = {
        "rows": list(interventions_of(me)[:SHOWN]), "tips": _tips(), "waits": _waits(me), "year": year, "quarter": quarter,
        "silent": list(silent_officers(me, year, quarter)),
    }  # fmt: skip
    return render(request, "integrity/interventions.html", context)


@require_POST
@open_to(DISCIPLINE)
def tip_off_answer(request: HttpRequest, tip_id: uuid.UUID) -> HttpResponse:
    """The answer, once."""
    tip = get_object_or_404(tip_offs(), pk=tip_id)
    form = TipOffAnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write what came of it."))
        return redirect("integrity:interventions")
    try:
        answer_tip_off(tip, answer=form.cleaned_data["answer"], by=reader(request).user)
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("integrity:interventions")


def _waits(me: User) -> list[tuple[ToldToWait, str, str]]:
    """Customers' reports in words: the lists are those of the customers' own form."""
    whom, said = (dict(ToldToWaitForm.base_fields[name].choices) for name in ("whom", "said"))  # type: ignore[attr-defined]
    return [
        (row, str(whom.get(row.whom, row.whom)), str(said.get(row.said, row.said)))
        for row in told_to_wait(me, SHOWN)
    ]


def _tips() -> list[tuple[Any, TipOffAnswerForm]]:
    return [(tip, TipOffAnswerForm(auto_id=f"tip-{tip.pk}-%s")) for tip in tip_offs()[:SHOWN]]


def _look(request: HttpRequest, form: TipOffCodeForm, tip: Any, status: int) -> HttpResponse:
    context = {"form": TipOffForm(), "look": form, "tip": tip}
    return render(request, "integrity/tip_off_new.html", context, status=status)


def _last_quarter() -> tuple[int, int]:
    year, quarter = quarter_of(timezone.localdate())
    return (year, quarter - 1) if quarter > 1 else (year - 1, 4)


def _grouped(code: str) -> str:
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))
