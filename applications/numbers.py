"""Numbers that identify people and organisations, checked to the last character; the sentence says what is wrong."""

from __future__ import annotations

from django.utils.translation import gettext as _
from stdnum.cn import ric, uscc
from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidLength
from stdnum.exceptions import ValidationError as NumberError


def why_not_resident_id(text: str) -> str | None:
    """Why it is no 身份证号 (GB 11643); None if it is one."""
    try:
        ric.validate(text)
    except InvalidLength:
        return _("An ID number has 18 characters; this one has %(n)s.") % {"n": len(text)}
    except InvalidChecksum:
        return _("One character of the ID number is wrong: compare it with the card once more.")
    except InvalidComponent:
        return _("The date of birth or the place in this ID number does not exist: compare it with the card.")
    except NumberError:
        return _("An ID number consists of 17 digits and a last digit or X.")
    return None


def why_not_credit_code(text: str) -> str | None:
    """Why it is no 统一社会信用代码 (GB 32100); None if it is one."""
    try:
        uscc.validate(text)
    except InvalidLength:
        return _("A credit code has 18 characters; this one has %(n)s.") % {"n": len(text)}
    except InvalidChecksum:
        return _("One character of the credit code is wrong: compare it with the licence once more.")
    except NumberError:
        return _("A credit code has digits and capital letters without I, O, S, V and Z.")
    return None
