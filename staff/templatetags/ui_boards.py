"""Desks and boards in templates: views, tiles, heat, bars; part of the `ui` library, never loaded alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.http import QueryDict

from staff.presentation import read, share_class

register = template.Library()

#: From which number a cell of a heat table is warm, hot and red, where the caller doesn't say.
HEAT_STEPS = (1, 3, 10)


@register.inclusion_tag("components/views.html")
def views(links: Iterable[Any]) -> dict[str, Any]:
    """`{% views links %}`: the list of views beside a desk (presentation.ViewLink)."""
    return {"links": links}


@register.inclusion_tag("components/tiles.html")
def tiles(items: Iterable[Any]) -> dict[str, Any]:
    """`{% tiles items %}`: lamps with numbers (presentation.Tile)."""
    return {"items": items}


def _level(cell: Any) -> int:
    given = read(cell, "level", None)
    return sum(read(cell, "n", 0) >= step for step in HEAT_STEPS) if given is None else int(given)


@register.inclusion_tag("components/heat.html")
def heat(table: Any) -> dict[str, Any]:
    """`{% heat table %}`: numbers by row and column, the many in red (presentation.HeatTable)."""
    return {
        "columns": read(table, "columns", ()),
        "corner": read(table, "corner"),
        "rows": [
            {
                "name": read(row, "name"),
                "cells": [
                    {"n": read(cell, "n", 0), "url": read(cell, "url"), "level": _level(cell)}
                    for cell in read(row, "cells", ())
                ],
            }
            for row in read(table, "rows", ())
        ],
    }


@register.inclusion_tag("components/bars.html")
def bars(groups: Sequence[Any]) -> dict[str, Any]:
    """`{% bars groups %}`: bars lying on their side, each with its number (presentation.BarGroup)."""
    top = max((read(bar, "value", 0) for group in groups for bar in read(group, "bars", ())), default=0) or 1
    return {
        "groups": [
            {
                "name": read(group, "name"),
                "bars": [
                    {
                        "value": read(bar, "value", 0),
                        "tone": read(bar, "tone"),
                        "label": read(bar, "label"),
                        "fill": share_class(read(bar, "value", 0) / top * 100),
                    }
                    for bar in read(group, "bars", ())
                ],
            }
            for group in groups
        ]
    }


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context: template.Context, page: Any) -> dict[str, Any]:
    """`{% pager page_obj %}`: earlier and later, keeping the filter in the address."""
    request = context.get("request")
    return {"page": page, "query": request.GET if request else QueryDict()}
