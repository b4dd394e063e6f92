"""接入系统设计: asked of a designer, received on a day. An object of its own, since the customer's designer may take his time."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.models.application import Fact
from applications.models.document import Document


class DesignSide(models.TextChoices):
    """Who appointed the designer. Only the customer's own can be a reason to let a clock stand still."""

    CUSTOMER = "customer", _("Appointed by the customer")
    UTILITY = "utility", _("Appointed by us")


class AccessDesignRequest(Fact):
    """The design was asked for: by whom, of whom, on which day."""

    side = models.CharField(_("Whose designer"), max_length=10, choices=DesignSide.choices)
    designer = models.CharField(_("Design firm"), max_length=120)
    licence_no = models.CharField(
        _("Qualification certificate number"), max_length=40, blank=True, default=""
    )
    asked_date = models.DateField(_("Asked for on"))


class AccessDesignReceipt(Fact):
    """The design came: on which day, with which papers."""

    request = models.OneToOneField(AccessDesignRequest, on_delete=models.PROTECT, related_name="receipt")
    received_date = models.DateField(_("Received on"))
    papers = models.ManyToManyField(Document, related_name="+", blank=True, verbose_name=_("Design papers"))
