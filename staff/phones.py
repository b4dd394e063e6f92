"""Phone numbers as people write them, brought to one form."""

import re
import unicodedata

_MOBILE = re.compile(r"^1[3-9]\d{9}$")


def normalised(text: str) -> str | None:
    """The 11 digits of a mainland mobile number; nothing if it isn't one.

    Full-width digits, spaces, dashes and +86 are how people write and paste numbers, so they are accepted.
    """
    digits = re.sub(r"[\s\-()·.]", "", unicodedata.normalize("NFKC", text))
    digits = re.sub(r"^(?:\+|00)?86(?=1\d{10}$)", "", digits)
    return digits if _MOBILE.match(digits) else None
