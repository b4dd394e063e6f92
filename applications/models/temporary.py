"""Temporary supply (临时用电): for what, until when, renewed how often, removed when."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from applications.models.application import Application, Fact
from applications.models.scheme import Sourced
from staff.fields import EncryptedTextField


class TemporaryPurpose(models.TextChoices):
    """What it is for."""

    SITE = "site", _("Building site")
    FIELD = "field", _("Field work, irrigation, harvest")
    FAIR = "fair", _("Fair, market, event")
    OTHER = "other", _("Something else")


class TemporaryParticulars(models.Model):
    """What an application for temporary supply adds. `until_date` moves with a renewal; every earlier end stays in its renewals."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="temporary")
    purpose = models.CharField(_("What it is for"), max_length=8, choices=TemporaryPurpose.choices)
    from_date = models.DateField(_("Wanted from"))
    until_date = models.DateField(_("Ends on"), db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until_date__gt=models.F("from_date")), name="temporary_ends_after_start"
            )
        ]


class TemporaryTerm(Sourced):
    """How long a temporary supply may run (`term`), and for how long it may be renewed at a time (`renewal`), in months."""

    code = models.CharField(max_length=8, choices=[("term", _("term")), ("renewal", _("renewal"))])
    region = models.CharField(max_length=20, blank=True, default="")
    months = models.PositiveSmallIntegerField()
    history = HistoricalRecords()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "region"], name="temporaryterm_code_region")]


class TemporaryRenewal(Fact):
    """续期: the end moves forward, with a reason; what it was before stays."""

    before_date = models.DateField()
    until_date = models.DateField(_("New end"))
    reason = EncryptedTextField(_("Why it is needed longer"))


class Removal(Fact):
    """拆除: the meter is read for the last time and taken down; the temporary supply is over."""

    last_reading = models.DecimalField(
        _("Last reading"), max_digits=12, decimal_places=2, validators=[MinValueValidator(0)]
    )
    asset_no = models.CharField(_("Asset number of the meter"), max_length=32)
    settled = models.BooleanField(_("Bill settled"))

    class Meta(Fact.Meta):
        constraints = [
            models.CheckConstraint(condition=models.Q(last_reading__gte=0), name="removal_reading")
        ]
