"""What becomes of a contact: one page an outcome, handing on, joining with another case."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.checklists import whole_list
from applications.fields import compact
from applications.forms.outcomes import OUTCOMES, HandOnForm, JoinForm, OutcomeForm, fresh_key
from applications.models import Application
from applications.selectors.duplicates import Likely, likely_duplicates
from applications.services.joining import join_cases, survivor_of
from applications.views.case import visible_case
from staff.access import OFFICER, authority_of, open_to, reader
from staff.formats import grouped_number
from workflow import actions
from workflow.models import Case, Contact, Outcome, Stage
from workflow.policies import why_not
from workflow.selectors.situations import situation_of
from workflow.services.contacts import hand_on_contact, resolve_contact, tell_outcome
from workflow.situation import Subject
from workflow.subjects import ContactSubject
from workflow.transitions import Refusal, Repeated

TOLD = frozenset({"advice", "given-up"})


@open_to(OFFICER)
def contact_outcome(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The closed list: each way a contact can end, with its page, or the sentence why not."""
    contact, case = _contact(request, pk)
    ways = [
        ("accepted", _("Accept: take up the application"), reverse("contact_apply", args=[case.pk]), _has_application(case)),
        ("papers", _("Request missing papers"), _page_of(contact, "papers"), _why_not(request, case, "resolve_contact")),
        ("advice", _("Answer as advice"), _page_of(contact, "advice"), _why_not(request, case, "tell_outcome")),
        ("joined", _("Join to another case"), reverse("case_join", args=[case.pk]), _why_not(request, case, "link_contact")),
        ("hand_on", _("Hand on to another office"), reverse("contact_hand_on", args=[contact.pk]), _why_not(request, case, "hand_on_contact")),
        ("referred", _("Refer to somebody outside"), _page_of(contact, "referred"), _why_not(request, case, "resolve_contact")),
        ("not_acceptable", _("Not acceptable"), _page_of(contact, "not-acceptable"), _why_not(request, case, "resolve_contact")),
        ("given_up", _("Given up by the customer"), _page_of(contact, "given-up"), _why_not(request, case, "tell_outcome")),
    ]  # fmt: skip
    context = {
        "case": case,
        "contact": contact,
        "ways": ways,
        "ended": contact.get_outcome_display() if contact.outcome else "",
    }
    return render(request, "applications/contact_outcome.html", context)


@open_to(OFFICER)
def contact_resolve(request: HttpRequest, pk: uuid.UUID, outcome: str) -> HttpResponse:
    """One outcome's page."""
    contact, case = _contact(request, pk)
    if outcome not in OUTCOMES:
        raise Http404
    initial = {"key": fresh_key(), "version": contact.version}
    more: dict[str, Any] = {}
    if outcome == "papers":
        more["items"] = whole_list(contact.category, timezone.localdate())
    form = OUTCOMES[outcome](request.POST or None, initial=initial, **more)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _resolve(request, contact, form, outcome)
            except Repeated:
                return redirect("case", pk=case.pk)
            except Refusal as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                return redirect("case", pk=case.pk)
    context = {
        "form": form, "case": case, "contact": contact, "title": Outcome(form.outcome).label, "told": outcome in TOLD,
        "listless": outcome == "papers" and not more["items"],
    }  # fmt: skip
    return render(request, "applications/contact_resolve.html", context, status=status)


def _resolve(request: HttpRequest, contact: Contact, form: OutcomeForm, outcome: str) -> None:
    data, by = form.cleaned_data, reader(request).user
    do = tell_outcome if outcome in TOLD else resolve_contact
    do(contact, by=by, version=data["version"], key=data["key"] or None, **form.given())
    if outcome in TOLD:
        messages.success(request, _("The customer is told. It takes effect unless the customer answers “I want it done”."))  # fmt: skip


@open_to(OFFICER)
def contact_hand_on(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """To another office: the contact stays open there, its clock runs on, and how often it was passed on stays with it."""
    contact, case = _contact(request, pk)
    form = HandOnForm(
        request.POST or None, initial={"key": fresh_key(), "version": contact.version}, here=contact.office_id
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            try:
                hand_on_contact(
                    contact, to_office=data["to_office"], reason=data["reason"], by=reader(request).user, version=data["version"],
                    key=data["key"] or None,
                )  # fmt: skip
            except Repeated:
                return redirect("desk")
            except Refusal as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, _("Handed on to %(office)s; it stays open there.") % {"office": data["to_office"].name})  # fmt: skip
                return redirect("desk")
    context = {
        "form": form, "case": case, "contact": contact, "passed": list(contact.hand_ons.select_related("from_office", "to_office")),
        "why_not": _why_not(request, case, "hand_on_contact"),
    }  # fmt: skip
    return render(request, "applications/contact_hand_on.html", context, status=status)


@open_to(OFFICER)
def case_join(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Proposes other open cases of the same phone or place; which of the two goes on is decided by how far they are."""
    case = visible_case(request, pk)
    likely = likely_duplicates(case, reader(request).user, authority_of(request))
    proposed = [(str(one.case.pk), _in_a_line(one)) for one in likely]
    form = JoinForm(request.POST or None, initial={"key": fresh_key()}, proposed=proposed)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and (other := _other(request, form)) is not None:
            try:
                join_cases(
                    case, other, reason=form.cleaned_data["reason"], by=reader(request).user, key=form.cleaned_data["key"] or None
                )  # fmt: skip
            except Repeated:
                return redirect("case", pk=survivor_of(case, other).pk)
            except Refusal as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                stays = survivor_of(case, other)
                said = _("Joined. %(number)s goes on; the other number leads there.")
                messages.success(request, said % {"number": grouped_number(str(stays))})
                return redirect("case", pk=stays.pk)
    context = {
        "form": form,
        "case": case,
        "likely": likely,
        "why_not": _why_not(request, case, "link_contact"),
    }
    return render(request, "applications/case_join.html", context, status=status)


def _other(request: HttpRequest, form: JoinForm) -> Case | None:
    mine = Case.objects.visible_to(reader(request).user, authority_of(request)).select_related("office")
    data = form.cleaned_data
    if data.get("other"):
        return get_object_or_404(mine, pk=data["other"])
    number = compact(data["number"])
    found = mine.filter(application_no=number).first() or mine.filter(contact_no=number).first()
    if found is None:
        form.add_error("number", _("No such case among those you may see; check the number."))
    return found


def _in_a_line(one: Likely) -> str:
    why = [_("same phone")] if one.same_phone else []
    why += [_("same place")] if one.same_place else []
    parts = [grouped_number(str(one.case)), str(Stage(one.case.stage).label), one.case.office.name, *why]
    return "・".join(parts)


def _contact(request: HttpRequest, pk: uuid.UUID) -> tuple[Contact, Case]:
    found = Contact.objects.select_related("case__office", "person", "office", "channel")
    contact = get_object_or_404(found, pk=pk)
    return contact, visible_case(request, contact.case_id)


def _page_of(contact: Contact, outcome: str) -> str:
    return reverse("contact_resolve", args=[contact.pk, outcome])


def _has_application(case: Case) -> str:
    return (
        _("This case has an application already.") if Application.objects.filter(case=case).exists() else ""
    )


def _why_not(request: HttpRequest, case: Case, name: str) -> str:
    application = Application.objects.select_related("case__office").filter(case=case).first()
    subject: Subject = application or ContactSubject(case)
    situation = situation_of(subject, reader(request).user, known=authority_of(request))
    return why_not(situation.before(actions.get(name))) or ""
