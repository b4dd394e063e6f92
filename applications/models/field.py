"""Field work of an application: what to look at on site, and what came from a device and could not be recorded."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from simple_history.models import HistoricalRecords

from applications.models.application import Application
from applications.models.document import Document
from staff.fields import EncryptedTextField
from staff.models import User
from staff.models.naming import TwoNames
from workflow.models import Grade, TakenAlong, new_id


class VisitItem(TwoNames):
    """One thing to look at on site before a fact is recorded there. A reminder on the phone; what was ticked enters the record."""

    fact = models.CharField(max_length=40)
    code = models.CharField(max_length=40)
    order = models.PositiveSmallIntegerField(default=0)
    supply_classes = ArrayField(
        models.CharField(max_length=24), default=list, blank=True, help_text="empty = all"
    )
    in_force = models.BooleanField(default=True)
    source = models.CharField(max_length=300)
    grade = models.CharField(max_length=1, choices=Grade.choices)
    history = HistoricalRecords()

    class Meta:
        ordering = ["fact", "order"]
        constraints = [models.UniqueConstraint(fields=["fact", "code"], name="visititem_fact_code")]


class Capture(models.Model):
    """What somebody captured on a device and could not be recorded any more: the task went into other hands, or somebody was quicker.

    Kept whole, with its photographs, and shown to whoever does the task now: nothing that was seen on site is lost. `body` is what was
    filled in, as JSON; it may hold personal data, so it is encrypted and outside the log.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="captures")
    taken = models.ForeignKey(TakenAlong, on_delete=models.PROTECT, related_name="captures")
    act = models.CharField(max_length=40)
    key = models.CharField(max_length=40)
    body = EncryptedTextField()
    reason = models.CharField(max_length=12, help_text="code of why it was not recorded")
    captured_at = models.DateTimeField(null=True)
    kept_at = models.DateTimeField(help_text="when it came, by the database's clock")
    kept_number = models.PositiveIntegerField(help_text="its event in the case's stream")
    kept_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    photos = models.ManyToManyField(Document, related_name="+")
    settled_at = models.DateTimeField(null=True)
    settled_number = models.PositiveIntegerField(null=True)
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["taken", "act", "key"], name="capture_once")]
        indexes = [
            models.Index(
                fields=["application"], condition=models.Q(settled_at=None), name="capture_unsettled"
            )
        ]
