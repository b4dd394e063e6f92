"""How long a scheme holds: found lapsed by the sweep, or extended once because the customer asked."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.models.application import Fact
from applications.models.party import Party
from applications.models.scheme import AgreementMethod, Scheme
from staff.fields import EncryptedTextField


class SchemeLapse(Fact):
    """方案逾期失效: the sweep found that the day has passed. A planner then ends the case or has the scheme drafted anew."""

    scheme = models.OneToOneField(Scheme, on_delete=models.PROTECT, related_name="lapse")
    valid_until_date = models.DateField()


class SchemeExtension(Fact):
    """The one extension of a scheme's validity: asked for by the customer, with reason; the original day stays beside the new one."""

    scheme = models.OneToOneField(Scheme, on_delete=models.PROTECT, related_name="extension")
    reason = EncryptedTextField(_("Reason"))
    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="+", verbose_name=_("Who asked for it")
    )
    method = models.CharField(_("How the customer agreed"), max_length=12, choices=AgreementMethod.choices)
    original_date = models.DateField(help_text="until when it held by the reply")
    until_date = models.DateField(_("Holds until"))

    class Meta(Fact.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until_date__gt=models.F("original_date")), name="schemeextension_is_longer"
            )
        ]
