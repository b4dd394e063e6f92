"""Route: a versioned list of nodes for one kind of application. Cutting or merging nodes is a new version, no code."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from staff.models.naming import TwoNames
from workflow.stages import Stage


class Grade(models.TextChoices):
    """How far a rule's source was confirmed; shown wherever the rule is."""

    A = "A", _("official page")
    B = "B", _("copy of an official document, to be checked")
    C = "C", _("secondary page, to be checked")
    D = "D", _("system record, not a rule")
    U = "U", _("unverified")
    X = "X", _("own rule of this bureau")


class Origin(models.TextChoices):
    """Whose rule a node or limit is; only its own level changes it."""

    LAW = "law", _("law")
    COMPANY = "company", _("grid company")
    PROVINCE = "province", _("province")
    BUREAU = "bureau", _("this bureau")


class Clause(models.Model):
    """A clause of law or rule that governs nodes and limits, in our own words, with its source."""

    code = models.CharField(max_length=60, primary_key=True)
    title_zh = models.CharField(max_length=120)
    title_en = models.CharField(max_length=160)
    number = models.CharField(max_length=40, blank=True, help_text="article; empty when not verified")
    text_zh = models.TextField()
    text_en = models.TextField()
    source = models.CharField(max_length=300)
    grade = models.CharField(max_length=1, choices=Grade.choices)
    history = HistoricalRecords()

    def __str__(self) -> str:
        return self.title_zh


class Route(TwoNames):
    """Kind of application a list of nodes is for. `supply_class` may be a family (`hv_*`) or empty for any; the most specific one wins."""

    code = models.CharField(max_length=40, unique=True)
    business_type = models.CharField(max_length=24)
    supply_class = models.CharField(max_length=24)


class RouteVersion(TwoNames):
    """An immutable list of nodes. New cases get the one the administrator chose; running ones keep theirs."""

    route = models.ForeignKey(Route, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    status = models.CharField(
        max_length=10, choices=[("draft", "draft"), ("published", "published")], default="draft"
    )
    for_new_cases = models.BooleanField(default=False)
    utility = models.CharField(max_length=20, blank=True)
    region = models.CharField(max_length=20, blank=True)
    source = models.CharField(max_length=300)
    grade = models.CharField(max_length=1, choices=Grade.choices)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["route", "number"], name="routeversion_number"),
            models.UniqueConstraint(
                fields=["route"],
                condition=models.Q(for_new_cases=True),
                name="routeversion_one_for_new_cases",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.route.name} {self.name}"


class Doer(models.TextChoices):
    """Who does a node."""

    OFFICER = "officer", _("officer")
    CUSTOMER = "customer", _("customer")
    GOVERNMENT = "government", _("government")


class Node(TwoNames):
    """One step of a route: who does it, what competence it needs, which facts it must produce, when it applies.

    `opens_with` is the stage it opens in; `needed_for` the stage that can't be left without it.
    `conditions` maps a matching field to the list of values under which the node applies; empty = always.
    """

    version = models.ForeignKey(RouteVersion, on_delete=models.PROTECT, related_name="nodes")
    code = models.CharField(max_length=40)
    order = models.PositiveSmallIntegerField()
    doer = models.CharField(max_length=12, choices=Doer.choices, default=Doer.OFFICER)
    role = models.CharField(max_length=16, blank=True, help_text="post that does it")
    competence = models.CharField(max_length=24, blank=True, help_text="certificate needed")
    at_county = models.BooleanField(default=False, help_text="done by the county, not the station")
    facts = ArrayField(models.CharField(max_length=40))
    conditions = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    parallel_group = models.CharField(max_length=20, blank=True)
    opens_with = models.CharField(max_length=16, choices=Stage.choices)
    needed_for = models.CharField(max_length=16, choices=Stage.choices)
    returns_to = models.CharField(
        max_length=40, blank=True, help_text="node that opens anew when this one sends work back"
    )
    claim_allowance_minutes = models.PositiveIntegerField(
        default=30, help_text="a claimed time may lie this far before the record"
    )
    promise_count = models.BooleanField(default=False, help_text="counts as a 环节 the customer touches")
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.BUREAU)
    clauses = models.ManyToManyField(Clause, blank=True, related_name="nodes")

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="node_version_code")]


class SeparationRule(models.Model):
    """Two facts on one case that must not come from one person. Data by category, so that a small station is never deadlocked."""

    fact = models.CharField(max_length=24)
    other_fact = models.CharField(max_length=24)
    conditions = models.JSONField(default=dict, blank=True)
    source = models.CharField(max_length=300)
    grade = models.CharField(max_length=1, choices=Grade.choices)
    in_force = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fact", "other_fact", "conditions"], name="separation_unique")
        ]
