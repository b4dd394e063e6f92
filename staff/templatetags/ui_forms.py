"""Forms in templates: fields, the list of mistakes; part of the `ui` library, never loaded alone."""

from __future__ import annotations

from typing import Any

from django import template
from django.forms import BaseForm, BoundField, CheckboxInput, Textarea
from django.forms.formsets import BaseFormSet
from django.utils.translation import gettext as _

register = template.Library()


@register.inclusion_tag("components/field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """`{% field form.phone %}`: label, hint, widget, mistakes."""
    widget = bound.field.widget
    kind = "plain"
    if isinstance(widget, CheckboxInput):
        kind = "check"
    elif bound.use_fieldset:
        kind = "group"
    return {
        "field": bound,
        "kind": kind,
        "choices": kind == "group" and hasattr(widget, "choices"),
        "full": isinstance(widget, Textarea),
        "optional": not bound.field.required and kind != "check",
    }


@register.inclusion_tag("components/form_fields.html")
def form_fields(form: BaseForm, only: str = "", skip: str = "", columns: int = 3) -> dict[str, Any]:
    """`{% form_fields form %}`, `{% form_fields form only="a b" columns=1 %}`: all fields, hidden ones too."""
    wanted, unwanted = only.split(), skip.split()
    shown = [
        bound
        for bound in form.visible_fields()
        if (not wanted or bound.name in wanted) and bound.name not in unwanted
    ]
    return {"fields": shown, "hidden": [] if wanted else form.hidden_fields(), "columns": columns}


def _target(bound: BoundField) -> str:
    return bound.id_for_label or f"{bound.auto_id}_0"


def _mistakes(form: BaseForm | BaseFormSet) -> list[dict[str, str]]:
    if isinstance(form, BaseFormSet):
        own = [{"label": "", "text": str(text), "target": ""} for text in form.non_form_errors()]
        return own + [mistake for member in form.forms for mistake in _mistakes(member)]
    found = [{"label": "", "text": str(text), "target": ""} for text in form.non_field_errors()]
    for name, messages in form.errors.items():
        if name in form.fields:
            bound = form[name]
            label = str(bound.label).rstrip("？?")  # a colon follows
            found += [{"label": label, "text": str(text), "target": _target(bound)} for text in messages]
    return found


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms: BaseForm | BaseFormSet | None) -> dict[str, Any]:
    """`{% error_summary form %}`: what has to be mended, each line leading to its field. Or nothing."""
    return {"mistakes": [mistake for form in forms if form for mistake in _mistakes(form)]}


@register.simple_tag
def error_title(*forms: BaseForm | BaseFormSet | None) -> str:
    """`{% error_title form other %}` in the title block: "Error: " when one of them has mistakes."""
    return _("Error: ") if any(form and _mistakes(form) for form in forms) else ""
