"""Numbers people read out: letters, day, office, sequence, check digit. Gaps are normal: the ledger proves completeness, not the number."""

from __future__ import annotations

from django.db import connection
from django.utils import timezone
from stdnum.iso7064 import mod_11_10

CONTACT, APPLICATION = "L", "YK"


def next_number(letters: str, office_code: str) -> str:
    """The next number, such as YK202611243701020098 and its ISO 7064 check digit (mod 11, 10); shown in groups."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('workflow_case_no_seq')")
        (value,) = cursor.fetchone()
    digits = f"{timezone.localdate():%Y%m%d}{office_code[:6]:0<6}{value % 1_000_000:04d}"
    return f"{letters}{digits}{mod_11_10.calc_check_digit(digits)}"


def is_number(text: str) -> bool:
    """Whether it is such a number, spaces aside, with the right check digit."""
    compact = text.replace(" ", "").upper()
    digits = compact.lstrip("LYK")
    return digits.isdigit() and len(digits) >= 19 and bool(mod_11_10.is_valid(digits))
