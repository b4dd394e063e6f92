"""Form fields of the trade: numbers people paste with spaces and full-width digits, each with a sentence that helps."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.numbers import why_not_credit_code, why_not_resident_id
from staff.phones import normalised


def compact(text: str) -> str:
    """NFKC, without spaces and hyphens, upper case: 全角 and pasted spaces are accepted."""
    return "".join(unicodedata.normalize("NFKC", text).replace("-", "").split()).upper()


class PhoneField(forms.CharField):
    """A mainland mobile number."""

    widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel", "maxlength": 20})

    def clean(self, value: Any) -> str:
        """The 11 digits."""
        text: str = super().clean(value)
        if not text:
            return ""
        phone = normalised(text)
        if phone is None:
            raise ValidationError(
                _("Enter an 11-digit mobile number that begins with 1, for example 138 0000 1234.")
            )
        return phone


class ResidentIdField(forms.CharField):
    """身份证号 (GB 11643), checked to the last digit."""

    widget = forms.TextInput(attrs={"autocomplete": "off", "maxlength": 24})

    def clean(self, value: Any) -> str:
        """The 18 characters."""
        text = compact(super().clean(value))
        if text and (why := why_not_resident_id(text)):
            raise ValidationError(why)
        return text


class CreditCodeField(forms.CharField):
    """统一社会信用代码 (GB 32100), checked to the last character."""

    widget = forms.TextInput(attrs={"autocomplete": "off", "maxlength": 24})

    def clean(self, value: Any) -> str:
        """The 18 characters."""
        text = compact(super().clean(value))
        if text and (why := why_not_credit_code(text)):
            raise ValidationError(why)
        return text


class MomentField(forms.DateTimeField):
    """When something happened. Empty means now; the future is a slip."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("label", _("When it happened"))
        kwargs.setdefault("help_text", _("Leave empty if it happened just now."))
        kwargs.setdefault(
            "widget", forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        )
        super().__init__(**kwargs)

    def clean(self, value: Any) -> dt.datetime | None:
        """The moment, not later than now."""
        moment: dt.datetime | None = super().clean(value)
        if moment and moment > timezone.now() + dt.timedelta(minutes=5):
            raise ValidationError(_("This time lies in the future; enter when it happened."))
        return moment


class CapacityField(forms.DecimalField):
    """kW at low voltage, kVA at high voltage, kWp of a solar plant; units and thousands separators people type are accepted."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("min_value", 1)
        kwargs.setdefault("max_value", 200_000)
        kwargs.setdefault("max_digits", 8)
        kwargs.setdefault("decimal_places", 1)
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal"}))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        """30, not 30.0."""
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Any:
        """Strip unit and separators."""
        if isinstance(value, str):
            value = re.sub("(KVA|KWP?)$", "", compact(value)).replace(",", "").replace("，", "")
        return super().to_python(value)
