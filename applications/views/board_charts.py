"""Charts as SVG inside the page, drawn on the server by pygal: no script, no style of their own, colours from our own sheet (charts.css).

pygal writes a <style>, scripts and a tooltip layer into each picture; the security policy forbids them and the table beside each chart
says every number, so they are left out. Its classes stay: charts.css speaks to them.
"""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pygal
from django.utils.safestring import SafeString, mark_safe
from pygal.graph.graph import Graph
from pygal.style import Style

# pygal puts a finder of an old kind into the import system for plugins we have none of; Python warns of it at every later import.
sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, pygal.PluginImportFixer)]

SVG = "{http://www.w3.org/2000/svg}"
SIZE = {"width": 720, "height": 300}
STYLE = Style(
    label_font_size=13,
    major_label_font_size=13,
    legend_font_size=13,
    value_font_size=12,
    no_data_font_size=16,
)
COMMON: dict[str, Any] = {
    **SIZE, "style": STYLE, "js": [], "css": [], "no_prefix": True, "disable_xml_declaration": True, "legend_at_bottom": True,
    "legend_box_size": 12, "margin": 6, "show_y_guides": True, "show_x_guides": False, "dots_size": 4, "include_x_axis": True,
    "truncate_label": -1, "truncate_legend": -1, "min_scale": 3, "max_scale": 6,
}  # fmt: skip


@dataclass
class Chart:
    """A picture with its finding as title, its unit, how many cases it rests on, and the same numbers as a table."""

    code: str
    title: str
    unit: str
    n: int
    svg: SafeString
    head: Sequence[str]
    rows: Sequence[Sequence[Any]]
    note: str = ""
    links: Mapping[str, str] = field(default_factory=dict)


def lines(labels: Sequence[str], series: Mapping[str, Sequence[float | None]]) -> SafeString:
    """Lines over time."""
    return _drawn(pygal.Line(**COMMON), labels, series)


def areas(labels: Sequence[str], series: Mapping[str, Sequence[float | None]]) -> SafeString:
    """Areas on top of each other: a cumulative flow."""
    return _drawn(pygal.StackedLine(**COMMON, fill=True, show_dots=False), labels, series)


def pareto(labels: Sequence[str], name: str, counts: Sequence[int], share_name: str) -> SafeString:
    """Bars, the most first, and what share of all they make up together."""
    chart = pygal.Bar(**COMMON)
    total, seen, shares = sum(counts) or 1, 0, []
    for count in counts:
        seen += count
        shares.append(round(100 * seen / total))
    chart.add(name, counts)
    chart.x_labels = [f"{label} {share}%" for label, share in zip(labels, shares, strict=True)]
    chart.show_legend = False
    return _plain(chart)


def boxes(series: Mapping[str, Mapping[int, int]]) -> SafeString:
    """A box a stage: the middle half of the durations, whiskers from the twentieth to the nineteenth twentieth."""
    chart = pygal.Box(**COMMON, box_mode="extremes")
    chart.show_legend = False
    chart.x_labels = list(series)
    for name, counts in series.items():
        chart.add(name, [at(counts, share) for share in range(5, 100, 5)])
    return _plain(chart)


def at(counts: Mapping[int, int], percent: int) -> int:
    """The duration that this share does not exceed, by nearest rank."""
    rank, seen = -(-sum(counts.values()) * percent // 100), 0
    for day in sorted(counts):
        seen += counts[day]
        if seen >= rank:
            return day
    return 0


def _drawn(chart: Graph, labels: Sequence[str], series: Mapping[str, Sequence[float | None]]) -> SafeString:
    chart.x_labels = list(labels)
    for name, values in series.items():
        chart.add(name, list(values))
    return _plain(chart)


def _plain(chart: Graph) -> SafeString:
    """The picture without what the policy forbids; every text in it went through an XML writer, which escapes it."""
    root = ET.fromstring(chart.render(is_unicode=True))  # noqa: S314 - our own library's output, nothing from outside
    for parent in list(root.iter()):
        for child in list(parent):
            forbidden = child.tag in (
                f"{SVG}style",
                f"{SVG}script",
                f"{SVG}desc",
                f"{SVG}title",
                f"{SVG}defs",
            )
            if forbidden or "tooltip-overlay" in child.get("class", ""):
                parent.remove(child)
        parent.attrib.pop("style", None)
        parent.attrib.pop("id", None)
    root.set("class", "chart")
    root.set("aria-hidden", "true")
    root.set("viewBox", f"0 0 {SIZE['width']} {SIZE['height']}")
    root.attrib.pop("width", None)
    root.attrib.pop("height", None)
    ET.register_namespace("", "http://www.w3.org/2000/svg")
    return mark_safe(ET.tostring(root, encoding="unicode"))  # noqa: S308 - see above
