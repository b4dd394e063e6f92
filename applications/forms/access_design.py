"""Forms of the access design: asked for, received."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.forms.act import ActForm, fill_papers, not_in_the_future
from applications.forms.fields import PapersField
from applications.models import DesignSide, VoltageLevel
from applications.selectors.facts import open_access_design


class RequestAccessDesignForm(ActForm):
    """接入系统设计 asked for."""

    side = forms.ChoiceField(
        label=_("Whose designer"), choices=DesignSide.choices, widget=forms.RadioSelect,
        help_text=_("The clock runs on. Where a limit lists the customer's design as a reason, it can be paused with a paper and a second person."),
    )  # fmt: skip
    designer = forms.CharField(label=_("Design firm"), max_length=120)
    licence_no = forms.CharField(label=_("Qualification certificate number"), max_length=40, required=False)
    voltage = forms.ChoiceField(label=_("Voltage it is for"), required=False)
    asked_date = forms.DateField(label=_("Asked for on"))

    def first_values(self) -> Mapping[str, Any]:
        """Today, at the voltage known."""
        return {"asked_date": timezone.localdate(), "voltage": self.application.voltage}

    def prepare(self) -> None:
        """The voltages of the table."""
        levels = VoltageLevel.objects.filter(in_force=True, high=True)
        self.fields["voltage"].choices = [("", gettext("not known yet")), *((v.code, v.name) for v in levels)]  # type: ignore[attr-defined]

    def look(self, data: dict[str, Any]) -> None:
        """It has been asked for."""
        not_in_the_future(self, data, ["asked_date"])


class ReceiveAccessDesignForm(ActForm):
    """The design came."""

    received_date = forms.DateField(label=_("Received on"))
    papers = PapersField(_("Design papers"))

    def first_values(self) -> Mapping[str, Any]:
        """Today."""
        return {"received_date": timezone.localdate()}

    def prepare(self) -> None:
        """The papers on the case."""
        fill_papers(self, "papers")

    def look(self, data: dict[str, Any]) -> None:
        """Not before it was asked for."""
        not_in_the_future(self, data, ["received_date"])
        asked, came = open_access_design(self.application), data.get("received_date")
        if asked and came and came < asked.asked_date:
            self.add_error("received_date", gettext("It came before it was asked for; enter the right day."))
