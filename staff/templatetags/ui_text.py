"""Moments, days, numbers and names in templates; part of the `ui` library, never loaded alone."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django import template
from django.utils.html import format_html

from staff import formats

register = template.Library()


def _time(moment: datetime | date | None, text: str) -> str:
    if moment is None:
        return "–"
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(), text)


@register.simple_tag
def when(moment: datetime | None, *, seconds: bool = False) -> str:
    """`{% when event.recorded_at seconds=True %}` → 2026-11-24 15:30:07, for tables."""
    return _time(moment, formats.table_moment(moment, seconds=seconds) if moment else "")


@register.simple_tag
def when_long(moment: datetime | None, *, seconds: bool = False) -> str:
    """`{% when_long moment %}` → 2026年11月24日（周二）15:30, for sentences and papers."""
    return _time(moment, formats.long_moment(moment, seconds=seconds) if moment else "")


@register.simple_tag
def when_near(moment: datetime | date | None) -> str:
    """`{% when_near moment %}` → 11月27日 17:30, where the year is plain."""
    return _time(moment, formats.near_moment(moment))


@register.simple_tag
def day(value: date | None) -> str:
    """`{% day certificate.valid_until %}` → 2026-11-24, for tables."""
    return _time(value, formats.table_day(value) if value else "")


@register.simple_tag
def day_long(value: date | None) -> str:
    """`{% day_long value %}` → 2026年11月24日（周二）."""
    return _time(value, formats.long_day(value) if value else "")


register.filter("near", formats.near_moment)
register.filter("mask_name", formats.mask_name)
register.filter("mask_phone", formats.mask_phone)
register.filter("grouped_no", formats.grouped_number)
register.filter("money", formats.money)
register.filter("file_size", formats.file_size)


@register.filter
def quantity(value: Decimal | float | None, unit: str) -> str:
    """`{{ load|quantity:"kVA" }}` → 1,000 kVA."""
    return "–" if value is None else formats.quantity(value, unit)
