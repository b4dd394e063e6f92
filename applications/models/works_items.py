"""Works of a case, several beside each other: the customer's receiving works, and the grid's supporting works and lines."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.models.application import Fact
from workflow.models import Clause


class WorksSide(models.TextChoices):
    """Whose works they are."""

    GRID = "grid", _("Grid: supporting works and external line")
    CUSTOMER = "customer", _("Customer: receiving works")


class WorksKind(models.TextChoices):
    """What is built."""

    OVERHEAD = "overhead", _("Overhead line")
    CABLE = "cable", _("Cable and duct")
    BAY = "bay", _("Bay in a substation")
    SWITCHGEAR = "switchgear", _("Ring main unit, switching station")
    TRANSFORMER = "transformer", _("Transformer area")
    SERVICE = "service", _("Service line and meter box")
    RECEIVING = "receiving", _("Receiving works")
    OTHER = "other", _("Other works")


class Payer(models.TextChoices):
    """Who pays for works."""

    UTILITY = "utility", _("Utility")
    CUSTOMER = "customer", _("Customer")
    GOVERNMENT = "government", _("Government")
    SHARED = "shared", _("Shared")


class WorksItem(Fact):
    """One item of works. `source_number` is the source it leads to; empty where every source needs it.

    The investment boundary is written down beforehand, with the clause it rests on; who did pay is said when it is finished.
    """

    number = models.PositiveSmallIntegerField()
    side = models.CharField(_("Whose works"), max_length=8, choices=WorksSide.choices)
    kind = models.CharField(_("Kind of works"), max_length=12, choices=WorksKind.choices)
    extent = models.CharField(_("What is built"), max_length=160)
    source_number = models.PositiveSmallIntegerField(_("For which source"), null=True, blank=True)
    builder = models.CharField(_("Builder"), max_length=120, blank=True, default="")
    payer = models.CharField(_("Who has to pay"), max_length=10, choices=Payer.choices)
    boundary = models.CharField(_("Investment boundary"), max_length=200)
    clause = models.ForeignKey(
        Clause, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Basis")
    )
    project_no = models.CharField(_("Project number"), max_length=40, blank=True, default="")
    start_date = models.DateField(_("Planned start"), null=True, blank=True)
    finish_date = models.DateField(_("Planned finish"), null=True, blank=True)

    class Meta(Fact.Meta):
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="worksitem_number"),
            models.CheckConstraint(
                condition=models.Q(start_date=None)
                | models.Q(finish_date=None)
                | models.Q(finish_date__gte=models.F("start_date")),
                name="worksitem_finish_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.get_kind_display()} · {self.extent}"


class WorksNews(models.TextChoices):
    """What can be reported of works under way: project, material, permits, the slot in which it is joined to the grid."""

    PROJECT = "project", _("Project number given")
    MATERIAL_ASKED = "material_asked", _("Material asked for")
    MATERIAL_ISSUED = "material_issued", _("Material issued")
    PERMIT_ASKED = "permit_asked", _("Permit asked for")
    PERMIT_GRANTED = "permit_granted", _("Permit granted")
    OUTAGE = "outage", _("Outage planned")
    LIVE = "live", _("Live-line work planned")
    SLOT_LOST = "slot_lost", _("Outage or live-line work put off")
    STARTED = "started", _("Works begun")


class WorksReport(Fact):
    """One piece of news about an item. `expected_date` is when the next is awaited, or the day of the slot; `reference` its number."""

    item = models.ForeignKey(WorksItem, on_delete=models.PROTECT, related_name="reports")
    news = models.CharField(_("What is new"), max_length=16, choices=WorksNews.choices)
    day = models.DateField(_("On which day"))
    reference = models.CharField(_("Number"), max_length=40, blank=True, default="")
    expected_date = models.DateField(_("Expected on"), null=True, blank=True)


class WorksFinish(Fact):
    """An item is finished; or, without an item, that the case needs no grid works after all, and why."""

    item = models.OneToOneField(
        WorksItem, on_delete=models.PROTECT, null=True, blank=True, related_name="finish"
    )
    finished_date = models.DateField(_("Finished on"))
    paid_by = models.CharField(_("Who did pay"), max_length=10, choices=Payer.choices, blank=True, default="")
    note = models.CharField(_("Why no grid works are needed"), max_length=200, blank=True, default="")
