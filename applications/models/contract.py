"""供用电合同: its template, its text with digest, and the signature under it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from applications.models.application import Fact
from applications.models.document import Document
from applications.models.party import Party, SigningMethod
from applications.models.scheme import DeliveryMethod, Scheme, Sourced
from staff.fields import EncryptedTextField


class ContractKind(models.TextChoices):
    """Which contract it is."""

    RESIDENTIAL = "residential", _("Residential supply contract")
    LOW = "low", _("Low-voltage supply contract")
    HIGH = "high", _("High-voltage supply contract")
    TEMPORARY = "temporary", _("Temporary supply contract")
    PV = "pv", _("Contract on purchase, supply and grid connection")


class ContractTemplate(Sourced):
    """A contract's wording with `$names` where the case's terms go. A changed wording is a new version."""

    kind = models.CharField(max_length=12, choices=ContractKind.choices)
    version = models.PositiveSmallIntegerField(default=1)
    body = models.TextField()
    history = HistoricalRecords()

    class Meta:
        ordering = ["kind", "-version"]
        constraints = [models.UniqueConstraint(fields=["kind", "version"], name="contracttemplate_version")]


class Contract(Fact):
    """The text as issued. It names a party, so it is encrypted; the log holds its digest alone."""

    number = models.CharField(max_length=40, unique=True)
    kind = models.CharField(_("Kind of contract"), max_length=12, choices=ContractKind.choices)
    template = models.ForeignKey(ContractTemplate, on_delete=models.PROTECT, related_name="+")
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, null=True, related_name="contracts")
    text = EncryptedTextField()
    digest = models.CharField(max_length=80)
    issued_to = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="+", verbose_name=_("Issued to")
    )
    method = models.CharField(_("How it was issued"), max_length=10, choices=DeliveryMethod.choices)


class Signature(Fact):
    """A signature is (document digest, party, method, moment, device): what was signed is one text and no other.

    `paper` is the photographed page where it was signed on paper.
    """

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="signatures")
    digest = models.CharField(max_length=80)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+", verbose_name=_("Who signs"))
    method = models.CharField(_("How it is signed"), max_length=10, choices=SigningMethod.choices)
    provider_ref = models.CharField(
        _("Reference of the electronic seal"), max_length=80, blank=True, default=""
    )
    paper = models.ForeignKey(
        Document,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Photo of the signed page"),
    )
    device = models.CharField(
        max_length=64, blank=True, default="", help_text="salted pseudonym of the device"
    )
