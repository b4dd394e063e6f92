"""Facts of the survey stage: can this place be supplied, from where, and what has to be built first."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.models.application import Fact
from staff.models import User


class LoadKind(models.TextChoices):
    """What the load is by nature."""

    ORDINARY = "ordinary", _("Ordinary load")
    IMPORTANT = "important", _("Important load")
    SECURITY = "security", _("Security load")


class ImportantGrade(models.TextChoices):
    """Grade of an important user; empty for everybody else."""

    NONE = "", _("Not an important user")
    SPECIAL = "special", _("Special grade")
    FIRST = "first", _("First grade")
    SECOND = "second", _("Second grade")
    TEMPORARY = "temporary", _("Temporary important user")


class SourcePoint(models.Model):
    """Where in the grid a supply is taken from: as much of it as applies."""

    substation = models.CharField(_("Substation"), max_length=60, blank=True, default="")
    line = models.CharField(_("Line"), max_length=60, blank=True, default="")
    pole = models.CharField(_("Pole or cabinet"), max_length=60, blank=True, default="")
    transformer_area = models.CharField(_("Transformer area"), max_length=60, blank=True, default="")

    class Meta:
        abstract = True

    @property
    def source_point(self) -> str:
        """The point in one line, from the substation down."""
        return " · ".join(
            part for part in (self.substation, self.line, self.transformer_area, self.pole) if part
        )


class Survey(Fact, SourcePoint):
    """勘查: what was found on site. A refusal for want of capacity is a row with its reason, never a word by mouth."""

    can_supply = models.BooleanField(_("Can be supplied"))
    reason = models.CharField(_("Why it can't be supplied yet"), max_length=300, blank=True, default="")
    surveyors = models.ManyToManyField(User, related_name="+", verbose_name=_("Surveyors on site"))
    load_kind = models.CharField(
        _("Nature of the load"), max_length=12, choices=LoadKind.choices, default=LoadKind.ORDINARY
    )
    approved_capacity = models.DecimalField(
        _("Approved capacity"), max_digits=10, decimal_places=1, null=True, blank=True
    )
    distance_m = models.PositiveIntegerField(_("Distance to the source point"), null=True, blank=True)
    external_line = models.BooleanField(_("External line works needed"))
    customer_works = models.BooleanField(_("Customer's receiving works needed"))
    important_grade = models.CharField(
        _("Important user"),
        max_length=12,
        choices=ImportantGrade.choices,
        blank=True,
        default=ImportantGrade.NONE,
    )
    estate = models.BooleanField(_("Housing estate"), default=False)
    photos = models.PositiveSmallIntegerField(_("Photos taken"), default=0)
    findings = models.TextField(_("Findings on site"), max_length=1000, blank=True, default="")
