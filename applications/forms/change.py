"""Forms of a rename or transfer: the former holder's consent, the handover."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.forms.act import ActForm, not_in_the_future
from applications.forms.fields import yes_no
from applications.models import AgreementMethod, Handover, PartyRole


class ChangeConsentForm(ActForm):
    """双方同意: who the former holder is, that they were identified, and how they agreed."""

    identified = forms.BooleanField(
        label=_("I have seen the identity paper, and it is the former holder's"),
        error_messages={
            "required": _("Look at the former holder's paper; without it the change can't go on.")
        },
    )
    method = forms.ChoiceField(
        label=_("How they agreed"), choices=AgreementMethod.choices, widget=forms.RadioSelect,
        initial=AgreementMethod.COUNTER_PAPER,
    )  # fmt: skip

    def prepare(self) -> None:
        """Whose consent it is."""
        former = self.application.parties.filter(role=PartyRole.FORMER).select_related("person").first()
        if former:
            self.fields["identified"].help_text = gettext("Former holder: %(name)s, number ending in %(end)s.") % {
                "name": former.person.name, "end": former.person.id_number[-4:],
            }  # fmt: skip


class HandoverForm(ActForm, forms.ModelForm):
    """交接: reading, day, settled."""

    settled = yes_no(_("Has the former holder's bill been settled?"))

    class Meta:
        model = Handover
        fields = ("reading", "read_date", "settled")

    def first_values(self) -> Mapping[str, Any]:
        """Usually read today."""
        return {"read_date": timezone.localdate()}

    def look(self, data: dict[str, Any]) -> None:
        """Read already; settled, or it waits."""
        not_in_the_future(self, data, ["read_date"])
        if data.get("settled") is False:
            self.add_error(
                "settled",
                gettext(
                    "Settle the former holder's bill first; the new holder does not take over what is owed."
                ),
            )
