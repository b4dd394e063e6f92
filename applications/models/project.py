"""Project: many cases applied for at once. It groups them and holds no state: each unit is a case with its own chain and clocks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.core.files.storage import FileSystemStorage
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application
from staff.fields import EncryptedTextField
from staff.models import Office, User
from workflow.models import Channel, new_id

if TYPE_CHECKING:
    from staff.policies import Authority


class ProjectKind(models.TextChoices):
    """What is applied for many times over; decides the units' category and the columns of the sheet."""

    ESTATE = "estate", _("Residential estate: one meter a home")
    VILLAGE_PV = "village_pv", _("Village: a solar plant on each roof")
    CHARGING = "charging", _("Car park: charging points of an estate")


UNIT_CATEGORY: dict[str, str] = {
    ProjectKind.ESTATE: "new_supply.residential",
    ProjectKind.VILLAGE_PV: "new_supply.pv_natural",
    ProjectKind.CHARGING: "new_supply.charging_estate",
}


class ProjectQuerySet(models.QuerySet["Project"]):
    """Who sees which project."""

    def visible_to(self, user: User, known: Authority | None = None) -> ProjectQuerySet:
        """An officer those of their offices; a customer the ones applied for by them or with their verified phone."""
        if user.kind == User.Kind.OFFICER:
            return self.filter(office__in=known.offices) if known else self.none()
        mine = Q(customer=user)
        if user.phone_index:
            mine |= Q(phone_index=user.phone_index)
        return self.filter(mine)


class Project(models.Model):
    """Who applies for many, where and for what. What it came to is asked of its units' cases."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=24, unique=True)
    kind = models.CharField(_("What for"), max_length=12, choices=ProjectKind.choices)
    name = models.CharField(_("Name of the project"), max_length=80)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="projects")
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="projects")
    organisation = models.CharField(max_length=80)
    credit_code = models.CharField(max_length=18, blank=True, default="")
    contact_name = EncryptedTextField()
    phone = EncryptedTextField()
    phone_index = models.CharField(max_length=64, db_index=True)
    address = EncryptedTextField()
    earlier_date = models.DateField(
        null=True, help_text="the customer's answer: power was first asked for on that day"
    )
    opened_at = models.DateTimeField(default=timezone.now)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at"]
        indexes = [models.Index(fields=["office", "-opened_at"], name="project_office")]

    def __str__(self) -> str:
        return self.number

    @property
    def stream(self) -> str:
        """Name of the stream its own events run in."""
        return f"project:{self.pk}"

    @property
    def category(self) -> str:
        """Category of every unit."""
        return UNIT_CATEGORY[self.kind]


class ProjectUnit(models.Model):
    """One unit by the name it has in the project (3-2-501, space B2-7), and its application."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="units")
    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="unit")
    label = models.CharField(max_length=40)
    place = models.PositiveIntegerField(help_text="order in the sheet")

    class Meta:
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["project", "label"], name="projectunit_label")]

    def __str__(self) -> str:
        return self.label


def paper_path(paper: ProjectPaper, _name: str) -> str:
    """Server-made names, as for every paper."""
    return f"projects/{paper.project_id.hex[:2]}/{new_id().hex}"


class ProjectPaper(models.Model):
    """A paper handed in once for all units. Each unit's own row of papers points at these bytes."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="papers")
    item_code = models.CharField(max_length=40)
    file = models.FileField(upload_to=paper_path, storage=FileSystemStorage)
    original_name = EncryptedTextField(blank=True, default="")
    media_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    pages = models.PositiveSmallIntegerField(null=True)
    sha256 = models.CharField(max_length=64)
    sm3 = models.CharField(max_length=64)
    received_at = models.DateTimeField(default=timezone.now)
    received_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["received_at"]
        constraints = [
            models.UniqueConstraint(fields=["project", "item_code", "sha256"], name="projectpaper_once")
        ]


class ProjectSheet(models.Model):
    """Rows sent in at once: units to be opened, or one act with a result per unit. Carried out row by row once confirmed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="sheets")
    act = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-sent_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "act", "sha256"],
                condition=Q(finished_at=None),
                name="projectsheet_once_under_way",
            )
        ]
        indexes = [
            models.Index(
                fields=["confirmed_at"],
                condition=Q(finished_at=None, confirmed_at__isnull=False),
                name="projectsheet_under_way",
            )
        ]


class RowOutcome(models.TextChoices):
    """What came of a row."""

    WAITING = "", _("waiting")
    DONE = "done", _("done")
    REFUSED = "refused", _("refused")


class SheetRow(models.Model):
    """One row: its cells until it is carried out, then what came of it."""

    sheet = models.ForeignKey(ProjectSheet, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(help_text="row as the spreadsheet counts it")
    label = models.CharField(max_length=40)
    cells_text = EncryptedTextField(blank=True, default="", help_text="emptied once the row is done")
    outcome = models.CharField(max_length=8, choices=RowOutcome.choices, blank=True, default="")
    sentence = models.CharField(max_length=400, blank=True, default="")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["sheet", "number"], name="sheetrow_number")]
        indexes = [models.Index(fields=["sheet", "outcome", "number"], name="sheetrow_outcome")]

    @property
    def cells(self) -> dict[str, Any]:
        """What the row says."""
        return json.loads(self.cells_text) if self.cells_text else {}
