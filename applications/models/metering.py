"""Facts of metering and connection: meters handed out on a slip, the meter hung, the source energised."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.models.application import Fact
from applications.models.document import Document
from applications.models.scheme import MeteringPoint, Phase, SchemeSource
from staff.models import User


class MeterIssue(Fact):
    """领表单: which meters and transformers the store handed out for this case, on which slip."""

    number = models.CharField(_("Issue slip"), max_length=40)
    meters = ArrayField(models.CharField(max_length=32), verbose_name=_("Meters"))
    transformers = ArrayField(
        models.CharField(max_length=32), default=list, blank=True, verbose_name=_("Transformers")
    )
    issued_date = models.DateField(_("Handed out on"))

    class Meta(Fact.Meta):
        constraints = [models.UniqueConstraint(fields=["application", "number"], name="meterissue_number")]


class Metering(Fact):
    """装表: one meter at one metering point, with seals and first reading."""

    point = models.ForeignKey(MeteringPoint, on_delete=models.PROTECT, null=True, related_name="meters")
    asset_no = models.CharField(_("Asset number of the meter"), max_length=32, db_index=True)
    issue_slip = models.CharField(_("Issue slip"), max_length=40, blank=True, default="")
    seals = ArrayField(models.CharField(max_length=32), verbose_name=_("Seal numbers"))
    phase = models.CharField(_("Phases"), max_length=1, choices=Phase.choices)
    ct_ratio = models.CharField(_("CT ratio"), max_length=16, blank=True, default="")
    pt_ratio = models.CharField(_("PT ratio"), max_length=16, blank=True, default="")
    first_reading = models.DecimalField(
        _("First reading"), max_digits=12, decimal_places=2, validators=[MinValueValidator(0)]
    )
    fitters = models.ManyToManyField(User, related_name="+", verbose_name=_("Fitters on site"))
    photos = models.ManyToManyField(Document, related_name="+", blank=True, verbose_name=_("Photographs"))

    class Meta(Fact.Meta):
        constraints = [
            models.CheckConstraint(condition=models.Q(first_reading__gte=0), name="metering_reading")
        ]


class Energisation(Fact):
    """送电: one source live. `before_inspection` is stored as it is: a violated order is a fact, refusing it would hide it."""

    source = models.ForeignKey(
        SchemeSource, on_delete=models.PROTECT, null=True, related_name="energisations"
    )
    energised_at = models.DateTimeField(_("Energised when"))
    reading = models.DecimalField(
        _("Reading at energising"), max_digits=12, decimal_places=2, validators=[MinValueValidator(0)]
    )
    energised_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name=_("Energised by")
    )
    before_inspection = models.BooleanField(default=False)

    class Meta(Fact.Meta):
        constraints = [
            models.CheckConstraint(condition=models.Q(reading__gte=0), name="energisation_reading")
        ]
