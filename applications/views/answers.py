"""The answers of an online application as they are checked before sending: in words, ID numbers masked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from applications.categories import BY_CODE
from staff.formats import ASTERISK, long_day

MASKED = frozenset({"id_number", "former_id_number"})
SHOWN_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Answer:
    """One line, and the step it is changed on."""

    step: str
    label: str
    value: str


def answer_rows(category: str, answers: Mapping[str, Any], valid: Mapping[str, forms.Form]) -> list[Answer]:
    """Every answer with its label, in order."""
    return [
        Answer(step, str(form.fields[name].label), _word(form, name, category))
        for step, form in valid.items()
        for name in form.fields
    ]


def _word(form: forms.Form, name: str, category: str) -> str:
    value, field = form.cleaned_data.get(name), form.fields[name]
    if name in MASKED:
        return masked_number(str(value))
    if isinstance(field, forms.ChoiceField):
        raw = str(form.data.get(name, ""))
        return str(dict(field.choices).get(raw, raw))  # type: ignore[arg-type]
    if name in ("capacity", "previous_capacity") and value is not None:
        return f"{value.normalize():,f} {BY_CODE[category].unit}"
    if isinstance(field, forms.DateField):
        return long_day(value) if value else _("not said")
    return str(value or _("not said"))


def masked_number(number: str) -> str:
    """The last four characters of an identity number."""
    return ASTERISK * SHOWN_DIGITS + number[-SHOWN_DIGITS:]
