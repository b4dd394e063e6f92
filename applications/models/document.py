"""Documents, the checklist they answer, and requests for what is missing."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.files.storage import FileSystemStorage
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from applications.models.application import Application
from staff.fields import EncryptedTextField
from staff.models import User
from staff.models.naming import TwoNames
from workflow.models import Channel, Grade, new_id


class ChecklistItem(TwoNames):
    """One paper a category asks for: versioned data with its source.

    `conditions` as in limits (e.g. {"by_agent": [true]}); `may_defer` = 容缺: accepted without it, to be supplied by `deferred_until`.
    """

    category = models.CharField(max_length=40)
    code = models.CharField(max_length=40)
    version = models.PositiveIntegerField(default=1)
    order = models.PositiveSmallIntegerField(default=0)
    mandatory = models.BooleanField(default=True)
    may_defer = models.BooleanField(default=False)
    deferred_until = models.CharField(
        max_length=16, blank=True, help_text="stage by which a deferred paper must be there"
    )
    conditions = models.JSONField(default=dict, blank=True)
    form_zh = models.CharField(max_length=120, blank=True, help_text="original, copy, stamp…")
    form_en = models.CharField(max_length=160, blank=True)
    issued_by_zh = models.CharField(max_length=120, blank=True)
    issued_by_en = models.CharField(max_length=160, blank=True)
    obtainable_by_sharing = models.BooleanField(default=False)
    source = models.CharField(max_length=300)
    grade = models.CharField(max_length=1, choices=Grade.choices)
    in_force = models.BooleanField(default=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["category", "order"]
        constraints = [
            models.UniqueConstraint(fields=["category", "code", "version"], name="checklistitem_version")
        ]


def upload_path(document: Document, _name: str) -> str:
    """Server-made names: what the customer's device called the file is never a path."""
    return f"documents/{document.pk.hex[:2]}/{document.pk.hex}"


class DocumentStatus(models.TextChoices):
    """How a paper stands."""

    RECEIVED = "received", _("received")
    ACCEPTED = "accepted", _("in order")
    RETURNED = "returned", _("to be supplied again")


class Document(models.Model):
    """One paper as it came: when, from whom, through which channel, with the digests of its bytes."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="documents")
    item_code = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField(default=1)
    replaced = models.BooleanField(default=False)
    status = models.CharField(max_length=10, choices=DocumentStatus.choices, default=DocumentStatus.RECEIVED)
    status_reason = models.CharField(
        max_length=200, blank=True, default="", help_text="code of the fault it was returned for"
    )
    review_note = EncryptedTextField(
        blank=True, default="", help_text="what is wrong, in the reviewer's words"
    )
    file = models.FileField(upload_to=upload_path, storage=FileSystemStorage, blank=True)
    original_name = EncryptedTextField(blank=True, default="")
    media_type = models.CharField(max_length=60, blank=True, default="")
    size = models.PositiveIntegerField(default=0)
    pages = models.PositiveSmallIntegerField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True, default="")
    sm3 = models.CharField(max_length=64, blank=True, default="")
    paper_date = models.DateField(null=True, blank=True, help_text="date written on the paper")
    received_at = models.DateTimeField(default=timezone.now)
    received_channel = models.ForeignKey(Channel, on_delete=models.PROTECT, null=True, related_name="+")
    received_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    given_by_customer = models.BooleanField(default=True)
    history = HistoricalRecords(excluded_fields=["original_name", "file", "review_note"])

    class Meta:
        ordering = ["received_at"]
        indexes = [models.Index(fields=["application", "item_code"], name="document_item")]

    @property
    def page_numbers(self) -> range:
        """Its pages, one where nobody counted them."""
        return range(1, (self.pages or 1) + 1)


class DocumentRequest(models.Model):
    """A 一次性告知: everything missing, asked once, in writing, with reasons per item. Its own clock runs from it."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="document_requests")
    round = models.PositiveSmallIntegerField(default=1)
    items = ArrayField(models.CharField(max_length=40))
    reasons = models.JSONField(default=dict)
    note = models.CharField(max_length=300, blank=True, default="")
    asked_at = models.DateTimeField(default=timezone.now)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        help_text="the supervisor, where papers are asked for once more",
    )  # fmt: skip
    again_because = EncryptedTextField(blank=True, default="", help_text="the supervisor's reason")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "round"], name="documentrequest_round"),
            models.UniqueConstraint(
                fields=["application"], condition=models.Q(answered_at=None), name="documentrequest_one_open"
            ),
        ]
