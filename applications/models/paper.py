"""Papers asked for and papers issued: what was wrong with each, until when it is wanted, and every text that left the house."""

from __future__ import annotations

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from applications.models.application import Fact
from applications.models.document import Document, DocumentRequest
from applications.models.scheme import Sourced
from staff.fields import EncryptedTextField
from workflow.models import Limit


class PaperFault(Sourced):
    """What can be wrong with a paper, and how the customer puts it right: the library a clerk picks from."""

    code = models.CharField(max_length=24, unique=True)
    order = models.PositiveSmallIntegerField(default=0)
    missing = models.BooleanField(default=False, help_text="said of a paper that has not come at all")
    own_words = models.BooleanField(default=False, help_text="says nothing without the reviewer's own words")
    remedy_zh = models.CharField(max_length=200, blank=True)
    remedy_en = models.CharField(max_length=300, blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["order"]

    @property
    def remedy(self) -> str:
        """How to put it right, in the reader's language."""
        return self.remedy_en if (get_language() or "").startswith("en") else self.remedy_zh


class RequestedPaper(models.Model):
    """One paper of a request: its own fault, words and clock.

    The clock is the customer's and moves no clock of ours; how long it runs is a limit's row, chosen for this very paper.
    """

    request = models.ForeignKey(DocumentRequest, on_delete=models.PROTECT, related_name="papers")
    item_code = models.CharField(max_length=40)
    fault = models.ForeignKey(
        PaperFault, on_delete=models.PROTECT, null=True, related_name="+", to_field="code"
    )
    words = EncryptedTextField(blank=True, default="")
    limit = models.ForeignKey(Limit, on_delete=models.PROTECT, null=True, related_name="+")
    due_at = models.DateTimeField(null=True)
    provisional = models.BooleanField(default=False)
    answered_at = models.DateTimeField(null=True)
    document = models.ForeignKey(
        Document,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="the paper that answered it",
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["request", "item_code"], name="requestedpaper_item"),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=models.Q(answered_at=None), name="requestedpaper_open_due"
            ),
        ]


class PaperKind(models.TextChoices):
    """Texts that leave the house as a page and as PDF."""

    ACCEPTANCE = "acceptance", _("Receipt of acceptance")
    REQUEST = "request", _("One-time notice of missing papers")
    SCHEME_REPLY = "scheme-reply", _("Reply with the supply scheme")
    CONTRACT = "contract", _("Supply contract")
    INSPECTION = "inspection", _("Result of the inspection")
    RECTIFICATION = "rectification", _("Rectification notice")
    QUEUE = "queue", _("Notice of waiting for capacity")
    EXTENSION = "extension", _("Extension of the scheme's validity")
    FEE_RECEIPT = "fee-receipt", _("Receipt for charges paid")
    REFUND = "refund", _("Notice of a refund")
    EXIT = "exit", _("Notice of how the case ended")


class IssuedPaper(Fact):
    """A text as it was issued, with the digest that its event holds. Printing it again gives the same words, whatever changed since.

    `content` is the sheet as JSON; it names the customer, so it is encrypted.
    """

    kind = models.CharField(max_length=16, choices=PaperKind.choices)
    number = models.PositiveSmallIntegerField(help_text="n-th of its kind on this case")
    title = models.CharField(max_length=60)
    content = EncryptedTextField()
    digest = models.CharField(max_length=80, db_index=True)

    class Meta(Fact.Meta):
        constraints = [
            models.UniqueConstraint(fields=["application", "kind", "number"], name="issuedpaper_number")
        ]
