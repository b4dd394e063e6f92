"""Facts of the inspection stage."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.models.application import Fact
from applications.models.works import MAX_OPINION
from staff.models import User


class Inspection(Fact):
    """竣工检验, passed: nothing else ends the stage. What failed is a rectification notice."""

    passed = models.BooleanField(default=True)
    inspectors = models.ManyToManyField(User, related_name="+", verbose_name=_("Inspectors on site"))
    items = ArrayField(models.CharField(max_length=120), verbose_name=_("Items checked"))
    remarks = ArrayField(
        models.CharField(max_length=MAX_OPINION), default=list, blank=True, verbose_name=_("Remarks")
    )

    class Meta(Fact.Meta):
        constraints = [models.CheckConstraint(condition=models.Q(passed=True), name="inspection_passed")]


class RectificationNotice(Fact):
    """整改通知: every defect at once, numbered, with a day by which."""

    inspectors = models.ManyToManyField(User, related_name="+", verbose_name=_("Inspectors on site"))
    defects = ArrayField(models.CharField(max_length=MAX_OPINION), verbose_name=_("Defects"))
    due_date = models.DateField(_("To be mended by"))
