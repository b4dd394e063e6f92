"""Forms of PV facts: what the grid can take in, the filing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.forms.act import ActForm, not_in_the_future
from applications.models import Filer, Filing, Hosting, HostingResult
from applications.selectors.facts import latest_survey
from applications.selectors.terms import figure


class HostingForm(ActForm, forms.ModelForm):
    """消纳: asset, open capacity, as of when, and what it comes to."""

    class Meta:
        model = Hosting
        fields = ("asset", "open_kwp", "as_of_date", "result")
        widgets = {"result": forms.RadioSelect}
        help_texts = {
            "asset": _("The transformer area or line the plant feeds into."),
            "open_kwp": _("In kWp, from the list of open capacity."),
        }

    def first_values(self) -> Mapping[str, Any]:
        """The asset the survey found."""
        survey = latest_survey(self.application)
        asset = (survey.transformer_area or survey.line) if survey else ""
        return {"asset": asset, "as_of_date": timezone.localdate(), "result": HostingResult.FITS}

    def prepare(self) -> None:
        """One of the results; no further choice that says nothing."""
        field: Any = self.fields["result"]
        field.choices = HostingResult.choices

    def look(self, data: dict[str, Any]) -> None:
        """A plant larger than what is open does not fit in full."""
        not_in_the_future(self, data, ["as_of_date"])
        wanted, open_ = self.application.capacity, data.get("open_kwp")
        if wanted is None or open_ is None:
            return
        if data.get("result") == HostingResult.FITS and open_ < wanted:
            sentence = gettext(
                "The plant has %(wanted)s kWp and only %(open)s kWp are open: it fits in part."
            )
            self.add_error("result", sentence % {"wanted": figure(wanted), "open": figure(open_)})


class FilingForm(ActForm, forms.ModelForm):
    """备案: number, filer, day."""

    class Meta:
        model = Filing
        fields = ("number", "filer", "filed_date")
        widgets = {"filer": forms.RadioSelect}
        error_messages = {"number": {"required": _("Enter the number of the filing.")}}

    def first_values(self) -> Mapping[str, Any]:
        """What the application says."""
        pv = getattr(self.application, "pv", None)
        said = {"number": pv.filing_no, "filer": pv.filer} if pv else {}
        return said | {"filed_date": timezone.localdate()}

    def prepare(self) -> None:
        """One of the two; no third choice that says nothing."""
        field: Any = self.fields["filer"]
        field.choices = Filer.choices

    def look(self, data: dict[str, Any]) -> None:
        """Filed already."""
        not_in_the_future(self, data, ["filed_date"])
