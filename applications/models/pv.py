"""Distributed PV: what a plant is, whether the grid can take its power in (消纳), and its filing (备案)."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application, Fact


class Export(models.TextChoices):
    """What becomes of the power made."""

    SURPLUS = "surplus", _("Own use first, the surplus to the grid")
    FULL = "full", _("All of it to the grid")


class Roof(models.TextChoices):
    """Whose roof it stands on."""

    OWN = "own", _("Own roof")
    SHARED = "shared", _("Roof shared with others")
    LEASED = "leased", _("Leased or borrowed roof")


class Filer(models.TextChoices):
    """Who files the project with the energy authority."""

    GRID = "grid", _("The supply company, in a batch")
    OWNER = "owner", _("The owner of the project")


class PvParticulars(models.Model):
    """What an application for a PV plant adds. The power in kWp is the application's capacity."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="pv")
    export = models.CharField(_("Mode of operation"), max_length=12, choices=Export.choices)
    roof = models.CharField(_("Roof"), max_length=12, choices=Roof.choices, default=Roof.OWN)
    filer = models.CharField(_("Who files the project"), max_length=8, choices=Filer.choices)
    filing_no = models.CharField(_("Filing number"), max_length=60, blank=True, default="")


class HostingResult(models.TextChoices):
    """Whether the grid can take the power in."""

    FITS = "fits", _("Fits in full")
    PARTLY = "partly", _("Fits in part")


class Hosting(Fact):
    """消纳: how much of the plant's power the grid there can take in, as of a day. Without such a row nobody says no by word of mouth."""

    result = models.CharField(_("What the grid can take in"), max_length=8, choices=HostingResult.choices)
    asset = models.CharField(_("Transformer area or line"), max_length=60)
    open_kwp = models.DecimalField(
        _("Open capacity"), max_digits=10, decimal_places=1, validators=[MinValueValidator(0)]
    )
    as_of_date = models.DateField(_("As of"))


class Filing(Fact):
    """备案: number, filer and day of the filing with the energy authority."""

    filer = models.CharField(_("Who files the project"), max_length=8, choices=Filer.choices)
    number = models.CharField(_("Filing number"), max_length=60)
    filed_date = models.DateField(_("Filed on"))
