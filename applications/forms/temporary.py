"""Forms of temporary supply: renewal and removal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.forms.act import ActForm
from applications.forms.fields import yes_no
from applications.models import Removal
from applications.selectors.facts import latest_metering
from applications.services.particulars import term_of
from applications.services.temporary import why_not_removed, why_not_renew
from staff.formats import long_day


class RenewTemporaryForm(ActForm):
    """续期: until when, and why."""

    until_date = forms.DateField(label=_("New end"))
    reason = forms.CharField(
        label=_("Why it is needed longer"), max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )

    def prepare(self) -> None:
        """Until when it runs today, and how far one renewal reaches."""
        del self.fields["occurred_at"]
        row, term = getattr(self.application, "temporary", None), term_of("renewal")
        if row and term:
            self.fields["until_date"].help_text = gettext("Runs until %(day)s today; %(rule)s.") % {
                "day": long_day(row.until_date), "rule": term.name,
            }  # fmt: skip

    def look(self, data: dict[str, Any]) -> None:
        """Forward, and not too far."""
        row, until = getattr(self.application, "temporary", None), data.get("until_date")
        if row and until and (sentence := why_not_renew(row, until)):
            self.add_error("until_date", sentence)


class RemovalForm(ActForm, forms.ModelForm):
    """拆除: which meter, last reading, settled."""

    settled = yes_no(_("Has the bill up to this reading been settled?"))

    class Meta:
        model = Removal
        fields = ("asset_no", "last_reading", "settled")

    def first_values(self) -> Mapping[str, Any]:
        """The meter that hangs there."""
        meter = latest_metering(self.application)
        return {"asset_no": meter.asset_no} if meter else {}

    def clean_asset_no(self) -> str:
        """Without spaces."""
        return "".join(str(self.cleaned_data["asset_no"]).split())

    def look(self, data: dict[str, Any]) -> None:
        """The meter that was hung, read forwards, settled."""
        if {"asset_no", "last_reading", "settled"} <= set(data) and (
            sentence := why_not_removed(self.application, data)
        ):
            self.add_error("settled" if not data["settled"] else None, sentence)
