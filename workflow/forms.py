"""Forms for rules: which route new cases get, a year's working days, which limits to show. They never save."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workflow.arrangements import Reading, doubts, read
from workflow.models import Grade
from workflow.services.calendars import FIRST_YEAR

YEARS_AHEAD = 2


class RouteChoiceForm(forms.Form):
    """Why new cases get another version."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy(
            "Kept with the change and readable by everybody here, such as the document it rests on."
        ),
        max_length=200,
        min_length=4,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("Please give the reason: it is kept with the change."),
            "min_length": gettext_lazy("Please give the reason in a few more words."),
        },
    )


class CalendarYearForm(forms.Form):
    """A year's arrangement, pasted as published. Sent once to be read back, and again to be published."""

    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=FIRST_YEAR)
    days = forms.CharField(
        label=gettext_lazy("Holidays and worked weekends"),
        help_text=gettext_lazy(
            "Paste the notice's sentences (1月1日至3日放假。1月4日上班。), or lines such as 2027-02-08 至 2027-02-12 放假, "
            "or a CSV with date,is_workday."
        ),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
    )
    official = forms.TypedChoiceField(
        label=gettext_lazy("Published?"),
        choices=[("1", gettext_lazy("Published officially")), ("0", gettext_lazy("Not yet: provisional"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
    source = forms.CharField(
        label=gettext_lazy("Source"),
        help_text=gettext_lazy("Title, number and date of the notice."),
        max_length=300,
    )
    grade = forms.ChoiceField(
        label=gettext_lazy("How far it was checked"),
        choices=[(grade.value, grade.label) for grade in (Grade.A, Grade.B, Grade.C, Grade.X)],
    )
    reason = forms.CharField(label=gettext_lazy("Why a new version"), max_length=200)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    meant = forms.BooleanField(label=gettext_lazy("I have read this and mean it"), required=False)

    reading: Reading | None = None
    doubts: list[str] = []

    def __init__(self, *args: Any, today: dt.date, workdays_of: Any, **kwargs: Any) -> None:
        """`workdays_of(year)`: the working days of a year as they stand now."""
        super().__init__(*args, **kwargs)
        self._today = today
        self._workdays_of = workdays_of

    def clean_year(self) -> int:
        """Far years are slips of the key."""
        year: int = self.cleaned_data["year"]
        last = self._today.year + YEARS_AHEAD
        if year > last:
            raise forms.ValidationError(_("Years up to %(last)d can be entered.") % {"last": last})
        return year

    def clean(self) -> dict[str, Any]:
        """Read the days; what was not understood is said at the field, line by line."""
        cleaned: dict[str, Any] = super().clean() or {}
        if "year" in cleaned and "days" in cleaned:
            self.reading = read(cleaned["days"], cleaned["year"])
            for sentence in self.reading.mistakes:
                self.add_error("days", sentence)
            self.doubts = doubts(self.reading, self._workdays_of(cleaned["year"]), self._today)
        return cleaned

    @property
    def digest(self) -> str:
        """Names what was read, so that what is published is what was shown."""
        reading = self.reading
        text = repr((reading.year, reading.days_off, reading.days_on)) if reading else ""
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @property
    def confirmed(self) -> bool:
        """Whether this very reading was shown and, where there are doubts, is meant."""
        return self.cleaned_data.get("seen") == self.digest and (
            not self.doubts or bool(self.cleaned_data.get("meant"))
        )


class LimitFilterForm(forms.Form):
    """Whose limits to show."""

    CLASSES = [
        ("", gettext_lazy("All classes")),
        ("residential", gettext_lazy("Residential")),
        ("lv_other", gettext_lazy("Low voltage, non-residential")),
        ("hv_single", gettext_lazy("High voltage, single source")),
        ("hv_dual", gettext_lazy("High voltage, dual source")),
    ]

    supply_class = forms.ChoiceField(label=gettext_lazy("Class of supply"), choices=CLASSES, required=False)
