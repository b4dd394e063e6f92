"""Rules of categories as data: what a stage is called there, and who gets the three-zero service (三零)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from simple_history.models import HistoricalRecords

from applications.models.scheme import Sourced
from staff.models.naming import TwoNames
from workflow.models import Grade, Stage


class StageLabel(Sourced):
    """What a stage is called in a category: of a PV plant the inspection is 并网验收. Empty type or class = any; the most specific row wins."""

    business_type = models.CharField(max_length=24, blank=True, default="")
    supply_class = models.CharField(
        max_length=24, blank=True, default="", help_text="a class, or a family of classes such as pv_*"
    )
    stage = models.CharField(max_length=16, choices=Stage.choices)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["business_type", "supply_class", "stage"], name="stagelabel_category_stage"
            )
        ]


class ThreeZeroRule(TwoNames):
    """Who gets the three-zero service somewhere from some day on. Of those in force the one of the closest region counts."""

    code = models.CharField(max_length=40, unique=True)
    region = models.CharField(
        max_length=20,
        blank=True,
        default="",
        help_text="digits a county's code begins with; empty = everywhere",
    )
    business_types = ArrayField(models.CharField(max_length=24))
    supply_classes = ArrayField(models.CharField(max_length=24))
    customer_kinds = ArrayField(models.CharField(max_length=12))
    capacity_limit = models.DecimalField(max_digits=10, decimal_places=1)
    unit = models.CharField(max_length=4, default="kW")
    from_date = models.DateField()
    to_date = models.DateField(null=True, blank=True)
    status = models.CharField(
        max_length=10,
        choices=[("in_force", "in force"), ("superseded", "superseded"), ("draft", "draft")],
    )
    source = models.CharField(max_length=300)
    grade = models.CharField(max_length=1, choices=Grade.choices)
    history = HistoricalRecords()
