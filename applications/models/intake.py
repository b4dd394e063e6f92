"""Facts of the intake stage."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from applications.models.application import Fact
from applications.models.rules import ThreeZeroRule


class Acceptance(Fact):
    """受理: papers checked item by item; what was deferred is named with the promise to supply it.

    `three_zero_by_rule` is what the rule said that day; where the decision departs from it, the reason stands with the application.
    `echo_earlier_at` is what the customer, asked on the verified phone, said: the day power was first asked for.
    """

    complete = models.BooleanField()
    deferred_items = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    three_zero = models.BooleanField()
    three_zero_by_rule = models.BooleanField(null=True)
    three_zero_rule = models.ForeignKey(ThreeZeroRule, on_delete=models.PROTECT, null=True, related_name="+")
    promise_days = models.PositiveSmallIntegerField(null=True)
    note = models.CharField(max_length=300, blank=True, default="")
