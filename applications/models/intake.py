"""Facts of the intake stage."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from applications.models.application import Fact


class Acceptance(Fact):
    """受理: papers checked item by item; what was deferred is named with the promise to supply it.

    `echo_earlier_at` is what the customer, asked on the verified phone, said: the day power was first asked for.
    """

    complete = models.BooleanField()
    deferred_items = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    three_zero = models.BooleanField()
    promise_days = models.PositiveSmallIntegerField(null=True)
    note = models.CharField(max_length=300, blank=True, default="")
