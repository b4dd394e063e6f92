"""Counter mode: somebody stands there. One page from the first word to the receipt, by keyboard alone."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from applications.forms.visit import VisitForm
from applications.models import Application
from applications.services.counter import file_visit
from applications.uploads import ACCEPT
from applications.views.case import visible_case
from applications.views.origin import circumstance_of
from staff.access import OFFICER, open_to, reader
from workflow.models import Case
from workflow.services.contacts import FirstContact, register_contact
from workflow.transitions import Refusal, Repeated

NOT_TYPED = frozenset({"shown", "usage", "key", "csrfmiddlewaretoken", "papers"})


@open_to(OFFICER)
def counter(request: HttpRequest) -> HttpResponse:
    """Contact, application, papers and acceptance of one visitor. The contact is sealed first: whatever is refused after it, it stands."""
    form = _blank(request)
    status = 200
    if request.method == "POST":
        form = VisitForm(request.POST, request.FILES or None)
        if form.changed_category or "again" in request.POST:
            form = _blank(request, _as_typed(request))
        elif form.is_valid():
            answer, status = _serve(request, form)
            if answer is not None:
                return answer
        else:
            status = 422
    context = {"form": form, "accept": ACCEPT, "items": form.items}
    return render(request, "applications/counter.html", context, status=status)


def _blank(request: HttpRequest, typed: dict[str, Any] | None = None) -> VisitForm:
    first = {"key": uuid.uuid4().hex, "category": request.GET.get("category", "new_supply.residential")}
    return VisitForm(initial={**first, **(typed or {})})


def _serve(request: HttpRequest, form: VisitForm) -> tuple[HttpResponse | None, int]:
    """Seal the contact, then all the rest at once. A refusal keeps what was typed, and the case its contact has opened."""
    try:
        case = _case(request, form)
        if Application.objects.filter(case=case).exists():
            messages.info(request, _("This was done already; nothing was done twice."))
            return redirect("case", pk=case.pk), 303
        form.data = _with(form.data, case)
        file_visit(
            case, form.particulars(), form.in_hand(), by=reader(request).user, key=form.cleaned_data["key"] or uuid.uuid4().hex,
            accepting=form.accepting, circumstance=circumstance_of(request, via="counter", behalf="staff"), **form.load(),
        )  # fmt: skip
    except Repeated as repeated:
        return redirect("case", pk=repeated.done.case_id), 303
    except Refusal as refusal:
        form.add_error(None, refusal.sentence)
        return None, refusal.status
    if form.accepting:
        messages.success(request, _("Accepted. Print the receipt and give it to the customer."))
        return redirect("case_paper", pk=case.pk, kind="acceptance", n=1), 303
    messages.success(request, _("Sent in. Ask for what is missing at once, on one notice."))
    return redirect("case_papers", pk=case.pk), 303


def _case(request: HttpRequest, form: VisitForm) -> Case:
    """The case the contact opened, now or with the first press."""
    if pk := form.cleaned_data.get("case"):
        return visible_case(request, pk)
    data = form.cleaned_data
    first = FirstContact(
        channel="hall", phone=data["phone"], name=data["name"], need=str(form.chosen.name), place=data["address"], category=form.chosen.code,
        papers_left=bool(form.here(data)), office_code=next((post.office_code for post in reader(request).posts), ""),
    )  # fmt: skip
    how = circumstance_of(request, via="hall", behalf="staff")
    return register_contact(first, by=reader(request).user, key=data["key"] or None, circumstance=how).case


def _with(data: Any, case: Case) -> Any:
    kept = data.copy()
    kept["case"] = str(case.pk)
    return kept


def _as_typed(request: HttpRequest) -> dict[str, Any]:
    """What was typed before another category was chosen; it is kept as far as that one asks for it."""
    typed = {
        name: value
        for name, value in request.POST.items()
        if name not in NOT_TYPED and isinstance(value, str)
    }
    return typed | {"papers": request.POST.getlist("papers")}
