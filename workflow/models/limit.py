"""Limit: a row of law, promise or own rule. Profile: which utility and region this bureau is."""

from __future__ import annotations

import datetime as dt

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from staff.models.naming import TwoNames
from workflow.models.route import Clause, Grade, Origin


class Profile(TwoNames):
    """A grid company's words and places: hall, hotline, app names, closing hour. One is this bureau's own."""

    code = models.CharField(max_length=20, unique=True)
    utility = models.CharField(max_length=20)
    region = models.CharField(max_length=20)
    station_word_zh = models.CharField(max_length=20, default="供电所")
    app_zh = models.CharField(max_length=40)
    mini_program_zh = models.CharField(max_length=40)
    hotline = models.CharField(max_length=20, default="95598")
    regulator_hotline = models.CharField(max_length=20, default="12398")
    day_ends_at = models.TimeField(default=dt.time(17, 30))
    quiet_from_at = models.TimeField(default=dt.time(20), help_text="from then on nobody is disturbed")
    quiet_until_at = models.TimeField(default=dt.time(7, 30))
    digest_at = models.TimeField(
        default=dt.time(7, 30), help_text="when superiors get their one digest a day"
    )
    is_ours = models.BooleanField(default=False)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_ours"], condition=models.Q(is_ours=True), name="profile_one_is_ours"
            )
        ]


class LimitKind(models.TextChoices):
    """Three kinds run side by side; customers see the first two."""

    LEGAL = "legal", _("legal")
    PROMISE = "promise", _("promise")
    INTERNAL = "internal", _("internal")


class Limit(TwoNames):
    """Immutable version of one time limit.

    `start_kinds` are all needed; the clock starts at the latest of their earliest `occurred_at`. It stops at `recorded_at` of the
    first event of any stop kind. `days` null = a measure without a due date. `conditions` as in Node; the most specific row of a code wins.
    """

    code = models.CharField(max_length=40)
    version = models.PositiveIntegerField(default=1)
    kind = models.CharField(max_length=10, choices=LimitKind.choices)
    holder = models.CharField(
        max_length=12,
        choices=[("utility", _("utility")), ("customer", _("customer")), ("government", _("government"))],
        default="utility",
    )
    scope = models.CharField(
        max_length=10, choices=[("stage", "stage"), ("process", "process"), ("node", "node")]
    )
    stage = models.CharField(max_length=16, blank=True)
    node = models.CharField(max_length=40, blank=True)
    start_kinds = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    stop_kinds = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    stop_each = models.BooleanField(default=False)
    per_round = models.BooleanField(default=False)
    days = models.PositiveSmallIntegerField(null=True, blank=True)
    day_type = models.CharField(
        max_length=8, choices=[("working", _("working days")), ("calendar", _("calendar days"))]
    )
    cut_off_at = models.TimeField(
        null=True, blank=True, help_text="a start after this hour counts as the next day's"
    )
    conditions = models.JSONField(default=dict, blank=True)
    pause_reasons = ArrayField(models.CharField(max_length=32), default=list, blank=True)
    regime = models.CharField(max_length=60)
    utility = models.CharField(max_length=20, blank=True)
    region = models.CharField(max_length=20, blank=True)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True)
    status = models.CharField(
        max_length=10,
        choices=[("in_force", _("in force")), ("superseded", _("superseded")), ("draft", _("draft"))],
    )
    origin = models.CharField(max_length=10, choices=Origin.choices)
    clause = models.ForeignKey(Clause, on_delete=models.PROTECT, null=True, blank=True, related_name="limits")
    source = models.CharField(max_length=300)
    grade = models.CharField(max_length=1, choices=Grade.choices)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code", "regime", "utility", "region", "conditions", "version"], name="limit_unique"
            )
        ]


class PauseReason(TwoNames):
    """A listed reason for which a clock may stand still, and what it needs."""

    code = models.CharField(max_length=32, primary_key=True)
    needs_evidence = models.BooleanField(default=True)
    needs_second_person = models.BooleanField(default=False)
    max_days = models.PositiveSmallIntegerField(null=True, blank=True)
    in_force = models.BooleanField(default=True)
    source = models.CharField(max_length=300)
    grade = models.CharField(max_length=1, choices=Grade.choices)
    history = HistoricalRecords()


class RulesStamp(models.Model):
    """Changes whenever a limit, calendar, route, profile or separation rule does: caches are keyed by it. Written by triggers alone."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    stamp = models.UUIDField()
