"""Two people at one thing: what was typed beside what stands now, field by field, and what happened meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Model

from applications.models import Application, Fact
from staff.models import User
from workflow.actions import Action
from workflow.selectors.timeline import Entry, names_for, timeline

LATEST = 3
ROWS = {
    "acceptance": "acceptances", "survey": "surveys", "scheme": "schemes", "reply": "replynotices", "fees": "feesheets",
    "contract": "contracts", "design": "designsubmissions", "design_review": "designreviews", "inspection": "inspections",
    "metering": "meterings", "mid_inspection": "midinspections",
}  # fmt: skip
"""Where the fact an act records is kept."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One field in which the two differ; `raw` is what the field would hold if the other's value were taken."""

    name: str
    label: str
    mine: str
    theirs: str
    raw: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """What stands, by whom, and what happened last."""

    differences: list[Difference]
    fact: Fact | None
    by: str
    entries: list[Entry]
    names: dict[str, str]


def conflict_of(application: Application, action: Action, form: forms.Form) -> Conflict:
    """Compare a form that came too late with what was recorded meanwhile."""
    fact = _latest(application, action)
    entries = timeline(application.case, LATEST)
    differences = [found for field in form.visible_fields() if fact and (found := _difference(fact, field))]
    who = User.objects.filter(pk=fact.recorded_by_id).first() if fact and fact.recorded_by_id else None
    return Conflict(
        differences, fact, who.get_full_name() if who else "", entries, names_for(application.case, entries)
    )


def resolved(data: Any, application: Application, action: Action, form: forms.Form) -> Any:
    """What was sent, with the other's value where that was chosen."""
    wanted = {
        name.removeprefix("use-")
        for name, value in data.items()
        if name.startswith("use-") and value == "theirs"
    }
    if not wanted:
        return data
    chosen = data.copy()
    for difference in conflict_of(application, action, form).differences:
        if difference.name in wanted:
            chosen[difference.name] = difference.raw
    return chosen


def _latest(application: Application, action: Action) -> Fact | None:
    rows = ROWS.get(action.task_fact or "")
    return (
        getattr(application, rows).order_by("-recorded_at").first()
        if rows and hasattr(application, rows)
        else None
    )


def _difference(fact: Fact, field: Any) -> Difference | None:
    if not hasattr(fact, field.name) or isinstance(
        field.field, forms.FileField | forms.ModelMultipleChoiceField
    ):
        return None
    theirs, mine = _raw(getattr(fact, field.name), field.field), field.value()
    if isinstance(mine, list | tuple) or not isinstance(theirs, str):
        return None
    mine = "" if mine is None else str(mine)
    if mine.strip() == theirs.strip():
        return None
    return Difference(
        field.name, str(field.label), _shown(mine, field.field), _shown(theirs, field.field), theirs
    )


def _raw(value: Any, field: forms.Field) -> Any:
    """A stored value as the form's own text."""
    choices: Mapping[str, Any] = (
        dict(getattr(field, "choices", ()) or ()) if not isinstance(field, forms.ModelChoiceField) else {}
    )
    if isinstance(value, bool) and "yes" in choices:
        return "yes" if value else "no"
    if isinstance(value, Model):
        return str(value.pk)
    if isinstance(value, list | tuple | dict):
        return None
    return "" if value is None else str(field.prepare_value(value))


def _shown(text: str, field: forms.Field) -> str:
    """As people read it: the choice's words instead of its code."""
    for value, label in getattr(field, "choices", ()) or ():
        if str(value) == text:
            return str(label)
    return text
