"""The steps of an online application of a category, their forms, and what their answers mean to the services once all are there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from applications.categories import BY_CODE, EITHER, ORGANISATION, PERSON, Category
from applications.checklists import told_by
from applications.forms.apply import DetailsForm, LoadForm, OrganisationForm, PersonForm, PlaceForm, WhoForm
from applications.forms.sections import capacity_of, details_of
from applications.forms.usages import usual_usage
from applications.selectors.terms import figure
from applications.services.drafts import Filled
from applications.services.filing import Particulars
from staff.models import User
from workflow.services.contacts import FirstContact


def steps_of(category: str) -> tuple[str, ...]:
    """The form steps of a category: details only where it asks for more, a load only where it asks for a capacity."""
    kind = BY_CODE[category]
    return (
        "place", "who", "applicant", *(("details",) if kind.sections else ()), *(("load",) if kind.sized else ()),
    )  # fmt: skip


def form_for(
    step: str, category: str, answers: Mapping[str, Any], data: Mapping[str, Any] | None = None
) -> forms.Form:
    """The form of a step: bound to what was sent, else showing what was typed before."""
    kind, who = BY_CODE[category], answers.get("who", {})
    first = {"initial": answers.get(step, {})}
    if step == "place":
        return PlaceForm(data, category=kind, **first)
    if step == "who":
        return WhoForm(data, category=kind, **first)
    if step == "details":
        return DetailsForm(data, category=kind, **first)
    if step == "load":
        return LoadForm(data, category=kind, said=_said(kind, answers), **first)
    form = OrganisationForm if kind_of(category, who) == ORGANISATION else PersonForm
    return form(data, by_agent=who.get("by_agent") == "yes", **first)


def _said(category: Category, answers: Mapping[str, Any]) -> dict[str, Any] | None:
    """The details' answers, once they are complete."""
    if not category.sections:
        return None
    form = DetailsForm(answers.get("details", {}), category=category)
    return form.cleaned_data if form.is_valid() else None


def kind_of(category: str, who: Mapping[str, str]) -> str:
    """Person or organisation: as the category has it, else as answered."""
    applicant = BY_CODE[category].applicant
    return who.get("kind", PERSON) if applicant == EITHER else applicant


def raw(form: forms.Form, data: Mapping[str, Any]) -> dict[str, str]:
    """What was typed, as the draft keeps it."""
    return {name: str(data.get(name, ""))[:300] for name in form.fields}


def checked(category: str, answers: Mapping[str, Any]) -> dict[str, forms.Form]:
    """Every step's form, bound to its answers: which of them are complete, and with what."""
    return {step: form_for(step, category, answers, answers.get(step, {})) for step in steps_of(category)}


def first_gap(forms_: Mapping[str, forms.Form]) -> str | None:
    """The first step that is not complete."""
    return next((step for step, form in forms_.items() if not form.is_valid()), None)


def conditions(category: str, answers: Mapping[str, Any]) -> dict[str, Any]:
    """What the answers say about the checklist's conditions (as applications.checklists.conditions_of says of an application)."""
    place, who = answers.get("place", {}), answers.get("who", {})
    return {
        "by_agent": who.get("by_agent") == "yes",
        "title_proof": "none" if place.get("title_kind") == "village" else "yes",
        "owner_is_applicant": place.get("owner_is_applicant", "yes") == "yes",
        "organisation": "company" if kind_of(category, who) == ORGANISATION else "self_employed",
        **told_by(answers.get("details", {})),
    }


def filled(category: str, answers: Mapping[str, Any], forms_: Mapping[str, forms.Form], user: User) -> Filled:
    """The answers of complete forms. The phone signed in with is the one that made contact."""
    kind = BY_CODE[category]
    said = {name: value for form in forms_.values() for name, value in form.cleaned_data.items()}
    particulars = _particulars(category, answers, said, user)
    first = FirstContact(
        channel="web", phone=user.phone or "", name=said.get("agent_name") or said["name"], place=said["address"], category=category,
        office_code=said.get("office", ""), terminal_class="customer", need=_need(kind, said),
    )  # fmt: skip
    return Filled(
        particulars, first, kind.supply_class, capacity_of(kind, said), said.get("usage") or usual_usage(kind), said.get("wanted_by_date"),
        kind.business_type, details_of(kind, said),
    )  # fmt: skip


def _particulars(
    category: str, answers: Mapping[str, Any], said: Mapping[str, Any], user: User
) -> Particulars:
    who, phone = answers.get("who", {}), user.phone or ""
    applicant, by_agent = kind_of(category, who), who.get("by_agent") == "yes"
    return Particulars(
        name=said["name"], phone=said.get("phone") or phone, address=said["address"], kind=applicant,
        id_kind="uscc" if applicant == ORGANISATION else "ric", id_number=said["id_number"],
        owner_is_applicant=said.get("owner_is_applicant", True), title_kind=said.get("title_kind", ""), by_agent=by_agent,
        agent_name=said.get("agent_name", "") if by_agent else "", agent_phone=phone if by_agent else "",
    )  # fmt: skip


def _need(category: Category, said: Mapping[str, Any]) -> str:
    """The need in one line: how much, or what is to change."""
    size = capacity_of(category, said)
    if size is None or not category.sized:
        return str(category.name)
    return f"{figure(size)} {category.unit}"
