"""The shared components as template tags: `{% load ui %}`. Examples stand in docs/ui.md.

Every tag takes plain data (staff.presentation, or a dict with the same keys) and renders a template of
templates/components/. Colour is never the only sign, and each drawing has a text beside it for who can't
see it. The library is put together from this module and its neighbours ui_text, ui_forms and ui_boards.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import segno
from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from staff import formats
from staff.presentation import read, share_class
from staff.templatetags import ui_boards, ui_forms, ui_text

register = template.Library()
for part in (ui_text, ui_forms, ui_boards):
    register.tags.update(part.register.tags)
    register.filters.update(part.register.filters)


@register.inclusion_tag("components/lamp.html")
def lamp(standing: Any, text: str = "", size: str = "") -> dict[str, Any]:
    """`{% lamp "amber" "今天到期" %}`, `{% lamp countdown size="large" %}`; without text its own word."""
    if isinstance(standing, str):
        return {"standing": standing, "text": text, "size": size}
    return {"standing": read(standing, "standing"), "text": text or read(standing, "text"), "size": size}


@register.inclusion_tag("components/countdown.html")
def countdown(deadline: Any, size: str = "large") -> dict[str, Any]:
    """`{% countdown view %}`: the lamp, last moment and, on tap, how it was counted."""
    return {"deadline": deadline, "size": size}


def _stations(milestones: Iterable[Any]) -> list[dict[str, Any]]:
    return [
        {
            "name": read(station, "name"),
            "state": read(station, "state", "todo"),
            "when": formats.near_moment(read(station, "when", None)),
            "note": read(station, "note"),
            "fill": share_class(read(station, "share", 0)) if read(station, "state") == "now" else "",
        }
        for station in milestones
    ]


@register.inclusion_tag("components/wire.html")
def wire(milestones: Iterable[Any]) -> dict[str, Any]:
    """`{% wire milestones %}`: the case as a wire (presentation.Milestone); it stands upright on a phone."""
    return {"kind": "wire", "stations": _stations(milestones)}


@register.inclusion_tag("components/wire.html")
def vwire(milestones: Iterable[Any]) -> dict[str, Any]:
    """`{% vwire milestones %}`: the upright wire for customers. A note may be safe HTML."""
    return {"kind": "vwire", "stations": _stations(milestones)}


@register.inclusion_tag("components/mini.html")
def mini(milestones: Iterable[Any]) -> dict[str, Any]:
    """`{% mini milestones %}`: the wire in a table's cell, with "Step 3 of 6: …" for a screen reader."""
    stations = _stations(milestones)
    here = next((i for i, station in enumerate(stations) if station["state"] in {"now", "late"}), None)
    return {
        "stations": stations,
        "total": len(stations),
        "position": len(stations) if here is None else here + 1,
        "here": None if here is None else stations[here],
    }


@register.inclusion_tag("components/times.html")
def times(
    occurred: datetime | None,
    recorded: datetime | None,
    *,
    gap: str = "",
    share: float = 0,
    occurred_label: str = "",
    recorded_label: str = "",
    note: str = "",
) -> dict[str, Any]:
    """`{% times event.occurred_at event.recorded_at gap="相隔 2 个工作日" share=60 %}`.

    Both times, always side by side. `gap` is the caller's sentence; with `share` (its length, 0 to 100) it is
    beyond the rule and drawn as a dashed line.
    """
    return {
        "occurred": occurred,
        "recorded": recorded,
        "gap": gap,
        "length": share_class(share) if share else "",
        "occurred_label": occurred_label,
        "recorded_label": recorded_label,
        "note": note,
    }


def _button(action: Any) -> dict[str, Any]:
    label, url = str(read(action, "label")), str(read(action, "url"))
    return {
        "label": label,
        "url": url,
        "enabled": bool(read(action, "enabled", default=True)),
        "reason": read(action, "reason"),
        "key": read(action, "key"),
        "primary": read(action, "primary"),
        "danger": read(action, "danger"),
        "method": read(action, "method", "get"),
        "fields": dict(read(action, "fields", {})),
        "why_id": f"why-{zlib.crc32(f'{label} {url}'.encode()):08x}",
    }


@register.inclusion_tag("components/act_button.html")
def act_button(action: Any) -> dict[str, Any]:
    """`{% act_button action %}`: one button; if it is off, dashed, focusable, the reason under it."""
    return {"actions": [_button(action)]}


@register.inclusion_tag("components/act_button.html")
def act_buttons(actions: Iterable[Any]) -> dict[str, Any]:
    """`{% act_buttons actions %}`: a row of buttons and under it the sentences of those that are off."""
    return {"actions": [_button(action) for action in actions], "row": True}


@register.simple_tag
def qr(url: str, label: str = "") -> SafeString:
    """`{% qr url %}`: a QR code as inline SVG, at least 25 mm on paper, with its quiet zone."""
    code = segno.make(url, error="m", micro=False, boost_error=False)
    svg = code.svg_inline(omitsize=True, border=2, light="#fff", svgclass=None, lineclass=None)
    drawing = mark_safe(svg)  # noqa: S308 - squares alone: the address is in the code, never in the markup
    return format_html(
        '<span class="qr" role="img" aria-label="{}">{}</span>', label or _("QR code"), drawing
    )
