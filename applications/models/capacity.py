"""Capacity: what of the grid is open for whom. "No capacity" said by mouth is a refusal; a row with a figure and a date is an answer."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from applications.models.application import Application, Fact
from applications.models.document import Document
from staff.models import Office, User


class AssetKind(models.TextChoices):
    """What limits a supply."""

    TRANSFORMER_AREA = "transformer_area", _("Transformer area")
    LINE = "line", _("Line")
    SUBSTATION = "substation", _("Substation")


class CapacityAsset(models.Model):
    """A transformer area, line or substation whose open capacity is known."""

    kind = models.CharField(max_length=20, choices=AssetKind.choices)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="capacity_assets")
    unit = models.CharField(max_length=4, choices=[("kVA", "kVA"), ("kW", "kW")])
    history = HistoricalRecords()

    class Meta:
        ordering = ["kind", "code"]
        constraints = [models.UniqueConstraint(fields=["kind", "code"], name="capacityasset_code")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.name}"


class CapacityImport(models.Model):
    """A file of figures as it came: its digest, how many rows, by whom."""

    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    imported_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    imported_at = models.DateTimeField(default=timezone.now)


class CapacityFigure(models.Model):
    """Open capacity of an asset on a day, and who says so. Rows are added, never changed: the newest counts, the older ones stay."""

    asset = models.ForeignKey(CapacityAsset, on_delete=models.PROTECT, related_name="figures")
    open_capacity = models.DecimalField(max_digits=12, decimal_places=1)
    as_of_date = models.DateField()
    source = models.CharField(max_length=120)
    batch = models.ForeignKey(CapacityImport, on_delete=models.PROTECT, null=True, related_name="figures")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["recorded_at"]
        indexes = [models.Index(fields=["asset", "-recorded_at"], name="capacityfigure_newest")]


class CapacityCheck(Fact):
    """可开放容量核查: what the asset had open, what earlier schemes had taken since, what is needed, and whether it is enough."""

    asset = models.ForeignKey(CapacityAsset, on_delete=models.PROTECT, related_name="checks")
    figure = models.ForeignKey(CapacityFigure, on_delete=models.PROTECT, related_name="+")
    open_capacity = models.DecimalField(max_digits=12, decimal_places=1)
    promised = models.DecimalField(
        max_digits=12, decimal_places=1, default=0, help_text="taken by schemes since the figure"
    )
    needed = models.DecimalField(_("Needed"), max_digits=10, decimal_places=1)
    as_of_date = models.DateField()
    source = models.CharField(max_length=120)
    sufficient = models.BooleanField()

    class Meta(Fact.Meta):
        indexes = [models.Index(fields=["asset", "recorded_at"], name="capacitycheck_asset")]


class PriorityKind(models.TextChoices):
    """For what a case may go before others."""

    MAJOR_PROJECT = "major_project", _("Major project")
    EMERGENCY = "emergency", _("People's livelihood, emergency")
    DISASTER = "disaster", _("Disaster relief")
    MILITARY = "military", _("Military and civil priority")


class Priority(Fact):
    """A case may go before others, from a day to a day, by a document, granted elsewhere than at the office that benefits.

    It changes an order, never a time.
    """

    kind = models.CharField(_("Kind of priority"), max_length=16, choices=PriorityKind.choices)
    basis = models.CharField(_("Document it rests on"), max_length=200)
    papers = models.ManyToManyField(Document, related_name="+", blank=True, verbose_name=_("The document"))
    granted_at_office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    from_date = models.DateField(_("From"))
    to_date = models.DateField(_("Until"))

    class Meta(Fact.Meta):
        verbose_name_plural = "priorities"
        constraints = [
            models.CheckConstraint(
                condition=Q(to_date__gte=models.F("from_date")), name="priority_from_before_to"
            )
        ]


class QueueEntry(models.Model):
    """容量受限排队: one case waiting for one asset, in the order of first contact. An entry is left once, and stays."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="queue_entries")
    asset = models.ForeignKey(CapacityAsset, on_delete=models.PROTECT, related_name="queue")
    check_row = models.ForeignKey(CapacityCheck, on_delete=models.PROTECT, related_name="+")
    needed = models.DecimalField(max_digits=10, decimal_places=1)
    first_contact_at = models.DateTimeField()
    queued_at = models.DateTimeField(default=timezone.now)
    left_at = models.DateTimeField(null=True)
    left_how = models.CharField(
        max_length=8, blank=True, default="", choices=[("served", _("served")), ("left", _("left the queue"))]
    )

    class Meta:
        ordering = ["first_contact_at", "queued_at"]
        verbose_name_plural = "queue entries"
        constraints = [
            models.UniqueConstraint(
                fields=["application", "asset"], condition=Q(left_at=None), name="queueentry_one_open"
            )
        ]
        indexes = [
            models.Index(
                fields=["asset", "first_contact_at"], condition=Q(left_at=None), name="queueentry_open"
            )
        ]


class CapacityRelease(Fact):
    """Capacity was set free: how much, by what, and whom it served. `priority` where somebody went before the head of the queue."""

    asset = models.ForeignKey(CapacityAsset, on_delete=models.PROTECT, related_name="releases")
    amount = models.DecimalField(_("Capacity released"), max_digits=10, decimal_places=1)
    reason = models.CharField(_("What released it"), max_length=200)
    entry = models.OneToOneField(QueueEntry, on_delete=models.PROTECT, related_name="release")
    priority = models.ForeignKey(Priority, on_delete=models.PROTECT, null=True, related_name="releases")
    figure = models.ForeignKey(CapacityFigure, on_delete=models.PROTECT, related_name="+")
