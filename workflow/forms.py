"""Forms for rules: which route new cases get, a year's working days, which limits to show. They never save."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff.models import Office
from workflow.arrangements import Reading, doubts, read
from workflow.models import Grade, Overload
from workflow.services.calendars import FIRST_YEAR
from workflow.stages import ROUTE_STAGES, Stage

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
        required=False,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
    )
    file = forms.FileField(
        label=gettext_lazy("Or a CSV file"),
        help_text=gettext_lazy("Lines with date,is_workday; its text is then shown in the field above."),
        required=False,
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
        self._take_file(cleaned)
        if "days" in cleaned and not cleaned["days"].strip():
            self.add_error("days", _("Paste the days, or choose a file with them."))
        if "year" in cleaned and "days" in cleaned:
            self.reading = read(cleaned["days"], cleaned["year"])
            for sentence in self.reading.mistakes:
                self.add_error("days", sentence)
            self.doubts = doubts(self.reading, self._workdays_of(cleaned["year"]), self._today)
        return cleaned

    def _take_file(self, cleaned: dict[str, Any]) -> None:
        """A file's text stands in the field from then on, so that what is published is what was read."""
        sent = cleaned.get("file")
        if sent is None:
            return
        try:
            text = sent.read(20_001).decode("utf-8-sig")
        except UnicodeDecodeError:
            self.add_error(
                "file", _("This file is not text in UTF-8; save it as “CSV UTF-8” and choose it again.")
            )
            return
        cleaned["days"] = "\n".join(line for line in text.splitlines() if not line.lower().startswith("date"))
        self.data = {**self.data.dict(), "days": cleaned["days"]}  # type: ignore[attr-defined]

    @property
    def digest(self) -> str:
        """Names what was read, so that what is published is what was shown."""
        reading = self.reading
        official = self.cleaned_data.get("official")
        text = repr((reading.year, reading.days_off, reading.days_on, official)) if reading else ""
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @property
    def confirmed(self) -> bool:
        """Whether this very reading was shown and, where there are doubts, is meant."""
        return self.cleaned_data.get("seen") == self.digest and (
            not self.doubts or bool(self.cleaned_data.get("meant"))
        )


class LimitChangeForm(forms.Form):
    """The next version of a limit's length. Sent once to see what it does, and again to do it."""

    days = forms.IntegerField(label=gettext_lazy("Days"), min_value=1, max_value=400)
    effective_from = forms.DateField(
        label=gettext_lazy("In force from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    running = forms.TypedChoiceField(
        label=gettext_lazy("Clocks that run already"),
        choices=[("0", gettext_lazy("stay as they are")), ("1", gettext_lazy("move too"))],
        coerce=lambda value: value == "1",
        initial="0",
        widget=forms.RadioSelect,
    )
    source = forms.CharField(label=gettext_lazy("Source"), max_length=300)
    reason = forms.CharField(label=gettext_lazy("Reason"), min_length=4, max_length=200)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, before: Any, **kwargs: Any) -> None:
        """`before`: the version that would be followed."""
        super().__init__(*args, **kwargs)
        self._before = before

    def clean_effective_from(self) -> dt.date:
        """A version that began with the one before it would have been in force unseen."""
        day: dt.date = self.cleaned_data["effective_from"]
        if day <= self._before.effective_from:
            raise forms.ValidationError(
                _("Give the day from which the new version applies; it is later than %(day)s.")
                % {"day": self._before.effective_from}
            )
        return day

    def clean(self) -> dict[str, Any]:
        """What was promised to a customer is not lengthened backwards."""
        cleaned: dict[str, Any] = super().clean() or {}
        if (
            cleaned.get("running")
            and cleaned.get("days", 0) > (self._before.days or 0)
            and self._before.kind in ("legal", "promise")
        ):
            self.add_error(
                "running",
                _(
                    "What customers were promised is never lengthened afterwards; only new cases can get the longer time."
                ),
            )
        return cleaned

    @property
    def digest(self) -> str:
        """Names what was shown."""
        text = repr([self.cleaned_data.get(name) for name in ("days", "effective_from", "running")])
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @property
    def confirmed(self) -> bool:
        """Whether just this was shown."""
        return self.cleaned_data.get("seen") == self.digest


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


class OverloadForm(forms.Form):
    """如实申报超载: for how long, of which stage, and why. The numbers are read from the station's own rows."""

    office = forms.ModelChoiceField(label=gettext_lazy("Station"), queryset=Office.objects.none())
    stage = forms.ChoiceField(label=gettext_lazy("Stage"), required=False)
    days = forms.IntegerField(label=gettext_lazy("For how many working days"), min_value=1, max_value=30)
    reason = forms.CharField(
        label=gettext_lazy("Reason"), min_length=4, max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, offices: Sequence[Office], **kwargs: Any) -> None:
        """`offices`: those this person supervises."""
        super().__init__(*args, **kwargs)
        office: Any = self.fields["office"]
        office.queryset = Office.objects.filter(pk__in=[one.pk for one in offices]).order_by("code")
        stage: Any = self.fields["stage"]
        stage.choices = [("", _("all stages")), *((one, Stage(one).label) for one in ROUTE_STAGES)]


class OverloadAnswerForm(forms.Form):
    """What help comes."""

    answer = forms.ChoiceField(
        label=gettext_lazy("Answer"), choices=[choice for choice in Overload.Answer.choices if choice[0]]
    )
    words = forms.CharField(label=gettext_lazy("In words"), max_length=300)
