"""Charging points: how many, of which power, where, and whether the property manager agrees."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application


class Current(models.TextChoices):
    """What comes out of the pile."""

    AC = "ac", _("AC")
    DC = "dc", _("DC")


class Space(models.TextChoices):
    """On what right the parking space is used."""

    OWN = "own", _("Own parking space")
    LEASED = "leased", _("Leased for a year or longer")
    CIVIL_DEFENCE = "defence", _("Civil-defence parking space")
    SITE = "site", _("Site of the station")


class EstateConsent(models.TextChoices):
    """What the property manager (物业) says."""

    GIVEN = "given", _("Given in writing")
    NONE_NEEDED = "none", _("There is no property manager")
    TO_COME = "to_come", _("Not there yet")


class ChargingParticulars(models.Model):
    """What an application for charging points adds. The total in kW or kVA is the application's capacity."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="charging")
    piles = models.PositiveSmallIntegerField(_("Number of piles"), validators=[MinValueValidator(1)])
    pile_kw = models.DecimalField(
        _("Power of a pile"), max_digits=6, decimal_places=1, validators=[MinValueValidator(1)]
    )
    current = models.CharField(_("AC or DC"), max_length=2, choices=Current.choices)
    protection = models.CharField(_("Degree of protection"), max_length=8, blank=True, default="")
    space = models.CharField(_("Parking space"), max_length=8, choices=Space.choices)
    space_no = models.CharField(_("Number of the parking space"), max_length=40, blank=True, default="")
    estate_consent = models.CharField(
        _("Consent of the property manager"), max_length=8, choices=EstateConsent.choices
    )
