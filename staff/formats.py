"""How moments, days, numbers and names are written on a screen or paper, in both languages.

Written once, so that a table, a letter and a message never disagree. Tables use 2026-11-24 15:30;
sentences and papers use 2026年11月24日（周二）15:30 or 24 Nov 2026, 15:30 (Beijing time). Nothing is ever
written 11/24 or 3:30 pm.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

ASTERISK = "∗"
#: Letters and day, office, running number, check digit: spoken in these groups on the telephone.
_NUMBER = re.compile(r"^([A-Z]{1,3}\d{8})(\d{6})(\d{4,})(\d)$")


def _local(moment: datetime) -> datetime:
    return timezone.localtime(moment) if timezone.is_aware(moment) else moment


def weekday(day: date) -> str:
    """Write the day of the week: 周三, Wed."""
    names = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
    return names[day.weekday()]


def table_moment(moment: datetime, *, seconds: bool = False) -> str:
    """Write a moment for a table: 2026-11-24 15:30."""
    return f"{_local(moment):%Y-%m-%d %H:%M:%S}" if seconds else f"{_local(moment):%Y-%m-%d %H:%M}"


def table_day(day: date) -> str:
    """Write a day for a table: 2026-11-24."""
    return (_local(day) if isinstance(day, datetime) else day).strftime("%Y-%m-%d")


def long_day(day: date) -> str:
    """Write a day for a sentence or paper: 2026年11月24日（周二）, 24 Nov 2026."""
    shown = _local(day) if isinstance(day, datetime) else day
    # Translators: a day without its weekday, in Django's date format characters; Chinese: Y年n月j日
    text = date_format(shown, pgettext("long day", "j M Y"))
    return _("%(day)s") % {"day": text, "weekday": weekday(shown)}


def long_moment(moment: datetime, *, seconds: bool = False) -> str:
    """Write a moment for a sentence or paper; in English with the zone, which a stranger can't guess."""
    local = _local(moment)
    clock = f"{local:%H:%M:%S}" if seconds else f"{local:%H:%M}"
    return _("%(day)s, %(time)s (Beijing time)") % {"day": long_day(local), "time": clock}


def near_day(day: date) -> str:
    """Write a day whose year is plain from what stands around it: 11月27日, 27 Nov."""
    shown = _local(day) if isinstance(day, datetime) else day
    # Translators: a day without year, in Django's date format characters; Chinese: n月j日
    return date_format(shown, pgettext("near day", "j M"))


def near_moment(value: datetime | date | str | None) -> str:
    """Write a moment or day without its year; text is passed through, so that a caller may say "in hand"."""
    if isinstance(value, datetime):
        return f"{near_day(value)} {_local(value):%H:%M}"
    if isinstance(value, date):
        return near_day(value)
    return value or ""


def span(begin: datetime, end: datetime) -> str:
    """2026-11-24 09:00–11:00: a time agreed for something."""
    return f"{table_moment(begin)}–{_local(end):%H:%M}"


def mask_name(name: str) -> str:
    """Keep the first character of a person's name: 张∗, 周∗∗; a name in Latin letters keeps its initial."""
    stripped = name.strip()
    if not stripped:
        return ""
    return stripped[0] + ASTERISK * min(max(len(stripped) - 1, 1), 2)


def mask_phone(phone: str) -> str:
    """Keep three digits in front and four behind: 138∗∗∗∗1234; a short number keeps its last two."""
    digits = re.sub(r"\D", "", phone)
    if len(digits) >= 11:
        return digits[:3] + ASTERISK * (len(digits) - 7) + digits[-4:]
    return ASTERISK * max(len(digits) - 2, 0) + digits[-2:]


def mask_id(number: str) -> str:
    """Keep three characters in front and four behind: 110∗∗∗∗∗∗∗∗∗∗∗002X; a short one shows its last two."""
    bare = "".join(number.split())
    if len(bare) >= 10:
        return bare[:3] + ASTERISK * (len(bare) - 7) + bare[-4:]
    return ASTERISK * max(len(bare) - 2, 0) + bare[-2:]


def grouped_number(number: str) -> str:
    """Group an application's or contact's number as it is read aloud: YK20261110 370102 0098 3."""
    match = _NUMBER.match(number or "")
    return " ".join(match.groups()) if match else number


def money(amount: Decimal | int) -> str:
    """Write an amount of yuan: ￥1,234.00."""
    return f"￥{Decimal(amount).quantize(Decimal('0.01'), ROUND_HALF_UP):,}"


def quantity(value: Decimal | float, unit: str) -> str:
    """Write a quantity with its unit, thousands apart and without idle zeros: 1,000 kVA, 0.4 kV."""
    plain = f"{Decimal(str(value)).normalize():,f}"
    return f"{plain} {unit}".strip()


def file_size(size: int) -> str:
    """Write a file's size in the unit a person would use."""
    if size < 1024 * 1024:
        return f"{max(size / 1024, 0.1):,.1f} KB"
    return f"{size / 1024 / 1024:,.1f} MB"


def listed(words: Iterable[object]) -> str:
    """Write words one after another as the language does: 勘查员、方案员; Surveyor, Scheme planner."""
    return pgettext("between items", ", ").join(str(word) for word in words)
