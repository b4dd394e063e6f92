"""Between JSON and forms: a form's fields as JSON schema, and a JSON body as what a form reads."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Model
from django.http import QueryDict

from applications.forms.fields import LinesField

HANDLES = frozenset({"key", "version"})
"""What a page's form carries along; the API has headers for it, and `version` may stand in the body."""
ALWAYS = frozenset({"version", "checked"})
"""Fields every act takes besides its own: the task's version, and that what is unusual was looked at."""


def form_data(given: Mapping[str, Any], fields: Mapping[str, forms.Field]) -> QueryDict:
    """A JSON object as a browser would send it."""
    if isinstance(given, QueryDict):
        return given.copy()
    data = QueryDict(mutable=True)
    for name, value in given.items():
        sent = _sent(value, fields.get(re.sub(r"__\d+$", "", str(name))))
        if sent is not None:
            data.setlist(str(name), sent)
    return data


def _sent(value: Any, field: forms.Field | None) -> list[str] | None:
    if value is None:
        return None
    if isinstance(value, bool):
        if isinstance(field, forms.ChoiceField):
            return ["yes" if value else "no"]
        return ["on"] if value else None
    if isinstance(value, list):
        texts = [str(one) for one in value]
        return ["\n".join(texts)] if isinstance(field, LinesField) else texts
    return [str(value)]


def form_schema(fields: Mapping[str, forms.Field], form: forms.Form | None = None) -> dict[str, Any]:
    """The fields as JSON schema. With a `form` of one case: its choices and what each field starts with."""
    properties = {
        name: field_schema(field, live=form is not None)
        for name, field in fields.items()
        if name not in HANDLES
    }
    if form is not None:
        for name, schema in properties.items():
            if (first := plain(form[name].value())) not in (None, "", []):
                schema["default"] = first
    needed = [name for name in properties if fields[name].required]
    found: dict[str, Any] = {"type": "object", "properties": properties}
    return found | ({"required": needed} if needed else {})


def field_schema(field: forms.Field, *, live: bool) -> dict[str, Any]:
    """One field: type, title, what it may hold."""
    said = {"title": str(field.label or ""), "description": str(field.help_text or "")}
    return {name: text for name, text in said.items() if text} | _type(field, live=live)


def _type(field: forms.Field, *, live: bool) -> dict[str, Any]:
    if isinstance(field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField):
        return {"type": "array", "items": {"type": "string"} | _choices(field, live=live)}
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        if _is_yes_no(field, live=live):
            return {"type": "boolean"}
        return {"type": "string"} | _choices(field, live=live)
    if isinstance(field, LinesField):
        return {"type": "array", "items": {"type": "string", "maxLength": field.longest}}
    for kind, schema in _SIMPLE:
        if isinstance(field, kind):
            return dict(schema)
    longest = getattr(field, "max_length", None)
    return {"type": "string"} | ({"maxLength": longest} if longest else {})


_SIMPLE: tuple[tuple[type[forms.Field], dict[str, Any]], ...] = (
    (forms.BooleanField, {"type": "boolean"}),
    (forms.DateTimeField, {"type": "string", "format": "date-time"}),
    (forms.DateField, {"type": "string", "format": "date"}),
    (forms.DecimalField, {"type": "string", "format": "decimal"}),
    (forms.IntegerField, {"type": "integer"}),
)


def _is_yes_no(field: Any, *, live: bool) -> bool:
    if isinstance(field, forms.ModelChoiceField):
        return False
    return {value for value, _label in _pairs(field.choices)} == {"yes", "no"}


def _choices(field: Any, *, live: bool) -> dict[str, Any]:
    """Rows of a case are listed only for one case; the description of the act at large can't know them."""
    if isinstance(field, forms.ModelChoiceField) and not live:
        return {}
    pairs = [(str(value), str(label)) for value, label in _pairs(field.choices) if str(value) != ""]
    if not pairs:
        return {}
    return {"enum": [value for value, _label in pairs], "x-labels": [label for _value, label in pairs]}


def _pairs(choices: Iterable[Any]) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    for value, label in choices:
        found += list(label) if isinstance(label, list | tuple) else [(value, label)]
    return found


def plain(value: Any) -> Any:
    """A field's value as JSON."""
    if isinstance(value, list | tuple | set):
        return [plain(one) for one in value]
    if isinstance(value, Model):
        return str(value.pk)
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | str):
        return value
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
