"""Facts of the scheme stage: scheme, countersignature, reply, agreement, objection, revision; and the tables they go by."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from applications.models.application import Fact
from applications.models.party import Party
from applications.models.survey import SourcePoint
from staff.fields import EncryptedTextField
from staff.models.naming import TwoNames
from workflow.models import Grade


class Sourced(TwoNames):
    """A row of a table that decides something: where it comes from and how far that was confirmed."""

    source = models.CharField(max_length=300)
    grade = models.CharField(max_length=1, choices=Grade.choices)
    in_force = models.BooleanField(default=True)

    class Meta:
        abstract = True


class VoltageLevel(Sourced):
    """A voltage supplied at, in kV as text, and the capacities it is meant for.

    `remark_from` is where a planner is asked to think again, `refuse_from` where a scheme is not stored; null = no such bound.
    """

    code = models.CharField(max_length=8, unique=True)
    order = models.PositiveSmallIntegerField(default=0)
    high = models.BooleanField(help_text="high voltage: metered in kVA")
    remark_from = models.DecimalField(max_digits=10, decimal_places=1, null=True, blank=True)
    refuse_from = models.DecimalField(max_digits=10, decimal_places=1, null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["order"]


class TariffCategory(Sourced):
    """A price class a metering point can be billed in."""

    code = models.CharField(max_length=24, unique=True)
    order = models.PositiveSmallIntegerField(default=0)
    history = HistoricalRecords()

    class Meta:
        ordering = ["order"]
        verbose_name_plural = "tariff categories"


class SchemePeriod(Sourced):
    """How long a scheme holds (`validity`) or can be objected to (`objection`), in months from its reply; by how many its validity may
    be extended (`extension`).

    `conditions` as in limits; the most specific row that applies wins.
    """

    code = models.CharField(
        max_length=12,
        choices=[("validity", _("validity")), ("objection", _("objection")), ("extension", _("extension"))],
    )
    months = models.PositiveSmallIntegerField()
    conditions = models.JSONField(default=dict, blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["code", "pk"]
        constraints = [models.UniqueConstraint(fields=["code", "conditions"], name="schemeperiod_unique")]


class Phase(models.TextChoices):
    """How many phases."""

    SINGLE = "1", _("Single-phase")
    THREE = "3", _("Three-phase")


class Cause(models.TextChoices):
    """Why there is another version of a scheme."""

    FIRST = "first", _("First version")
    CUSTOMER = "customer", _("Customer: new data or wishes")
    GRID = "grid", _("Grid: re-issued in writing, the clock runs on")
    ERROR = "error", _("Mistake in the scheme")


class MeteringMode(models.TextChoices):
    """At which side the meter stands."""

    HV_HV = "hv_hv", _("Supplied and metered at high voltage")
    HV_LV = "hv_lv", _("Supplied at high voltage, metered at low voltage")
    LV_LV = "lv_lv", _("Supplied and metered at low voltage")


class Pricing(models.TextChoices):
    """How a tariff is made up."""

    SINGLE = "single", _("Single-part tariff")
    TWO_PART = "two_part", _("Two-part tariff")


class Scheme(Fact):
    """供电方案, version n: a tree of receiving points, sources and metering points. What is agreed and signed is a version's digest.

    `validity_months` is what the table said when it was drafted; the day it lapses is reckoned from the reply.
    """

    number = models.PositiveSmallIntegerField(help_text="version n of this application's scheme")
    cause = models.CharField(max_length=12, choices=Cause.choices, default=Cause.FIRST)
    voltage = models.CharField(_("Voltage"), max_length=8)
    capacity = models.DecimalField(
        _("Capacity"), max_digits=10, decimal_places=1, validators=[MinValueValidator(0)]
    )
    capacity_unit = models.CharField(max_length=4)
    ownership_boundary = models.CharField(_("Ownership boundary"), max_length=300)
    utility_pays = models.CharField(
        _("Built and paid by the utility"), max_length=300, blank=True, default=""
    )
    customer_pays = models.CharField(
        _("Built and paid by the customer"), max_length=300, blank=True, default=""
    )
    yearly_cost = models.DecimalField(
        _("Estimated yearly cost"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    pricing = models.CharField(
        _("Tariff made up of"), max_length=10, choices=Pricing.choices, blank=True, default=""
    )
    validity_months = models.PositiveSmallIntegerField(null=True)
    text = models.TextField()
    digest = models.CharField(max_length=80)

    class Meta(Fact.Meta):
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["application", "number"], name="scheme_number")]


class SourceNature(models.TextChoices):
    """What a source is for."""

    MAIN = "main", _("Main source")
    STANDBY = "standby", _("Standby source")
    SECURITY = "security", _("Security source")


class ReceivingPoint(models.Model):
    """One receiving point 受电点 of a scheme: where the customer takes power over, from one source or several."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="receivers")
    number = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(max_length=60, blank=True, default="")
    capacity = models.DecimalField(max_digits=10, decimal_places=1)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["scheme", "number"], name="receivingpoint_number")]


class SchemeSource(SourcePoint):
    """One source 电源 of a scheme; energised for itself."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="sources")
    receiver = models.ForeignKey(ReceivingPoint, on_delete=models.PROTECT, null=True, related_name="sources")
    capacity_check = models.ForeignKey(
        "applications.CapacityCheck", on_delete=models.PROTECT, null=True, related_name="sources"
    )
    number = models.PositiveSmallIntegerField(default=1)
    nature = models.CharField(
        _("Nature of the source"), max_length=10, choices=SourceNature.choices, default=SourceNature.MAIN
    )
    voltage = models.CharField(max_length=8)
    capacity = models.DecimalField(max_digits=10, decimal_places=1)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["scheme", "number"], name="schemesource_number")]


class Share(models.TextChoices):
    """How a metering point without a meter of its own gets its part of what another one measures."""

    QUANTITY = "quantity", _("Fixed quantity (kWh a month)")
    RATIO = "ratio", _("Fixed share (%)")


class MeteringPoint(models.Model):
    """One metering point 计量点 of a scheme: how and in which price class it is measured."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="metering_points")
    source = models.ForeignKey(SchemeSource, on_delete=models.PROTECT, null=True, related_name="points")
    number = models.PositiveSmallIntegerField(default=1)
    mode = models.CharField(_("Metering mode"), max_length=8, choices=MeteringMode.choices)
    phase = models.CharField(_("Phases"), max_length=1, choices=Phase.choices)
    ct_ratio = models.CharField(_("CT ratio"), max_length=16, blank=True, default="")
    pt_ratio = models.CharField(_("PT ratio"), max_length=16, blank=True, default="")
    meter_class = models.CharField(_("Accuracy class of the meter"), max_length=12, blank=True, default="")
    transformer_class = models.CharField(
        _("Accuracy class of the transformers"), max_length=12, blank=True, default=""
    )
    share_kind = models.CharField(
        _("Fixed quantity or share"), max_length=8, choices=Share.choices, blank=True, default=""
    )
    share_value = models.DecimalField(
        _("Quantity or share"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    tariff = models.ForeignKey(
        TariffCategory, on_delete=models.PROTECT, related_name="+", verbose_name=_("Tariff category")
    )

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "number"], name="meteringpoint_number"),
            models.CheckConstraint(
                condition=models.Q(share_kind="", share_value=None)
                | (~models.Q(share_kind="") & models.Q(share_value__gt=0)),
                name="meteringpoint_share_whole",
            ),
        ]


class Countersignature(Fact):
    """会签: another department agrees to a version, or returns it with an opinion."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="countersignatures")
    node_code = models.CharField(
        max_length=40, blank=True, default="", help_text="which department was asked"
    )
    agreed = models.BooleanField()
    opinion = models.CharField(_("Opinion"), max_length=300, blank=True, default="")


class DeliveryMethod(models.TextChoices):
    """How a notice reached the customer."""

    ONLINE = "online", _("In the customer's account")
    COUNTER = "counter", _("Handed over at the counter")
    VISIT = "visit", _("Handed over on site")
    POST = "post", _("By registered post")


class ReplyNotice(Fact):
    """供电方案答复单: the reply that starts validity and objection. A reply nobody received is none, so it names who got it."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="replies")
    method = models.CharField(_("How it was delivered"), max_length=10, choices=DeliveryMethod.choices)
    delivered_to = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="+", verbose_name=_("Delivered to")
    )
    delivered_at = models.DateTimeField(_("Delivered when"))
    objection_until_date = models.DateField(null=True)
    valid_until_date = models.DateField(null=True)


class AgreementMethod(models.TextChoices):
    """How somebody agreed or objected."""

    OWN_DEVICE = "own_device", _("On the customer's own device")
    COUNTER_PAPER = "paper", _("On paper at the counter")
    CODE = "code", _("Code to the signer's own phone")
    PAD = "pad", _("Signature pad")
    E_SEAL = "e_seal", _("Electronic seal")


class Agreement(Fact):
    """The customer agrees to one version: the document digest is the version's."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="agreements")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+", verbose_name=_("Who agrees"))
    option = models.ForeignKey(
        "applications.SchemeOption", on_delete=models.PROTECT, null=True, related_name="agreements"
    )
    method = models.CharField(_("How"), max_length=12, choices=AgreementMethod.choices)
    digest = models.CharField(max_length=80)
    provider_ref = models.CharField(max_length=80, blank=True, default="")
    paper = models.ForeignKey(
        "applications.Document", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    device = models.CharField(
        max_length=64, blank=True, default="", help_text="salted pseudonym of the device"
    )


class Objection(Fact):
    """The customer objects; the scheme is drafted anew at the next round."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="objections")
    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="+", verbose_name=_("Who objects")
    )
    method = models.CharField(_("How"), max_length=12, choices=AgreementMethod.choices)
    text = EncryptedTextField(_("What should be different"))


class SchemeRevision(Fact):
    """Why an agreed version is drafted again. The cause decides what is said to the customer, never a start time."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="revisions")
    cause = models.CharField(_("Cause"), max_length=12, choices=[c for c in Cause.choices if c[0] != "first"])
    papers = models.ManyToManyField(
        "applications.Document", related_name="+", blank=True, verbose_name=_("The customer's request")
    )
    reason = EncryptedTextField(_("Reason"))
