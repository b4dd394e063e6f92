"""Form of extending how long a scheme holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.forms.act import ActForm, fill_parties
from applications.forms.exits import note_field
from applications.forms.fields import PartyField
from applications.models import AgreementMethod
from applications.selectors.validity import furthest, latest_reply
from applications.services.validity import why_not_until


class ExtendValidityForm(ActForm):
    """Until when, why, and how the customer agreed; the original day stays."""

    until_date = forms.DateField(label=_("Holds until"))
    reason = note_field(required=True, label=_("Reason"))
    party = PartyField(_("Who asked for it"))
    method = forms.ChoiceField(
        label=_("How the customer agreed"), choices=AgreementMethod.choices, widget=forms.RadioSelect
    )

    def first_values(self) -> Mapping[str, Any]:
        """The longest that is possible."""
        reply = latest_reply(self.application)
        return {"until_date": furthest(self.application, reply) if reply else None}

    def prepare(self) -> None:
        """The customer's side."""
        fill_parties(self, "party")

    def look(self, data: dict[str, Any]) -> None:
        """Longer than it holds anyway, and no longer than the period in force."""
        if (day := data.get("until_date")) and (sentence := why_not_until(self.application, day)):
            self.add_error("until_date", sentence)
