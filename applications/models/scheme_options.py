"""What a scheme is measured against: rules per class of supply, price parameters, two options compared and the one chosen."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from applications.models.application import Fact
from applications.models.party import Party
from applications.models.scheme import AgreementMethod, Pricing, Scheme, Sourced


class CapacityRule(models.TextChoices):
    """Whether a scheme needs a look at the open capacity before it is drafted."""

    OFF = "off", _("not asked for")
    LISTED = "listed", _("asked for once assets are listed here")
    ALWAYS = "always", _("always asked for")


class SchemeRule(Sourced):
    """What a scheme of a class of supply has to have: how many sources, and whether its capacity is looked up first."""

    supply_class = models.CharField(max_length=24, unique=True)
    min_sources = models.PositiveSmallIntegerField(default=1)
    max_sources = models.PositiveSmallIntegerField(null=True, blank=True)
    capacity_check = models.CharField(max_length=8, choices=CapacityRule.choices, default=CapacityRule.LISTED)
    history = HistoricalRecords()


class PriceParameter(Sourced):
    """What an estimate of the yearly cost goes by: no tariff, an estimate's parameter, shown as one with its source."""

    voltage = models.CharField(max_length=8)
    pricing = models.CharField(max_length=10, choices=Pricing.choices)
    energy_price = models.DecimalField(max_digits=8, decimal_places=4, help_text="yuan per kWh")
    capacity_price = models.DecimalField(
        max_digits=8, decimal_places=2, default=0, help_text="yuan per kVA and month; 0 where there is none"
    )
    history = HistoricalRecords()

    class Meta:
        ordering = ["voltage", "pricing"]
        constraints = [models.UniqueConstraint(fields=["voltage", "pricing"], name="priceparameter_unique")]


class SchemeOption(models.Model):
    """One of two ways of using power that a version compares. Number 1 is the way the version is drafted.

    What was reckoned with stays beside the result: the table may change, the estimate a customer saw does not.
    """

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="options")
    number = models.PositiveSmallIntegerField()
    voltage = models.CharField(max_length=8)
    capacity = models.DecimalField(max_digits=10, decimal_places=1)
    pricing = models.CharField(max_length=10, choices=Pricing.choices)
    yearly_kwh = models.DecimalField(max_digits=14, decimal_places=0)
    energy_price = models.DecimalField(max_digits=8, decimal_places=4)
    capacity_price = models.DecimalField(max_digits=8, decimal_places=2)
    yearly_cost = models.DecimalField(max_digits=14, decimal_places=2)
    source = models.CharField(max_length=300)
    grade = models.CharField(max_length=1)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["scheme", "number"], name="schemeoption_number")]

    @property
    def needs_drafting(self) -> bool:
        """Whether choosing it means another scheme: another voltage or capacity is built differently."""
        return (self.voltage, self.capacity) != (self.scheme.voltage, self.scheme.capacity)


class SchemeChoice(Fact):
    """The customer chose the option that was not drafted: the scheme is drafted around it."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="choices")
    option = models.ForeignKey(SchemeOption, on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="+", verbose_name=_("Who chooses")
    )
    method = models.CharField(_("How"), max_length=12, choices=AgreementMethod.choices)
