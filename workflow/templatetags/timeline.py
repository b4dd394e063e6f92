"""Words for what an event's payload holds as a code: `{{ data.to|word:names }}`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.dateparse import parse_datetime

from staff.formats import span
from workflow.models import Outcome, Purpose

register = template.Library()


@register.filter
def word(code: Any, names: Mapping[str, str] | None) -> str:
    """What a person, node, limit, reason or office is called; the code itself where nobody knows."""
    return str((names or {}).get(str(code), code if code is not None else ""))


@register.filter
def purpose_word(code: str) -> str:
    """What the person came for."""
    return str(Purpose(code).label) if code in Purpose.values else str(code)


@register.filter
def outcome_word(code: str) -> str:
    """How the contact ended."""
    return str(Outcome(code).label) if code in Outcome.values else str(code)


@register.filter
def moment(text: Any) -> dt.datetime | str:
    """A payload's ISO text as a moment, for `{% when … %}`; any other text as it is."""
    if isinstance(text, dt.datetime):
        return text
    return parse_datetime(str(text)) or str(text)


@register.filter
def slot(said: Any) -> str:
    """A time for a visit as payloads hold it: a pair, or `from` and `to`."""
    pair = (said.get("from"), said.get("to")) if isinstance(said, Mapping) else said
    begin, end = (parse_datetime(str(text)) for text in pair)
    return span(begin, end) if begin and end else ""
