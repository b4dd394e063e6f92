"""What a certificate can attest: the vocabulary that nodes, certificates and courses share."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from staff.models.naming import TwoNames


class Competence(TwoNames):
    """One thing that must be learnt and certified before it may be done."""

    class NeededAt(models.TextChoices):
        STATION = "station", _("Every station needs somebody")
        COUNTY = "county", _("Somebody in the county is enough")

    code = models.SlugField(_("Code"), max_length=32, unique=True)
    needed_at = models.CharField(_("Where it must be held"), max_length=10, choices=NeededAt.choices)
    position = models.PositiveSmallIntegerField(_("Order on lists"), default=0)

    class Meta:
        verbose_name = _("Competence")
        verbose_name_plural = _("Competences")
        ordering = ["position", "code"]
