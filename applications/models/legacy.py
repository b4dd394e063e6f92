"""What an imported case says of itself: history of another system, outside promises, lag rules and the work of the desk."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from staff.fields import EncryptedTextField
from staff.models import User
from workflow.models import Case


class LegacyRecord(models.Model):
    """One row of another system's register, as adopted: claimed dates, the file it came from, what it lacked, and the two who brought it in."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="legacy")
    system = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    title = EncryptedTextField(blank=True, default="")
    submitted_date = models.DateField(null=True)
    energised_date = models.DateField(null=True)
    withdrawn_date = models.DateField(null=True)
    capacity = models.DecimalField(max_digits=14, decimal_places=3, null=True)
    more = models.JSONField(default=dict, help_text="whatever else the mapping read")
    missing = ArrayField(models.CharField(max_length=40), default=list)
    file_sha256 = models.CharField(max_length=64)
    file_row = models.PositiveIntegerField()
    adopted_at = models.DateTimeField(default=timezone.now)
    adopted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["system", "key"], name="legacyrecord_system_key")]
